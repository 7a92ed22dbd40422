"""Take text; leave the territories and known subjects that it mentions, each under one key whatever its spelling."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale

from dossiers.extract.matching.words import SHORT, strip_accents

NAMES_FILE = Path(__file__).parent.parent / "data" / "names.toml"
TOPIC_KEY = "topic"

_PLURAL_ENDS = "nkir"  # "Italians", "Greeks", "Pakistanis", "New Zealanders", but not "Frenchs"
_NOT_TERRITORIES = frozenset({"QO", "XA", "XB", "ZZ", "EZ"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A known subject: `text == source[start:end]`; `key` is "territory:FR", or "topic" for the topic's own name."""

    text: str
    start: int
    end: int
    key: str


@dataclass(frozen=True)
class Gazetteer:
    """The names that are known: territories of CLDR with their short names and demonyms, and the topic's own names.

    Those match in any case; a surname of the topic only as it is printed ("Long" and not "long").
    """

    own_names: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    _own: re.Pattern[str] | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        names = sorted({name.strip() for name in self.own_names if len(name.strip()) > 1}, key=len, reverse=True)
        if names:
            source = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names)
            source += "".join(f"|(?-i:{re.escape(name)})" for name in self.surnames)
            object.__setattr__(self, "_own", re.compile(rf"(?<!\w)(?:{source})(?!\w)", re.IGNORECASE))

    def find_mentions(self, text: str) -> list[Mention]:
        """Find the known subjects of a text in order, the longest at each place."""
        found = [*_list_territories(text), *self._find_own(text)]
        kept: list[Mention] = []
        for mention in sorted(found, key=lambda m: (m.start, -m.end)):
            if not kept or mention.start >= kept[-1].end:
                kept.append(mention)
        return kept

    def find_keys(self, text: str) -> frozenset[str]:
        """Find the keys of all known subjects of a text."""
        return frozenset(mention.key for mention in self.find_mentions(text))

    def _find_own(self, text: str) -> Iterator[Mention]:
        for match in self._own.finditer(text) if self._own else ():
            yield Mention(match[0], match.start(), match.end(), TOPIC_KEY)


def _list_territories(text: str) -> tuple[Mention, ...]:
    return _list_short(text) if len(text) <= SHORT else tuple(_find_territories(text))


@lru_cache(maxsize=8192)
def _list_short(text: str) -> tuple[Mention, ...]:
    return tuple(_find_territories(text))


def _find_territories(text: str) -> Iterator[Mention]:
    named, common = _patterns()
    for match in named.finditer(text):
        if not _belongs_to_longer_name(text, match.start()):
            yield Mention(match[0], match.start(), match.end(), _territories()[_fold(match[0])])
    for match in common.finditer(text):
        yield Mention(match[0], match.start(), match.end(), _territories()[_fold(match[0]).lower()])


def _belongs_to_longer_name(text: str, start: int) -> bool:
    before = re.search(r"([^\W\d_]+)[ \u00a0-]$", text[max(0, start - 20) : start])
    return before is not None and before[1] in read_words("not_after")


def _fold(name: str) -> str:
    return re.sub(r"\s+", " ", strip_accents(name).replace("’", "'"))


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(NAMES_FILE.read_text(encoding="utf-8"))


@cache
def read_words(kind: str) -> frozenset[str]:
    """Read one list of words about names: `not_after`, `titles`, `links` or `openers`."""
    return frozenset(_data()["words"][kind])


@cache
def _territories() -> dict[str, str]:
    names: dict[str, str] = {}
    for code, name in Locale.parse("en").territories.items():
        if code not in _NOT_TERRITORIES and name:
            names |= dict.fromkeys(_spell(name), f"territory:{code}")
    for table in ("territories", "demonyms", "common"):
        for code, spellings in _data()[table].items():
            names |= {_fold(spelling): f"territory:{code}" for spelling in spellings}
            if table == "demonyms":
                names |= {_fold(f"{name}s"): f"territory:{code}" for name in spellings if name[-1] in _PLURAL_ENDS}
    return names


def _spell(name: str) -> Iterable[str]:
    """Give the spellings of a CLDR name: "&" as "and", and both names of "One (Other)"."""
    outer, _, inner = _fold(name).partition(" (")
    for part in (outer, inner.rstrip(")")):
        if part:
            yield part
            yield part.replace("&", "and")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    common = {spelling for spellings in _data()["common"].values() for spelling in spellings}
    named = sorted((name for name in _territories() if name not in common), key=len, reverse=True)
    return (
        re.compile(rf"(?<![\w$&-])(?:{_join(named)})(?![\w$&]|-\d)"),
        re.compile(rf"(?<![\w-])(?:{_join(sorted(common, key=len, reverse=True))})(?![\w-])", re.IGNORECASE),
    )


def _join(names: Iterable[str]) -> str:
    """Join names to a pattern that takes any accent, apostrophe and white space that folding takes away."""
    return "|".join(re.escape(name).replace(r"\ ", r"\s+").replace("'", "['’]") for name in names)
