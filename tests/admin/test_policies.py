"""Policies in the admin: what may be typed, what never shows, and that intervals are set as on the research page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from dossiers.models.provider import ProviderPolicy, RefreshPolicy
from dossiers.models.topic import Topic
from tests.admin.pages import address
from tests.builders import make_topic

pytestmark = pytest.mark.django_db


def change(browser: Client, provider: str = "searxng", /, **fields: object) -> list[str]:
    """Post a provider's form; return the errors it shows."""
    policy = ProviderPolicy.objects.get(name=provider)
    kept = ("title", "client", "base_url", "contact", "spacing", "in_flight", "timeout", "grade", "licence")
    data = {field: getattr(policy, field) for field in kept} | {"daily_budget": "", "attribution": "", "terms_url": ""}
    answer = browser.post(address(ProviderPolicy, "change", policy.pk), data | fields)
    if answer.status_code == 302:
        return []
    return [message for messages in answer.context["adminform"].form.errors.values() for message in messages]


def test_a_curator_sets_where_a_provider_is_and_how_gently_it_is_asked(curator: Client) -> None:
    fields = {"base_url": "http://search.example.org:8080", "spacing": "2.5", "daily_budget": "300"}
    assert change(curator, **fields, contact="desk@example.org") == []
    policy = ProviderPolicy.objects.get(name="searxng")
    assert (policy.base_url, policy.spacing, policy.daily_budget) == (fields["base_url"], 2.5, 300)
    assert (policy.name, policy.role, policy.is_enabled) == ("searxng", "web_search", False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("base_url", "https://name:word@search.example.org"),
        ("base_url", "https://search.example.org/?key=1"),
        ("base_url", "https://search.example.org/#top"),
        ("base_url", "ftp://search.example.org"),
        ("contact", "somebody"),
        ("client", "carrier_pigeon"),
        ("spacing", "-1"),
        ("spacing", "nan"),
        ("timeout", "0"),
        ("timeout", "999"),
        ("in_flight", "0"),
        ("in_flight", "500"),
        ("daily_budget", "-1"),
        ("grade", "splendid"),
    ],
)
def test_what_a_provider_cannot_have_is_refused_at_its_field(curator: Client, field: str, value: str) -> None:
    before = ProviderPolicy.objects.values().get(name="searxng")
    assert len(change(curator, **{field: value})) == 1
    assert ProviderPolicy.objects.values().get(name="searxng") == before


def test_switches_and_stops_are_no_fields_and_the_key_never_shows(curator: Client, settings: Settings) -> None:
    settings.RESEARCH_KEYS = {"tavily": "a-secret-that-never-shows"}
    stopped = {"stopped_at": timezone.now(), "stopped_reason": "Key refused."}
    ProviderPolicy.objects.filter(name="tavily").update(**stopped)
    posted = {"is_enabled": "on", "stopped_at_0": "", "stopped_at_1": "", "stopped_reason": "", "name": "other"}
    assert change(curator, "tavily", **posted) == []
    policy = ProviderPolicy.objects.get(name="tavily")
    assert (policy.is_enabled, policy.stopped_reason) == (False, "Key refused.")
    page = curator.get(address(ProviderPolicy, "change", policy.pk)).content.decode()
    assert "set in the environment" in page
    assert "a-secret" not in page
    assert "/research/#providers-title" in page


def test_a_provider_is_added_switched_off(curator: Client) -> None:
    data = {
        "name": "wiki-fr", "title": "Wikipédia", "role": "encyclopedia", "client": "mediawiki", "grade": "verbatim",
        "base_url": "https://fr.example.org/w/api.php", "spacing": "1", "in_flight": "1", "timeout": "20",
        "needs_contact": "on", "contact": "", "licence": "", "attribution": "", "terms_url": "", "daily_budget": "",
    }  # fmt: skip
    assert curator.post(address(ProviderPolicy, "add"), data).status_code == 302
    assert ProviderPolicy.objects.get(name="wiki-fr").is_enabled is False


@pytest.mark.parametrize("model", [ProviderPolicy, RefreshPolicy])
def test_policies_are_never_deleted(administrator: Client, model: type) -> None:
    row = model.objects.first()
    assert administrator.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    administrator.post(address(model, "changelist"), chosen)
    assert model.objects.filter(pk=row.pk).exists()


def test_a_kinds_interval_makes_its_topics_due_as_on_the_research_page(curator: Client) -> None:
    topic, other = make_topic(kind="person"), make_topic(kind="place")
    policy = RefreshPolicy.objects.get(kind="person")
    assert curator.post(address(RefreshPolicy, "change", policy.pk), {"interval": "7 00:00:00"}).status_code == 302
    policy.refresh_from_db()
    topic.refresh_from_db()
    other.refresh_from_db()
    assert policy.interval == timedelta(days=7)
    assert topic.next_refresh_at is not None
    assert other.next_refresh_at is None
    assert curator.post(address(RefreshPolicy, "change", policy.pk), {"interval": ""}).status_code == 302
    topic.refresh_from_db()
    assert topic.next_refresh_at is None


@pytest.mark.parametrize("interval", ["-1 00:00:00", "00:00:05"])
def test_an_interval_that_cannot_be_is_refused(curator: Client, interval: str) -> None:
    policy, topic = RefreshPolicy.objects.get(kind="person"), make_topic()
    answer = curator.post(address(RefreshPolicy, "change", policy.pk), {"interval": interval})
    assert answer.status_code == 200
    policy.refresh_from_db()
    assert policy.interval is None
    assert send_topic(curator, topic, refresh_interval=interval) == 200
    topic.refresh_from_db()
    assert topic.refresh_interval is None


def send_topic(client: Client, topic: Topic, **fields: str) -> int:
    data = {
        "title": topic.title, "slug": topic.slug, "kind": topic.kind, "description": "", "language": "en",
        "approvals_needed": "1", "refresh_interval": "", "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0",
        **fields,
    }  # fmt: skip
    return client.post(address(Topic, "change", topic.pk), data).status_code


def test_a_topic_is_due_by_what_the_admin_says_of_it(curator: Client) -> None:
    RefreshPolicy.objects.filter(kind="place").update(interval=timedelta(days=1))
    topic = make_topic()
    assert send_topic(curator, topic, refresh_interval="2 00:00:00") == 302
    topic.refresh_from_db()
    assert (topic.refresh_interval, topic.next_refresh_at is not None) == (timedelta(days=2), True)
    assert send_topic(curator, topic, refresh_interval="00:00:00") == 302
    topic.refresh_from_db()
    assert topic.next_refresh_at is None
    assert send_topic(curator, topic, kind="place") == 302
    topic.refresh_from_db()
    assert (topic.refresh_interval, topic.next_refresh_at is not None) == (None, True)
