"""Takes any text; leaves its folded form and, for each folded character, the characters it came from."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_SINGLE_QUOTES = "‘’‚‛`´′ʼ＇‹›"
_DOUBLE_QUOTES = "“”„‟«»″＂〝〞"
_DASHES = "‐‑‒–—―−⁃﹘﹣－"
# Each mark becomes one character, so that offsets stay.
QUOTE_MARKS = str.maketrans(dict.fromkeys(_SINGLE_QUOTES, "'") | dict.fromkeys(_DOUBLE_QUOTES, '"'))
_MARKS = QUOTE_MARKS | str.maketrans(dict.fromkeys(_DASHES, "-"))
_RUN = re.compile(r"(?P<space>\s+)|(?P<plain>[!-~]+(?![^\x00-\x7f]))|(?P<other>.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; its character `i` came from `source[starts[i]:ends[i]]`."""

    text: str
    starts: list[int]
    ends: list[int]

    def source_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Map a span of the folded text back, or None where it cuts through one source character."""
        size = len(self.text)
        if not 0 <= start < end <= size:
            return None
        if start and self.starts[start - 1] == self.starts[start]:
            return None
        if end < size and self.starts[end] == self.starts[end - 1]:
            return None
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=8)
def fold(text: str) -> Folded:
    """Fold what typesetting changes and meaning does not.

    Unicode NFKC, case, quotation marks, dashes and runs of white space are made one; soft hyphens and other invisible
    characters are dropped. A letter and its combining marks stay together. The result is shared: leave its lists alone.
    """
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece, start, end, is_plain in _fold_runs(text):
        if piece == " " and pieces and pieces[-1] == " ":
            ends[-1] = end  # white space around something invisible is one run
            continue
        if piece:
            pieces.append(piece)
        starts.extend(range(start, end) if is_plain else [start] * len(piece))
        ends.extend(range(start + 1, end + 1) if is_plain else [end] * len(piece))
    return Folded("".join(pieces), starts, ends)


def extends_character(char: str) -> bool:
    """Say whether the character belongs to the one before it: a combining mark, a Hangul vowel or final, a joiner."""
    if char.isascii():
        return False
    category = unicodedata.category(char)
    if category[0] == "M" or "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7fb":
        return True
    return unicodedata.category(unicodedata.normalize("NFKD", char)[0])[0] == "M"


def _fold_runs(text: str) -> Iterator[tuple[str, int, int, bool]]:
    position = 0
    while match := _RUN.match(text, position):
        start, position = match.span()
        if match["plain"]:
            plain = match["plain"].replace("`", "'").lower()
            yield plain, start, position, True
        elif match["space"]:
            yield " ", start, position, False
        else:
            while position < len(text) and extends_character(text[position]):
                position += 1
            yield _fold_character(text[start:position]), start, position, False


@lru_cache(maxsize=4096)
def _fold_character(cluster: str) -> str:
    visible = "".join(c for c in cluster if unicodedata.category(c) != "Cf" and not "\ufe00" <= c <= "\ufe0f")
    folded = _compose(_compose(visible.translate(_MARKS)).casefold())
    return visible.casefold() if folded.startswith(" ") else folded  # a lone accent would turn into a space


def _compose(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_MARKS)
