"""Take words that count from the day a text was published ("past two decades"); leave EDTF where that day is known."""

import re
from datetime import date, timedelta

from dossiers.extract.dates.points import Reading
from dossiers.extract.numbers import cardinal_pattern, read_cardinal

UNITS = {"day": 0, "week": 0, "month": 0, "year": 1, "decade": 10, "century": 100, "millennium": 1000}
PLURALS = {"centuries": "century", "millennia": "millennium"}

_UNIT = r"(?:centuries|century|millennia|millennium|(?:day|week|month|year|decade)s?)"
_COUNT = rf"(?:{cardinal_pattern()}|a|several|few|many|couple\s+of)"
_PAST = r"(?:past|last|previous|recent|preceding)"
_STRETCH = re.compile(
    rf"\b(?:(?:over|in|during|for|within|throughout|across)\s+)?(?:the\s+|these\s+)?{_PAST}\s+"
    rf"(?:(?P<count>{_COUNT})\s+)?(?P<unit>{_UNIT})\b",
    re.IGNORECASE,
)
_AGO = re.compile(rf"\b(?:(?P<count>{_COUNT})\s+)?(?P<unit>{_UNIT})\s+ago\b", re.IGNORECASE)
_FOR = re.compile(r"\b(?:for|over)\s+(?P<unit>centuries|millennia|decades|years)\b", re.IGNORECASE)
_THIS = re.compile(r"\b(?:this|the\s+current)\s+(?P<unit>year|month|decade|century)\b", re.IGNORECASE)
RELATIVES = [_STRETCH, _AGO, _FOR, _THIS]
ANAPHORS = re.compile(
    r"\b(?:(?:over|during|in|within|for|throughout|across)\s+)?(?:(?:the|that|this|these|those)\s+same"
    r"\s+(?:period|time|years?|months?|decades?|interval|timeframe|span)"
    r"|(?:that|those|these|this)\s+(?:period|time\s+span|timeframe|interval|years)"
    r"|(?:that|the\s+following|the\s+previous|the\s+next)\s+(?:year|month|decade|century)"
    r"|since\s+then|at\s+the\s+time"
    rf"|the\s+{_UNIT}\s+(?:before|after|earlier)"
    rf"|(?:{cardinal_pattern()}|a|several|some|(?:a\s+)?few|many)\s+{_UNIT}\s+"
    r"(?:later|earlier|before|afterwards?|after\s+that|before\s+that)(?!,?\s+(?:in|on|by)\s+[^.;]{0,20}\d))\b",
    re.IGNORECASE,
)
_VAGUE = 2


def read_relative(words: str, anchor: date | None) -> Reading | None:
    """Read relative words against the day of publication; None without one, or where the count is vague.

    A bare plural with "ago" is at least two of its units back: "centuries ago" ends 200 years before the anchor.
    """
    if anchor is None:
        return None
    readers = ((_STRETCH, _stretch), (_AGO, _ago), (_FOR, _lasting), (_THIS, _current))
    for pattern, reader in readers:
        if match := pattern.fullmatch(words.strip()):
            try:
                return reader(match, anchor)
            except (ValueError, OverflowError):
                return None
    return None


def _unit(match: re.Match[str]) -> str:
    word = match["unit"].lower()
    return PLURALS.get(word, word.rstrip("s"))


def _count(match: re.Match[str]) -> int | None:
    word = (match["count"] or "").lower()
    if not word:
        return None
    return 1 if word == "a" else read_cardinal(word)


def _back(anchor: date, unit: str, count: int) -> date:
    """Go back so many units; a day that the month lacks becomes the 28th."""
    if unit in ("day", "week"):
        return anchor - timedelta(days=count * (7 if unit == "week" else 1))
    months = anchor.year * 12 + anchor.month - 1 - count * (UNITS[unit] * 12 or 1)
    return date(months // 12, months % 12 + 1, min(anchor.day, 28))


def _write(day: date, unit: str) -> str:
    if unit in ("day", "week"):
        return day.isoformat()
    return f"{day.year:04d}-{day.month:02d}" if unit == "month" else f"{day.year:04d}"


def _stretch(match: re.Match[str], anchor: date) -> Reading | None:
    unit = _unit(match)
    is_single = not match["count"] and not match["unit"].lower().endswith(("s", "ies", "ia"))
    count = 1 if is_single else _count(match)
    if not count:
        return None
    first = _back(anchor, unit, count)
    if is_single and unit in ("year", "month") and re.search(r"\blast\b", match[0], re.IGNORECASE):
        return _write(first, unit), unit
    return f"{_write(first, unit)}/{_write(anchor, unit)}", unit


def _ago(match: re.Match[str], anchor: date) -> Reading | None:
    unit, count = _unit(match), _count(match)
    if count:
        mark = "~" if unit in ("decade", "century", "millennium") else ""
        return _write(_back(anchor, unit, count), unit) + mark, unit
    if match["count"] and match["count"].lower() in ("few", "couple of"):
        return None
    return f"../{_write(_back(anchor, unit, _VAGUE), unit)}", unit


def _lasting(match: re.Match[str], anchor: date) -> Reading | None:
    """Read "for centuries": it reaches up to the day of the text, from a beginning that is not said."""
    return f"../{_write(anchor, 'year')}", _unit(match)


def _current(match: re.Match[str], anchor: date) -> Reading | None:
    unit = _unit(match)
    if unit in ("year", "month"):
        return _write(anchor, unit), unit
    return (f"{anchor.year // 10:03d}X", unit) if unit == "decade" else (f"{anchor.year // 100:02d}XX", unit)
