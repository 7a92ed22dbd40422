"""Find where a name comes from: "the word X comes from ...", "X was named after ...", "X (from Latin ...)"."""

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from dossiers.extract.rules.definitions import list_defined
from dossiers.extract.rules.labels import titled
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.subjects import Span, find_owner
from dossiers.extract.rules.superlatives import names_topic
from dossiers.extract.rules.words import any_of, phrases, words

_ENDS = re.compile(
    r"[,;:()]|\s+(?:which|who|whose|where|meaning|because|while|when|as\s+(?:it|he|she|they))\b|\.\s*$|\s[–—]\s",
    re.IGNORECASE,
)
_NAMED_BY = re.compile(r"\s+by\s+(?:the|an?|his|her|[A-Z])")
_AND_CLAUSE = re.compile(r"\s+and\s+(?=(?:was|is|has|had|means|refers|first|became|came|dates)\b)", re.IGNORECASE)
_FROM_TONGUE = re.compile(
    r"(?:(?:is |was )?deriv\w+\s+from|(?:goes|went) back to)\s+(?:the\s+)?(?:Old |Middle |Late |Medieval |Ancient )?"
    r"(?P<tongue>[A-Z]\w+)\s"
)
_NAMED = re.compile(r"\bnamed\s+(?P<named>(?:the\s+)?[A-Z][^\W_]+(?:\s+[A-Z][^\W_]+)*)\s+after\s+(?=(?:the\s+)?[A-Z])")
_IN_BRACKETS = re.compile(
    r"\s*\((?:from\s+(?:the\s+)?)?"
    r"(?P<value>(?:Old |Middle |Late |Medieval |Ancient |New |Classical )?(?P<tongue>[A-Z]\w+)\s[^()]*)\)"
)


def find_etymology(parsed: Parsed) -> Iterator[Statement]:
    """Find where a name comes from: "the word X comes from ...", "X was named after ...", "X (from Latin ...)"."""
    found = phrases("etymology", "namings").search(parsed.text)
    if found is None:
        found = phrases("etymology", "sources").search(parsed.text)
        if found and not _is_about_word(parsed, found.start()):
            found = None
    if found is None:
        yield from _find_active(parsed) or _find_in_brackets(parsed)
        return
    subject = _find_named(parsed, found.start())
    value = _trim_value(parsed, found.end(), is_named="named" in found[0].lower())
    if subject and value and not _is_anaphor(parsed.text[slice(*value)]):
        yield _state_etymology(parsed, value, subject)


def _find_active(parsed: Parsed) -> list[Statement]:
    """Find "FitzRoy named the cape after X"."""
    match = _NAMED.search(parsed.text)
    value = _trim_value(parsed, match.end(), is_named=True) if match else None
    return [_state_etymology(parsed, value, match.span("named"))] if match and value else []


def _is_anaphor(words_here: str) -> bool:
    """Tell whether a name goes back to somebody who is only pointed at: "named after her"."""
    first = words_here.split()[0].lower()
    return first in any_of("pronouns", "possessives")


def _state_etymology(parsed: Parsed, value: Span, subject: Span) -> Statement:
    name = parsed.text[slice(*subject)]
    label = "Etymology" if not name or names_topic(parsed, subject) else f"Etymology of {titled(name)}"
    return Statement("etymology", parsed.sentence, value, subject if name else None, None, label)


def _is_about_word(parsed: Parsed, before: int) -> bool:
    """Tell whether "comes from" speaks of a word: "the name X", or with a language behind it."""
    lead = parsed.text[:before].lower()
    if any(re.search(rf"\b{word}\b", lead) for word in words("etymology", "names")):
        return True
    match = _FROM_TONGUE.match(parsed.text[before:])
    return match is not None and match["tongue"] in list_tongues()


@cache
def list_tongues() -> frozenset[str]:
    """List the English names of languages."""
    return frozenset(str(name) for name in Locale.parse("en").languages.values() if " " not in str(name))


def _find_named(parsed: Parsed, before: int) -> Span | None:
    """Find the name that is explained: behind "the word", else the subject."""
    tokens = [t for t in parsed.flat if t.end <= before]
    if any(t.low in ("its", "their", "his", "her") for t in tokens):
        return None
    place = next((i for i, t in enumerate(tokens) if t.low in words("etymology", "names")), -1)
    if place > 0 and tokens[place - 1].low in ("'s", "’s"):
        tokens, place = tokens[: place - 1], -1
    tail = tokens[place + 1 :] if place >= 0 else tokens
    tail = [t for t in tail if t.low not in ("itself", "also", "probably")]
    while tail and (tail[0].low in words("words", "articles") | {"of"}):
        tail = tail[1:]
    cut = next((i for i, t in enumerate(tail) if t.text in ",;:"), len(tail))
    tail = tail[:cut]
    if not tail:
        return (0, 0) if place >= 0 else None
    is_known = tail[0].low not in words("words", "pronouns") and len(tail) <= 8
    return find_owner(tail, parsed) if is_known else None


def _trim_value(parsed: Parsed, start: int, *, is_named: bool) -> Span | None:
    """Give the words from here to the comma, clause or date that ends them."""
    text = parsed.text
    while start < len(text) and text[start] == " ":
        start += 1
    rest = text[start:]
    patterns = [_ENDS, _AND_CLAUSE, *([_NAMED_BY] if is_named else [])]
    ends = [match.start() for pattern in patterns if (match := pattern.search(rest))]
    ends += [period.start - start for period in parsed.sentence.periods if period.start > start]
    value = re.sub(r"\s+(?:in|on|since|during|from|of)\s*$", "", rest[: min(ends, default=len(rest))]).rstrip(" .")
    return (start, start + len(value)) if value else None


def _find_in_brackets(parsed: Parsed) -> Iterator[Statement]:
    for subject, _ in list_defined(parsed):
        match = _IN_BRACKETS.match(parsed.text, subject[1])
        if match and match["tongue"] in list_tongues() and any(sign in match["value"] for sign in "\"“'‘+"):
            yield _state_etymology(parsed, match.span("value"), subject)
