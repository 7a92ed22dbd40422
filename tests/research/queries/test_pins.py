"""What an editor's answers pin for the next research."""

from typing import Any

import pytest

from dossiers.models.resolution import EntityResolution
from dossiers.models.topic import Topic
from dossiers.research.queries.pins import read_pins
from tests.builders import make_capture, make_topic, make_user

pytestmark = pytest.mark.django_db


def answer(topic: Topic, role: str, choice: str, **candidate: Any) -> None:
    candidates = [{"key": choice, "title": "A thing"} | candidate] if choice != "none" else []
    EntityResolution.objects.create(
        topic=topic, provider=role, candidates=candidates, choice=choice, editor=make_user()
    )


def test_nothing_is_pinned_before_an_answer() -> None:
    topic = make_topic()
    EntityResolution.objects.create(topic=topic, provider="encyclopedia", candidates=[{"key": "wikidata:Q1"}])
    assert read_pins(topic) == {}


@pytest.mark.parametrize(
    ("answers", "pins"),
    [
        (
            [("encyclopedia", "wikidata:Q7", {})],
            {"encyclopedia": "wikidata:Q7", "knowledge_base": "wikidata:Q7"},
        ),
        (
            [("encyclopedia", "wikipedia:en:Sample", {"item": "wikidata:Q7"})],
            {"encyclopedia": "wikipedia:en:Sample", "knowledge_base": "wikidata:Q7"},
        ),
        (
            [("knowledge_base", "wikidata:Q7", {})],
            {"encyclopedia": "wikidata:Q7", "knowledge_base": "wikidata:Q7"},
        ),
        (
            [("encyclopedia", "wikidata:Q7", {}), ("knowledge_base", "none", {})],
            {"encyclopedia": "wikidata:Q7", "knowledge_base": "none"},
        ),
        ([("encyclopedia", "wikipedia:en:Sample", {})], {"encyclopedia": "wikipedia:en:Sample"}),
        ([("encyclopedia", "none", {})], {"encyclopedia": "none"}),
        ([("geocoder", "osm:way/1", {"item": "wikidata:Q7"})], {"geocoder": "osm:way/1"}),
        ([("geocoder", "osm:way/1", {}), ("geocoder", "none", {})], {"geocoder": "none"}),
    ],
)
def test_answers_pin_external_ids(answers: list[tuple[str, str, dict]], pins: dict[str, str]) -> None:
    topic = make_topic()
    for role, choice, candidate in answers:
        answer(topic, role, choice, **candidate)
    assert read_pins(topic) == pins


def test_a_chosen_text_pins_what_its_source_is_about_and_nothing_where_that_is_not_known() -> None:
    topic = make_topic()
    known, unknown = make_capture(topic, "One.", "encyclopedia"), make_capture(topic, "Two.", "geocoder")
    known.source.entity = "wikidata:Q7"
    known.source.save()
    answer(topic, "encyclopedia", f"capture:{known.pk}", capture=known.pk)
    answer(topic, "geocoder", f"capture:{unknown.pk}", capture=unknown.pk)
    assert read_pins(topic) == {"encyclopedia": "wikidata:Q7", "knowledge_base": "wikidata:Q7"}
