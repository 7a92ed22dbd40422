"""What the rules propose, stored and read back: the same words are quoted again, wherever else they stand."""

import pytest

from dossiers.extract.actions.proposing import make_proposal, save_proposals
from dossiers.extract.assembly import Grounded, Library, assemble, ground_draft
from dossiers.extract.queries import describe_capture, describe_topic, list_known_claims, make_draft
from dossiers.extract.rules import propose
from dossiers.models.capture import Capture
from dossiers.models.claim import Claim
from dossiers.models.topic import Topic
from tests.extract.runs import make_loaded_run

pytestmark = pytest.mark.django_db


def list_quotes(claim: Grounded) -> list[tuple[object, str, int, int, str]]:
    return [(q.capture, q.role, q.start, q.end, q.date_basis) for q in claim.quotes]


def test_stored_proposals_are_grounded_again_on_the_same_words(topic: Topic, captures: list[Capture]) -> None:
    library = Library(describe_topic(topic), [describe_capture(capture) for capture in captures])
    claims = assemble(propose(library), library)
    run, rows = make_loaded_run(topic, captures, []), {capture.pk: capture for capture in captures}
    made = [
        Claim(topic=topic, kind=claim.draft.kind, key=claim.key, label=claim.draft.label, position=place)
        for place, claim in enumerate(claims)
    ]
    pairs = zip(Claim.objects.bulk_create(made), claims, strict=True)
    save_proposals([make_proposal(claim, grounded, run, rows) for claim, grounded in pairs])
    known = [(entry, entry.latest) for entry in list_known_claims(topic)]
    again = [ground_draft(make_draft(e.claim, p, e.quotes), library) for e, p in known if p]
    assert len(again) == len(claims) > 10
    assert [list_quotes(claim) for claim in again] == [list_quotes(claim) for claim in claims]
    assert [claim.subject for claim in again] == [claim.subject for claim in claims]
