"""Take a sentence; leave its words, numbers, dates and signs in order, each with its place and depth of brackets."""

import re
from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass

from dossiers.extract.assembly import Sentence
from dossiers.extract.dates import Period
from dossiers.extract.numbers import Number

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"
    r"|[^\W_]+(?:(?:[-&./]|–(?=[A-Z])(?<=[^\W\d_]–)|,(?=[A-Z])(?<=[A-Z],)|['’](?!s\b))[^\W_]+)*"
    r"|['’]s\b|(?<=s)['’](?!\w)|[^\w\s]|_+"
)
_BEFORE = re.compile(
    r"(?:\b(?:the\s+)?(?:(?:fiscal|financial|calendar|school|academic)\s+year|year\s+(?:to|ended|ending))\s+|"
    rf"\bbetween\s+(?:\d{{1,2}}|(?:\d{{1,2}}\s+)?(?:{'|'.join(month_name[1:])}))\s+and\s+|\b(?:the\s+)?(?:end|beginning|start|middle|close|turn)\s+of\s+(?:the\s+)?"
    r"|\bthe\s+(?=(?:spring|summer|autumn|fall|winter)\b))$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"(?:in|on|by|since|during|at)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, date or sign: `text == sentence.text[start:end]`. `low` is in lower case; dates carry the
    preposition that was cut off them in `lead`.
    """

    text: str
    low: str
    start: int
    end: int
    depth: int
    number: Number | None = None
    period: Period | None = None
    lead: str = ""

    @property
    def is_word(self) -> bool:
        return self.number is None and self.period is None and self.text[0].isalnum()

    @property
    def is_name(self) -> bool:
        """Tell whether a word is written as names are."""
        return self.is_word and self.text[0].isupper()


def tokenise(sentence: Sentence) -> list[Token]:
    """Split a sentence into tokens; brackets stand at the depth of what is around them."""
    text = sentence.text
    atoms = sorted([*_list_dates(sentence), *_list_numbers(sentence)], key=lambda token: (token.start, -token.end))
    tokens: list[Token] = []
    depth = place = 0
    for match in _walk(text, atoms):
        token = match if isinstance(match, Token) else Token(match[0], _lower(match[0]), *match.span(), 0)
        if token.start < place:
            continue
        place = token.end
        depth -= token.text in ")]" and depth > 0
        tokens.append(_set_depth(token, depth))
        depth += token.text in "(["
    return tokens


def _lower(word: str) -> str:
    """Put a word in lower case, but no acronym: WHO is no "who" and US no "us"."""
    return word if len(word) > 1 and word.isupper() else word.lower()


def _walk(text: str, atoms: list[Token]) -> Iterator[Token | re.Match[str]]:
    """Go through the text; numbers and dates come as they are."""
    place = 0
    for atom in atoms:
        if atom.start < place:
            continue
        yield from _TOKEN.finditer(text, place, atom.start)
        yield atom
        place = atom.end
    yield from _TOKEN.finditer(text, place)


def _set_depth(token: Token, depth: int) -> Token:
    if not depth:
        return token
    return Token(token.text, token.low, token.start, token.end, depth, token.number, token.period, token.lead)


def _list_dates(sentence: Sentence) -> Iterator[Token]:
    text = sentence.text
    for period in sentence.periods:
        start, lead = period.start, ""
        if match := _LEAD.match(text, start, period.end):
            lead, start = match[0].strip().lower(), match.end()
        if before := _BEFORE.search(text[:start]):
            start = before.start()
            lead = ""
        yield Token(
            text[start : period.end], text[start : period.end].lower(), start, period.end, 0, None, period, lead
        )


def _list_numbers(sentence: Sentence) -> Iterator[Token]:
    for number in sentence.numbers:
        yield Token(number.text, number.text.lower(), number.start, number.end, 0, number)
