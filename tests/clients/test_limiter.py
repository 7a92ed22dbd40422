"""The limiter on a real Valkey: never above the limit, whoever asks, whoever dies, and whatever the service says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as settings_now
from pytest_django import Settings
from redis.connection import AbstractConnection

from dossiers.clients import limiter as limiting
from dossiers.clients.base import MustWait, Outcome, Policy
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Client
from dossiers.clients.limiter import Limiter, connect_redis, find_host, read_state, read_states, seed_budget
from tests.stubs.server import Reply, StubServer, json_reply, status_reply

Make = Callable[..., Policy]
ROOT = Path(__file__).resolve().parents[2]
HOST = "service.example.org"
TOLERANCE = 0.1  # between a request's way out and its arrival, on a busy machine


def slow_json(seconds: float) -> Callable[[Any], Reply]:
    def answer(_asked: Any) -> Reply:
        reply = json_reply({})
        reply.delay = seconds
        return reply

    return answer


def hammer(url: str, **spec: Any) -> subprocess.Popen[str]:
    values = {"name": "service", "spacing": 0.0, "in_flight": 1, "threads": 3, "requests": 4, "urgent": False}
    values |= {"url": url, "redis": settings_now.RESEARCH_REDIS_URL}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.clients.hammer", json.dumps(values | spec)],
        cwd=ROOT,
        env=os.environ | {"OUTGOING_NETWORKS": "127.0.0.0/8", "RESEARCH_PATIENCE": "0.3"},
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(*children: subprocess.Popen[str]) -> list[int]:
    return [int(child.communicate(timeout=120)[0]) for child in children]


def test_processes_and_threads_keep_one_distance(stub: StubServer) -> None:
    stub.answerer = slow_json(0.01)
    assert finish(*(hammer(stub.url, spacing=0.2, requests=2) for _ in range(3))) == [6, 6, 6]
    arrivals = [asked.at for asked in stub.log]
    assert len(arrivals) == 18
    assert min(after - before for before, after in pairwise(arrivals)) >= 0.2 - TOLERANCE
    assert arrivals[-1] - arrivals[0] >= 17 * 0.2 - TOLERANCE
    assert stub.count_at_once() == 1


def test_processes_and_threads_share_the_places(stub: StubServer) -> None:
    stub.answerer = slow_json(0.1)
    assert finish(*(hammer(stub.url, in_flight=2) for _ in range(3))) == [12, 12, 12]
    assert len(stub.log) == 36
    assert stub.count_at_once() == 2


def test_policies_of_one_host_share_its_turns(make_policy: Make) -> None:
    first = Limiter(make_policy(name="one", in_flight=1))
    second = Limiter(make_policy(name="two", in_flight=1))
    lease = first.acquire(HOST)
    with pytest.raises(MustWait):
        second.acquire(HOST)
    other = second.acquire("other.example.org")
    first.release(lease, Outcome.OK)
    second.release(other, Outcome.OK)
    second.acquire(HOST)


def test_a_turn_that_is_soon_is_waited_for_and_a_later_one_is_not(make_policy: Make) -> None:
    policy = make_policy(spacing=0.1)
    for _ in range(2):
        Limiter(policy).release(Limiter(policy).acquire(HOST), Outcome.OK)
    far = Limiter(make_policy(spacing=60.0))
    with pytest.raises(MustWait) as caught:
        far.acquire(HOST)
    assert 30.0 < caught.value.seconds <= 60.0
    assert "service" in caught.value.reason


def test_a_dead_workers_place_is_free_again(make_policy: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "MARGIN", 0.0)
    long = make_policy(in_flight=1, timeout=60.0)
    Limiter(make_policy(in_flight=1, timeout=0.2)).acquire(HOST)  # and never given back
    assert Limiter(long).acquire(HOST, patience=30.0)
    with pytest.raises(MustWait):
        Limiter(long).acquire(HOST)


def test_retry_after_holds_every_worker_back(stub: StubServer, make_policy: Make) -> None:
    stub.play(status_reply(429, {"Retry-After": "120"}))
    policy = make_policy(stub.url)
    with Client(policy) as client, pytest.raises(ServiceError):
        client.get_json(stub.url)
    with Client(make_policy(stub.url, name="other"), is_urgent=True) as client, pytest.raises(MustWait) as caught:
        client.get_json(stub.url)
    assert 60 < caught.value.seconds <= 120
    assert len(stub.log) == 1
    blocked = read_state(policy).blocked_until
    assert blocked is not None and blocked > datetime.now(UTC) + timedelta(seconds=60)


def test_a_short_block_is_waited_for(make_policy: Make) -> None:
    policy = make_policy()
    Limiter(policy).release(Limiter(policy).acquire(HOST), Outcome.RATE_LIMITED, wait=0.2)
    assert Limiter(policy).acquire(HOST, patience=30.0)


def test_retry_after_has_a_longest(stub: StubServer, make_policy: Make) -> None:
    stub.play(status_reply(429, {"Retry-After": "1e15"}))
    with Client(make_policy(stub.url)) as client, pytest.raises(ServiceError):
        client.get_json(stub.url)
    with Client(make_policy(stub.url)) as client, pytest.raises(MustWait) as caught:
        client.get_json(stub.url)
    assert caught.value.seconds <= 86400


class TestUrgent:
    def test_who_waits_goes_before_what_is_due(self, stub: StubServer) -> None:
        """Three urgent callers come while many scheduled ones wait; they go one after the other.

        One may slip in while no urgent caller has come yet or said that it waits.
        """
        stub.answerer = slow_json(0.02)
        scheduled = hammer(stub.url, spacing=0.15, threads=10, requests=1000)
        while len(stub.log) < 3:
            stub.is_stopping.wait(0.01)
        urgent = hammer(stub.url, spacing=0.15, threads=3, requests=1, urgent=True)
        try:
            assert finish(urgent) == [3]
        finally:
            scheduled.kill()
            scheduled.communicate()
        marks = [asked.params["urgent"] for asked in stub.log]
        first, last = marks.index("1"), len(marks) - 1 - marks[::-1].index("1")
        assert marks[first : last + 1].count("0") <= 3

    def test_scheduled_callers_are_held_back_while_somebody_waits(self, make_policy: Make) -> None:
        policy = make_policy(in_flight=1)
        held = Limiter(policy).acquire(HOST)
        got: list[limiting.Lease] = []
        waiting = threading.Thread(
            target=lambda: got.append(Limiter(policy, is_urgent=True).acquire(HOST, patience=30.0))
        )
        waiting.start()
        while not read_state(make_policy(f"https://{HOST}")).urgent_waiting:
            stop = threading.Event()
            stop.wait(0.01)
        with pytest.raises(MustWait) as caught:
            Limiter(make_policy(in_flight=8)).acquire(HOST, patience=0.0)
        assert "goes first" in caught.value.reason
        Limiter(policy).release(held, Outcome.OK)
        waiting.join()
        Limiter(policy).release(got[0], Outcome.OK)
        assert Limiter(policy).acquire(HOST)

    def test_turn_of_an_urgent_caller_that_left_is_kept_for_the_next(self, make_policy: Make) -> None:
        policy = make_policy(in_flight=1)
        held = Limiter(policy).acquire(HOST)
        with pytest.raises(MustWait):
            Limiter(policy, is_urgent=True).acquire(HOST, patience=0.1)
        Limiter(policy).release(held, Outcome.OK)
        with pytest.raises(MustWait):
            Limiter(policy).acquire(HOST, patience=0.0)
        back = Limiter(policy, is_urgent=True).acquire(HOST)
        Limiter(policy).release(back, Outcome.OK)
        assert Limiter(policy).acquire(HOST)


def test_a_restarted_redis_learns_the_scripts_again(make_policy: Make) -> None:
    Limiter(make_policy()).acquire(HOST)
    connect_redis().script_flush()
    assert Limiter(make_policy()).acquire(HOST)


def test_without_redis_nothing_is_sent(stub: StubServer, make_policy: Make, settings: Settings) -> None:
    settings.RESEARCH_REDIS_URL = "unix:///nowhere/valkey.sock?db=0"
    policy = make_policy(stub.url)
    with Client(policy) as client, pytest.raises(ServiceError) as caught:
        client.get_json(stub.url)
    assert (caught.value.outcome, caught.value.needs_person, stub.log) == (Outcome.UNAVAILABLE, False, [])
    assert "nothing was sent" in caught.value.message
    with pytest.raises(ServiceError):
        read_state(policy)
    with pytest.raises(ServiceError):
        seed_budget("service", datetime.now(UTC).date(), 1)


def test_an_answer_is_kept_where_redis_goes_away_meanwhile(
    stub: StubServer, make_policy: Make, settings: Settings
) -> None:
    def answer(_asked: Any) -> Reply:
        settings.RESEARCH_REDIS_URL = "unix:///nowhere/valkey.sock?db=0"
        return json_reply({"kept": True})

    stub.answerer = answer
    with Client(make_policy(stub.url)) as client:
        assert client.get_json(stub.url).data == {"kept": True}


def test_half_done_work_that_must_wait_is_a_failure_not_a_wait(stub: StubServer, make_policy: Make) -> None:
    """MustWait promises that nothing was sent."""
    stub.answerer = lambda _: json_reply({})
    with Client(make_policy(stub.url, daily_budget=1)) as client:
        client.get_json(stub.url)
        with pytest.raises(ServiceError) as caught:
            client.get_json(stub.url)
    assert caught.value.outcome == Outcome.RATE_LIMITED
    assert caught.value.retry_after is not None


def test_states_of_many_policies_are_one_round_trip(make_policy: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    policies = [make_policy(f"https://h{number}.example.org", name=f"p{number}") for number in range(6)]
    for policy in policies[:2]:
        Limiter(policy).acquire(find_host(policy.base_url))
    sent, send = [], AbstractConnection.send_packed_command
    monkeypatch.setattr(
        AbstractConnection,
        "send_packed_command",
        lambda self, *args, **options: (sent.append(1), send(self, *args, **options))[1],
    )
    states = read_states(policies)
    assert len(sent) == 1
    assert [state.used_today for state in states.values()] == [1, 1, 0, 0, 0, 0]
    assert [state.in_flight for state in states.values()] == [1, 1, 0, 0, 0, 0]
    assert [state.host for state in states.values()][:2] == ["h0.example.org", "h1.example.org"]
    assert read_states([]) == {}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://EN.example.org./w/api.php", "en.example.org"),
        ("https://example.org:443", "example.org"),
        ("http://127.0.0.1:8888/x", "127.0.0.1:8888"),
        ("", ""),
    ],
)
def test_hosts_are_counted_under_one_name(url: str, host: str) -> None:
    assert find_host(url) == host
