"""extract_topic: what a run leaves, its checks and its questions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.extract.actions import extract_topic, recheck_topic
from dossiers.models.capture import Capture
from dossiers.models.check import Check
from dossiers.models.claim import Claim, ClaimStatus
from dossiers.models.proposal import Proposal, hash_evidence, hash_revision
from dossiers.models.resolution import EntityResolution
from dossiers.models.statement import ImportedStatement
from dossiers.models.topic import Topic
from tests.builders import make_capture, make_topic, make_user
from tests.extract.runs import ALL, PLACED, RATE, SPAIN, extract, give_capture, make_loaded_run

pytestmark = pytest.mark.django_db


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
        give_capture(many, capture, position)
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
