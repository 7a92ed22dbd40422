"""Take what a topic, its captures and its printed statements hold; leave plain values that grounding works on."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

LONGEST_VALUE, LONGEST_LABEL, LONGEST_SENTENCE = 5_000, 500, 4_000  # characters that are read; the rest is noise
_LEAST_LETTERS = 3
PLACE_PROVIDERS = frozenset({"geocoder"})


def is_surname(word: str) -> bool:
    """Tell whether the last word of a name can stand for the person: a capitalised word, no numeral, no "Jr."."""
    return word.isalpha() and len(word) >= _LEAST_LETTERS and word[0].isupper() and not word.isupper()


@dataclass(frozen=True)
class TopicText:
    """The topic as its checks need it; the description is context, never evidence."""

    title: str
    kind: str = "topic"
    description: str = ""
    aliases: tuple[str, ...] = ()
    refresh_interval: timedelta | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.title, *self.aliases)

    @property
    def surnames(self) -> tuple[str, ...]:
        """The last words of a person's names, by which texts go on to call that person."""
        if self.kind != "person":
            return ()
        words = [name.split("(")[0].split(",")[0].split() for name in self.names]
        return tuple(dict.fromkeys(parts[-1] for parts in words if len(parts) > 1 and is_surname(parts[-1])))


@dataclass(frozen=True)
class CaptureText:
    """A capture: `key` names it in results, `source` is the same for later captures of one source.

    `entity` is the external id of what it is about, `features` what its provider told about that.
    """

    key: Hashable
    provider: str
    title: str
    text: str
    source: Hashable = None
    url: str = ""
    grade: str = "unknown"
    retrieved_at: date | None = None
    published_at: date | None = None
    entity: str = ""
    features: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_place(self) -> bool:
        return self.provider in PLACE_PROVIDERS


class Span(NamedTuple):
    """A place in a capture: characters `start` to `end` of the text with this key."""

    capture: Hashable
    start: int
    end: int


@dataclass(frozen=True)
class Draft:
    """A statement as printed: kind attribute, event, summary (one sentence) or place; coordinates for a place only.

    An extractor that read the captures says where the value, its subject and its date stand (`at`, `subject_at`,
    `date_at`); grounding verifies these places and looks for what has none. `origin` is the hash of the prompt whose
    answer gave the draft.
    """

    kind: str
    value: str
    label: str = ""
    date_text: str = ""
    source_word: str = ""
    position: int = 0
    lat: Decimal | None = None
    lon: Decimal | None = None
    at: Span | None = None
    subject_at: Span | None = None
    date_at: Span | None = None
    origin: str = ""

    @property
    def text(self) -> str:
        """The value as far as it is read."""
        return self.value[:LONGEST_VALUE]

    @property
    def is_too_long(self) -> bool:
        return len(self.value) > LONGEST_VALUE
