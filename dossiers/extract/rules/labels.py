"""Take a subject, a property and a period; leave a label as the desk writes them: "Spain Wind Share (2019)"."""

import re

from dossiers.extract.matching.labels import fold_property
from dossiers.extract.rules.words import words

_SMALL = frozenset("of in for the and on at by a an from to with per as or".split())
_OF = re.compile(r"(?P<head>[^\W\d_]+)\s+(?:of|in)\s+(?:the\s+)?(?P<rest>[^,;()]+)")
_LONGEST = 80


def make_label(subject: str, name: str, period: str = "") -> str:
    """Join the parts; a property that is already said by the subject is not repeated."""
    name = titled(name)
    joined = name if fold_property(name) == fold_property(subject) else f"{titled(subject)} {name}".strip()
    return f"{joined} ({period})" if period else joined


def titled(text: str) -> str:
    """Write words with capitals, the small ones inside aside; what has capitals keeps them."""
    parts = " ".join(text.split())[:_LONGEST].split(" ")
    return " ".join(_title(part, place) for place, part in enumerate(parts) if part)


def _title(word: str, place: int) -> str:
    if (place and word in _SMALL) or not word[:1].islower():
        return word
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def turn_measure(text: str) -> str:
    """Write "rate of collaboration" as "collaboration rate"."""
    match = _OF.fullmatch(text.strip())
    if match and match["head"].lower() in words("words", "measures") and len(match["rest"].split()) <= 3:
        return f"{match['rest'].strip()} {match['head']}"
    return text


def make_singular(text: str) -> str:
    """Write the measure at the end of a property in the singular: "growth rates"."""
    head = text.split()[-1].lower() if text.split() else ""
    singular = head.removesuffix("s")
    return text[:-1] if head != singular and singular in words("words", "measures") and head != "gross" else text
