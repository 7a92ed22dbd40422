"""The way out: what comes back, and what every failure becomes."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from pytest_django import Settings

from dossiers.clients.base import Context, FetchResult, Outcome, Policy
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Answer, Client, ask, check_health
from dossiers.clients.redirects import is_same_site
from tests.stubs import misbehaving
from tests.stubs.server import Reply, StubServer, json_reply, pick_closed_port, status_reply

Make = Callable[..., Policy]
KEY = "sk-not-to-be-seen-7f3a"


def get(stub: StubServer, policy: Policy, path: str = "/", **options: object) -> Answer:
    with Client(policy) as client:
        return client.get_json(f"{stub.url}{path}", **options)  # type: ignore[arg-type]


def fail(stub: StubServer, policy: Policy, path: str = "/", **options: object) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        get(stub, policy, path, **options)
    return caught.value


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


class TestRedirects:
    def test_same_host_is_followed(self, stub: StubServer, make_policy: Make) -> None:
        stub.play(misbehaving.redirect("/elsewhere?a=1"), json_reply({"here": True}))
        answer = get(stub, make_policy(stub.url, key=KEY), headers={"Authorization": KEY})
        assert (answer.data, answer.requests_made, answer.url) == ({"here": True}, 2, f"{stub.url}/elsewhere?a=1")
        assert [asked.headers["authorization"] for asked in stub.log] == [KEY, KEY]

    def test_circle_ends(self, stub: StubServer, make_policy: Make) -> None:
        stub.answerer = lambda _: misbehaving.redirect("/again")
        error = fail(stub, make_policy(stub.url))
        assert (error.outcome, len(stub.log)) == (Outcome.INVALID, 4)

    @pytest.mark.parametrize(
        "location",
        [
            "http://127.0.0.2:{port}/",
            "http://169.254.169.254/latest/meta-data/",
            "http://10.0.0.1/",
            "http://[::1]:{port}/",
            "http://localhost:{port}/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "//other.example.org/",
            "http://user:secret@127.0.0.1:{port}/",
            "http://127.0.0.1:bad/",
            "",
        ],
    )
    def test_other_places_are_refused(self, stub: StubServer, make_policy: Make, location: str) -> None:
        stub.play(misbehaving.redirect(location.format(port=stub.port)))
        error = fail(stub, make_policy(stub.url, key=KEY), headers={"Authorization": KEY})
        assert (error.outcome, error.needs_person) == (Outcome.INVALID, False)
        assert len(stub.log) == 1

    def test_caller_may_allow_another_host(self, stub: StubServer, make_policy: Make) -> None:
        stub.play(misbehaving.redirect(f"http://localhost:{stub.port}/there"), json_reply({"there": True}))
        with Client(make_policy(stub.url, key=KEY), allow_hosts={"localhost"}) as client:
            answer = client.get_json(stub.url, headers={"Authorization": KEY, "Accept": "application/json"})
        assert answer.data == {"there": True}
        assert stub.log[1].headers["host"] == f"localhost:{stub.port}"
        assert "authorization" not in stub.log[1].headers

    def test_another_port_gets_no_key(self, stub: StubServer, make_policy: Make) -> None:
        with StubServer(lambda _: json_reply({"there": True})) as other:
            stub.play(misbehaving.redirect(other.url))
            assert get(stub, make_policy(stub.url, key=KEY), headers={"Authorization": KEY}).data == {"there": True}
            assert "authorization" not in other.log[0].headers

    def test_post_is_not_turned_into_get(self, stub: StubServer, make_policy: Make) -> None:
        stub.play(misbehaving.redirect("/a", 302), misbehaving.redirect("/b", 307), json_reply({}))
        with Client(make_policy(stub.url)) as client:
            with pytest.raises(ServiceError):
                client.post_json(stub.url, json={"q": 1})
            client.post_json(stub.url, json={"q": 1})
        assert [(asked.method, asked.path) for asked in stub.log] == [("POST", "/"), ("POST", "/"), ("POST", "/b")]

    @pytest.mark.parametrize(
        ("before", "after", "same"),
        [
            ("a.example.org", "a.example.org", True),
            ("www.example.org", "example.org", True),
            ("example.org", "www.example.org", True),
            ("a.example.org", "b.example.org", False),
            ("example.org", "notexample.org", False),
            ("example.org", "org", False),
            ("10.0.0.1", "1.10.0.0.1", False),
            ("127.0.0.1", "127.0.0.2", False),
        ],
    )
    def test_what_is_one_site(self, before: str, after: str, same: bool) -> None:
        assert is_same_site(before, after) is same


class TestKeys:
    REPLIES = [
        status_reply(401, data={"error": "bad key"}),
        status_reply(500),
        misbehaving.challenge_page(),
        misbehaving.no_answer(),
        misbehaving.huge_headers(),
        misbehaving.redirect("http://10.0.0.1/"),
    ]

    @pytest.mark.parametrize("place", range(len(REPLIES)))
    def test_key_shows_nowhere(
        self, stub: StubServer, make_policy: Make, caplog: pytest.LogCaptureFixture, place: int
    ) -> None:
        caplog.set_level(logging.DEBUG)
        stub.play(self.REPLIES[place])
        policy = make_policy(stub.url, key=KEY)
        error = fail(stub, policy, headers={"Authorization": f"Bearer {KEY}"})
        assert KEY in stub.log[0].headers["authorization"]
        assert KEY not in f"{error!r} {error} {error.answer!r} {policy!r} {error.to_result()!r} {caplog.text}"
        assert error.__context__ is None or KEY not in repr(error.__context__)

    @pytest.mark.parametrize("key", [f"{KEY}\nX-Injected: 1", f"{KEY}é", f"{KEY}\0"])
    def test_key_that_no_header_can_carry(self, stub: StubServer, make_policy: Make, key: str) -> None:
        error = fail(stub, make_policy(stub.url, key=key), headers={"Authorization": key})
        assert (error.outcome, error.needs_person, stub.log) == (Outcome.AUTH, True, [])
        assert KEY not in str(error)

    def test_header_that_cannot_be_written_is_not_quoted(self, stub: StubServer, make_policy: Make) -> None:
        error = fail(stub, make_policy(stub.url), headers={"Authorization": f"{KEY}\r\nX-Injected: 1"})
        assert error.outcome == Outcome.BAD_REQUEST
        assert (error.__cause__, error.__context__) == (None, None)


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
