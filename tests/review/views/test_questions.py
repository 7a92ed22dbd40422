"""The questions about a topic's entity as the desk tells them."""

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.models.resolution import EntityResolution
from dossiers.review.queries.topics import link_entity
from tests.builders import make_topic, make_user
from tests.review.pages import parse

pytestmark = pytest.mark.django_db


def test_a_question_tells_in_words_what_is_known_of_candidates_without_a_text():
    topic = make_topic()
    fitting = {"key": "wikidata:Q7", "title": "Sample Observatory", "description": "observatory <b>of</b> samples"}
    other = {"key": "sample:thing/8", "title": "Another", "description": ""}
    features = {"instance_of": ["observatory"], "is_disambiguation": False, "wikibase_item": "Q7", "fits": True}
    candidates = [fitting | {"features": features}, other | {"features": {"section": "Domes", "fits": False}}]
    EntityResolution.objects.create(topic=topic, provider="knowledge_base", candidates=candidates)
    client = Client()
    client.force_login(make_user())
    page = parse(client.get(reverse("review:topic", args=[topic.slug])))
    first, second, _none = (page.raw_text(node) for node in page.all(".panel-body .choice"))
    assert "observatory <b>of</b> samples" in first and "is a: observatory" in first and "(seems to fit)" in first
    assert "disambiguation" not in first and "fits" not in first
    assert "leads to the section: Domes" in second
    assert "taken for the topic’s until you answer" in page.text(".panel-body")
    (link,) = page.all(".panel-body a")
    assert (link.attributes["href"], link.attributes["rel"]) == ("https://www.wikidata.org/wiki/Q7", "noreferrer")
    assert "Known as sample:thing/8" in page.text(".panel-body")


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("wikidata:Q60", "https://www.wikidata.org/wiki/Q60"),
        ("osm:way/1", "https://www.openstreetmap.org/way/1"),
        ("wikipedia:en:A & B", "https://en.wikipedia.org/wiki/A%20%26%20B"),
        ("wikipedia:evil.example/:A", ""),
        ("wikipedia:en", ""),
        ("sample:1", ""),
        ("capture:1", ""),
    ],
)
def test_an_external_id_leads_to_its_catalogue(key, url):
    assert link_entity(key) == url
