"""Take words that a model says it copied; leave the places where they stand, word for word."""

import re

from dossiers.extract.quotes.folding import QUOTE_MARKS, extends_character
from dossiers.extract.quotes.likeness import cuts_number, cuts_word

# Scripts that write words without spaces: there a span within a run of letters cuts nothing that can be seen.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def find_verbatim(words: str, text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Find the spans of `text[start:end]` that hold these words, with only white space and quotation marks folded.

    No span cuts a word, a number or a character and its marks. Offsets count characters of the whole text.
    """
    parts = words.translate(QUOTE_MARKS).split()
    if not parts:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, parts)))
    folded, stop = text.translate(QUOTE_MARKS), len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    while match := pattern.search(folded, start, stop):
        is_whole = not any(_cuts(text, at) for at in match.span())
        if is_whole:
            spans.append(match.span())
        start = match.end() if is_whole else match.start() + 1
    return spans


def _cuts(text: str, at: int) -> bool:
    """Say whether a span that begins or ends here would cut something in two."""
    if not 0 < at < len(text):
        return False
    if extends_character(text[at]) or cuts_number(text, at):
        return True
    return cuts_word(text, at) and not (_UNSPACED.match(text[at]) or _UNSPACED.match(text[at - 1]))
