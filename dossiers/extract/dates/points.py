"""Take the words of one point in time ("late 19th century", "May 2022", "500 BC"); leave EDTF and precision."""

import calendar
import re
from collections.abc import Callable, Sequence
from typing import Protocol

from dossiers.extract.numbers import ordinal_pattern, read_ordinal

Reading = tuple[str, str]

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
THIRDS = {"early": (1, 33), "mid": (34, 66), "middle": (34, 66), "late": (67, 100)}
DECADE_THIRDS = {"early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9)}
YEAR_THIRDS = {"early": ("01", "04"), "mid": ("05", "08"), "middle": ("05", "08"), "late": ("09", "12")}

_SPACE = r"[\s\u00a0]+"
_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_ERA = r"(?:BCE?|CE|AD|B\.\s?C\.?(?:\s?E\.?)?|C\.\s?E\.?|A\.\s?D\.?)(?!\w)"
_ERA_YEAR = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})[\s\u00a0]*{_ERA}"
_YEAR = rf"(?:(?:AD|A\.\s?D\.){_SPACE}\d{{1,4}}(?![\d,.]\d)|{_ERA_YEAR}|[12]\d{{3}}(?!\d))"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_ORDINAL = ordinal_pattern()
_ROMAN = r"[IVX]{1,5}(?:th)?"
_PART = r"(?:early|mid|middle|late)"
_FRACTION = rf"(?:(?:first|second|third|fourth|last|final){_SPACE}(?:half|third|quarter))"
_CENTURY = rf"(?:{_ORDINAL}|{_ROMAN})(?:{_SPACE}|-)(?:century|c\.)(?:{_SPACE}{_ERA})?"

Reader = Callable[[re.Match[str]], Reading | None]


class Matcher(Protocol):
    """A pattern, or what stands for one."""

    def fullmatch(self, text: str, /) -> re.Match[str] | None: ...


Readers = Sequence[tuple[Matcher, Reader]]


def read_point(words: str) -> Reading | None:
    """Read one point in time; None where the words are none, or can be read in two ways."""
    return read_with(_READERS, words)


def read_with(readers: Readers, words: str) -> Reading | None:
    """Read words by the first pattern that takes them whole; white space between them is folded."""
    words = re.sub(r"[\s\u00a0]+", " ", words.strip())
    for pattern, reader in readers:
        if match := pattern.fullmatch(words):
            return reader(match)
    return None


def _read_year(words: str) -> int | None:
    """Read a year as an astronomical number: 500 BC is -499."""
    digits = re.search(r"\d[\d,]*", words)
    if not digits:
        return None
    year = int(digits[0].replace(",", ""))
    is_before = re.search(r"B\.?\s?C", words, re.IGNORECASE) is not None
    return 1 - year if is_before else year


def format_year(year: int) -> str:
    """Write an astronomical year as EDTF does: four digits, a sign, and Y beyond four digits."""
    text = f"{'-' if year < 0 else ''}{abs(year):04d}"
    return "Y" + text if abs(year) > 9999 else text


def _day(match: re.Match[str]) -> Reading | None:
    year, month = _read_year(match["year"]), MONTHS[match["month"].lower().rstrip(".")]
    return _make_day(year, month, int(re.sub(r"\D", "", match["day"])))


def _make_day(year: int | None, month: int, day: int) -> Reading | None:
    if year is None or not 1 <= month <= 12 or not 1 <= day <= _month_days(year, month):
        return None
    return f"{format_year(year)}-{month:02d}-{day:02d}", "day"


def _month_days(year: int, month: int) -> int:
    return calendar.monthrange(2000 + year % 400, month)[1]


def _iso_day(match: re.Match[str]) -> Reading | None:
    return _make_day(int(match["year"]), int(match["month"]), int(match["day"]))


def _slashed_day(match: re.Match[str]) -> Reading | None:
    """Read a date in digits only where day and month cannot be taken for each other."""
    one, other, year = int(match["one"]), int(match["other"]), int(match["year"])
    if one <= 12 and other <= 12 and one != other:
        return None
    day, month = (one, other) if other <= 12 else (other, one)
    return _make_day(year, month, day)


