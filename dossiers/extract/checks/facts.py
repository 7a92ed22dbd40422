"""Take a grounded claim; leave the one figure it states, in a form that two claims can be compared by."""

import re
from dataclasses import dataclass

from dossiers.extract.assembly.results import Grounded
from dossiers.extract.dates import DateValue, find_periods, read_date
from dossiers.extract.matching import TOPIC_KEY, find_stems, fold_name
from dossiers.extract.numbers import Number, find_numbers

_TO = re.compile(r"\s*(?:to|[-–—→]|up to|down to)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Figure:
    """What a claim says in numbers: one `value`, or a change from `first` to `last`, of a subject in a period.

    `stems` are those of the property (attribute) or of the whole text (event).
    """

    kind: str
    subject: str
    stems: frozenset[str]
    period: DateValue
    text: str
    value: Number | None = None
    first: Number | None = None
    last: Number | None = None


def read_figure(claim: Grounded) -> Figure | None:
    """Read the figure of an attribute or event; None for sentences, places, and values with several figures."""
    if claim.draft.kind not in ("attribute", "event"):
        return None
    is_attribute = claim.draft.kind == "attribute"
    subject = (claim.label.subject if is_attribute else claim.subject) or TOPIC_KEY
    words = claim.label.property if is_attribute else claim.draft.text
    stems = find_stems(words) | {word for word in words.split() if word.isdecimal()}
    base = (claim.draft.kind, subject, stems, claim.dating.value, fold_name(claim.draft.text))
    numbers = list_figures(claim.draft.text)
    if len(numbers) == 1:
        return Figure(*base, value=numbers[0])
    if len(numbers) == 2 and _is_change(claim.draft.text, numbers):
        return Figure(*base, first=numbers[0], last=numbers[1])
    return Figure(*base)


def list_figures(value: str) -> list[Number]:
    """List the numbers that state something: no years, no ordinals, none within a period phrase."""
    spans = [(period.start, period.end) for period in find_periods(value)]
    numbers = [n for n in find_numbers(value) if not n.is_ordinal and not _is_year(n)]
    return [n for n in numbers if not any(start <= n.start < end for start, end in spans)]


def is_date_value(claim: Grounded) -> bool:
    """Tell whether an attribute's value is a date that was read."""
    return claim.typed.type == "date" and read_date(claim.draft.text).edtf is not None


def _is_year(number: Number) -> bool:
    return not number.unit and re.fullmatch(r"[12]\d{3}", number.text) is not None


def _is_change(value: str, numbers: list[Number]) -> bool:
    first, last = numbers
    between = value[first.end : last.start]
    return first.unit == last.unit and _TO.fullmatch(between) is not None
