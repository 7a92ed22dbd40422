"""Take text; leave its content words, cut to a stem, so that "collaborated" meets "collaboration"."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

SHORT = 1_000  # texts up to this many characters are worth remembering

_WORD = re.compile(r"[^\W_]+(?:[&'’.-][^\W_]+)*")
_ENDINGS = (
    "ations ation ational atively ative ators ator ating ated ates ate ively ive ings ing edly ed ions ion "
    "ments ment nesses ness ities ity ally al ers er ors or ies ied ly es s e y"
).split()
_STOP_WORDS = frozenset(
    "a about above across after again against all along also although am among an and another any are around "
    "as at be because been before being between both but by can could did do does doing down due during each "
    "either else even ever every for from further had has have having he her here hers him his how however i "
    "if in including into is it its itself just like many may me might more most much must my no nor not of "
    "off often on once only or other our out over own per rather same she should since so some still such than "
    "that the their them then there these they this those through throughout thus to too toward towards under "
    "until up upon us use used using various very via was we were what when where whether which while who whom "
    "whose why will with within without would yet you your s t".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a text: `source[start:end]`, with its stem."""

    start: int
    end: int
    stem: str


def find_words(text: str) -> list[Word]:
    """Find the content words (no stop words, no bare digits) of a text, in order."""
    found = []
    for match in _WORD.finditer(text):
        stem = stem_word(match[0])
        if stem and not match[0].isdecimal():
            found.append(Word(match.start(), match.end(), stem))
    return found


def find_stems(text: str) -> frozenset[str]:
    """Find the set of stems of a text's content words."""
    return frozenset(word.stem for word in find_words(text))


@lru_cache(maxsize=65536)
def stem_word(word: str) -> str:
    """Cut one word to its stem; the empty string for a stop word."""
    low = strip_accents(word).casefold().replace("’", "'")
    low = low.removesuffix("'s").removesuffix("s'").replace(".", "")
    if low in _STOP_WORDS:
        return ""
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= 4:
            return _undouble(low[: -len(ending)])
    return low


def fold_name(text: str) -> str:
    """Fold a name for comparison: no accents, no case, no punctuation, one space; "&" is "and", possessives go."""
    return _fold_short(text) if len(text) <= SHORT else _fold(text)


def _fold(text: str) -> str:
    text = strip_accents(text).casefold().replace("&", " and ").replace("’", "'")
    text = re.sub(r"'s\b|(?<=s)'(?!\w)", "", text).replace(".", "")
    return " ".join(re.findall(r"[^\W_]+", text))


_fold_short = lru_cache(maxsize=8192)(_fold)


def strip_accents(text: str) -> str:
    """Take the accents off letters."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _undouble(stem: str) -> str:
    """Make "travell" and "travel" one."""
    return stem[:-1] if len(stem) > 4 and stem[-1] == stem[-2] and stem[-1] in "lpgtnm" else stem
