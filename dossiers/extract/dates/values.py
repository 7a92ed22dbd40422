"""Take an EDTF string; leave its day bounds, which sort and compare for any year, BC included."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, total_ordering

import edtf
from edtf.parser.edtf_exceptions import EDTFParseException

_PLAIN = re.compile(r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(?:(?<=\d)-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d{2}))?)?")
_ISO = re.compile(r"(-?\d{4,})-(\d{2})-(\d{2})")


@total_ordering
class Bound(str):
    """One day as ISO 8601 text with an astronomical year ("-0499-01-01" is in 500 BC); its order is that of time."""

    __slots__ = ()

    @property
    def year(self) -> int:
        return _split(self)[0]

    @property
    def month(self) -> int:
        return _split(self)[1]

    @property
    def day(self) -> int:
        return _split(self)[2]

    def isoformat(self) -> str:
        return str(self)

    def __lt__(self, other: str) -> bool:
        return sort_key(self) < sort_key(other)

    def __gt__(self, other: str) -> bool:
        return sort_key(self) > sort_key(other)

    def __le__(self, other: str) -> bool:
        return sort_key(self) <= sort_key(other)

    def __ge__(self, other: str) -> bool:
        return sort_key(self) >= sort_key(other)

    __hash__ = str.__hash__


@dataclass(frozen=True)
class DateValue:
    """A date triple. `edtf` is ISO 8601-2 ("2010/.." is open); a bound is None on an open side or where none was read.

    `precision` is the unit the words name: day, month, season, quarter, half, year, decade, century or millennium.
    """

    verbatim: str
    edtf: str | None = None
    earliest: Bound | None = None
    latest: Bound | None = None
    precision: str | None = None


def make_bound(year: int, month: int, day: int) -> Bound:
    """Make a bound from an astronomical year (0 is 1 BC), a month and a day."""
    sign = "-" if year < 0 else ""
    return Bound(f"{sign}{abs(year):04d}-{month:02d}-{day:02d}")


def sort_key(bound: str) -> int:
    """Count days in the proleptic Gregorian calendar; 1 January of year 1 is 1, as in `date.toordinal`."""
    year, month, day = _split(bound)
    cycles, rest = divmod(year - 1, 400)
    return cycles * 146_097 + date(rest + 1, month, min(day, monthrange(rest + 1, month)[1])).toordinal()


def read_bounds(value: str) -> tuple[Bound | None, Bound | None]:
    """Derive the first and the last day of an EDTF value, None for an open side; ValueError where it is no EDTF."""
    first, _, last = value.partition("/")
    earliest = _read_side(first)[0]
    latest = _read_side(last or first)[1]
    if earliest and latest and earliest > latest:
        raise ValueError(f"{value} ends before it begins")
    return earliest, latest


def make_value(verbatim: str, value: str | None, precision: str | None) -> DateValue:
    """Join words and EDTF into a triple; an EDTF value that cannot be read leaves the words alone."""
    if value is None:
        return DateValue(verbatim)
    try:
        earliest, latest = read_bounds(value)
    except ValueError:
        return DateValue(verbatim)
    return DateValue(verbatim, value, earliest, latest, precision)


def with_verbatim(value: DateValue, verbatim: str) -> DateValue:
    """Give the same reading to other words."""
    return replace(value, verbatim=verbatim)


def does_exclude(one: DateValue, other: DateValue) -> bool:
    """Tell whether two times cannot both hold: one ends before the other begins."""
    return _ends_before(one, other) or _ends_before(other, one)


def is_same_period(one: DateValue, other: DateValue) -> bool:
    """Tell whether two read dates have the same bounds."""
    if one.edtf is None or other.edtf is None:
        return False
    return (one.earliest, one.latest) == (other.earliest, other.latest)


def is_within(inner: DateValue, outer: DateValue) -> bool:
    """Tell whether the bounds of one date lie within those of another that is closed on both sides."""
    if not (inner.earliest and inner.latest and outer.earliest and outer.latest):
        return False
    return outer.earliest <= inner.earliest and inner.latest <= outer.latest


def _ends_before(one: DateValue, other: DateValue) -> bool:
    return bool(one.latest and other.earliest and one.latest < other.earliest)


def _split(bound: str) -> tuple[int, int, int]:
    match = _ISO.fullmatch(bound)
    if not match:
        raise ValueError(f"not a day: {bound!r}")
    return int(match[1]), int(match[2]), int(match[3])


@lru_cache(maxsize=4096)
def _read_side(side: str) -> tuple[Bound | None, Bound | None]:
    if side in ("", ".."):
        return None, None
    if match := _PLAIN.fullmatch(side):
        return _read_plain(match["year"], match["month"], match["day"])
    try:
        parsed = edtf.parse_edtf(side)
        return _to_bound(parsed.lower_strict()), _to_bound(parsed.upper_strict())
    except (EDTFParseException, ValueError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise ValueError(f"not an EDTF date: {side!r}") from error


def _read_plain(year: str, month: str | None, day: str | None) -> tuple[Bound, Bound]:
    """Read a year, decade, century, month or day; the edtf package reads these alike, a thousand times slower."""
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    months = (int(month), int(month)) if month else (1, 12)
    length = monthrange(last or 4, months[1])[1]
    days = (int(day), int(day)) if day else (1, length)
    if not 1 <= days[1] <= length:
        raise ValueError(f"no such day: {year}-{month}-{day}")
    return make_bound(first, months[0], days[0]), make_bound(last, months[1], days[1])


def _to_bound(parsed: tuple[int, ...]) -> Bound:
    return make_bound(parsed[0], parsed[1], parsed[2])
