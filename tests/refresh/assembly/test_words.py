"""Words for steps, runs and intervals: each outcome has its own, and nothing that went wrong is left without advice."""

from datetime import timedelta

import pytest

from dossiers.models.run import Outcome, RetrievalState, RunStatus
from dossiers.refresh.assembly import PRESETS, describe_run, describe_step, find_deed, spell_interval


def test_every_outcome_has_words_of_its_own():
    words = [describe_step("done", outcome) for outcome in Outcome.values]
    for field in ("code", "name", "meaning"):
        assert len({getattr(each, field) for each in words}) == len(Outcome.values)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome.values if outcome != Outcome.OK])
def test_every_outcome_but_an_answer_says_what_to_do(outcome):
    assert describe_step("done", outcome).advice


def test_a_step_that_failed_and_waits_is_not_one_whose_turn_has_not_come():
    assert describe_step("waiting", "").code == "waiting"
    assert describe_step("waiting", "", attempts=2).code == "again"
    assert all(describe_step(state, "").name for state in RetrievalState.values if state != "done")


def test_a_finished_run_says_what_its_steps_came_to():
    assert all(describe_run(status, "").name for status in RunStatus.values)
    names = {
        outcome: describe_run("finished", outcome).name for outcome in ("", "ok", "partial", "empty", "unavailable")
    }
    assert names == {
        "": "Finished", "ok": "Finished", "partial": "Finished in part", "empty": "Nothing found",
        "unavailable": "Reached nobody",
    }  # fmt: skip
    assert describe_run("failed", "unavailable").code == "failed"


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (None, "never by itself"),
        (timedelta(0), "never by itself"),
        (timedelta(days=1), "every day"),
        (timedelta(days=7), "every week"),
        (timedelta(days=30), "every month"),
        (timedelta(days=3), "every 3 days"),
        (timedelta(days=2, hours=12), "every 2.5 days"),
        (timedelta(hours=6), "every 6 hours"),
        (timedelta(hours=36), "every 36 hours"),
    ],
)
def test_an_interval_in_words(interval, words):
    assert spell_interval(interval) == words


def test_presets_have_words_without_numbers():
    assert not any(char.isdigit() for length in PRESETS.values() for char in spell_interval(length))


def test_a_licence_leads_to_its_text_and_an_unknown_one_nowhere():
    assert find_deed(" CC  by-sa 4.0 ").startswith("https://creativecommons.org/licenses/by-sa/4.0")
    assert find_deed("All rights reserved") == ""
    assert find_deed("") == ""
