"""An answer settles its captures: the checks that rest on the question go, or stay, for every claim that cites them."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command

from dossiers.models.claim import Claim, ClaimKind
from dossiers.models.resolution import EntityResolution
from dossiers.models.topic import Topic
from dossiers.review.actions import (
    OpenErrors,
    PlaceNotChosen,
    approve_claim,
    dismiss_check,
    record_display,
    resolve_entity,
)
from dossiers.review.queries import read_findings, read_seen
from tests.builders import make_user

pytestmark = pytest.mark.django_db
EXPORT = Path(__file__).parents[3] / "seeds" / "international-collaboration.txt"


@pytest.fixture
def topic():
    call_command("load_seeds", str(EXPORT), verbosity=0)
    return Topic.objects.get()


def count_wrong(topic, provider):
    """Count the claims that a wrong subject blocks, of those that cite this provider's captures."""
    claims = Claim.objects.filter(topic=topic, newest_proposal__evidence__capture__source__provider=provider).distinct()
    findings = read_findings({claim.pk: claim.newest_proposal_id for claim in claims})
    return sum(any(f.code == "wrong-entity" for f in found) for found in findings.values()), len(findings)


def answer(topic, provider, choice):
    question = EntityResolution.objects.filter(topic=topic, provider=provider).latest("id")
    keys = {"first": question.candidates[0]["key"], "none": "none"}
    return resolve_entity(topic, provider=provider, choice=keys[choice], editor=make_user(), seen=question.pk)


def approve(claim):
    editor = make_user()
    claim.refresh_from_db()
    record_display(editor, [claim.newest_proposal])
    return approve_claim(claim, editor=editor, seen=read_seen(claim), key=uuid4())


def test_choosing_the_article_clears_every_claim_that_cites_it_and_none_keeps_them_blocked(topic):
    blocked, citing = count_wrong(topic, "encyclopedia")
    assert blocked == citing > 1
    answer(topic, "encyclopedia", "none")
    assert count_wrong(topic, "encyclopedia") == (citing, citing)
    answer(topic, "encyclopedia", "first")
    assert count_wrong(topic, "encyclopedia") == (0, citing)


def test_a_place_is_approved_only_once_it_was_chosen(topic):
    place = Claim.objects.get(topic=topic, kind=ClaimKind.PLACE)
    with pytest.raises(OpenErrors):
        approve(place)
    dismiss_check(place.newest_proposal, editor=make_user(), code="wrong-entity", reason="It is there.")
    with pytest.raises(PlaceNotChosen):
        approve(place)
    answer(topic, "geocoder", "none")
    with pytest.raises(PlaceNotChosen):
        approve(place)
    answer(topic, "geocoder", "first")
    assert approve(place).claim.status == "approved"
