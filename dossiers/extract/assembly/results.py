"""The results of grounding: a claim's value with the words it rests on, as frozen values."""

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dossiers.extract.assembly.inputs import Draft
from dossiers.extract.assembly.sentences import Sentence
from dossiers.extract.dates import DateValue
from dossiers.extract.matching import Label, Signature

Role = Literal["value", "subject", "date"]
Method = Literal["exact", "folded", "fuzzy", "paraphrase", "nearest"]
Basis = Literal["", "same_sentence", "inherited", "relative", "unresolved"]
METHODS: tuple[Method, ...] = ("exact", "folded", "fuzzy", "paraphrase", "nearest")


@dataclass(frozen=True)
class Quote:
    """Exact words of a capture: `exact == capture.text[start:end]`, with up to 32 characters on each side.

    `covers` is the stretch of the claim's value that these words carry; `sentence` is the number of the passage that
    the quote begins in.
    """

    capture: Hashable
    role: Role
    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    method: Method
    covers: tuple[int, int] | None = None
    date_basis: Basis = ""
    sentence: int = -1


@dataclass(frozen=True)
class TypedValue:
    """A value with its type: text, number (with unit), date or coordinates."""

    type: Literal["text", "number", "date", "coordinates"] = "text"
    number: Decimal | None = None
    unit: str = ""
    lat: Decimal | None = None
    lon: Decimal | None = None


@dataclass(frozen=True)
class Support:
    """How a value is grounded: `missing_names` and `missing_numbers` are in no quote that speaks of the subject,
    `uncovered` are the stretches of the value in no quote, `failed` the parts that nothing supports; `score` is 0 to 1.
    """

    method: Method
    quotes: tuple[Quote, ...] = ()
    missing_names: tuple[str, ...] = ()
    missing_numbers: tuple[str, ...] = ()
    uncovered: tuple[tuple[int, int], ...] = ()
    failed: tuple[tuple[int, int], ...] = ()
    score: float = 1.0

    @property
    def is_grounded(self) -> bool:
        return self.method != "nearest"


@dataclass(frozen=True)
class Dating:
    """A claim's date and where its words come from. `reason` says why it is not in the value's own sentence."""

    value: DateValue
    basis: Basis = ""
    reason: Literal["", "cut", "missing", "neighbour", "relative", "counted"] = ""
    quote: Quote | None = None
    phrase: str = ""


@dataclass(frozen=True)
class Grounded:
    """A draft with its evidence. `subject` is a key of the gazetteer, empty where the claim names no known subject;
    `sentences` are the passages that the value rests on.
    """

    draft: Draft
    key: str
    label: Label
    signature: Signature
    support: Support
    dating: Dating
    typed: TypedValue
    subject: str = ""
    subject_quote: Quote | None = None
    sentences: tuple[Sentence, ...] = ()

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All evidence in its order: value, subject, date."""
        others = (quote for quote in (self.subject_quote, self.dating.quote) if quote)
        return (*self.support.quotes, *others)
