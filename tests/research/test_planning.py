"""plan_wave: who is asked what, in which wave, and who is not asked at all."""

from typing import Any

import pytest

from dossiers.clients.base import Outcome
from dossiers.models.provider import ProviderPolicy
from dossiers.models.resolution import EntityResolution
from dossiers.models.run import Retrieval, RetrievalState, Run, RunTrigger
from dossiers.models.topic import Topic, TopicAlias
from dossiers.research.actions import plan_wave
from dossiers.research.assembly import list_names, phrase_search
from tests.builders import make_capture, make_topic, make_user
from tests.research.conftest import make_research_run
from tests.research.providers import switch_on

pytestmark = pytest.mark.django_db
ALL = ("wikipedia", "wikidata", "tavily", "nominatim")


def pin(topic: Topic, role: str, key: str) -> None:
    EntityResolution.objects.create(
        topic=topic, provider=role, candidates=[{"key": key}], choice=key, editor=make_user()
    )


def answer_for(run: Run, name: str, outcome: str = Outcome.OK, **features: Any) -> Retrieval:
    """Leave one provider's retrieval of the run done, with one found text of these features."""
    row = Retrieval.objects.get(run=run, provider=name)
    row.state, row.outcome = RetrievalState.DONE, outcome
    row.candidates = [{"key": features.pop("key", ""), "capture": 1, "features": features}] if features else []
    row.save()
    return row


def list_requests(rows: list[Retrieval]) -> list[tuple[str, str, str, str]]:
    return [(row.provider, row.request["kind"], row.request["text"], row.request["key"]) for row in rows]


def test_the_first_wave_asks_by_title_and_waits(run: Run) -> None:
    switch_on(*ALL)
    rows = plan_wave(run, 1)
    title = "Sample Observatory"
    assert list_requests(rows) == [
        ("wikipedia", "page", title, ""), ("wikidata", "entity", title, ""), ("tavily", "search", title, "")
    ]  # fmt: skip
    assert {(row.state, row.wave, row.outcome) for row in rows} == {("waiting", 1, "")}
    assert plan_wave(run, 1) == []


def test_nobody_is_asked_who_is_off_or_stopped_or_lacks_something(run: Run) -> None:
    switch_on(*ALL)
    change = ProviderPolicy.objects.filter
    change(name="wikipedia").update(contact="")
    change(name="wikidata").update(stopped_at=run.touched_at, stopped_reason="The key was refused.")
    change(name="tavily").update(needs_key=True)
    change(name="nominatim").update(is_enabled=False)
    assert plan_wave(run, 1) == []


def test_a_pin_goes_before_the_title_and_none_rules_a_provider_out(run: Run, topic: Topic) -> None:
    switch_on(*ALL)
    pin(topic, "knowledge_base", "wikidata:Q60")
    pin(topic, "encyclopedia", "none")
    rows = plan_wave(run, 1)
    assert [(row.provider, row.request["key"]) for row in rows] == [("wikidata", "wikidata:Q60"), ("tavily", "")]


def test_the_item_that_the_encyclopedia_names_is_asked_for_unless_it_was_found(run: Run, topic: Topic) -> None:
    switch_on("wikipedia", "wikidata")
    plan_wave(run, 1)
    answer_for(run, "wikipedia", wikibase_item="Q60")
    answer_for(run, "wikidata", key="wikidata:Q7", note="another")
    rows = plan_wave(run, 2)
    assert [(row.provider, row.position, row.request["key"]) for row in rows] == [("wikidata", 1, "wikidata:Q60")]

    again = make_research_run(make_topic("Another"))
    plan_wave(again, 1)
    answer_for(again, "wikipedia", wikibase_item="Q60")
    answer_for(again, "wikidata", key="wikidata:Q60", note="the same")
    assert plan_wave(again, 2) == []


def test_an_alias_is_tried_where_the_title_gave_nothing(run: Run, topic: Topic) -> None:
    switch_on("wikipedia")
    TopicAlias.objects.create(topic=topic, text="The Old Dome")
    plan_wave(run, 1)
    answer_for(run, "wikipedia", Outcome.EMPTY)
    assert list_requests(plan_wave(run, 2)) == [("wikipedia", "page", "The Old Dome", "")]


