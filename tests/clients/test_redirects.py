"""Redirects: followed by hand, as far as they stay with the service."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dossiers.clients.base import Outcome, Policy
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Client
from dossiers.clients.redirects import is_same_site
from tests.clients.asking import KEY, fail, get
from tests.stubs import misbehaving
from tests.stubs.server import StubServer, json_reply

Make = Callable[..., Policy]


def test_same_host_is_followed(stub: StubServer, make_policy: Make) -> None:
    stub.play(misbehaving.redirect("/elsewhere?a=1"), json_reply({"here": True}))
    answer = get(stub, make_policy(stub.url, key=KEY), headers={"Authorization": KEY})
    assert (answer.data, answer.requests_made, answer.url) == ({"here": True}, 2, f"{stub.url}/elsewhere?a=1")
    assert [asked.headers["authorization"] for asked in stub.log] == [KEY, KEY]


def test_circle_ends(stub: StubServer, make_policy: Make) -> None:
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
def test_other_places_are_refused(stub: StubServer, make_policy: Make, location: str) -> None:
    stub.play(misbehaving.redirect(location.format(port=stub.port)))
    error = fail(stub, make_policy(stub.url, key=KEY), headers={"Authorization": KEY})
    assert (error.outcome, error.needs_person) == (Outcome.INVALID, False)
    assert len(stub.log) == 1


def test_caller_may_allow_another_host(stub: StubServer, make_policy: Make) -> None:
    stub.play(misbehaving.redirect(f"http://localhost:{stub.port}/there"), json_reply({"there": True}))
    with Client(make_policy(stub.url, key=KEY), allow_hosts={"localhost"}) as client:
        answer = client.get_json(stub.url, headers={"Authorization": KEY, "Accept": "application/json"})
    assert answer.data == {"there": True}
    assert stub.log[1].headers["host"] == f"localhost:{stub.port}"
    assert "authorization" not in stub.log[1].headers


def test_another_port_gets_no_key(stub: StubServer, make_policy: Make) -> None:
    with StubServer(lambda _: json_reply({"there": True})) as other:
        stub.play(misbehaving.redirect(other.url))
        assert get(stub, make_policy(stub.url, key=KEY), headers={"Authorization": KEY}).data == {"there": True}
        assert "authorization" not in other.log[0].headers


def test_post_is_not_turned_into_get(stub: StubServer, make_policy: Make) -> None:
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
def test_what_is_one_site(before: str, after: str, same: bool) -> None:
    assert is_same_site(before, after) is same
