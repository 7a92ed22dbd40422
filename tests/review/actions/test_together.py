"""Many at once on real connections: one decision, and everyone learns what happened."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dossiers.models.claim import Claim, ClaimStatus
from dossiers.models.decision import Decision
from dossiers.review.actions import ClaimIsStale, approve_claim, reject_claim
from dossiers.review.queries import read_seen
from tests.builders import make_claim, make_topic, make_user, show_evidence
from tests.review.pages import parse

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(number, act):
    """Run `act(index)` in as many threads that start together; return results and exceptions in order."""
    barrier = Barrier(number)

    def run(index):
        try:
            barrier.wait(timeout=20)
            return act(index)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_the_same_request_ten_times_at_once_decides_once_and_all_succeed():
    claim, editor = make_claim(make_topic()), make_user()
    client = Client()
    client.force_login(editor)
    fields = parse(client.get(reverse("review:claim", args=[claim.pk]))).form("approve-form")

    def send(_index):
        each = Client()
        each.cookies = client.cookies
        return each.post(reverse("review:approve", args=[claim.pk]), fields)

    answers = at_once(10, send)
    assert [answer.status_code for answer in answers] == [303] * 10
    assert len({answer["Location"] for answer in answers}) == 1
    assert Decision.objects.filter(claim=claim).count() == 1


def test_of_ten_editors_at_once_one_wins_and_nine_learn_that_it_moved_on():
    claim, editors = make_claim(make_topic()), [make_user() for _ in range(10)]
    for editor in editors:
        show_evidence(editor, claim.newest_proposal)
    seen = read_seen(claim)

    def act(index):
        mine = Claim.objects.get(pk=claim.pk)
        if index % 2:
            return approve_claim(mine, editor=editors[index], seen=seen, key=uuid4())
        return reject_claim(mine, editor=editors[index], seen=seen, reason_code="wrong_value", key=uuid4())

    results = at_once(10, act)
    assert len([r for r in results if isinstance(r, Decision)]) == 1
    assert len([r for r in results if isinstance(r, ClaimIsStale)]) == 9
    assert Decision.objects.filter(claim=claim).count() == 1
    claim.refresh_from_db()
    assert claim.status in (ClaimStatus.APPROVED, ClaimStatus.REJECTED)


def test_one_key_on_two_claims_at_once_serves_only_one_of_them():
    topic, editor, key = make_topic(), make_user(), uuid4()
    claims = [make_claim(topic), make_claim(topic)]
    for claim in claims:
        show_evidence(editor, claim.newest_proposal)
    sent = [read_seen(claim) for claim in claims]
    results = at_once(2, lambda i: approve_claim(claims[i], editor=editor, seen=sent[i], key=key))
    assert sorted(type(result).__name__ for result in results) == ["Decision", "KeyReused"]
    assert Decision.objects.count() == 1
