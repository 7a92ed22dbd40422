"""Takes the state and outcome of a step; leaves the words for it: what it means, and what a person can do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A step in words. `code` names its sign and tone in the style sheet; `advice` is empty where nothing is to do."""

    code: str
    name: str
    meaning: str
    advice: str = ""


_STATES = {
    "waiting": Words("waiting", "Waiting", "Its turn has not come yet."),
    "again": Words("again", "Tries again", "The last attempt did not succeed; it is tried again by itself."),
    "running": Words("running", "Under way", "A worker is asking now."),
    "cancelled": Words("cancelled", "Cancelled", "It was not asked any further, because the run was cancelled."),
}
_OUTCOMES = {
    "ok": Words("ok", "Answered", "It answered, and what it gave is kept."),
    "empty": Words(
        "empty", "Nothing found", "It was reached, looked, and has nothing about this subject.",
        "Nothing needs doing: it is asked again with the next refresh.",
    ),
    "partial": Words(
        "partial", "In part", "A part of the answer came and is kept; the rest did not.",
        "Try again for the rest, or leave it to the next refresh.",
    ),
    "rate_limited": Words(
        "rate_limited", "Asked to wait", "It was reached, but answers too many requests from here just now.",
        "Try again later. If it happens often, a curator gives this provider a longer spacing.",
    ),
    "auth": Words(
        "auth", "Key refused", "It did not take our key, so it gave nothing. Trying again gives the same.",
        "An operator sets a valid key; then a curator clears the stop on the research page.",
    ),
    "quota": Words(
        "quota", "Quota used up", "Nothing more may be asked for now: the plan, or our own daily budget, is used up.",
        "It goes on when the plan or the day begins anew. A curator can raise the daily budget.",
    ),
    "bad_request": Words(
        "bad_request", "Request refused", "It was reached and refused the question. Asking again changes nothing.",
        "Check the provider’s address on the research page; if it is right, tell the operator.",
    ),
    "unavailable": Words(
        "unavailable", "Not reached", "It did not answer, so nobody knows whether it has something.",
        "Try again, or leave it to the next refresh.",
    ),
    "invalid": Words(
        "invalid", "Answer not understood", "It answered, but not in the form it promises. Nothing of it was kept.",
        "Try again once. If it stays so, the service has changed: tell the operator.",
    ),
}  # fmt: skip


def describe_step(state: str, outcome: str, *, attempts: int = 0) -> Words:
    """Return the words of a step by its state and, where it is done, by its outcome."""
    if state == "done":
        return _OUTCOMES[outcome]
    return _STATES["again" if state == "waiting" and attempts else state]


_RUNS = {
    "queued": Words("waiting", "Waiting", "It begins as soon as a worker is free."),
    "running": Words("running", "Running", "Providers are being asked, or their answers read."),
    "cancelled": Words("cancelled", "Cancelled", "It was ended before it was done."),
    "failed": Words("failed", "Failed", "It broke off. What had been retrieved is kept; no decision was touched."),
    "finished": Words("ok", "Finished", "Every provider that was asked has answered."),
}
_ENDS = {
    "partial": Words("partial", "Finished in part", "Some providers did not answer."),
    "empty": Words("empty", "Nothing found", "Every provider answered, and none has anything about this subject."),
    "unavailable": Words("unavailable", "Reached nobody", "No provider answered, so nothing is known to have changed."),
}


def describe_run(status: str, outcome: str) -> Words:
    """Return the words of a run by its status and, where it is finished, by what its steps came to."""
    return _ENDS.get(outcome, _RUNS[status]) if status == "finished" else _RUNS[status]
