"""Take a sentence; leave whether it states something for certain: no question, order, denial, forecast or menu."""

import re

from dossiers.extract.assembly import Sentence
from dossiers.extract.rules.words import phrases, words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_INVERTED = re.compile(r"(?:Had|Were|Should)\s+(?!the\s+\w+ed\b)(?:the|a|an|it|they|he|she|[A-Z]\w*)\b")
_LONGEST = 700


def is_admitted(sentence: Sentence) -> bool:
    """Tell whether a whole sentence states facts."""
    text = sentence.text
    if sentence.is_cut or len(text) > _LONGEST or "?" in text or any(sign in text for sign in words("skip", "signs")):
        return False
    if _INVERTED.match(text) or _has_order(text) or " > " in text or phrases("skip", "phrases").search(text):
        return False
    return not any(_is_skipped(match) for match in _WORD.finditer(text))


def _is_skipped(match: re.Match[str]) -> bool:
    """Tell whether a word takes the certainty off its sentence; names ("May", "Will", "US") do not."""
    word = match[0].replace("’", "'")
    low = word.lower()
    if word == "I" or word == "I'm":
        return match.string[match.end() : match.end() + 2].strip().islower()
    is_written_small = word == low or match.start() == 0
    if word.isupper() and len(word) > 1:
        return False
    if low in ("no",):
        if match.string[match.end() : match.end() + 3].strip(". ").isdecimal():
            return False
        return word == "no" or (match.start() == 0 and match.string[match.end() :][:1] == " ")
    if low in ("may", "will") and word != low:
        return False
    return is_written_small and (low in words("skip", "words") or low in words("skip", "persons"))


def _has_order(text: str) -> bool:
    """Tell whether a sentence opens as an instruction does."""
    found = _WORD.findall(text[:80].lower())[:2]
    if not found or found[0] not in words("skip", "orders"):
        return False
    return len(found) == 1 or found[1] in words("skip", "objects")
