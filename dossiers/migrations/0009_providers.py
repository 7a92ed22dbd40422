"""The research services that we have clients for, each off until somebody switches it on, and one policy per kind."""

from django.db import migrations

KINDS = ("topic", "person", "organization", "place", "event", "work")
WIKIMEDIA_TERMS = "https://foundation.wikimedia.org/wiki/Policy:User-Agent_policy"
# Spacing in seconds; none of these numbers is a promise of the service: they are gentle, and yours to change.
PROVIDERS = [
    {
        "name": "wikipedia", "title": "Wikipedia", "role": "encyclopedia", "client": "mediawiki",
        "base_url": "https://en.wikipedia.org/w/api.php", "needs_contact": True, "spacing": 1.0, "grade": "verbatim",
        "licence": "CC BY-SA 4.0", "attribution": "Wikipedia contributors", "terms_url": WIKIMEDIA_TERMS,
    },
    {
        "name": "wikidata", "title": "Wikidata", "role": "knowledge_base", "client": "wikidata",
        "base_url": "https://www.wikidata.org/w/api.php", "needs_contact": True, "spacing": 1.0, "grade": "verbatim",
        "licence": "CC0 1.0", "attribution": "Wikidata contributors", "terms_url": WIKIMEDIA_TERMS,
    },
    {
        "name": "tavily", "title": "Tavily", "role": "web_search", "client": "tavily",
        "base_url": "https://api.tavily.com", "needs_key": True, "spacing": 0.6, "in_flight": 2,
        "daily_budget": 1000, "grade": "verbatim", "terms_url": "https://tavily.com/terms",
    },
    {
        "name": "brave", "title": "Brave Search", "role": "web_search", "client": "brave",
        "base_url": "https://api.search.brave.com", "needs_key": True, "spacing": 1.1, "daily_budget": 500,
        "grade": "verbatim", "terms_url": "https://api-dashboard.search.brave.com/terms-of-service",
    },
    {
        "name": "searxng", "title": "SearXNG", "role": "web_search", "client": "searxng", "spacing": 1.0,
        "grade": "rewritten", "terms_url": "https://docs.searxng.org/dev/search_api.html",
    },
    {
        "name": "nominatim", "title": "Nominatim", "role": "geocoder", "client": "nominatim", "needs_contact": True,
        "spacing": 1.1, "daily_budget": 2000, "grade": "verbatim", "licence": "ODbL 1.0",
        "attribution": "© OpenStreetMap contributors",
        "terms_url": "https://operations.osmfoundation.org/policies/nominatim/",
    },
]  # fmt: skip


def make_policies(apps, schema_editor):
    alias = schema_editor.connection.alias
    for fields in PROVIDERS:
        apps.get_model("dossiers", "ProviderPolicy").objects.using(alias).get_or_create(
            name=fields["name"], defaults=fields
        )
    for kind in KINDS:
        apps.get_model("dossiers", "RefreshPolicy").objects.using(alias).get_or_create(kind=kind)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0008_research_rights")]
    operations = [migrations.RunPython(make_policies, migrations.RunPython.noop)]