def _month(match: re.Match[str]) -> Reading | None:
    year = _read_year(match["year"])
    return None if year is None else (f"{format_year(year)}-{MONTHS[match['month'].lower().rstrip('.')]:02d}", "month")


def _iso_month(match: re.Match[str]) -> Reading | None:
    return (match[0], "month") if 1 <= int(match["month"]) <= 12 else None


def _season(match: re.Match[str]) -> Reading | None:
    year = _read_year(match["year"])
    return None if year is None else (f"{format_year(year)}-{SEASONS[match['season'].lower()]}", "season")


def _quarter(match: re.Match[str]) -> Reading | None:
    number = _read_rank(match["rank"], parts=4)
    return (f"{match['year']}-{32 + number}", "quarter") if number else None


def _half(match: re.Match[str]) -> Reading | None:
    number = _read_rank(match["rank"], parts=2)
    months = {1: ("01", "06"), 2: ("07", "12")}.get(number or 0)
    return (f"{match['year']}-{months[0]}/{match['year']}-{months[1]}", "half") if months else None


def _read_rank(rank: str, *, parts: int) -> int | None:
    """Read "Q3", "third", "3rd" or "last" of so many parts."""
    rank = rank.lower()
    if rank in ("last", "final"):
        return parts
    number = int(rank) if rank.isdecimal() else read_ordinal(rank)
    return number if number and number <= parts else None


def _year_part(match: re.Match[str]) -> Reading | None:
    first, last = YEAR_THIRDS[match["part"].lower()]
    return f"{match['year']}-{first}/{match['year']}-{last}", "year"


def _year(match: re.Match[str]) -> Reading | None:
    year = _read_year(match[0])
    return None if year is None or year > 9999 else (format_year(year), "year")


