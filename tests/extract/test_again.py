"""extract_topic: what a later run adds, challenges or misses."""

import pytest

from dossiers.models.capture import Capture
from dossiers.models.check import Check
from dossiers.models.claim import Claim, ClaimStatus, HealthState
from dossiers.models.decision import Action
from dossiers.models.evidence import Evidence
from dossiers.models.proposal import Proposal, Sighting
from dossiers.models.resolution import EntityResolution
from dossiers.models.suppression import Suppression
from dossiers.models.topic import Topic
from tests.builders import decide, make_user
from tests.extract.runs import ALL, BERGEN, CITIES, RATE, SPAIN, extract, recapture
from tests.extract.samples import FUND, SURVEY

pytestmark = pytest.mark.django_db


def count_rows() -> dict[str, int]:
    models = (Claim, Proposal, Evidence, Sighting, Check, EntityResolution)
    return {model.__name__: model.objects.count() for model in models}


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
