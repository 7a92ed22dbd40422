"""Take a value and the words it is quoted from; leave what the value says beyond them. Serves amendments too."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from dossiers.extract.checks.case import Finding, join_words
from dossiers.extract.numbers import find_numbers, is_same_number

SUPERLATIVES_FILE = Path(__file__).parent.parent / "data" / "superlatives.toml"

_MOST = re.compile(
    r"\b(?:the|its|their|his|her|our|['’]s|of the|world['’]s)\s+(most|least)\s+(?!of\b|part\b)([^\W\d_]+)",
    re.IGNORECASE,
)
_ONE_OF = re.compile(r"\bone of (?:the|its|their)\s+(?:[^\W\d_]+\s+){0,2}$", re.IGNORECASE)


def find_missing_numbers(value: str, quotes: Iterable[str]) -> list[str]:
    """List the numbers of a value, as printed there, that stand in none of the quotes in any form."""
    there = [number for quote in quotes for number in find_numbers(quote)]
    return [n.text for n in find_numbers(value) if not any(is_same_number(n, other) for other in there)]


def find_overstatements(value: str, quotes: Sequence[str]) -> list[str]:
    """List the superlatives of a value that stand in none of the quotes, nor anything that says as much."""
    folded = " ".join(" ".join(quotes).casefold().split())
    return [phrase for phrase, wanted in _find_superlatives(value) if not _says_as_much(wanted, folded)]


def check_quotes(value: str, quotes: Sequence[str], subject: int = 0) -> list[Finding]:
    """Check an amended value against the words it cites, as extraction does: its numbers and its superlatives."""
    findings = []
    if missing := find_missing_numbers(value, quotes):
        findings.append(make_number_finding(missing, subject))
    if phrases := find_overstatements(value, quotes):
        findings.append(make_superlative_finding(phrases, subject))
    return findings


def make_number_finding(numbers: Sequence[str], subject: int) -> Finding:
    verb = "is" if len(numbers) == 1 else "are"
    message = f"{join_words(numbers)} {verb} in none of the quotes."
    return Finding("number-not-in-quote", "error", message, "proposal", subject)


def make_superlative_finding(phrases: Sequence[str], subject: int) -> Finding:
    message = f"The value says {join_words(phrases)}; no quote says so."
    return Finding("value-overstated", "warning", message, "proposal", subject)


def _find_superlatives(value: str) -> list[tuple[str, str]]:
    """Find superlatives: the phrase as printed, and the word or phrase to look for."""
    found = [
        (match.start(), _extend(value, match.start(), match.end()), match[0].casefold())
        for match in _words().finditer(value)
    ]
    found += [(m.start(1), f"{m[1]} {m[2]}", f"{m[1]} {m[2]}".casefold()) for m in _MOST.finditer(value)]
    return [(phrase, wanted) for _, phrase, wanted in sorted(found)]


def _extend(value: str, start: int, end: int) -> str:
    """Take "one of the" into the phrase that is shown."""
    before = _ONE_OF.search(value[:start])
    return value[before.start() if before else start : end]


def _says_as_much(wanted: str, folded: str) -> bool:
    spellings = [wanted, *_data()["equivalents"].get(wanted, [])]
    return any(re.search(rf"(?<!\w){re.escape(spelling)}(?!\w)", folded) for spelling in spellings)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(SUPERLATIVES_FILE.read_text(encoding="utf-8"))


@cache
def _words() -> re.Pattern[str]:
    words = sorted([*_data()["words"], *_data()["phrases"]], key=len, reverse=True)
    source = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"(?<!\bat )(?<![\w-])(?:{source})(?![\w-])", re.IGNORECASE)