def _decade(match: re.Match[str]) -> Reading | None:
    """Read "1990s"; "1900s" is the century, as English uses it, "2000s" the decade."""
    start, part = int(match["start"]), match["part"]
    if start % 100 == 0 and start != 2000:
        return _slice_century(start // 100 + 1, part) if part else (f"{start // 100:02d}XX", "century")
    if not part:
        return f"{start // 10:03d}X", "decade"
    first, last = DECADE_THIRDS[part.lower()]
    return f"{start + first:04d}/{start + last:04d}", "decade"


def _century(match: re.Match[str]) -> Reading | None:
    number, is_before = _read_century(match["century"])
    if not number or number > 99:
        return None
    if match["part"] or match["fraction"]:
        return _slice_century(-number if is_before else number, match["part"] or match["fraction"])
    if is_before:
        return f"{format_year(1 - 100 * number)}/{format_year(100 - 100 * number)}", "century"
    return f"{number - 1:02d}XX", "century"


def _read_century(words: str) -> tuple[int | None, bool]:
    first = re.split(r"[\s]|-(?=century|c\.)", words, maxsplit=1, flags=re.IGNORECASE)[0]
    is_before = re.search(r"B\.?\s?C", words[len(first) :], re.IGNORECASE) is not None
    return read_ordinal(first) or _read_roman(first), is_before


def _read_roman(word: str) -> int | None:
    values = {"I": 1, "V": 5, "X": 10}
    digits = [values.get(letter) for letter in re.sub(r"th$", "", word)]
    numbers = [digit for digit in digits if digit]
    if not numbers or len(numbers) != len(digits):
        return None
    following = [*numbers[1:], 0]
    return sum(-n if n < after else n for n, after in zip(numbers, following, strict=True))


def _slice_century(number: int, part: str) -> Reading | None:
    """Take a third, half or quarter of a century, counted 1 to 100; a negative number is a century BC."""
    share = _read_share(part.lower())
    if share is None:
        return None
    base = 100 * (number - 1) if number > 0 else 100 * number
    return f"{format_year(base + share[0])}/{format_year(base + share[1])}", "century"


def _read_share(part: str) -> tuple[int, int] | None:
    if part in THIRDS:
        return THIRDS[part]
    rank, _, unit = part.partition(" ")
    parts = {"half": 2, "third": 3, "quarter": 4}[unit.strip()]
    number = _read_rank(rank, parts=parts)
    return (100 * (number - 1) // parts + 1, 100 * number // parts) if number else None


def _millennium(match: re.Match[str]) -> Reading | None:
    number = read_ordinal(match["rank"])
    if not number or number > 9:
        return None
    if match["era"] and match["era"].upper().startswith("B"):
        return f"{format_year(1 - 1000 * number)}/{format_year(1000 - 1000 * number)}", "millennium"
    return f"{format_year(1000 * (number - 1) + 1)}/{format_year(1000 * number)}", "millennium"


_IN = rf"(?:,?{_SPACE}(?:of{_SPACE})?(?:the{_SPACE})?)"
_OF = rf"(?:{_SPACE}(?:of{_SPACE})?(?:the{_SPACE})?)"
_FOUR = r"[12]\d{3}"
_SOURCES: list[tuple[str, Reader]] = [
    (rf"(?P<day>{_DAY})(?:{_SPACE}(?:of{_SPACE})?|-)(?P<month>{_MONTH})(?:{_IN}|-)(?P<year>{_YEAR})", _day),
    (rf"(?P<month>{_MONTH}){_SPACE}(?:the{_SPACE})?(?P<day>{_DAY}),?{_SPACE}(?P<year>{_YEAR})", _day),
    (r"(?P<year>\d{4})[-/](?P<month>\d{2})[-/](?P<day>\d{2})(?!\d)", _iso_day),
    (r"(?P<one>\d{1,2})(?P<sign>[-/.])(?P<other>\d{1,2})(?P=sign)(?P<year>[12]\d{3})(?!\d)", _slashed_day),
    (r"[12]\d{3}-(?P<month>0[1-9]|1[0-2])(?!\d)", _iso_month),
    (rf"(?P<month>{_MONTH}){_IN}(?P<year>{_YEAR})", _month),
    (rf"(?P<season>{'|'.join(SEASONS)}){_IN}(?P<year>{_YEAR})", _season),
    (rf"Q(?P<rank>[1-4]){_IN}?(?P<year>{_FOUR})", _quarter),
    (rf"(?P<year>{_FOUR}){_SPACE}?Q(?P<rank>[1-4])", _quarter),
    (rf"(?P<rank>{_ORDINAL}|last|final){_SPACE}quarter{_OF}(?P<year>{_FOUR})(?!\d|s\b|'s\b)", _quarter),
    (rf"(?P<rank>{_ORDINAL}|last){_SPACE}half{_OF}(?P<year>{_FOUR})(?!\d|s\b|'s\b)", _half),
    (rf"(?:the{_SPACE})?(?:(?P<part>{_PART})(?:{_SPACE}|-)(?:the{_SPACE})?)?(?P<start>[12]\d\d0)['’]?s\b", _decade),
    (rf"(?P<part>{_PART})(?:{_SPACE}|-)(?P<year>{_FOUR})(?!\d)", _year_part),
    (
        rf"(?:the{_SPACE})?(?:(?:(?P<part>{_PART})|(?P<fraction>{_FRACTION}))(?:{_OF}|-))?(?P<century>{_CENTURY})",
        _century,
    ),
    (rf"(?:the{_SPACE})?(?P<rank>{_ORDINAL})(?:{_SPACE}|-)millennium(?:{_SPACE}(?P<era>{_ERA}))?", _millennium),
    (_YEAR, _year),
]
_READERS = [(re.compile(source, re.IGNORECASE), reader) for source, reader in _SOURCES]
POINT = "(?:" + "|".join(re.sub(r"\(\?P<\w+>", "(?:", source) for source, _ in _SOURCES if "(?P=" not in source) + ")"
SLASHED = r"(?:\d{1,2}[-/.]\d{1,2}[-/.][12]\d{3}(?!\d))"
BARE_YEAR = re.compile(r"[12]\d{3}")
ERA = _ERA
PART = _PART
YEAR = _YEAR
MONTH = _MONTH
DAY = _DAY
