"""Take a clause; leave the words that say when it holds."""

import re
from collections.abc import Sequence

from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.words import words

_HAPPENING_LEADS = frozenset("in on between from during at over".split())
_YEAR = re.compile(r"[12]\d{3}")
_ONLY_POINTS = re.compile(r"period|interval|years?|decades?|century|span", re.IGNORECASE)


def list_dates(tokens: Sequence[Token]) -> list[Token]:
    """List the dates of a clause that say its time: no years in titles ("the 2010 final")."""
    return [token for place, token in enumerate(tokens) if token.period is not None and _says_time(tokens, place)]


def find_date(tokens: Sequence[Token], near: Token, text: str) -> Token | None:
    """Find the date of a number: the only one of its clause, else the nearest behind it, else the nearest."""
    dates = [date for date in list_dates(tokens) if not _is_compared(tokens, date)] or _list_owned_years(tokens)
    behind = [date for date in dates if date.start >= near.end]
    before = [date for date in dates if date.end <= near.start]
    if behind and before and any(sign in text[near.end : behind[0].start] for sign in ",;"):
        return before[-1]
    return behind[0] if behind else (before[-1] if before else None)


def _is_compared(tokens: Sequence[Token], date: Token) -> bool:
    """Tell whether a date belongs to the other side of a comparison: "more than in 2018"."""
    place = next(i for i, token in enumerate(tokens) if token is date)
    if place and tokens[place - 1].number is not None and _follows_comparing(tokens, place - 1):
        return True
    return any(token.low in ("than", "from") for token in tokens[max(0, place - 2) : place])


def _follows_comparing(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a number is the other side of a comparison: "42, against 38 in 1990"."""
    return any(token.low in ("against", "versus", "compared") for token in tokens[max(0, place - 3) : place])


def list_happenings(tokens: Sequence[Token]) -> list[Token]:
    """List the dates on which a clause says that something happened: "in", "on", "between"; none "since" or "until"."""
    chosen: list[Token] = []
    for date in list_dates(tokens):
        is_sure = date.period is not None and date.period.basis in ("absolute", "ambiguous")
        if is_sure and (find_lead(tokens, date) in _HAPPENING_LEADS or _goes_on(tokens, chosen, date)):
            chosen.append(date)
    return chosen


def _goes_on(tokens: Sequence[Token], chosen: Sequence[Token], date: Token) -> bool:
    """Tell whether a date stands in a row: "in 1917, 1944 and 1963"."""
    if not chosen:
        return False
    between = [token.low for token in tokens if chosen[-1].end <= token.start < date.start]
    return between in ([], ["and"], [","])


def find_lead(tokens: Sequence[Token], date: Token) -> str:
    """Give the preposition before a date, or that it opens with."""
    if date.lead:
        return date.lead
    first = date.low.split()[0]
    if first in _HAPPENING_LEADS | {"since", "until", "by", "before", "after", "till", "through", "past"}:
        return first
    place = next(i for i, token in enumerate(tokens) if token is date)
    before = [token.low for token in tokens[max(0, place - 2) : place]]
    return next((low for low in reversed(before) if low not in ("the", "about", "around", "late", "early")), "")


def _says_time(tokens: Sequence[Token], place: int) -> bool:
    token = tokens[place]
    period = token.period
    if period is None or (period.basis == "anaphoric" and not _ONLY_POINTS.search(token.text)):
        return False
    before = tokens[place - 1] if place else None
    if before is None or not _YEAR.fullmatch(token.text):
        return True
    is_title = before.is_name and before.low not in words("words", "prepositions") and not token.lead
    return before.low not in words("words", "determiners") and not is_title


def _list_owned_years(tokens: Sequence[Token]) -> list[Token]:
    """List the years that qualify a noun of the subject's: "40% of their 2022 articles"."""
    return [
        token
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if token.number is not None and _YEAR.fullmatch(token.text)
        if before.low in words("words", "possessives") and after.is_word and after.text.islower()
    ]
