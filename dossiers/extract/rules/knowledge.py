"""Read the statements of a knowledge base: one "property: value (qualifiers)" on each line."""

import re
from collections.abc import Iterator

from dossiers.extract.assembly import Sentence
from dossiers.extract.assembly.library import IMPORTED, LISTS
from dossiers.extract.dates import find_periods
from dossiers.extract.rules.labels import make_label
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.words import words

_LINE = re.compile(r"(?P<name>[^:\n]{2,80}?):\s+(?P<value>\S.*)", re.DOTALL)
_QUALIFIERS = re.compile(r"\s+\((?P<inside>[^()]*:[^()]*)\)\s*$")
_WHEN = re.compile(
    r"(?:point in time|start time|end time|valid in period|publication date):\s*(?P<date>[^;,()]+(?:,\s*\d{4})?)"
)


def is_list(sentence: Sentence) -> bool:
    """Tell whether a sentence is a line of a knowledge base."""
    return sentence.capture.provider in LISTS


def read_line(sentence: Sentence) -> Iterator[Statement]:
    """Read one line; what is no "property: value" states nothing, nor does an identifier."""
    match = _LINE.fullmatch(sentence.text)
    if match is None or _is_ignored(match["name"]):
        return
    end = len(IMPORTED.sub("", sentence.text))
    qualifiers = _QUALIFIERS.search(sentence.text[:end])
    value = (
        match.start("value"),
        qualifiers.start() if qualifiers and qualifiers.start() > match.start("value") else end,
    )
    date = _find_when(sentence.text, qualifiers)
    if value[0] < value[1] and sentence.text[slice(*value)] not in words("knowledge_base", "empty"):
        yield _state(sentence, match["name"].strip(), value, date)


def _is_ignored(name: str) -> bool:
    low = name.strip().lower()
    return low in words("knowledge_base", "ignored") or low.endswith(
        (" id", " identifier", " code", "category", " url")
    )


def _find_when(text: str, qualifiers: re.Match[str] | None) -> tuple[int, int] | None:
    match = _WHEN.search(text, *qualifiers.span("inside")) if qualifiers else None
    return match.span("date") if match else None


def _state(sentence: Sentence, name: str, value: tuple[int, int], date: tuple[int, int] | None) -> Statement:
    for kind, label in (("founded", "Founded"), ("born", "Born"), ("died", "Died")):
        if name.lower() in words("knowledge_base", kind) and find_periods(sentence.text[slice(*value)]):
            return Statement("statement", sentence, value, label=label)
    name = "Description" if sentence.passage.start == 0 else name
    label = make_label("", name, sentence.text[slice(*date)].strip() if date else "")
    return Statement("statement", sentence, value, None, date, label)
