"""Research again and again: what sources agree on, disagree on and change, and what editors decided meanwhile."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dossiers.extract.actions import extract_topic
from dossiers.models.check import Check
from dossiers.models.claim import Claim, ClaimHealth, ClaimStatus, HealthState
from dossiers.models.decision import Action
from dossiers.models.edition import Edition
from dossiers.models.evidence import Evidence
from dossiers.models.proposal import Proposal, Sighting
from dossiers.models.run import Run
from dossiers.models.topic import Topic
from dossiers.publish.actions import publish_dossier
from dossiers.publish.queries import read_draft
from tests.builders import decide, make_topic, make_user
from tests.extract.research import capture_text, enter_extractor, make_research, make_source, research, retrieve
from tests.extract.runs import make_loaded_run
from tests.review.acts import act, show

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sentences")]


@pytest.fixture
def topic() -> Topic:
    return make_topic("Sample Harbour", kind="place")


def get_claim(label: str) -> Claim:
    return Claim.objects.select_related("incumbent", "challenger", "newest_proposal", "health").get(label=label)


def approve(claim: Claim) -> None:
    editor = make_user()
    show(claim, editor)
    act(claim, Action.APPROVE, editor)


def count_rows() -> list[int]:
    return [model.objects.count() for model in (Claim, Proposal, Evidence, Check)]


def test_a_research_run_leaves_claims_of_its_extractor(topic: Topic) -> None:
    enter_extractor(version="7", model="sample-model", prompt_sha256="a" * 64)
    run, counts = research(topic, {make_source(topic, "one"): "The rate is 17%. Bergen opened a pier in 1974."})
    assert (counts.new_claims, counts.new_proposals) == (2, 2)
    for proposal in Proposal.objects.all():
        origin = (proposal.extractor, proposal.extractor_version, proposal.model, proposal.prompt_sha256)
        assert (origin, proposal.run) == (("sentences", "7", "sample-model", "a" * 64), run)


def test_two_texts_that_say_the_same_leave_one_claim_with_the_better_words_newest(topic: Topic) -> None:
    loose, plain = make_source(topic, "loose"), make_source(topic, "plain", "encyclopedia", title="Sample Harbour")
    texts = {plain: "The rate is 17%.", loose: "It is said: The rate is 17%."}
    _, counts = research(topic, texts)
    claim = Claim.objects.get()
    assert (counts.new_claims, counts.new_proposals, counts.corroborated) == (1, 2, 1)
    sources = Evidence.objects.filter(role="value").order_by("proposal_id")
    assert list(sources.values_list("capture__source", flat=True)) == [loose.pk, plain.pk]
    assert claim.newest_proposal_id == Proposal.objects.latest("id").pk
    before = count_rows()
    _, again = research(topic, texts | {make_source(topic, "third"): "Nothing."})
    assert (again.new_claims, again.new_proposals, count_rows()[:3]) == (0, 0, before[:3])


def test_two_values_of_one_slot_are_two_claims_in_conflict_and_stay_that(topic: Topic) -> None:
    one, two = make_source(topic, "one"), make_source(topic, "two")
    texts = {one: "The rate is 17%.", two: "The rate is 21%."}
    research(topic, texts)
    assert Claim.objects.count() == 2
    assert Check.objects.filter(code="conflict").count() == 2
    before = count_rows()
    for number in range(3):
        research(topic, texts | {make_source(topic, f"other {number}"): f"Nothing {number}."})
        assert count_rows()[:3] == before[:3]
        assert Check.objects.filter(code="conflict").count() == 2
    research(topic, {one: "The rate is 18%."})
    values = [claim.newest_proposal.value for claim in Claim.objects.select_related("newest_proposal").order_by("id")]
    assert values == ["18%", "21%"]  # each source's answer stays its own claim's


def test_one_source_that_changes_challenges_although_another_still_agrees(topic: Topic) -> None:
    one, two = make_source(topic, "one"), make_source(topic, "two")
    research(topic, {one: "The rate is 17%.", two: "It is said: The rate is 17%."})
    approve(Claim.objects.get())
    research(topic, {one: "The rate is 18%.", two: "It is said: The rate is 17%."})
    claim = get_claim("The rate")
    assert claim.incumbent is not None and claim.challenger is not None
    assert (claim.incumbent.value, claim.challenger.value, Claim.objects.count()) == ("17%", "18%", 1)
    assert claim.health.state == HealthState.SOURCE_CHANGED  # type: ignore[attr-defined]


def test_a_lost_quote_stays_lost_until_its_own_source_has_it_again(topic: Topic) -> None:
    one, two = make_source(topic, "one"), make_source(topic, "two")
    research(topic, {one: "The rate is 17%."})
    approve(Claim.objects.get())
    research(topic, {one: "Nothing."})
    health = get_claim("The rate").health  # type: ignore[attr-defined]
    assert (health.state, health.detail) == (HealthState.QUOTE_LOST, "The quoted words are no longer in their source.")
    research(topic, {two: "Somebody says: The rate is 17%."})
    assert get_claim("The rate").health.state == HealthState.QUOTE_LOST  # type: ignore[attr-defined]
    research(topic, {one: "The rate is 17%."})
    claim = get_claim("The rate")
    assert (claim.health.state, claim.needs_review) == (HealthState.OK, False)  # type: ignore[attr-defined]


def test_an_answer_that_an_editor_kept_despite_its_lost_quote_is_not_queued_again(topic: Topic) -> None:
    one, two = make_source(topic, "one"), make_source(topic, "two")
    research(topic, {one: "The rate is 17%."})
    approve(Claim.objects.get())
    research(topic, {one: "Nothing."})
    approve(Claim.objects.get())
    for texts in ({one: "Nothing at all."}, {two: "The rate is 17%."}, {one: "Nothing."}):
        research(topic, texts)
        claim = get_claim("The rate")
        assert (claim.health.state, claim.needs_review) == (HealthState.QUOTE_LOST, False)  # type: ignore[attr-defined]


def test_research_leaves_the_claims_of_an_import_alone_and_the_reverse(topic: Topic) -> None:
    printed = capture_text(make_source(topic, "printed", url=""), "Printed: The rate is 17%.")
    statement = {"kind": "attribute", "label": "Old Mark", "value": "17%"}
    extract_topic(topic, run=make_loaded_run(topic, [printed], [statement]))
    approve(Claim.objects.get())
    before = dict(ClaimHealth.objects.values_list("claim_id", "checked_at"))
    research(topic, {make_source(topic, "one"): "The depth is 9 m."})
    assert before.items() <= dict(ClaimHealth.objects.values_list("claim_id", "checked_at")).items()
    extract_topic(topic, run=make_loaded_run(topic, [printed], []))
    assert get_claim("Old Mark").health.state == HealthState.SOURCE_CHANGED  # type: ignore[attr-defined]
    assert get_claim("The depth").health.state == HealthState.OK  # type: ignore[attr-defined]


def test_a_claim_whose_sentence_stands_is_well_whether_or_not_an_extractor_picks_it_again(topic: Topic) -> None:
    text = "The mark of 17% was reached early. Ships come in."
    source = make_source(topic, "one")
    statement = {"kind": "attribute", "label": "Mark", "value": "17%"}
    extract_topic(topic, run=make_loaded_run(topic, [capture_text(source, text)], [statement]))
    claim = Claim.objects.get()
    decide(claim, make_user())
    research(topic, {source: text + " Boats leave."})
    assert (get_claim("Mark").health.state, get_claim("Mark").needs_review) == (HealthState.OK, False)  # type: ignore[attr-defined]
    _, counts = research(topic, {source: "Only 17% of the ships come in."})
    assert (get_claim("Mark").health.state, counts.lost) == (HealthState.SOURCE_CHANGED, 1)  # type: ignore[attr-defined]


def test_an_answer_that_goes_back_and_forth_challenges_once_for_each_turn_that_is_news(topic: Topic) -> None:
    source = make_source(topic, "one")
    research(topic, {source: "The rate is 17%."})
    approve(Claim.objects.get())
    for value in ("18%", "19%", "18%", "17%", "18%"):
        research(topic, {source: f"The rate is {value}."})
    claim = get_claim("The rate")
    assert claim.challenger is not None and claim.challenger.value == "18%"
    assert list(claim.proposals.order_by("id").values_list("value", flat=True)) == ["17%", "18%", "19%", "18%"]


def test_a_value_that_an_editor_amended_does_not_challenge_again_after_another_did(topic: Topic) -> None:
    source, editor = make_source(topic, "one"), make_user()
    research(topic, {source: "The rate is 17%."})
    claim = Claim.objects.get()
    act(claim, Action.AMEND, editor)
    research(topic, {source: "The rate is 18%."})
    act(claim, Action.REJECT, editor)
    for text in ("The rate is 17%.", "The rate is 18%.", "The rate is 17%. More.", "More. The rate is 18%."):
        research(topic, {source: text})
        claim = get_claim("The rate")
        assert (claim.challenger_id, claim.needs_review, claim.proposals.count()) == (None, False, 3)
    research(topic, {source: "The rate is 20%."})
    assert get_claim("The rate").challenger.value == "20%"  # type: ignore[union-attr]


def test_nothing_new_is_only_seen_again_in_a_handful_of_queries(topic: Topic) -> None:
    source = make_source(topic, "one")
    text = " ".join(f"The rate {word} is {n}%." for n, word in enumerate(["one", "two", "three", "four"], 1))
    research(topic, {source: text})
    before, seen = count_rows(), dict(ClaimHealth.objects.values_list("claim_id", "last_seen_at"))
    run = make_research(topic)
    retrieve(run, source.provider, [capture_text(source, text)])
    with CaptureQueriesContext(connection) as queries:
        counts = extract_topic(topic, run=run)
    assert (counts.sightings, counts.new_proposals, count_rows()) == (4, 0, before)
    assert set(Sighting.objects.values_list("run", flat=True)) == {run.pk}
    assert all(seen[pk] < at for pk, at in ClaimHealth.objects.values_list("claim_id", "last_seen_at"))
    assert not any('"dossiers_capture"."text"' in query["sql"] for query in queries)
    assert len(queries) <= 14


@pytest.mark.parametrize("what", ["version", "alias", "decision", "capture"])
def test_whatever_an_extraction_depends_on_makes_it_read_again(topic: Topic, what: str) -> None:
    source = make_source(topic, "one")
    research(topic, {source: "The rate is 17%."})
    if what == "version":
        enter_extractor(version="2")
    if what == "alias":
        topic.aliases.create(text="The Old Harbour")
    if what == "decision":
        approve(Claim.objects.get())
    text = "The rate is 17%. More." if what == "capture" else "The rate is 17%."
    run = make_research(topic)
    retrieve(run, source.provider, [capture_text(source, text)])
    with CaptureQueriesContext(connection) as queries:
        extract_topic(topic, run=run)
    assert any('"dossiers_capture"."text"' in query["sql"] for query in queries)
    assert (Proposal.objects.count(), Sighting.objects.count()) == (1, 1)


def test_the_number_of_queries_does_not_grow_with_claims() -> None:
    counts = []
    for size in (2, 30):
        topic = make_topic(f"Harbour {size}")
        one, two = make_source(topic, "one"), make_source(topic, "two")
        lines = " ".join(f"The rate m{n} is {n}%." for n in range(size))
        research(topic, {one: lines, two: "The depth is 9 m."})
        for claim in Claim.objects.filter(topic=topic)[:size]:
            decide(claim, make_user())
        run = make_research(topic)
        changed = lines.replace("is 1", "is 4").replace("The rate m0 is 0%.", "")
        retrieve(run, "web_search", [capture_text(one, changed), capture_text(two, "The depth is 9 m. So it is.")])
        with CaptureQueriesContext(connection) as queries:
            extract_topic(topic, run=run)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_decided_claims_and_their_edition_outlive_fifty_refreshes(topic: Topic) -> None:
    source, other = make_source(topic, "one"), make_source(topic, "two")
    research(topic, {source: "The rate is 17%. The depth is 9 m.", other: "Boats."})
    approve(get_claim("The rate"))
    act(get_claim("The depth"), Action.AMEND, make_user())
    edition = publish_dossier(
        topic, editor=make_user(group="publisher"), leave_out=set(), note="", seen=read_draft(topic).seen
    )
    stood = {claim.pk: claim.incumbent_id for claim in Claim.objects.all()}
    for number in range(50):
        research(
            topic, {source: f"The rate is {20 + number}%. The depth is {30 + number} m.", other: f"Boats {number}."}
        )
        for label, value in (("The rate", f"{20 + number}%"), ("The depth", f"{30 + number} m")):
            claim = get_claim(label)
            assert claim.challenger is not None and claim.challenger.value == value
            assert (claim.status, claim.incumbent_id) == (ClaimStatus.APPROVED, stood[claim.pk])
    assert list(Edition.objects.values_list("canonical", "sha256")) == [(edition.canonical, edition.sha256)]
    assert Run.objects.filter(topic=topic).count() == 51


FIRST, SECOND = st.sampled_from(["17%", "18%", "19%", ""]), st.sampled_from(["17%", "20%", "", None])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(answers=[("17%", "20%"), ("18%", "17%")], action=Action.APPROVE)  # two sources change at once
@given(answers=st.lists(st.tuples(FIRST, SECOND), max_size=6), action=st.sampled_from([Action.APPROVE, Action.AMEND]))
def test_whatever_sources_say_what_stands_is_what_was_decided(
    answers: list[tuple[str, str | None]], action: str
) -> None:
    topic = make_topic()
    one, two, editor = make_source(topic, "one"), make_source(topic, "two"), make_user()
    research(topic, {one: "The rate is 17%."})
    claim = Claim.objects.get(topic=topic)
    show(claim, editor)
    act(claim, action, editor)
    claim.refresh_from_db()
    decided = (claim.status, claim.incumbent_id, claim.standing_decision_id)
    for first, second in answers:
        said = {
            source: f"The rate is {v}." if v else "Nothing."
            for source, v in ((one, first), (two, second))
            if v is not None
        }
        research(topic, said)
        claim = Claim.objects.select_related("incumbent", "challenger", "health").get(pk=claim.pk)
        assert (claim.status, claim.incumbent_id, claim.standing_decision_id) == decided
        given_values = set(Proposal.objects.filter(claim__topic=topic).values_list("value", flat=True))
        assert {value for value in (first, second) if value} <= given_values  # nothing that was said is dropped
        if first not in ("17%", "") and action == Action.APPROVE:
            assert claim.challenger is not None and claim.needs_review
