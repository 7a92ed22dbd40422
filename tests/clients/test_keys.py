"""Keys: sent to whom they are for, and shown nowhere."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from dossiers.clients.base import Outcome, Policy
from tests.clients.asking import KEY, fail
from tests.stubs import misbehaving
from tests.stubs.server import StubServer, status_reply

Make = Callable[..., Policy]


REPLIES = [
    status_reply(401, data={"error": "bad key"}),
    status_reply(500),
    misbehaving.challenge_page(),
    misbehaving.no_answer(),
    misbehaving.huge_headers(),
    misbehaving.redirect("http://10.0.0.1/"),
]


@pytest.mark.parametrize("place", range(len(REPLIES)))
def test_key_shows_nowhere(stub: StubServer, make_policy: Make, caplog: pytest.LogCaptureFixture, place: int) -> None:
    caplog.set_level(logging.DEBUG)
    stub.play(REPLIES[place])
    policy = make_policy(stub.url, key=KEY)
    error = fail(stub, policy, headers={"Authorization": f"Bearer {KEY}"})
    assert KEY in stub.log[0].headers["authorization"]
    assert KEY not in f"{error!r} {error} {error.answer!r} {policy!r} {error.to_result()!r} {caplog.text}"
    assert error.__context__ is None or KEY not in repr(error.__context__)


@pytest.mark.parametrize("key", [f"{KEY}\nX-Injected: 1", f"{KEY}é", f"{KEY}\0"])
def test_key_that_no_header_can_carry(stub: StubServer, make_policy: Make, key: str) -> None:
    error = fail(stub, make_policy(stub.url, key=key), headers={"Authorization": key})
    assert (error.outcome, error.needs_person, stub.log) == (Outcome.AUTH, True, [])
    assert KEY not in str(error)


def test_header_that_cannot_be_written_is_not_quoted(stub: StubServer, make_policy: Make) -> None:
    error = fail(stub, make_policy(stub.url), headers={"Authorization": f"{KEY}\r\nX-Injected: 1"})
    assert error.outcome == Outcome.BAD_REQUEST
    assert (error.__cause__, error.__context__) == (None, None)
