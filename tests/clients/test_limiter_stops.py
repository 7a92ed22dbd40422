"""What stops a provider as a whole: the day's budget, and the breaker after failures in a row."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from dossiers.clients.base import MustWait, Outcome, Policy
from dossiers.clients.http import Client
from dossiers.clients.limiter import Limiter, connect_redis, read_state, seed_budget
from tests.stubs.server import Reply, StubServer, json_reply

Make = Callable[..., Policy]
ROOT = Path(__file__).resolve().parents[2]
HOST = "service.example.org"
TOLERANCE = 0.03  # between a request's way out and its arrival, on a busy machine


class TestBudget:
    def test_every_request_counts_until_none_is_left(self, stub: StubServer, make_policy: Make) -> None:
        stub.answerer = lambda _: json_reply({})
        stub.play(Reply(302, {"Location": "/again"}))
        policy = make_policy(stub.url, daily_budget=3)
        with Client(policy) as client:
            assert client.get_json(stub.url).requests_made == 2
            client.get_json(stub.url)
        with Client(policy) as client, pytest.raises(MustWait) as caught:
            client.get_json(stub.url)
        assert 0 < caught.value.seconds <= 86400
        assert "used up" in caught.value.reason
        assert len(stub.log) == 3
        state = read_state(policy)
        assert (state.used_today, state.budget_left) == (3, 0)

    def test_many_at_once_take_no_more_than_there_is(self, make_policy: Make) -> None:
        policy, granted = make_policy(daily_budget=5, in_flight=100), []

        def take() -> None:
            with contextlib.suppress(MustWait):
                granted.append(Limiter(policy).acquire(HOST))

        threads = [threading.Thread(target=take) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(granted) == 5

    def test_a_lost_count_is_told_again(self, make_policy: Make) -> None:
        policy, today = make_policy(daily_budget=10), datetime.now(UTC).date()
        seed_budget("service", today, 9)
        seed_budget("service", today, 4)
        assert read_state(policy).budget_left == 1
        Limiter(policy).acquire(HOST)
        with pytest.raises(MustWait):
            Limiter(policy).acquire(HOST)
        seed_budget("service", today - timedelta(days=1), 1)
        assert read_state(policy).used_today == 10

    def test_yesterdays_count_is_forgotten(self, make_policy: Make) -> None:
        policy = make_policy(daily_budget=1)
        seed_budget("service", datetime.now(UTC).date() - timedelta(days=1), 1)
        assert read_state(policy).used_today == 0
        assert Limiter(policy).acquire(HOST)


class TestBreaker:
    @pytest.fixture(autouse=True)
    def _pauses(self, settings: Settings) -> None:
        settings.RESEARCH_BREAKER_AFTER, settings.RESEARCH_BREAKER_PAUSE = 3, 30.0

    def fail(self, policy: Policy, times: int, outcome: Outcome = Outcome.UNAVAILABLE) -> None:
        for _ in range(times):
            Limiter(policy).release(Limiter(policy).acquire(HOST), outcome)

    def test_opens_after_failures_in_a_row(self, make_policy: Make) -> None:
        policy = make_policy(f"https://{HOST}")
        self.fail(policy, 2)
        self.fail(policy, 1, Outcome.OK)
        self.fail(policy, 2)
        self.fail(policy, 1, Outcome.EMPTY)
        self.fail(policy, 3)
        with pytest.raises(MustWait) as caught:
            Limiter(policy).acquire(HOST)
        assert 10 < caught.value.seconds <= 30
        state = read_state(policy)
        assert (state.breaker, state.failures, state.open_until is not None) == ("open", 3, True)
        Limiter(make_policy(name="other")).acquire(HOST)

    def test_refusals_of_a_working_service_do_not_open_it(self, make_policy: Make) -> None:
        policy = make_policy()
        self.fail(policy, 5, Outcome.BAD_REQUEST)
        self.fail(policy, 5, Outcome.AUTH)
        assert Limiter(policy).acquire(HOST)

    def test_lets_one_probe_through_and_waits_longer_each_time(self, make_policy: Make) -> None:
        policy = make_policy()
        self.fail(policy, 3)
        for pause in (60, 120, 240):
            self.end_pause()
            probe = Limiter(policy).acquire(HOST)
            with pytest.raises(MustWait):
                Limiter(policy).acquire(HOST)
            Limiter(policy).release(probe, Outcome.UNAVAILABLE)
            with pytest.raises(MustWait) as caught:
                Limiter(policy).acquire(HOST)
            assert pause / 2 < caught.value.seconds <= pause
        self.end_pause()
        assert read_state(policy).breaker == "half_open"
        Limiter(policy).release(Limiter(policy).acquire(HOST), Outcome.OK)
        assert read_state(policy).breaker == "closed"
        self.fail(policy, 2)
        assert Limiter(policy).acquire(HOST)

    def test_a_probe_that_sent_nothing_makes_room_for_another(self, make_policy: Make) -> None:
        policy = make_policy()
        self.fail(policy, 3)
        self.end_pause()
        Limiter(policy).release(Limiter(policy).acquire(HOST), None)
        assert Limiter(policy).acquire(HOST)

    def end_pause(self) -> None:
        """Bring the end of the pause to now, by the clock that counts."""
        connect_redis().hset("limiter:policy:service", "open_until", str(float(connect_redis().time()[0])))
