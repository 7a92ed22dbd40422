"""Take the words of a stretch of time between, before or after points; leave its EDTF value and precision."""

import re
from datetime import date, timedelta
from functools import cache

from dossiers.extract.dates.points import (
    BARE_YEAR,
    DAY,
    ERA,
    MONTH,
    PART,
    POINT,
    SLASHED,
    YEAR,
    Reader,
    Reading,
    format_year,
    read_point,
    read_with,
)
from dossiers.extract.dates.values import Bound, read_bounds

_SPACE = r"[\s\u00a0]+"
_GAP = r"[\s\u00a0]*"
_DASH = rf"(?:{_GAP}[-–—‒−]{_GAP})"
_ABOUT = rf"(?:(?:c\.|ca\.?|circa|around|about|approximately|approx\.|roughly|probably|possibly|perhaps){_GAP})"
_POINT = rf"(?:{_ABOUT}?(?:{POINT}|{SLASHED})\??)"
_TO = rf"(?:{_DASH}|{_SPACE}(?:to|until|till|through|up{_SPACE}to){_SPACE}(?:the{_SPACE})?)"
_NOW = r"(?:present|now|today|date|the\s+present(?:\s+day)?)"


def read_span(words: str) -> Reading | None:
    """Read a point, range or open stretch of time that stands on calendars alone; None where the words are none."""
    return read_with(list_scanners(), words)


def _range(match: re.Match[str]) -> Reading | None:
    last = read_hedged(match["last"])
    first = read_hedged(_lend_era(match["first"], match["last"]))
    if not first or not last:
        return None
    value = f"{_edge(first[0], 0)}/{_edge(last[0], -1)}"
    return _checked(value, last[1])


def _lend_era(first: str, last: str) -> str:
    """Give "500" of "500–450 BC" its era."""
    era = re.search(rf"{ERA}$", last)
    return f"{first} {era[0]}" if era and first.isdecimal() else first


def _edge(value: str, index: int) -> str:
    return value.split("/")[index] if "/" in value else value


def _checked(value: str, precision: str) -> Reading | None:
    try:
        read_bounds(value)
    except ValueError:
        return None
    return value, precision


def _short_range(match: re.Match[str]) -> Reading | None:
    first, tail = match["first"], match["tail"]
    return _checked(f"{first}/{first[:2]}{tail}", "year")


def _days(match: re.Match[str]) -> Reading | None:
    ends = [read_point(f"{match[side]} {match['month']} {match['year']}") for side in ("one", "other")]
    return _join(ends)


def _months(match: re.Match[str]) -> Reading | None:
    return _join([read_point(f"{match[side]} {match['year']}") for side in ("one", "other")])


def _join(ends: list[Reading | None]) -> Reading | None:
    first, last = ends
    return _checked(f"{first[0]}/{last[0]}", last[1]) if first and last else None


def _lent_year(match: re.Match[str]) -> Reading | None:
    """Read "5 May – 7 June 2004": the first day is of the same year."""
    return _join([read_point(f"{match['one']} {match['year']}"), read_point(match["last"])])


def _parts(match: re.Match[str]) -> Reading | None:
    """Read "mid-to-late 1990s" from the beginning of the one part to the end of the other."""
    ends = [read_point(f"{match[side]} {match['rest']}") for side in ("one", "other")]
    first, last = ends
    return _checked(f"{_edge(first[0], 0)}/{_edge(last[0], -1)}", last[1]) if first and last else None


def _until_now(match: re.Match[str]) -> Reading | None:
    return _since(match)


def _since(match: re.Match[str]) -> Reading | None:
    first = read_hedged(match["first"])
    return (f"{_edge(first[0], 0)}/..", first[1]) if first else None


def _until(match: re.Match[str]) -> Reading | None:
    last = read_hedged(match["last"])
    return (f"../{_edge(last[0], -1)}", last[1]) if last else None


def _before(match: re.Match[str]) -> Reading | None:
    """Read "before 1998": it ends with 1997."""
    return _step(match["last"], days=-1)


def _after(match: re.Match[str]) -> Reading | None:
    """Read "after 1998": it begins with 1999."""
    return _step(match["first"], days=1)


def _step(words: str, *, days: int) -> Reading | None:
    point = read_hedged(words)
    if not point:
        return None
    plain = point[0].rstrip("~?")
    if re.fullmatch(r"-?\d{4}", plain):
        value = format_year(int(plain) + days)
    else:
        bound = read_bounds(plain)[0 if days < 0 else 1]
        value = _shift(bound, days) or ""
    return (f"../{value}" if days < 0 else f"{value}/..", point[1]) if value else None


def _shift(bound: Bound | None, days: int) -> str | None:
    if bound is None or not 1 < bound.year < 9999:
        return None
    return (date(bound.year, bound.month, bound.day) + timedelta(days=days)).isoformat()


def read_hedged(words: str) -> Reading | None:
    """Read a point that may be approximate ("c. 1066" is 1066~) or doubtful ("1066?", "probably 1066")."""
    words = words.strip()
    hedge = re.match(_ABOUT, words, re.IGNORECASE)
    point = read_point(words[hedge.end() if hedge else 0 :].rstrip("?"))
    if not point:
        return None
    is_doubtful = words.endswith("?") or (hedge is not None and hedge[0].lower().startswith(("pro", "pos", "per")))
    mark = "?" if is_doubtful else "~" if hedge else ""
    if mark and point[1] == "season":
        return None
    return "/".join(side + mark for side in point[0].split("/")), point[1]


