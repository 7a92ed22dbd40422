"""Take text; leave its numbers, in digits or words, with their place, exact value and unit."""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale

UNITS_FILE = Path(__file__).parent / "data" / "units.toml"

UNITS_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SCALE_SIGNS = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12}
SMALL = {word: value for value, word in enumerate(UNITS_WORDS)} | {
    word: 10 * value for value, word in enumerate(TENS_WORDS, start=2)
}
IRREGULAR_ORDINALS = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}

_SHORT = 1_000  # texts up to this many characters are worth remembering
_GAP = r"[ \u00a0\u2009\u202f]"
_DIGITS = rf"\d{{1,3}}(?:(?:,|{_GAP})\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_TO, _AND = re.compile(r"\s*(?:[-–—]|to)\s*"), re.compile(r"\s*(?:or|and)\s*")
_BETWEEN = re.compile(r"\bbetween\s+\W?\Z", re.IGNORECASE)
_DATE_LIKE = re.compile(r"\b(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{4}-\d{2}(?!\d))(?![\d%])")
_ORDINAL = re.compile(r"(?<![\w.,-])(\d+)(?:st|nd|rd|th)\b")
_SMALL = "|".join(sorted(SMALL, key=len, reverse=True))
_SCALE = "|".join(SCALES)
_WORDS = re.compile(
    rf"(?<![\w-])(?:{_SMALL})(?:(?:-| and |{_GAP})(?:{_SMALL}|{_SCALE})\b)*"
    r"(?![\w]|-(?:third|quarter|fifth|tenth|fold))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """A number: `text == source[start:end]`; `value` counts the base unit `unit` ("" where none was read)."""

    text: str
    start: int
    end: int
    value: Decimal
    unit: str = ""
    is_ordinal: bool = False


@dataclass(frozen=True)
class _Tables:
    units: dict[str, tuple[str, Decimal]]
    symbols: dict[str, str]
    after: re.Pattern[str]
    digits: re.Pattern[str]


def find_numbers(text: str) -> list[Number]:
    """Find the numbers of a text in order; dates written in digits and numbers inside names ("SPB-33") are left out."""
    return list(_find_short(text)) if len(text) <= _SHORT else _find(text)


def _find(text: str) -> list[Number]:
    taken = [match.span() for match in _DATE_LIKE.finditer(text)]
    found = [_read_ordinal(match) for match in _ORDINAL.finditer(text)]
    found += [number for match in _tables().digits.finditer(text) if (number := _read_digits(text, match))]
    found += [number for match in _WORDS.finditer(text) if (number := _read_words(text, match))]
    found += _find_ordinal_words(text)
    free = [n for n in found if not any(start < n.end and n.start < end for start, end in taken)]
    return _share_units(text, sorted(free, key=lambda number: number.start))


@lru_cache(maxsize=2048)
def _find_short(text: str) -> tuple[Number, ...]:
    return tuple(_find(text))


def is_same_number(one: Number, other: Number) -> bool:
    """Tell whether two numbers say the same in any form; a missing unit fits any unit but percent and money."""
    if one.is_ordinal != other.is_ordinal or one.value != other.value:
        return False
    if one.unit == other.unit:
        return True
    return not (one.unit and other.unit) and not _is_strict(one.unit or other.unit)


def read_cardinal(words: str) -> int | None:
    """Read a number in English words or digits ("twenty-five", "25"); None where it is none."""
    if words.strip().isdecimal():
        return int(words)
    total, current = 0, 0
    parts = [part for part in re.split(r"[\s-]+", words.lower().strip()) if part != "and"]
    for part in parts:
        if part in SMALL:
            current += SMALL[part]
        elif part == "hundred":
            current = max(current, 1) * 100
        elif part in SCALES:
            total, current = total + max(current, 1) * SCALES[part], 0
        else:
            return None
    return total + current if parts else None


def read_ordinal(word: str) -> int | None:
    """Read "19th", "nineteenth" or "twenty-first"; None where it is no ordinal."""
    word = word.lower()
    if match := re.fullmatch(r"(\d+)(?:st|nd|rd|th)", word):
        return int(match[1])
    head, _, tail = word.rpartition("-")
    last = _ordinal_words().get(tail)
    if last is None or (head and (head not in TENS_WORDS or last > 9)):
        return None
    return last + (SMALL[head] if head else 0)


@cache
def _ordinal_words() -> dict[str, int]:
    regular = {word + "th": SMALL[word] for word in UNITS_WORDS[4:] if word not in {"five", "eight", "nine", "twelve"}}
    tens = {word[:-1] + "ieth": SMALL[word] for word in TENS_WORDS}
    return regular | tens | IRREGULAR_ORDINALS


def ordinal_pattern() -> str:
    """Give a regular expression for one ordinal, in digits or words."""
    words = "|".join(sorted(_ordinal_words(), key=len, reverse=True))
    return rf"(?:\d+(?:st|nd|rd|th)|(?:(?:{'|'.join(TENS_WORDS)})-)?(?:{words}))"


def cardinal_pattern() -> str:
    """Give a regular expression for one small cardinal, in digits or words."""
    return rf"(?:\d+|(?:{_SMALL})(?:-(?:{_SMALL}))?)"


def _find_ordinal_words(text: str) -> list[Number]:
    pattern = rf"(?<![\w-])(?:(?:{'|'.join(TENS_WORDS)})-)?(?:{'|'.join(_ordinal_words())})(?![\w-])"
    matches = re.finditer(pattern, text, re.IGNORECASE)
    values = [(match, read_ordinal(match[0])) for match in matches]
    return [Number(m[0], m.start(), m.end(), Decimal(v), "", True) for m, v in values if v is not None and v > 3]


def _read_ordinal(match: re.Match[str]) -> Number:
    return Number(match[0], match.start(), match.end(), Decimal(match[1]), "", True)


def _read_digits(text: str, match: re.Match[str]) -> Number | None:
    value = Decimal(re.sub(rf"{_GAP}|,", "", match["digits"]))
    if match["sign"]:
        value = -value
    currency = _tables().symbols.get(match["symbol"] or "", "")
    number = _finish(text, match.start(), match.end(), value, currency)
    runs_on = number.end == match.end() and text[match.end() : match.end() + 1].isalnum()
    return None if runs_on else number


def _read_words(text: str, match: re.Match[str]) -> Number | None:
    value = read_cardinal(match[0])
    if value is None:
        return None
    number = _finish(text, match.start(), match.end(), Decimal(value), "")
    is_bare_one = match[0].lower() == "one" and not number.unit and number.end == match.end()
    return None if is_bare_one else number


def _finish(text: str, start: int, end: int, value: Decimal, currency: str) -> Number:
    """Take the scale word and the unit that follow the digits."""
    signs = "|".join(SCALE_SIGNS) if currency else "bn|mn|tn"
    if scale := re.compile(rf"(?:{_GAP}|-)?(?:({_SCALE})|({signs}))\b", re.IGNORECASE).match(text, end):
        value *= SCALES[scale[1].lower()] if scale[1] else SCALE_SIGNS[scale[2].lower()]
        end = scale.end()
    unit = currency
    if not currency and (match := _tables().after.match(text, end)):
        unit, factor = _tables().units[_unit_key(match[1])]
        value, end = value * factor, match.end()
    return Number(text[start:end], start, end, _plain(value), unit)


def _plain(value: Decimal) -> Decimal:
    """Drop needless zeros without falling into exponents."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() and value.adjusted() < 26 else value


def _share_units(text: str, numbers: list[Number]) -> list[Number]:
    """Give the first number of "15-20%", "from 5.1 to 6.2 billion" or "12–15 GW" what the second is counted in."""
    shared = list(numbers)
    for index in range(len(shared) - 1):
        one, other = shared[index], shared[index + 1]
        if one.is_ordinal or other.is_ordinal or not _is_bare_beside(one, other):
            continue
        between, before = text[one.end : other.start], text[: one.start]
        is_pair = _TO.fullmatch(between) or (_AND.fullmatch(between) and (other.unit == "%" or _BETWEEN.search(before)))
        if is_pair:
            value = _plain(one.value * _read_scale(other))
            shared[index] = Number(one.text, one.start, one.end, value, other.unit)
    return shared


def _is_bare_beside(one: Number, other: Number) -> bool:
    """Tell whether a number has no unit and no scale while the one behind it has: a year is never scaled."""
    if not one.text[-1:].isdecimal() or one.unit not in ("", other.unit):
        return False
    return bool(other.unit or _read_scale(other) != 1) and (_read_scale(other) == 1 or one.value < 1000)


def _read_scale(number: Number) -> Decimal:
    """Read what the printed digits were multiplied with; 1 where the number stands in words."""
    digits = re.search(_DIGITS, number.text)
    bare = Decimal(re.sub(rf"{_GAP}|,", "", digits[0])) if digits else Decimal(0)
    return abs(number.value / bare) if bare else Decimal(1)


def _is_strict(unit: str) -> bool:
    return unit == "%" or (len(unit) == 3 and unit.isupper())


def _unit_key(word: str) -> str:
    word = re.sub(r"\s+", " ", word)
    return word if len(word) <= 3 else word.lower()


@cache
def _tables() -> _Tables:
    data = tomllib.loads(UNITS_FILE.read_text(encoding="utf-8"))
    units = {_unit_key(w): (row["base"], Decimal(row["factor"])) for row in data["unit"] for w in row["words"]}
    locale = Locale.parse("en")
    codes = {str(code): str(code) for code in locale.currencies if len(str(code)) == 3}
    money = {word: row["code"] for row in data["currency"] for word in row["words"]} | codes
    units |= {_unit_key(word): (code, Decimal(1)) for word, code in money.items()}
    printed = {str(symbol): str(code) for code, symbol in locale.currency_symbols.items()}
    symbols = {symbol: code for symbol, code in printed.items() if not symbol.isalpha()} | codes
    symbols |= {symbol: row["code"] for row in data["currency"] for symbol in row["symbols"]}
    return _Tables(units, symbols, _compile_units(units), _compile_digits(symbols))


def _compile_units(units: dict[str, tuple[str, Decimal]]) -> re.Pattern[str]:
    words = sorted(units, key=len, reverse=True)
    long = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words if len(word) > 3)
    short = "|".join(re.escape(word) for word in words if len(word) <= 3)
    return re.compile(rf"(?:{_GAP}|-)?((?i:{long})|{short})(?![\w²])")


def _compile_digits(symbols: dict[str, str]) -> re.Pattern[str]:
    money = "|".join(re.escape(symbol) for symbol in sorted(symbols, key=len, reverse=True))
    start = rf"(?:(?<!\w)(?P<symbol>{money}){_GAP}?|(?<![\w.,-])(?P<sign>[-−])?|(?<=\d[-–])|(?<=%[-–]))"
    return re.compile(rf"{start}(?P<digits>{_DIGITS})(?!\d|[.,]\d)")
