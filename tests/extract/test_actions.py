"""extract_topic: what a run leaves, and what a later run adds, challenges or misses."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.extract.actions import Extracted, extract_topic, recheck_topic
from dossiers.models.capture import Capture
from dossiers.models.check import Check
from dossiers.models.claim import Claim, ClaimStatus, HealthState
from dossiers.models.decision import Action
from dossiers.models.evidence import Evidence
from dossiers.models.proposal import Proposal, Sighting, hash_evidence, hash_revision
from dossiers.models.resolution import EntityResolution
from dossiers.models.run import Outcome, Retrieval, Run
from dossiers.models.statement import ImportedStatement
from dossiers.models.suppression import Suppression
from dossiers.models.topic import Topic
from tests.builders import decide, make_capture, make_run, make_topic, make_user
from tests.extract.samples import ARTICLE, FUND, PLACE, SURVEY, TRADES

pytestmark = pytest.mark.django_db

RATE = {"kind": "attribute", "label": "Global Recycling Rate (2021)", "value": "17%"}
CITIES = {"kind": "attribute", "label": "Participating Cities", "value": "forty"}
SPAIN = {"kind": "event", "value": "Spain's recycling rate rose from 30% to 37%.", "date_text": "2010-2021"}
BERGEN = {"kind": "event", "value": "Bergen opened its first kerbside scheme.", "date_text": "1974"}
SUMMARY = {"kind": "summary", "value": "Bergen came first. The Green Dot Express toured forty cities."}
PLACED = {"kind": "place", "value": PLACE, "data": {"lat": "52.2443", "lon": "0.1655"}}
OTHER = {"kind": "other", "label": "Notes", "value": "Kept as printed."}
ALL = [SUMMARY, RATE, CITIES, SPAIN, BERGEN, PLACED, OTHER]


@pytest.fixture
def topic() -> Topic:
    return make_topic("Household Recycling", description="A campaign of the Rhine Cleanup Fund and Anja Keller.")


@pytest.fixture
def captures(topic: Topic) -> list[Capture]:
    texts = [("web_search", SURVEY), ("web_search", TRADES), ("web_search", FUND)]
    made = [make_capture(topic, text, provider) for provider, text in texts]
    return [
        make_capture(topic, ARTICLE, "encyclopedia", title="Recycling (album)"),
        *made,
        make_capture(topic, PLACE, "geocoder", title=PLACE),
    ]


def make_loaded_run(topic: Topic, captures: Sequence[Capture], statements: Sequence[dict]) -> Run:
    """Make a run as loading an export does."""
    run = make_run(topic)
    for position, capture in enumerate(captures):
        Retrieval.objects.create(
            run=run, provider=capture.source.provider, position=position, outcome=Outcome.OK, capture=capture
        )
    ImportedStatement.objects.bulk_create(
        [ImportedStatement(run=run, position=position, **fields) for position, fields in enumerate(statements)]
    )
    return run


def extract(topic: Topic, captures: Sequence[Capture], *statements: dict) -> Extracted:
    return extract_topic(topic, run=make_loaded_run(topic, captures, statements))


def recapture(capture: Capture, text: str) -> Capture:
    """Capture another text of the same source."""
    digest = sha256(text.encode()).hexdigest()
    return Capture.objects.create(
        source=capture.source, text=text, text_sha256=digest, retrieved_at=capture.retrieved_at
    )


def count_rows() -> dict[str, int]:
    models = (Claim, Proposal, Evidence, Sighting, Check, EntityResolution)
    return {model.__name__: model.objects.count() for model in models}


def test_a_run_leaves_a_claim_for_each_statement_and_sentence(topic: Topic, captures: list[Capture]) -> None:
    counts = extract(topic, captures, *ALL)
    kinds = list(Claim.objects.order_by("position").values_list("kind", flat=True))
    assert kinds == ["summary", "summary", "attribute", "attribute", "event", "event", "place"]
    assert (counts.new_claims, counts.new_proposals, counts.sightings) == (7, 7, 0)
    assert set(Claim.objects.values_list("status", flat=True)) == {ClaimStatus.PENDING}
    assert all(claim.newest_proposal_id for claim in Claim.objects.all())


def test_a_proposal_holds_value_type_date_and_true_hashes(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE, PLACED)
    rate, place = Proposal.objects.order_by("id")
    assert (rate.value, rate.value_type, rate.number, rate.unit) == ("17%", "number", 17, "%")
    assert (rate.date_text, rate.date_edtf, rate.date_earliest, rate.date_latest) == (
        "2021",
        "2021",
        "2021-01-01",
        "2021-12-31",
    )
    assert (place.value_type, float(place.lat or 0), float(place.lon or 0)) == ("coordinates", 52.2443, 0.1655)
    for proposal in (rate, place):
        rows = list(proposal.evidence.select_related("capture").order_by("ordinal"))
        assert (proposal.revision_hash, proposal.evidence_hash) == (hash_revision(proposal), hash_evidence(rows))
        assert len(rows) == proposal.evidence_count
    assert [row.role for row in rate.evidence.order_by("ordinal")] == ["value", "subject", "date"]


def test_the_same_statements_again_leave_only_sightings(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, *ALL)
    before, health = count_rows(), dict(Claim.objects.values_list("id", "health__last_seen_at"))
    counts = extract(topic, captures, *ALL)
    assert (counts.new_claims, counts.new_proposals, counts.sightings, counts.lost) == (0, 0, 7, 0)
    assert count_rows() == before | {"Sighting": 7}
    assert all(health[pk] < at for pk, at in Claim.objects.values_list("id", "health__last_seen_at"))


def test_another_value_for_a_pending_claim_is_its_newest_proposal(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE)
    extract(topic, captures, RATE | {"value": "18%"})
    claim = Claim.objects.get()
    assert claim.newest_proposal is not None
    assert (claim.newest_proposal.value, claim.status, claim.challenger_id) == ("18%", ClaimStatus.PENDING, None)


def test_another_value_for_an_approved_claim_is_a_challenger(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE)
    decide(Claim.objects.get(), make_user())
    extract(topic, captures, RATE | {"value": "18%"})
    claim = Claim.objects.select_related("health", "challenger", "incumbent").get()
    assert claim.challenger is not None and claim.incumbent is not None
    assert (claim.status, claim.incumbent.value, claim.challenger.value) == (ClaimStatus.APPROVED, "17%", "18%")
    assert claim.health.state == HealthState.SOURCE_CHANGED


def test_a_challenger_that_is_given_again_still_tells_of_another_value(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE)
    decide(Claim.objects.get(), make_user())
    extract(topic, captures, RATE | {"value": "18%"})
    extract(topic, captures, RATE | {"value": "18%"}, CITIES)
    claim = Claim.objects.select_related("health").get(label=RATE["label"])
    assert (claim.health.state, claim.challenger_id is not None) == (HealthState.SOURCE_CHANGED, True)


def test_another_value_whose_source_lost_the_old_one_is_a_changed_source(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE)
    decide(Claim.objects.get(), make_user())
    captures[1] = recapture(captures[1], SURVEY.replace("rate was 17%", "rate was 18%"))
    extract(topic, captures, RATE | {"value": "18%"})
    health = Claim.objects.select_related("health").get().health
    assert (health.state, "quoted words are gone" in health.detail) == (HealthState.SOURCE_CHANGED, True)


def test_the_incumbents_value_on_other_words_is_no_other_value(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE)
    decide(Claim.objects.get(), make_user())
    extract(topic, captures, RATE | {"value": "18%"})
    captures[1] = recapture(captures[1], SURVEY.replace("rate was 17%", "rate was 17 percent"))
    extract(topic, captures, RATE)
    assert Claim.objects.select_related("health").get().health.state == HealthState.QUOTE_LOST


def test_the_incumbents_value_again_challenges_nothing(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE)
    decide(Claim.objects.get(), make_user())
    extract(topic, captures, RATE)
    claim = Claim.objects.select_related("health").get()
    assert (claim.challenger_id, claim.needs_review, claim.health.state) == (None, False, HealthState.OK)
    assert Proposal.objects.count() == 1


def test_a_rejected_value_on_the_same_words_is_not_shown_again(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE)
    claim = Claim.objects.get()
    decide(claim, make_user(), Action.REJECT)
    proposal = Proposal.objects.get()
    Suppression.objects.create(claim=claim, value_hash=proposal.value_hash, quote_hash=proposal.evidence_hash)
    extract(topic, captures, RATE)
    claim.refresh_from_db()
    assert (claim.status, Proposal.objects.count(), Sighting.objects.count()) == (ClaimStatus.REJECTED, 1, 1)


def test_a_rejected_claim_whose_value_changes_is_pending_again(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE)
    claim = Claim.objects.get()
    decide(claim, make_user(), Action.REJECT)
    extract(topic, captures, RATE | {"value": "18%"})
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.PENDING


def test_a_rejected_value_on_other_words_is_pending_again(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, BERGEN)
    claim = Claim.objects.get()
    decide(claim, make_user(), Action.REJECT)
    captures[3] = recapture(captures[3], "In Bergen a first kerbside scheme was opened in 1974.")
    extract(topic, captures, BERGEN)
    claim.refresh_from_db()
    assert (claim.status, Proposal.objects.count()) == (ClaimStatus.PENDING, 2)


def test_the_same_words_in_a_changed_capture_are_only_seen_again(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, BERGEN)
    captures[3] = recapture(captures[3], "A new beginning. " + FUND)
    extract(topic, captures, BERGEN)
    assert (Proposal.objects.count(), Sighting.objects.count()) == (1, 1)


def test_a_lost_quote_changes_health_and_drops_nothing(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE, BERGEN)
    decide(Claim.objects.get(kind="event"), make_user())
    extract(topic, captures[:3], RATE)
    claim = Claim.objects.select_related("health").get(kind="event")
    assert (claim.status, claim.health.state) == (ClaimStatus.APPROVED, HealthState.QUOTE_LOST)
    assert claim.needs_review
    (check,) = Check.objects.filter(claim=claim, code="source-changed")
    assert (check.severity, claim.health.detail in check.message) == ("warning", True)
    assert Claim.objects.get(kind="attribute").health.state == HealthState.OK  # type: ignore[attr-defined]


def test_a_quote_that_comes_back_clears_the_queue_and_the_check(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE, BERGEN)
    decide(Claim.objects.get(kind="event"), make_user())
    extract(topic, captures[:3], RATE)
    extract(topic, captures, RATE, BERGEN)
    claim = Claim.objects.select_related("health").get(kind="event")
    assert (claim.health.state, claim.needs_review) == (HealthState.OK, False)
    assert not Check.objects.filter(code="source-changed").exists()


def test_a_claim_that_is_not_given_again_is_told_while_its_quote_stands(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE, BERGEN)
    extract(topic, captures, RATE)
    health = Claim.objects.get(kind="event").health  # type: ignore[attr-defined]
    assert (health.state, health.detail) == (
        HealthState.SOURCE_CHANGED,
        "The newest extraction does not give this claim; its quotes still stand.",
    )


def test_a_reworded_event_is_the_same_claim(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, SPAIN, BERGEN)
    extract(topic, captures, SPAIN | {"value": "The recycling rate of Spain grew from 30% to 37%."}, BERGEN)
    assert Claim.objects.count() == 2
    assert Claim.objects.get(key__contains="territory:ES").proposals.count() == 2


def test_claims_keep_the_order_of_the_newest_export(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE, CITIES)
    extract(topic, captures, CITIES, RATE)
    assert list(Claim.objects.order_by("position").values_list("label", flat=True)) == [CITIES["label"], RATE["label"]]


def test_checks_are_stored_of_proposals_claims_and_captures(topic: Topic, captures: list[Capture]) -> None:
    spain = {"kind": "attribute", "label": "Spain Recycling Rate (2021)", "value": "37%"}
    extract(topic, captures, SPAIN, spain, RATE | {"value": "99%"}, PLACED)
    claims = {claim.label or claim.kind: claim for claim in Claim.objects.all()}
    rows = Check.objects.filter(claim=claims[spain["label"]])
    assert [(row.code, row.related_claim_id) for row in rows] == [("implied-by", claims["event"].pk)]
    rate = claims[RATE["label"]].newest_proposal
    assert set(Check.objects.filter(proposal=rate).values_list("code", flat=True)) == {
        "ungrounded",
        "number-not-in-quote",
    }
    wrong = Check.objects.filter(code="wrong-entity", capture__isnull=False)
    assert set(wrong.values_list("capture__source__provider", flat=True)) == {"encyclopedia", "geocoder"}


def test_a_finding_that_no_longer_holds_goes(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, RATE | {"value": "99%"})
    extract(topic, captures, RATE)
    shown = Claim.objects.get().newest_proposal_id
    assert not Check.objects.filter(proposal=shown).exists()


def test_checking_again_changes_nothing(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, *ALL)
    before = set(Check.objects.values_list())
    recheck_topic(topic)
    assert set(Check.objects.values_list()) == before


def test_an_editors_choice_is_asked_for_once_and_settles_its_captures(topic: Topic, captures: list[Capture]) -> None:
    extract(topic, captures, *ALL)
    questions = {row.provider: row for row in EntityResolution.objects.all()}
    assert set(questions) == {"encyclopedia", "geocoder"}
    asked = questions["encyclopedia"]
    assert asked.candidates[0]["features"]["names_found"] == []
    EntityResolution.objects.create(
        topic=topic,
        provider="encyclopedia",
        candidates=asked.candidates,
        choice=f"capture:{captures[0].pk}",
        editor=make_user(),
    )
    recheck_topic(topic)
    extract(topic, captures, *ALL)
    assert EntityResolution.objects.count() == 3
    assert not Check.objects.filter(code="wrong-entity", capture=captures[0]).exists()
    assert Check.objects.filter(code="wrong-entity", capture=captures[4]).exists()


def test_the_number_of_queries_does_not_grow_with_statements(topic: Topic, captures: list[Capture]) -> None:
    few = make_loaded_run(topic, captures, [RATE])
    many = make_loaded_run(make_topic("Other"), [], [])
    other = Topic.objects.get(title="Other")
    copies = [make_capture(other, c.text + " ", c.source.provider, title=c.source.title) for c in captures]
    for position, capture in enumerate(copies):
        Retrieval.objects.create(run=many, provider="x", position=position, outcome=Outcome.OK, capture=capture)
    rates = [{"kind": "attribute", "label": f"Rate {number}", "value": f"{number}%"} for number in range(30)]
    ImportedStatement.objects.bulk_create(
        [ImportedStatement(run=many, position=position, **fields) for position, fields in enumerate([RATE, *rates])]
    )
    counts = []
    for run in (few, many):
        with CaptureQueriesContext(connection) as queries:
            extract_topic(run.topic, run=run)
        counts.append(len(queries))
    assert counts[0] == counts[1]
