"""Values of statements: takes Wikibase's JSON of one value, leaves it as words of one line, or nothing.

Traps of the format: months and days of 00, a sign before every year, no year 0 (-0044 is 44 BCE), dates whose
calendar is the Julian one, amounts as signed decimal texts, units and globes as addresses of items.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError

from dossiers.clients.shapes import as_dict, as_line, as_text

TIME = re.compile(r"([+-])(\d{1,16})-(\d{2})-(\d{2})T")
AMOUNT = re.compile(r"[+-]?(\d+(?:\.\d+)?)")
ITEM = re.compile(r"Q[1-9]\d{0,14}")
PROPERTY = re.compile(r"P[1-9]\d{0,14}")
EARTH, JULIAN = "Q2", "Q1985786"
DAY, MONTH, YEAR, DECADE, CENTURY, MILLENNIUM = 11, 10, 9, 8, 7, 6
# What kinds of value are read; addresses, files and the numbers of other databases are not statements about a subject.
KINDS = frozenset({"wikibase-item", "time", "quantity", "globe-coordinate", "monolingualtext", "string"})
KIND_OF_VALUE = {
    "wikibase-entityid": "wikibase-item",
    "time": "time",
    "quantity": "quantity",
    "globecoordinate": "globe-coordinate",
    "monolingualtext": "monolingualtext",
}


def find_kind(snak: Mapping[str, Any]) -> str:
    """Return a snak's datatype, guessed from its value where it is not named; a bare string may be anything."""
    named = as_text(snak.get("datatype"))
    return named or KIND_OF_VALUE.get(as_text(as_dict(snak.get("datavalue")).get("type")), "")


def list_items(snak: Mapping[str, Any]) -> list[str]:
    """Return the items whose labels this value needs: itself, its unit, or its globe."""
    value = as_dict(as_dict(snak.get("datavalue")).get("value"))
    found = [read_item(value), find_item_of(value.get("unit"))]
    globe = find_item_of(value.get("globe"))
    return [item for item in (*found, "" if globe == EARTH else globe) if item]


def read_item(value: Mapping[str, Any]) -> str:
    """Return the id of an item value (older answers only have its number), "" for any other value."""
    item = as_text(value.get("id"))
    if not item and value.get("entity-type") == "item":
        item = f"Q{as_text(value.get('numeric-id'))}"
    return item if ITEM.fullmatch(item) else ""


def find_item_of(address: Any) -> str:
    """Return the item that an address such as http://www.wikidata.org/entity/Q2 names, else ""."""
    item = as_text(address).rpartition("/")[2]
    return item if ITEM.fullmatch(item) else ""


@dataclass(frozen=True)
class Speller:
    """Spells values in a language, with labels of what they name (by id)."""

    language: str
    labels: Mapping[str, str]

    def label(self, key: str) -> str:
        """Return what something is called; its id where nobody says."""
        return self.labels.get(key) or key

    def spell(self, snak: Mapping[str, Any]) -> str:
        """Return a value in words of one line, "" where it cannot be read or is of a kind that is left out."""
        kind = find_kind(snak)
        if kind not in KINDS:
            return ""
        if snak.get("snaktype") in {"somevalue", "novalue"}:
            return "unknown value" if snak["snaktype"] == "somevalue" else "no value"
        value = as_dict(snak.get("datavalue")).get("value")
        if kind == "string":
            return as_line(value)
        return as_line(getattr(self, f"_spell_{kind.replace('-', '_')}")(as_dict(value)))

    def _spell_wikibase_item(self, value: dict[str, Any]) -> str:
        item = read_item(value)
        return self.label(item) if item else ""

    def _spell_monolingualtext(self, value: dict[str, Any]) -> str:
        text, language = as_line(value.get("text")), as_line(value.get("language"))
        return f"{text} ({language})" if text and language not in {"", self.language} else text

    def _spell_quantity(self, value: dict[str, Any]) -> str:
        amount = read_amount(value.get("amount"))
        if not amount:
            return ""
        bounds = [read_amount(value.get(name)) for name in ("lowerBound", "upperBound")]
        span = f" (between {bounds[0]} and {bounds[1]})" if all(bounds) and set(bounds) != {amount} else ""
        unit = find_item_of(value.get("unit"))
        return f"{amount}{f' {self.label(unit)}' if unit else ''}{span}"

    def _spell_globe_coordinate(self, value: dict[str, Any]) -> str:
        place = " ".join(filter(None, [read_coordinate(value, "latitude"), read_coordinate(value, "longitude")]))
        globe = find_item_of(value.get("globe"))
        if " " not in place:
            return ""
        return f"{place.replace(' ', ', ')}{'' if globe in {'', EARTH} else f' on {self.label(globe)}'}"

    def _spell_time(self, value: dict[str, Any]) -> str:
        return spell_time(value, self.language)


def read_amount(text: Any) -> str:
    """Return a decimal number as written, with a minus but without a plus, else ""."""
    found = AMOUNT.fullmatch(as_text(text))
    return f"{'-' if as_text(text).startswith('-') else ''}{found[1]}" if found else ""


def read_coordinate(value: Mapping[str, Any], name: str) -> str:
    """Return degrees with at most six decimals (a tenth of a metre), else ""."""
    number = value.get(name)
    if not isinstance(number, int | float) or isinstance(number, bool) or not -360 <= number <= 360:
        return ""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def read_time(value: Mapping[str, Any]) -> tuple[int, int, int, int] | None:
    """Return year (negative: BCE), month, day (0: not known) and precision, else None. There is no year 0."""
    found = TIME.match(as_text(value.get("time")))
    precision = value.get("precision", DAY)
    if not found or not isinstance(precision, int) or not int(found[2]):
        return None
    year = int(found[2]) * (-1 if found[1] == "-" else 1)
    month, day = int(found[3]), int(found[4])
    if month > 12 or day > 31:
        return None
    known = DAY if month and day else MONTH if month else YEAR
    return year, month, day, min(precision, known)


def spell_time(value: Mapping[str, Any], language: str) -> str:
    """Return a time no more precise than it is, with its era and its calendar where that is not ours, else ""."""
    read = read_time(value)
    if read is None:
        return ""
    year, month, day, precision = read
    era = " BCE" if year < 0 else ""
    if precision < MILLENNIUM:
        return f"about {abs(year)}{era}"
    if precision <= DECADE:
        return f"{_spell_span(abs(year), precision)}{era}"
    name = f"{_name_month(month, language)} " if precision >= MONTH else ""
    number = f"{day} " if precision == DAY else ""
    calendar = " (Julian calendar)" if precision == DAY and find_item_of(value.get("calendarmodel")) == JULIAN else ""
    return f"{number}{name}{abs(year)}{era}{calendar}"


def _spell_span(year: int, precision: int) -> str:
    if precision == DECADE:
        return f"{year // 10 * 10}s"
    number = -(-year // (100 if precision == CENTURY else 1000))
    return f"{_order(number)} {'century' if precision == CENTURY else 'millennium'}"


def _order(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _name_month(month: int, language: str) -> str:
    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    return str(locale.months["format"]["wide"][month])
