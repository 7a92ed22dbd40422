"""The lists of English words in data/rules.toml, read once."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

NAMES_FILE = Path(__file__).parent.parent / "data" / "names.toml"
RULES_FILE = Path(__file__).parent.parent / "data" / "rules.toml"
SUPERLATIVES_FILE = RULES_FILE.with_name("superlatives.toml")

_REGULAR = re.compile(r"[a-z-]{2,}ed")


@cache
def read_data() -> dict[str, Any]:
    """Read the whole file."""
    return tomllib.loads(RULES_FILE.read_text(encoding="utf-8"))


@cache
def words(section: str, name: str) -> frozenset[str]:
    """Give one list as a set of words or phrases."""
    value = read_data()[section][name]
    return frozenset(value.split() if isinstance(value, str) else value)


@cache
def any_of(*names: str) -> frozenset[str]:
    """Give the words of several lists of the section `words`."""
    return frozenset().union(*(words("words", name) for name in names))


@cache
def phrases(section: str, name: str) -> re.Pattern[str]:
    """Give one list of phrases as a pattern of whole words, the longest first."""
    return re.compile(rf"\b(?:{join(words(section, name))})\b", re.IGNORECASE)


def join(listed: frozenset[str]) -> str:
    """Join words and phrases to the alternatives of a pattern; a space stands for any white space."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(listed, key=lambda w: (-len(w), w)))


@cache
def demonyms() -> frozenset[str]:
    """Give the adjectives of nations, which are no names before a noun: "the British inquiry"."""
    table = tomllib.loads(NAMES_FILE.read_text(encoding="utf-8"))["demonyms"]
    return frozenset(word.lower() for row in table.values() for word in row)


@cache
def superlatives() -> frozenset[str]:
    """Give the words in -est and their like."""
    return frozenset(tomllib.loads(SUPERLATIVES_FILE.read_text(encoding="utf-8"))["words"])


@cache
def _irregular() -> list[list[str]]:
    return [row.split() for row in read_data()["verbs"]["irregular"].split(";") if row.strip()]


@cache
def base_forms() -> dict[str, str]:
    """Map each listed verb form to its base: past, participle, present."""
    forms: dict[str, str] = {}
    lists = ("regular", "measuring", "states", "changing", "founding", "giving")
    for base in frozenset().union(*(words("verbs", name) for name in lists)):
        forms |= dict.fromkeys((_past(base), base, _third(base)), base)
    for base, past, participle in _irregular():
        forms |= dict.fromkeys((past, participle, base, _third(base)), base)
    return forms | dict.fromkeys("is are was were".split(), "be") | dict.fromkeys("has had have".split(), "have")


@cache
def past_forms() -> frozenset[str]:
    """Give the irregular past forms."""
    return frozenset(past for _, past, _ in _irregular()) | {"were"}


@cache
def participle_forms() -> frozenset[str]:
    """Give the irregular participles."""
    return frozenset(participle for _, _, participle in _irregular())


@cache
def present_forms() -> frozenset[str]:
    """Give the present forms of the listed verbs."""
    bases = {base for base, _, _ in _irregular()} | words("verbs", "regular")
    return frozenset({form for base in bases for form in (base, _third(base))} | {"is", "are", "has", "have"}) - {"be"}


def is_regular_past(low: str) -> bool:
    """Tell whether a word has the form of a regular past tense."""
    return _REGULAR.fullmatch(low) is not None and low not in words("verbs", "not_past")


def base_of(low: str) -> str:
    """Give the base of a verb form as far as it is known, else the form without its ending."""
    if low in base_forms():
        return base_forms()[low]
    if not low.endswith("ed"):
        return low.removesuffix("s")
    stem = low[:-2]
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "sl" else stem


def _third(base: str) -> str:
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        return base + "es"
    return base[:-1] + "ies" if base.endswith("y") and base[-2] not in "aeiou" else base + "s"


def _past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    return base[:-1] + "ied" if base.endswith("y") and base[-2] not in "aeiou" else base + "ed"
