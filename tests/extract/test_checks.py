"""The checks: each rule fires where an editor would want it, and nowhere else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from dossiers.extract.assembly import CaptureText, Draft, Library, TopicText, assemble
from dossiers.extract.checks import (
    Finding,
    Settled,
    check_quotes,
    find_missing_numbers,
    find_overstatements,
    run_checks,
)
from dossiers.extract.checks import findings as registry
from tests.extract.samples import CAPTURES, RETRIEVED, TOPIC, attribute, event, make_capture, place


def check(
    *drafts: Draft, captures: Sequence[CaptureText] = CAPTURES, topic: TopicText = TOPIC, **options: object
) -> list[Finding]:
    claims = assemble(drafts, Library(topic, captures))
    return run_checks(topic, claims, captures, **options)  # type: ignore[arg-type]


def codes(findings: Sequence[Finding], target: str, subject: object = 0) -> set[str]:
    return {finding.code for finding in findings if finding.target == target and finding.subject == subject}


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (attribute("Global Recycling Rate (2021)", "17%"), set()),
        (attribute("Participating Cities", "forty"), set()),
        (attribute("Goals", "Save raw materials; create jobs"), {"paraphrase"}),
        (attribute("Italy Recycling Rate (2021)", "58%"), {"date-not-in-quote"}),
        (attribute("Norway Recycling Rate (2021)", "44%"), {"ungrounded", "number-not-in-quote"}),
        (attribute("Norway Recycling Rate (2021)", "17%"), {"subject-not-in-quote"}),
        (attribute("Spain Recycling Rate (2021)", "12%"), {"subject-not-in-quote"}),
        (event("Bergen opened its first kerbside scheme.", "1974"), set()),
        (event("Bergen was where the first kerbside scheme opened.", "1974"), {"paraphrase"}),
        (
            event("Bergen opened its first kerbside scheme.", "1975"),
            {"date-not-in-quote", "date-contradicted"},
        ),
        (
            event("Sorting rates climbed steadily.", "sometime later"),
            {"date-not-in-quote", "date-unparsed"},
        ),
        (
            event(
                "Rag pickers collected cloth and bones, a trade that shaped the merchant Tomas Feld.", "Centuries ago"
            ),
            {"paraphrase", "date-not-in-quote", "date-contradicted", "date-unparsed"},
        ),
        (
            event("Rag pickers have collected cloth and bones.", "Centuries ago"),
            {"date-not-in-quote", "date-unparsed"},
        ),
        (
            event("South Korea's recycling rate was 59%, one of the highest of the survey.", "2021"),
            {"paraphrase", "date-not-in-quote", "value-overstated"},
        ),
        (Draft("summary", "The Green Dot Express was launched by Anja Keller."), {"ungrounded"}),
        (place(), {"wrong-entity"}),
    ],
)
def test_a_proposal_has_these_findings_and_no_other(draft: Draft, expected: set[str]) -> None:
    assert codes(check(draft), "proposal") == expected


def test_two_statements_run_together_are_told_in_words() -> None:
    draft = event(
        "Rag pickers collected cloth and bones, a trade that shaped the merchant Tomas Feld.", "Centuries ago"
    )
    message = next(f.message for f in check(draft) if f.code == "date-contradicted")
    assert message == (
        "The date “Centuries ago” is contradicted by a quoted sentence, which says “the late nineteenth century”; "
        "two statements seem run together."
    )


def test_a_cut_anchor_is_told_in_words() -> None:
    draft = attribute("Sweden Recycling Rate (2021)", "39%")
    message = next(f.message for f in check(draft) if f.code == "date-not-in-quote")
    assert message == (
        "The date “2021” is not in the quote: “during the same period” refers to words cut off by a joint."
    )


def relations(*drafts: Draft) -> set[tuple[str, object, int | None]]:
    return {(f.code, f.subject, f.related) for f in check(*drafts) if f.target == "claim"}


def test_the_same_figure_twice_is_a_duplicate_both_ways() -> None:
    found = relations(
        attribute("Global Recycling Rate (2021)", "17%"),
        event("The worldwide household recycling rate was 17%.", "2021"),
    )
    assert found == {("duplicate", 0, 1), ("duplicate", 1, 0)}


def test_the_end_of_a_change_is_implied_by_it() -> None:
    found = relations(
        attribute("Spain Recycling Rate (2021)", "37%"),
        event("Spain's recycling rate rose from 30% to 37%.", "2010-2021"),
    )
    assert found == {("implied-by", 0, 1)}


def test_another_end_of_a_change_is_a_conflict_both_ways() -> None:
    found = relations(
        attribute("Spain Recycling Rate (2021)", "36%"),
        event("Spain's recycling rate rose from 30% to 37%.", "2010-2021"),
    )
    assert found == {("conflict", 0, 1), ("conflict", 1, 0)}


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (
            attribute("Spain Recycling Rate (2021)", "37%"),
            attribute("Recycling Rate of Spain (2021)", "36%"),
            "conflict",
        ),
        (attribute("Spain Recycling Rate (2021)", "37%"), attribute("Spain Recycling Rate (2020)", "36%"), None),
        (attribute("Spain Recycling Rate (2021)", "37%"), attribute("Spain Reuse Share (2021)", "36%"), None),
        (attribute("Spain Recycling Rate (2021)", "37%"), attribute("Chile Recycling Rate (2021)", "37%"), None),
        (attribute("Spain Glass Collection (2021)", "37%"), attribute("Spain Paper Collection (2021)", "37%"), None),
        (attribute("Members", "15"), attribute("Members", "16"), "conflict"),
        (attribute("Founded", "1991"), attribute("Founded", "1992"), "conflict"),
        (attribute("Founded", "1991"), attribute("Founded", "May 1991"), None),
        (attribute("Founder", "Ann"), attribute("Founder", "Bo"), None),
        (event("It grew.", "1991"), event("It grew.", "1991"), "duplicate"),
        (event("It grew.", "1991"), event("It grew.", "1998"), None),
        (
            event("Spain's recycling rate rose from 30% to 37%.", "2010-2021"),
            event("Spain's recycling rate rose from 31% to 37%.", "2010-2021"),
            "conflict",
        ),
    ],
)
def test_relations_between_two_claims(one: Draft, other: Draft, code: str | None) -> None:
    assert relations(one, other) == ({(code, 0, 1), (code, 1, 0)} if code else set())


def test_an_article_about_another_subject_is_found() -> None:
    assert "wrong-entity" in codes(check(), "capture", "article")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Household recycling", "Sorting at home."),
        ("Home Recycling (practice)", "Sorting at home."),
        ("Waste sorting", "WRAP and the Rhine Cleanup Fund run a campaign in Portugal with Anja Keller."),
    ],
)
def test_an_article_by_another_title_may_be_the_topics(title: str, text: str) -> None:
    found = check(captures=[make_capture("a", "encyclopedia", title, text)])
    assert "wrong-entity" not in codes(found, "capture", "a")


@pytest.mark.parametrize(
    ("title", "kind", "printed", "is_wrong"),
    [
        ("Orvo Lighthouse", "place", "Orvo Lighthouse, Shore Road, Orvo", False),
        ("The Orvo Lighthouse", "work", "Orvo Lighthouse, Shore Road, Orvo", False),
        ("Orvo Lighthouse", "place", "Orvo Lighthouse Museum, Shore Road, Orvo", True),
        ("Orvo Lighthouse", "person", "Orvo Lighthouse, Shore Road, Orvo", True),
    ],
)
def test_a_place_must_be_the_topics(title: str, kind: str, printed: str, is_wrong: bool) -> None:
    topic, captures = TopicText(title, kind), [make_capture("p", "geocoder", printed, printed)]
    found = check(Draft("place", printed), captures=captures, topic=topic)
    assert ("wrong-entity" in codes(found, "proposal")) is is_wrong
    assert ("wrong-entity" in codes(found, "capture", "p")) is is_wrong


def test_an_editors_choice_settles_a_capture() -> None:
    found = check(place(), settled=Settled(frozenset({"article", "place"})))
    assert "wrong-entity" not in {finding.code for finding in found}


def test_what_readers_would_doubt_in_a_source() -> None:
    captures = [*CAPTURES, make_capture("r", "web_search", "R", "Words.", grade="rewritten")]
    found = check(attribute("Global Recycling Rate (2021)", "17%"), captures=captures)
    assert codes(found, "capture", "survey") == {"source-without-url", "unknown-grade", "single-source"}
    assert codes(found, "capture", "fund") == set()
    assert codes(found, "capture", "r") == {"source-without-url", "rewritten-source"}


@pytest.mark.parametrize(("days", "is_stale"), [(30, False), (31, True)])
def test_a_capture_older_than_the_interval_is_stale(days: int, is_stale: bool) -> None:
    found = check(today=RETRIEVED + timedelta(days=days))
    assert ("stale" in codes(found, "capture", "fund")) is is_stale


def test_without_an_interval_nothing_is_stale() -> None:
    found = check(topic=replace(TOPIC, refresh_interval=None), today=date(2099, 1, 1))
    assert "stale" not in {finding.code for finding in found}


def test_a_rule_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[Finding]:
        raise ZeroDivisionError

    monkeypatch.setitem(registry.PROPOSAL_RULES, "ungrounded", fail)
    monkeypatch.setitem(registry.CAPTURE_RULES, "stale", fail)
    found = check(attribute("Global Recycling Rate (2021)", "17%"))
    assert codes(found, "proposal") == {"check-failed"}
    assert "check-failed" in codes(found, "capture", "survey")
    assert next(f.message for f in found if f.target == "proposal") == (
        "The check “ungrounded” could not run (ZeroDivisionError); look at this by eye."
    )


@pytest.mark.parametrize(
    ("value", "quotes", "missing"),
    [
        ("12 towns and 30%", ["twelve towns", "30 per cent"], []),
        ("12 towns and 30%", ["twelve towns", "30 people"], ["30%"]),
        ("one of the towns", [""], []),
    ],
)
def test_missing_numbers(value: str, quotes: list[str], missing: list[str]) -> None:
    assert find_missing_numbers(value, quotes) == missing


@pytest.mark.parametrize(
    ("value", "quote", "phrases"),
    [
        ("one of the largest ports", "a port above others", ["one of the largest"]),
        ("one of the largest ports", "among the largest ports", []),
        ("the largest port", "the biggest port", []),
        ("the highest share", "a higher share of the top 10", ["highest"]),
        ("the most visited port", "a port", ["most visited"]),
        ("the most visited port", "the most visited of all", []),
        ("most of the ports", "a port", []),
        ("at best a port", "a port", []),
        ("the only port", "a port", ["the only"]),
        ("an interesting forest in the west", "a port", []),
    ],
)
def test_superlatives_that_no_quote_has(value: str, quote: str, phrases: list[str]) -> None:
    assert find_overstatements(value, [quote]) == phrases


def test_an_amendment_is_checked_against_its_quotes() -> None:
    assert [f.code for f in check_quotes("the largest of 12 ports", ["ports"])] == [
        "number-not-in-quote",
        "value-overstated",
    ]
    assert check_quotes("12 ports", ["twelve ports"]) == []
