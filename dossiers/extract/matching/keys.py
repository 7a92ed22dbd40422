"""Take a parsed claim; leave its key and its signature, which hold no wording of the value."""

import hashlib
from dataclasses import dataclass

from dossiers.extract.dates import DateValue, read_date
from dossiers.extract.matching.gazetteer import Gazetteer
from dossiers.extract.matching.labels import Label
from dossiers.extract.matching.names import find_names
from dossiers.extract.matching.words import fold_name
from dossiers.extract.numbers import find_numbers

_LONGEST = 240


@dataclass(frozen=True)
class Signature:
    """What an event or sentence says beside its words: numbers with units, names or keys, and the period."""

    numbers: frozenset[tuple[str, str]] = frozenset()
    names: frozenset[str] = frozenset()
    period: str = ""


def make_signature(value: str, date: DateValue, gazetteer: Gazetteer, known: frozenset[str] = frozenset()) -> Signature:
    """Take the numbers, names and period of a value."""
    numbers = frozenset((format(number.value, "f"), number.unit) for number in find_numbers(value))
    names = {name.key or fold_name(name.text) for name in find_names(value, gazetteer, known)}
    return Signature(numbers, frozenset(names) | gazetteer.find_keys(value), _period_token(date))


def claim_key(kind: str, *, label: Label | None = None, signature: Signature | None = None, value: str = "") -> str:
    """Make the key of a claim within its topic and kind.

    An attribute's is subject + property + period, and the folded value where the property holds several (`value`). An
    event's or sentence's is period + names + numbers; a place has one slot.
    """
    if label is not None:
        parts = [label.subject or "topic", label.property, _period_token(read_date(label.period))]
    elif signature is not None:
        numbers = sorted(" ".join(number).strip() for number in signature.numbers)
        parts = [signature.period, ", ".join(sorted(signature.names)), ", ".join(numbers)]
    else:
        parts = [kind]
    return _shorten(" | ".join([*parts, f"= {fold_name(value)}"] if value else parts))


def base_key(key: str) -> str:
    """Give the key of a multi-valued attribute without its value."""
    return key.partition(" | = ")[0]


def _period_token(date: DateValue) -> str:
    return date.edtf or fold_name(date.verbatim)


def _shorten(key: str) -> str:
    """Keep a key short enough for an index; what is cut off lives on in a hash."""
    if len(key) <= _LONGEST:
        return key
    return f"{key[:_LONGEST]}… {hashlib.sha256(key.encode()).hexdigest()[:16]}"