def _hedged(match: re.Match[str]) -> Reading | None:
    return read_hedged(match[0])


_SINCE = rf"(?:(?:ever{_SPACE})?since|starting{_SPACE}in|beginning{_SPACE}in|from){_SPACE}(?:the{_SPACE})?"
_SOURCES: list[tuple[str, Reader]] = [
    (rf"(?P<one>{PART})[\s-](?:to|or|and)[\s-](?P<other>{PART})[\s-](?:the{_SPACE})?(?P<rest>{POINT})", _parts),
    (rf"(?P<one>{DAY}{_SPACE}{MONTH}){_TO}(?P<last>{DAY}{_SPACE}{MONTH},?{_SPACE}(?P<year>{YEAR}))", _lent_year),
    (rf"(?P<one>{MONTH}{_SPACE}{DAY}){_TO}(?P<last>{MONTH}{_SPACE}{DAY},?{_SPACE}(?P<year>{YEAR}))", _lent_year),
    (rf"(?:from{_SPACE})?(?:the{_SPACE})?(?P<first>{_POINT}){_TO}(?P<last>{_POINT})", _range),
    (
        rf"between{_SPACE}(?:the{_SPACE})?(?P<first>{_POINT}){_SPACE}and{_SPACE}(?:the{_SPACE})?(?P<last>{_POINT})",
        _range,
    ),
    (rf"(?:from{_SPACE})?(?P<first>\d{{1,4}}){_TO}(?P<last>\d{{1,4}}{_GAP}{ERA})", _range),
    (r"(?P<first>[12]\d{3})[–/](?P<tail>\d{2})(?!\d)", _short_range),
    (r"(?P<first>[12]\d{3})-(?P<tail>00|1[3-9]|[2-9]\d)(?!\d)", _short_range),
    (rf"(?P<one>{DAY}){_DASH}(?P<other>{DAY}){_SPACE}(?P<month>{MONTH}){_SPACE}(?P<year>{YEAR})", _days),
    (rf"(?P<month>{MONTH}){_SPACE}(?P<one>{DAY}){_DASH}(?P<other>{DAY}),?{_SPACE}(?P<year>{YEAR})", _days),
    (rf"(?:from{_SPACE})?(?P<one>{MONTH}){_TO}(?P<other>{MONTH}){_SPACE}(?P<year>{YEAR})", _months),
    (rf"(?:from{_SPACE})?(?P<first>{_POINT})(?:{_TO}{_NOW}\b)", _until_now),
    (r"(?P<first>[12]\d{3})[-–]$", _until_now),
    (rf"{_SINCE}(?P<first>{_POINT})(?:{_SPACE}(?:onwards?|on)\b)?", _since),
    (rf"(?P<first>{_POINT}){_SPACE}onwards?\b", _since),
    (rf"(?:by|until|till|up{_SPACE}to){_SPACE}(?:the{_SPACE})?(?:end{_SPACE}of{_SPACE})?(?P<last>{_POINT})", _until),
    (rf"(?:(?:before|prior{_SPACE}to){_SPACE}|pre[-–])(?:the{_SPACE})?(?P<last>{_POINT})", _before),
    (rf"(?:(?:after|following){_SPACE}|post[-–])(?:the{_SPACE})?(?P<first>{_POINT})", _after),
    (_POINT, _hedged),
]


@cache
def list_scanners() -> list[tuple[re.Pattern[str], Reader]]:
    """List the patterns of points and stretches with their readers; compiled at first use, which takes a tenth of a
    second that no other command should wait for.
    """
    return [(re.compile(rf"(?<![\w$€£]){source}", re.IGNORECASE), reader) for source, reader in _SOURCES]


_NEEDED = [  # what stands in every text that the slow patterns with these readers can match
    (_range, re.compile(r"[-–—‒−]|\b(?:to|until|till|through|and)\b", re.IGNORECASE)),
    (_until_now, re.compile(r"[-–]|\b(?:present|now|today|date)\b", re.IGNORECASE)),
    (_since, re.compile(r"\b(?:since|starting|beginning|from|onwards?)\b", re.IGNORECASE)),
]


def list_scanners_for(text: str) -> list[tuple[re.Pattern[str], Reader]]:
    """List the patterns that can match somewhere in a text."""
    idle = {reader for reader, needed in _NEEDED if not needed.search(text)}
    return [(pattern, reader) for pattern, reader in list_scanners() if reader not in idle]


AMBIGUOUS = re.compile(rf"(?<![\w/.-]){SLASHED}(?![\w/])")
_STRONG = r"in|by|since|until|till|during|through|throughout|before|after|around|circa|early|mid|late|year|c\.|ca\."
_WEAK = r"from|to|of|and|between|the|for|or|on"
IS_BARE = BARE_YEAR.fullmatch
LEADS = re.compile(rf"(?:\b(?:{_STRONG})|[(\[–—-]|^)[\s\u00a0]*$", re.IGNORECASE)
WEAK_LEADS = re.compile(rf"(?:\b(?:{_WEAK})|[,;:])[\s\u00a0]*$", re.IGNORECASE)
FOLLOWERS = re.compile(
    r"\s+(?:and|to|the|when|while|it|as|was|were|is|are|has|had|for|by|with|but|at|on|in|of|that|which|who|he|she"
    r"|they|until)\b"
)
_VALID_SIDE = r"(?:Y?-?\d[\dX]{3,}(?:-\d\d){0,2}[~?%]?|\.\.|)"
IS_EDTF = re.compile(rf"{_VALID_SIDE}(?:/{_VALID_SIDE})?").fullmatch
