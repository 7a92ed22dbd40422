"""Take an attribute's label; leave the subject, the property and the period that it names."""

import re
from dataclasses import dataclass

from dossiers.extract.dates import Period, find_periods, read_date
from dossiers.extract.matching.gazetteer import Gazetteer, Mention
from dossiers.extract.matching.words import fold_name

_SMALL = frozenset("of in for the s as at by a an from on".split())
_LINK = re.compile(r"(?:\b(?:of|in|for|by|from)(?:\s+the)?|[-–—:,(])\s*$", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")


@dataclass(frozen=True)
class Label:
    """A parsed label. `subject` is a key of the gazetteer ("" where none is named), `period` the words of a time."""

    text: str
    subject: str = ""
    subject_text: str = ""
    property: str = ""
    period: str = ""


def parse_label(text: str, gazetteer: Gazetteer) -> Label:
    """Parse "Spain Wind Share (2019)" into Spain, "wind share", "2019"; what is not there stays empty."""
    rest, period = _take_period(text)
    mention = _find_subject(rest, gazetteer)
    if not mention:
        return Label(text, property=fold_property(rest), period=period)
    remainder = f"{rest[: mention.start]} {rest[mention.end :]}"
    return Label(text, mention.key, mention.text, fold_property(remainder), period)


def fold_property(text: str) -> str:
    """Fold the words of a property: no case, no punctuation, no small words at its ends."""
    words = fold_name(text).split()
    while words and words[0] in _SMALL:
        words = words[1:]
    while words and words[-1] in _SMALL:
        words = words[:-1]
    return " ".join(words)


def _take_period(text: str) -> tuple[str, str]:
    """Split the words of a time off a label: in brackets first, else the last period phrase."""
    for match in reversed(list(_BRACKETS.finditer(text))):
        if read_date(match[1]).edtf or _is_period(match[1]):
            return f"{text[: match.start()]} {text[match.end() :]}", match[1].strip()
    periods = [period for period in find_periods(text) if period.basis != "anaphoric"]
    if not periods:
        return text, ""
    last = periods[-1]
    return f"{text[: last.start]} {text[last.end :]}", text[last.start : last.end]


def _is_period(words: str) -> bool:
    """Tell whether bracketed words are a time: a period, with at most two words that say which ("fiscal year 2020")."""
    periods: list[Period] = find_periods(words)
    if len(periods) != 1 or periods[0].end != len(words):
        return False
    return len(words[: periods[0].start].split()) <= 2


def _find_subject(text: str, gazetteer: Gazetteer) -> Mention | None:
    """Find the subject at the start of a label ("France's Rate") or at its end behind a link ("Rate in France")."""
    mentions = gazetteer.find_mentions(text)
    if not mentions:
        return None
    first, last = mentions[0], mentions[-1]
    if re.fullmatch(r"[\s(]*(?:the\s+)?", text[: first.start], re.IGNORECASE):
        return first
    ends = re.fullmatch(r"[\s).,;:]*", text[last.end :]) is not None
    return last if ends and _LINK.search(text[: last.start]) else None