@pytest.mark.parametrize(("kind", "features", "asked"), [
    ("place", {}, True), ("topic", {}, False), ("topic", {"coordinates": ["1.5", "2.5"]}, True),
    ("topic", {"coordinates": None}, False),
])  # fmt: skip
def test_only_what_is_somewhere_is_geocoded(db: None, kind: str, features: dict[str, Any], asked: bool) -> None:
    switch_on("wikidata", "nominatim")
    run = make_research_run(make_topic(kind=kind))
    plan_wave(run, 1)
    answer_for(run, "wikidata", key="wikidata:Q1", **features)
    assert [row.provider for row in plan_wave(run, 2)] == (["nominatim"] if asked else [])


def plan_place(topic: Topic, trigger: str, outcome: str = Outcome.OK) -> int:
    """Plan both waves of a run, let what was asked be answered, and return how often a geocoder was asked."""
    run = make_research_run(topic, trigger)
    plan_wave(run, 1)
    asked = len(plan_wave(run, 2))
    Retrieval.objects.filter(run=run).update(state=RetrievalState.DONE, outcome=outcome)
    Run.objects.filter(pk=run.pk).update(status="finished")
    return asked


def test_the_clock_asks_where_a_place_is_once(db: None) -> None:
    switch_on("nominatim")
    topic = make_topic(kind="place")
    assert [plan_place(topic, RunTrigger.SCHEDULED) for _ in range(3)] == [1, 0, 0]
    topic.title = "Renamed Place"
    topic.save()
    make_capture(topic, "Sample Hill", provider="geocoder")
    assert plan_place(topic, RunTrigger.SCHEDULED) == 0


def test_a_person_has_a_place_asked_again_only_where_the_question_changed(db: None) -> None:
    switch_on("nominatim")
    topic = make_topic(kind="place")
    assert [plan_place(topic, RunTrigger.REQUESTED) for _ in range(2)] == [1, 0]
    make_capture(topic, "Sample Hill", provider="geocoder")
    topic.title = "Renamed Place"
    topic.save()
    assert [plan_place(topic, RunTrigger.REQUESTED) for _ in range(2)] == [1, 0]
    pin(topic, "geocoder", "osm:way/1")
    assert plan_place(topic, RunTrigger.SCHEDULED) == 0
    assert [plan_place(topic, RunTrigger.REQUESTED) for _ in range(2)] == [1, 0]
    pin(topic, "geocoder", "none")
    assert plan_place(topic, RunTrigger.REQUESTED) == 0


def test_a_place_that_nobody_could_look_up_is_asked_again(db: None) -> None:
    switch_on("nominatim")
    topic = make_topic(kind="place")
    assert [plan_place(topic, RunTrigger.SCHEDULED, Outcome.UNAVAILABLE) for _ in range(2)] == [1, 1]


def test_planning_costs_the_same_for_many_aliases_and_pins(
    run: Run, topic: Topic, django_assert_max_num_queries
) -> None:
    switch_on(*ALL)
    TopicAlias.objects.bulk_create([TopicAlias(topic=topic, text=f"Name {number}") for number in range(200)])
    with django_assert_max_num_queries(6):
        plan_wave(run, 1)


@pytest.mark.parametrize(("text", "names"), [
    ("", []),
    ("Yesterday the Green Dome of Sample Hill burned.", ["Green Dome", "Sample Hill"]),
    ("Sample Hill burned. Nobody came, said Ada Low.", ["Sample Hill", "Ada Low"]),
    ("In Bergen nobody came. The Sample Fund paid.", ["Bergen", "Sample Fund"]),
    ("It was in Bergen, and in Bergen again.", ["Bergen"]),
    ("Émile Noël met Åse in Łódź.", ["Émile Noël", "Åse", "Łódź"]),
])  # fmt: skip
def test_names_are_read_from_a_description(text: str, names: list[str]) -> None:
    assert list_names(text) == names


def test_a_search_names_what_stands_beside_the_topic_and_stays_short() -> None:
    text = "In Bergen the Sample Fund met Ada Low and the Sample Observatory."
    assert phrase_search("Sample Observatory", text) == "Sample Observatory Bergen Sample Fund"
    assert phrase_search("x" * 300, text) == "x" * 200
