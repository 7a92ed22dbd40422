"""Which entity a topic is: what is asked of an editor, once, and what one answer settles or rules out everywhere."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError

from dossiers.extract.actions import extract_topic
from dossiers.models.capture import Capture
from dossiers.models.check import Check
from dossiers.models.claim import Claim
from dossiers.models.resolution import EntityResolution
from dossiers.models.source import Source
from dossiers.models.topic import Topic
from dossiers.review.actions import OpenErrors, PlaceNotChosen, approve_claim, record_display, resolve_entity
from dossiers.review.queries import read_seen
from tests.builders import make_topic, make_user
from tests.extract.research import capture_text, make_research, retrieve

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sentences")]

ITEM, OTHER_ITEM = "wikidata:Q7", "wikidata:Q8"
ARTICLE, NAMESAKE = "wikipedia:en:Sample Harbour", "wikipedia:en:Sample Harbour (album)"
ABOUT = "The harbour of Lund, opened by Anja Keller for the Rhine Board."
FITTING = "Sample Harbour is in Lund. Anja Keller opened it. The depth is 9 m."


@pytest.fixture
def topic() -> Topic:
    return make_topic("Sample Harbour", kind="place", description=ABOUT)


def find(
    topic: Topic, role: str, text: str, entity: str = "", title: str = "Sample Harbour", **features: Any
) -> tuple[Capture, dict[str, Any]]:
    """Make a text that a provider found, and what research keeps of it."""
    known = {"topic": topic, "provider": role, "url": f"https://{role}.example/{entity or title}", "title": title}
    source = Source.objects.get_or_create(**known, defaults={"entity": entity})[0]
    capture = capture_text(source, text)
    return capture, {"key": entity, "title": title, "features": features, "capture": capture.pk}


def run(topic: Topic, *found: tuple[Capture, dict[str, Any]], offered: tuple[tuple[str, str, str], ...] = ()) -> None:
    """Research a topic: texts that were found, and entities that a role only named: (role, key, title)."""
    made = make_research(topic)
    for capture, entry in found:
        retrieve(made, capture.source.provider, [capture], candidates=[entry])
    for role, key, title in offered:
        retrieve(made, role, candidates=[{"key": key, "title": title, "description": "A thing.", "features": {}}])
    extract_topic(topic, run=made)


def ask(topic: Topic) -> dict[str, EntityResolution]:
    rows = EntityResolution.objects.filter(topic=topic).order_by("id")
    return {row.provider: row for row in rows}


def answer(topic: Topic, role: str, choice: str) -> None:
    resolve_entity(topic, provider=role, choice=choice, editor=make_user())


def is_wrong(capture: Capture) -> bool:
    return Check.objects.filter(capture=capture, code="wrong-entity", severity="error").exists()


def approve(claim: Claim) -> str:
    editor = make_user()
    claim.refresh_from_db()
    record_display(editor, [claim.newest_proposal])
    return approve_claim(claim, editor=editor, seen=read_seen(claim), key=uuid4()).claim.status


def test_one_fitting_article_is_suggested_and_blocks_nothing(topic: Topic) -> None:
    article = find(topic, "encyclopedia", FITTING, ARTICLE, wikibase_item="Q7", redirected_from="The Sample Harbour")
    run(topic, article)
    (question,) = ask(topic).values()
    (candidate,) = question.candidates
    assert (candidate["key"], candidate["item"], candidate["capture"]) == (ARTICLE, ITEM, article[0].pk)
    features = candidate["features"]
    assert (features["fits"], features["redirected_from"]) == (True, "The Sample Harbour")
    assert "Anja Keller" in features["names_found"] and "Rhine Board" not in features["names_found"]
    assert not is_wrong(article[0])
    assert approve(Claim.objects.get()) == "approved"


@pytest.mark.parametrize(
    ("title", "text", "features", "words"),
    [
        ("Sample Harbour", "Sample Harbour may mean: Lund.", {"is_disambiguation": True}, "only lists the subjects"),
        ("Lund", "Lund is a town of Anja Keller.", {"section": "Harbour"}, "section “Harbour” of “Lund”"),
        ("Recycling", "A record by a band. The depth is 9 m.", {}, "another subject"),
    ],
)
def test_what_is_no_article_about_the_topic_stops_its_claims(
    topic: Topic, title: str, text: str, features: dict, words: str
) -> None:
    article, entry = find(topic, "encyclopedia", text, f"wikipedia:en:{title}", title, **features)
    run(topic, (article, entry))
    check = Check.objects.get(capture=article, code="wrong-entity")
    assert (check.severity, words in check.message) == ("error", True)
    assert ask(topic)["encyclopedia"].candidates[0]["features"]["fits"] is False


def test_several_entries_that_may_be_meant_wait_for_the_editor(topic: Topic) -> None:
    entry = find(topic, "knowledge_base", "Sample Harbour. The depth is 9 m.", ITEM)
    run(topic, entry, offered=(("knowledge_base", OTHER_ITEM, "Sample Harbour"),))
    assert is_wrong(entry[0])
    with pytest.raises(OpenErrors):
        approve(Claim.objects.get())
    answer(topic, "knowledge_base", ITEM)
    assert not is_wrong(entry[0])
    assert approve(Claim.objects.get()) == "approved"


def test_the_entry_that_is_the_suggested_articles_item_needs_no_question_of_its_own(topic: Topic) -> None:
    article = find(topic, "encyclopedia", FITTING, ARTICLE, wikibase_item="Q7")
    entry = find(topic, "knowledge_base", "A harbour. The depth is 9 m.", ITEM, "Harbour no. 7")
    run(topic, article, entry, offered=(("knowledge_base", OTHER_ITEM, "Sample Harbour"),))
    assert set(ask(topic)) == {"encyclopedia"}
    assert not is_wrong(article[0]) and not is_wrong(entry[0])


def test_the_same_candidates_again_make_no_new_question_and_others_are_added(topic: Topic) -> None:
    found = find(topic, "encyclopedia", FITTING, ARTICLE)
    offered = (("encyclopedia", NAMESAKE, "Sample Harbour (album)"), ("encyclopedia", "wikipedia:en:Port", "Port"))
    run(topic, found, offered=offered)
    run(topic, find(topic, "encyclopedia", FITTING + " Ships come in.", ARTICLE), offered=offered[:1])
    assert EntityResolution.objects.count() == 1
    run(topic, found, offered=(("encyclopedia", "wikipedia:en:Quay", "Quay"),))
    newest = ask(topic)["encyclopedia"]
    assert EntityResolution.objects.count() == 2
    assert [entry["key"] for entry in newest.candidates] == [
        ARTICLE, "wikipedia:en:Quay", NAMESAKE, "wikipedia:en:Port",
    ]  # fmt: skip


def test_a_text_without_an_external_id_stays_the_same_candidate_when_its_text_changes(topic: Topic) -> None:
    first = find(topic, "encyclopedia", FITTING)
    run(topic, first)
    later = find(topic, "encyclopedia", FITTING + " Ships come in.")
    run(topic, later)
    (question,) = EntityResolution.objects.all()
    assert question.candidates[0]["key"] == f"capture:{first[0].pk}"
    answer(topic, "encyclopedia", f"capture:{first[0].pk}")
    run(topic, find(topic, "encyclopedia", "About something else. The depth is 8 m."))
    assert not Check.objects.filter(code="wrong-entity").exists()


def test_after_an_answer_nothing_is_asked_again_and_other_entities_are_ruled_out(topic: Topic) -> None:
    article = find(topic, "encyclopedia", FITTING, ARTICLE, wikibase_item="Q7")
    run(topic, article, offered=(("encyclopedia", NAMESAKE, "Sample Harbour (album)"),))
    answer(topic, "encyclopedia", ARTICLE)
    album = find(topic, "encyclopedia", FITTING + " An album.", NAMESAKE, "Sample Harbour (album)")
    entry = find(topic, "knowledge_base", "Sample Harbour. The length is 2 km.", OTHER_ITEM)
    same = find(topic, "knowledge_base", "Sample Harbour. The width is 3 km.", ITEM)
    run(topic, article, album, entry, same)
    assert EntityResolution.objects.count() == 2
    assert [is_wrong(found[0]) for found in (article, album, entry, same)] == [False, True, True, False]
    message = Check.objects.get(capture=entry[0], code="wrong-entity").message
    assert message == "An editor said that the topic is “Sample Harbour”; “Sample Harbour” is another subject."


def test_none_rules_out_what_was_offered_in_every_role_and_an_other_answer_lets_it_in_again(topic: Topic) -> None:
    article = find(topic, "encyclopedia", FITTING, ARTICLE, wikibase_item="Q7")
    entry = find(topic, "knowledge_base", "Sample Harbour. The width is 3 km.", ITEM)
    run(topic, article, entry)
    answer(topic, "encyclopedia", "none")
    assert is_wrong(article[0]) and is_wrong(entry[0])
    for claim in Claim.objects.all():
        with pytest.raises(OpenErrors):
            approve(claim)
    answer(topic, "encyclopedia", ARTICLE)
    assert not is_wrong(article[0]) and not is_wrong(entry[0])


def test_an_answer_clears_a_text_that_no_claim_rests_on_yet(topic: Topic) -> None:
    article = find(topic, "encyclopedia", "A record by a band.", "wikipedia:en:Record", "Record")
    run(topic, article)
    assert is_wrong(article[0]) and not Claim.objects.exists()
    answer(topic, "encyclopedia", "wikipedia:en:Record")
    assert not is_wrong(article[0])


def test_every_place_is_asked_about_and_one_answer_settles_its_later_texts(topic: Topic) -> None:
    here = find(topic, "geocoder", "Sample Harbour, Lund", "osm:way/1", "Sample Harbour, Lund", importance=0.4)
    there = find(topic, "geocoder", "Sample Harbour, Oslo", "osm:way/2", "Sample Harbour, Oslo")
    run(topic, here, there)
    claim = Claim.objects.get(newest_proposal__value="Sample Harbour, Lund")
    with pytest.raises(PlaceNotChosen):
        approve(claim)
    answer(topic, "geocoder", "osm:way/1")
    assert [is_wrong(found[0]) for found in (here, there)] == [False, True]
    later = find(topic, "geocoder", "Sample Harbour, Lund\nin Sweden", "osm:way/1", "Sample Harbour, Lund")
    run(topic, later)
    assert (is_wrong(later[0]), EntityResolution.objects.count()) == (False, 2)
    assert approve(claim) == "approved"


@pytest.mark.parametrize(("kind", "is_open"), [("place", True), ("organization", True), ("person", False)])
def test_a_hit_that_is_the_chosen_item_is_chosen_where_the_topics_kind_has_a_place(kind: str, is_open: bool) -> None:
    topic = make_topic("Sample Harbour", kind=kind, description=ABOUT)
    run(topic, find(topic, "encyclopedia", FITTING, ARTICLE, wikibase_item="Q7"))
    answer(topic, "encyclopedia", ARTICLE)
    hit = find(topic, "geocoder", "Sample Harbour, Lund", "osm:way/1", "Sample Harbour, Lund", wikidata="Q7")
    run(topic, hit)
    claim = Claim.objects.get(kind="place")
    assert (is_wrong(hit[0]), "geocoder" in ask(topic)) == (not is_open, not is_open)
    if is_open:
        assert approve(claim) == "approved"
    else:
        with pytest.raises(OpenErrors):
            approve(claim)


def test_the_geocoders_own_answer_goes_before_another_roles(topic: Topic) -> None:
    hit = find(topic, "geocoder", "Sample Harbour, Lund", "osm:way/1", "Sample Harbour, Lund", wikidata="Q7")
    run(topic, find(topic, "encyclopedia", FITTING, ARTICLE, wikibase_item="Q7"), hit)
    answer(topic, "geocoder", "none")
    answer(topic, "encyclopedia", ARTICLE)
    claim = Claim.objects.get(kind="place")
    assert is_wrong(hit[0])
    Check.objects.all().delete()  # the database refuses it whatever the checks say
    with pytest.raises(PlaceNotChosen):
        approve(claim)


def test_a_run_that_reached_nobody_asks_nothing_and_a_search_with_candidates_alone_does(topic: Topic) -> None:
    made = make_research(topic)
    retrieve(made, "wikidata", outcome="unavailable")
    extract_topic(topic, run=made)
    assert not EntityResolution.objects.exists()
    made = make_research(topic)
    offered = [{"key": key, "title": "Sample Harbour", "features": {}} for key in (ITEM, OTHER_ITEM)]
    retrieve(made, "wikidata", candidates=offered)  # the policy's name: its role is the knowledge base
    extract_topic(topic, run=made)
    assert [entry["key"] for entry in ask(topic)["knowledge_base"].candidates] == [ITEM, OTHER_ITEM]


def test_the_database_refuses_a_question_after_the_answer(topic: Topic) -> None:
    run(topic, find(topic, "encyclopedia", FITTING, ARTICLE))
    answer(topic, "encyclopedia", ARTICLE)
    with pytest.raises(DatabaseError, match="resolution_is_pinned"):
        EntityResolution.objects.create(topic=topic, provider="encyclopedia", candidates=[])
