"""The way out: what comes back, and what every failure becomes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import Settings

from dossiers.clients.base import Context, FetchResult, Outcome, Policy
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Answer, Client, ask, check_health
from tests.clients.asking import fail, get
from tests.stubs import misbehaving
from tests.stubs.server import Reply, StubServer, json_reply, pick_closed_port, status_reply

Make = Callable[..., Policy]


def test_answer_holds_what_came_back(stub: StubServer, make_policy: Make) -> None:
    stub.play(json_reply({"greeting": "grüß dich"}, headers={"X-Mark": "one"}))
    answer = get(stub, make_policy(stub.url), params={"q": "a b&c", "n": 2})
    assert (answer.status, answer.data, answer.headers["x-mark"]) == (200, {"greeting": "grüß dich"}, "one")
    assert answer.requests_made == 1
    assert answer.size == len('{"greeting": "grüß dich"}'.encode())
    assert stub.log[0].params == {"q": "a b&c", "n": "2"}


def test_request_says_who_asks(stub: StubServer, make_policy: Make) -> None:
    stub.play(json_reply({}), json_reply({}))
    get(stub, make_policy(stub.url, user_agent="Dossiers/1 (mail@example.org) httpx2/2"))
    get(stub, make_policy(stub.url))
    assert stub.log[0].headers["user-agent"] == "Dossiers/1 (mail@example.org) httpx2/2"
    assert stub.log[1].headers["user-agent"].startswith("Dossiers/")
    assert stub.log[0].headers["accept-encoding"] == "gzip, deflate"


def test_post_sends_json(stub: StubServer, make_policy: Make) -> None:
    stub.play(json_reply({"ok": True}))
    with Client(make_policy(stub.url)) as client:
        assert client.post_json(f"{stub.url}/search", json={"query": "Łódź"}).data == {"ok": True}
    assert (stub.log[0].method, stub.log[0].json()) == ("POST", {"query": "Łódź"})


def test_environment_names_no_proxy(stub: StubServer, make_policy: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{pick_closed_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{pick_closed_port()}")
    stub.play(json_reply({}))
    assert get(stub, make_policy(stub.url)).status == 200


@pytest.mark.parametrize(
    ("status", "outcome", "needs_person"),
    [
        (400, Outcome.BAD_REQUEST, False),
        (401, Outcome.AUTH, True),
        (402, Outcome.QUOTA, True),
        (403, Outcome.AUTH, True),
        (404, Outcome.BAD_REQUEST, False),
        (422, Outcome.BAD_REQUEST, False),
        (429, Outcome.RATE_LIMITED, False),
        (500, Outcome.UNAVAILABLE, False),
        (503, Outcome.UNAVAILABLE, False),
        (304, Outcome.INVALID, False),
    ],
)
def test_status_becomes_an_outcome(
    stub: StubServer, make_policy: Make, status: int, outcome: Outcome, needs_person: bool
) -> None:
    stub.play(status_reply(status, data={"why": "because"}))
    error = fail(stub, make_policy(stub.url))
    assert (error.outcome, error.needs_person, error.http_status) == (outcome, needs_person, status)
    assert f"HTTP {status}" in error.message
    assert error.answer is not None and error.answer.status == status
    assert len(stub.log) == 1


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (misbehaving.challenge_page(), Outcome.INVALID),
        (misbehaving.challenge_page_as_json(), Outcome.INVALID),
        (misbehaving.malformed_json(), Outcome.INVALID),
        (misbehaving.wrong_type(), Outcome.INVALID),
        (misbehaving.wrong_type(""), Outcome.INVALID),
        (misbehaving.not_gzip(), Outcome.INVALID),
        (misbehaving.huge_headers(), Outcome.UNAVAILABLE),
        (misbehaving.cut_body(), Outcome.UNAVAILABLE),
        (misbehaving.no_answer(), Outcome.UNAVAILABLE),
        (misbehaving.not_http(), Outcome.UNAVAILABLE),
        (Reply(200, dict(misbehaving.JSON), b""), Outcome.INVALID),
        (Reply(200, dict(misbehaving.JSON), b"\xff\xfe\x00"), Outcome.INVALID),
        (Reply(200, dict(misbehaving.JSON), b'{"a": NaN}'), Outcome.INVALID),
        (Reply(200, dict(misbehaving.JSON), b'{"a": 1e999}'), Outcome.INVALID),
        (Reply(200, dict(misbehaving.JSON), b"[" * 100_000), Outcome.INVALID),
        (Reply(200, dict(misbehaving.JSON), b"9" * 10_000), Outcome.INVALID),
    ],
)
def test_unusable_answer_becomes_an_outcome(
    stub: StubServer, make_policy: Make, reply: Reply, outcome: Outcome, settings: Settings
) -> None:
    settings.RESEARCH_TRIES = 1
    stub.play(reply)
    error = fail(stub, make_policy(stub.url))
    assert error.outcome == outcome
    assert "Enable JavaScript" not in error.message


def test_json_keeps_nothing_that_a_database_cannot(stub: StubServer, make_policy: Make) -> None:
    body = b'{"a\\u0000": ["x\\u0000y", "\\ud800", "\\ud83d\\ude00", {"b": "\\udc00"}], "n": 1.5}'
    stub.play(Reply(200, dict(misbehaving.JSON), body))
    data = get(stub, make_policy(stub.url)).data
    assert data == {"a\N{REPLACEMENT CHARACTER}": ["x\ufffdy", "\ufffd", "😀", {"b": "\ufffd"}], "n": 1.5}


@pytest.mark.parametrize("reply", [misbehaving.endless_body(), misbehaving.gzip_bomb()])
def test_body_is_read_up_to_the_limit(stub: StubServer, make_policy: Make, reply: Reply) -> None:
    stub.play(reply)
    error = fail(stub, make_policy(stub.url))
    assert error.outcome == Outcome.INVALID
    assert "larger than 4.0 MB" in error.message


@pytest.mark.parametrize("make_reply", [misbehaving.slow_body, misbehaving.slow_headers])
def test_whole_answer_has_one_deadline(stub: StubServer, make_policy: Make, make_reply: Callable[[], Reply]) -> None:
    """Each drop comes in time; all of them never do."""
    stub.play(make_reply())
    error = fail(stub, make_policy(stub.url, timeout=0.4))
    assert (error.outcome, error.is_slow) == (Outcome.UNAVAILABLE, True)
    assert "0.4 seconds" in error.message
    assert len(stub.log) == 1


def test_silence_ends_at_the_timeout_and_is_not_tried_again(stub: StubServer, make_policy: Make) -> None:
    stub.play(Reply(delay=30))
    assert fail(stub, make_policy(stub.url, timeout=0.3)).outcome == Outcome.UNAVAILABLE
    assert len(stub.log) == 1


def test_closed_port_is_unavailable(stub: StubServer, make_policy: Make) -> None:
    url = f"http://127.0.0.1:{pick_closed_port()}"
    with Client(make_policy(url)) as client, pytest.raises(ServiceError) as caught:
        client.get_json(url)
    assert (caught.value.outcome, caught.value.needs_person) == (Outcome.UNAVAILABLE, False)


def test_plain_text_where_encryption_is_spoken_is_unavailable(stub: StubServer, make_policy: Make) -> None:
    url = stub.url.replace("http:", "https:")
    with Client(make_policy(url)) as client, pytest.raises(ServiceError) as caught:
        client.get_json(url)
    assert caught.value.outcome == Outcome.UNAVAILABLE
    assert "encrypted" in caught.value.message


def test_short_wait_is_waited_for(stub: StubServer, make_policy: Make) -> None:
    stub.play(status_reply(429, {"Retry-After": "0.05"}), status_reply(503, {"Retry-After": "0"}), json_reply({"a": 1}))
    answer = get(stub, make_policy(stub.url))
    assert (answer.data, answer.requests_made) == ({"a": 1}, 3)


def test_long_wait_is_given_back(stub: StubServer, make_policy: Make) -> None:
    stub.play(status_reply(429, {"Retry-After": "7.5"}))
    error = fail(stub, make_policy(stub.url))
    assert (error.outcome, error.retry_after, error.is_transient) == (Outcome.RATE_LIMITED, 7.5, True)
    assert len(stub.log) == 1


def test_tries_have_an_end(stub: StubServer, make_policy: Make) -> None:
    stub.answerer = lambda _: status_reply(503, {"Retry-After": "0.01"})
    assert fail(stub, make_policy(stub.url)).outcome == Outcome.UNAVAILABLE
    assert len(stub.log) == 3


def test_what_needs_a_person_is_not_tried_again(stub: StubServer, make_policy: Make) -> None:
    stub.answerer = lambda _: status_reply(403, {"Retry-After": "0"})
    assert fail(stub, make_policy(stub.url)).needs_person
    assert len(stub.log) == 1


def test_client_may_judge_first(stub: StubServer, make_policy: Make) -> None:
    """A refusal that only this service makes, by status or inside a success, counts like any other."""

    def judge(answer: Answer) -> None:
        if answer.status == 432 or answer.data.get("error"):
            raise ServiceError(Outcome.QUOTA, "used up", answer.status, needs_person=True)

    stub.play(status_reply(432), json_reply({"error": "late"}), json_reply({"fine": 1}))
    for _ in range(2):
        assert fail(stub, make_policy(stub.url), judge=judge).outcome == Outcome.QUOTA
    assert get(stub, make_policy(stub.url), judge=judge).data == {"fine": 1}


def test_judged_wait_is_waited_for(stub: StubServer, make_policy: Make) -> None:
    def judge(answer: Answer) -> None:
        if answer.data.get("error"):
            raise ServiceError(Outcome.RATE_LIMITED, "later", answer.status, 0.05)

    stub.play(json_reply({"error": "maxlag"}), json_reply({"fine": 1}))
    assert get(stub, make_policy(stub.url), judge=judge).data == {"fine": 1}


def test_ask_turns_failures_into_results(stub: StubServer, make_policy: Make) -> None:
    stub.play(json_reply({"n": 1}), status_reply(429, {"Retry-After": "9"}))
    policy = make_policy(stub.url)

    def work(client: Client) -> FetchResult:
        client.get_json(stub.url)
        client.get_json(stub.url)
        return FetchResult(Outcome.OK)

    result = ask(policy, Context("T"), work)
    assert (result.outcome, result.retry_after, result.requests_made) == (Outcome.RATE_LIMITED, 9.0, 2)
    assert result.elapsed > 0


def test_health_is_said_not_raised(stub: StubServer, make_policy: Make) -> None:
    stub.play(json_reply({}), status_reply(401))
    policy = make_policy(stub.url)
    assert check_health(policy, lambda client: client.get_json(stub.url)).outcome == Outcome.OK
    assert check_health(policy, lambda client: client.get_json(stub.url)).outcome == Outcome.AUTH
