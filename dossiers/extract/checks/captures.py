"""The rules about one capture: whether it is the topic's, and what a reader would doubt in it."""

from collections.abc import Iterable

from dossiers.extract.checks.case import Case, Finding, Severity
from dossiers.extract.checks.entities import describe_wrong_page, describe_wrong_place

ENCYCLOPEDIAS = frozenset({"encyclopedia"})


def check_entity(case: Case, place: int) -> Iterable[Finding]:
    """Say that an article or a geocoder's hit is another subject's, unless an editor has settled it."""
    capture = case.captures[place]
    if capture.key in case.settled.resolved:
        return
    message = case.settled.refused.get(capture.key, "")
    if not message and capture.provider in ENCYCLOPEDIAS:
        message = describe_wrong_page(case.topic, capture)
    elif not message and capture.is_place:
        message = describe_wrong_place(case.topic, capture.title or capture.text.split("\n", 1)[0])
    message = message or case.settled.doubtful.get(capture.key, "")
    if message:
        yield _make(case, place, "wrong-entity", "error", message)


def check_url(case: Case, place: int) -> Iterable[Finding]:
    """Say that a reader cannot open the source."""
    if not case.captures[place].url:
        yield _make(case, place, "source-without-url", "info", "This source has no address that a reader could open.")


def check_grade(case: Case, place: int) -> Iterable[Finding]:
    """Say that the text is not, or may not be, the source's own words."""
    grade = case.captures[place].grade
    if grade == "rewritten":
        message = "The provider rewrote this text; it may not be in the source's own words."
        yield _make(case, place, "rewritten-source", "info", message)
    elif grade != "verbatim":
        message = "It is not known whether this text is in the source's own words."
        yield _make(case, place, "unknown-grade", "info", message)


def check_alone(case: Case, place: int) -> Iterable[Finding]:
    """Count the claims that rest on this source alone."""
    capture = case.captures[place]
    count = case.alone[capture.source or capture.key]
    if count:
        noun, verb = ("claim", "rests") if count == 1 else ("claims", "rest")
        yield _make(case, place, "single-source", "info", f"{count} {noun} {verb} on this source alone.")


def check_age(case: Case, place: int) -> Iterable[Finding]:
    """Say that a capture is older than the topic's refresh interval."""
    capture, interval = case.captures[place], case.topic.refresh_interval
    if interval is None or capture.retrieved_at is None or case.today is None:
        return
    if case.today - capture.retrieved_at > interval:
        age = (case.today - capture.retrieved_at).days
        message = f"This text was retrieved {age} days ago; the topic is to be refreshed every {interval.days} days."
        yield _make(case, place, "stale", "warning", message)


def _make(case: Case, place: int, code: str, severity: Severity, message: str) -> Finding:
    return Finding(code, severity, message, "capture", case.captures[place].key)
