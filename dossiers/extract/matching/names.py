"""Take text; leave the names in it: runs of capitalised words and acronyms, but not the words that open sentences."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from babel import Locale

from dossiers.extract.dates import find_periods
from dossiers.extract.matching.gazetteer import TOPIC_KEY, Gazetteer, read_words
from dossiers.extract.matching.words import fold_name, stem_word
from dossiers.extract.numbers import find_numbers

_CAPITAL = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_][^\W_]*(?:[&'’.-][^\W_]+)*")
_OPENS = re.compile(r"(?:^|[.!?:;•…\n][\"”’')\]]*|[(\[]|^\W+)\s*[\"“‘'(\[]*$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: `text == source[start:end]`; `key` is the gazetteer's where it knows the name, else ""."""

    text: str
    start: int
    end: int
    key: str = ""


def find_names(text: str, gazetteer: Gazetteer, known: frozenset[str] = frozenset()) -> list[Name]:
    """Find the names of a text in order.

    A single capitalised word that opens a sentence is a name only where the gazetteer or `known` (folded names, as
    `find_known_names` gives them) has it. Months, weekdays, period phrases and units ("5 MW") are no names.
    """
    mentions = [m for m in gazetteer.find_mentions(text) if m.text[:1].isupper() or m.key == TOPIC_KEY]
    runs = [name for run in _find_runs(text) if (name := _trim_run(text, run, known))]
    dates = [(period.start, period.end) for period in find_periods(text)] if runs else []
    runs = [name for name in runs if not _touches(name, dates)]
    figures = [(number.start, number.end) for number in find_numbers(text)] if runs else []
    runs = [name for name in runs if not any(start <= name.start and name.end <= end for start, end in figures)]
    longer = [name for name in runs if not any(m.start <= name.start and name.end <= m.end for m in mentions)]
    within = [(name.start, name.end) for name in longer]
    found = [Name(m.text, m.start, m.end, m.key) for m in mentions]
    return sorted([*longer, *(n for n in found if not _touches(n, within))], key=lambda name: name.start)


def find_known_names(texts: Iterable[str], gazetteer: Gazetteer) -> frozenset[str]:
    """Find the folded names that stand inside sentences of the texts, where a capital means a name."""
    return frozenset(fold_name(name.text) for text in texts for name in find_names(text, gazetteer))


def has_name(name: Name, text: str, gazetteer: Gazetteer) -> bool:
    """Tell whether a text mentions a name: as the same known subject, in the same words, or by its initials."""
    if name.key and name.key in gazetteer.find_keys(text):
        return True
    folded, wanted = f" {fold_name(text)} ", fold_name(name.text)
    if f" {wanted} " in folded or _has_inflection(wanted, folded):
        return True
    sides = re.split(r"\s+of\s+(?:the\s+)?", name.text)
    if len(sides) > 1 and all(has_name(Name(side, 0, len(side)), text, gazetteer) for side in sides if side):
        return True
    return (
        _has_initials(name.text, text) or _has_expansion(name.text, text) or _has_parts(name, folded, text, gazetteer)
    )


def list_name_words(name: str) -> list[str]:
    """List the folded words of a name that must be found: no links, no titles."""
    return [word for word in fold_name(name).split() if word not in _skipped_words()]


@cache
def _skipped_words() -> frozenset[str]:
    return frozenset(word.casefold() for word in read_words("links") | read_words("titles"))


def _find_runs(text: str) -> list[tuple[int, int]]:
    """Find runs of capitalised words, joined by single spaces or the small words that names hold."""
    runs: list[tuple[int, int]] = []
    for match in _CAPITAL.finditer(text):
        if not _is_capitalised(match[0]):
            continue
        if runs and _joins(text[runs[-1][1] : match.start()]) and not _is_owner(text, runs[-1]):
            runs[-1] = (runs[-1][0], match.end())
        else:
            runs.append(match.span())
    return runs


def _joins(between: str) -> bool:
    words = between.split()
    is_spaced = between != "" and between[0] in " \u00a0" and between[-1] in " \u00a0"
    return (
        is_spaced
        and len(words) <= 2
        and all(word in read_words("links") - {"and", "in", "on", "for"} for word in words)
    )


def _is_owner(text: str, run: tuple[int, int]) -> bool:
    """Tell whether a run ends with a possessive: what follows has a name of its own ("Chile's Gabriela Mistral")."""
    return text[run[0] : run[1]].endswith(("'s", "’s"))


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() and word != "I"


def _trim_run(text: str, run: tuple[int, int], known: frozenset[str]) -> Name | None:
    """Take the words that open a sentence off a run; None where nothing is left, or only a month or a weekday."""
    start, end = run
    words = list(_CAPITAL.finditer(text, start, end))
    while words and (words[0][0] in read_words("openers") or not words[0][0][0].isupper()):
        words = words[1:]
    if not words:
        return None
    start = words[0].start()
    if _opens_sentence(text, start) and not _is_known(text[start:end], words, known):
        words = words[1:] if not _is_acronym(words[0][0]) else words
        words = words if len(words) == 0 or words[0][0][0].isupper() else words[1:]
    name = text[words[0].start() : end] if words else ""
    name = re.sub(r"['’]s$", "", name)
    if len(name) < 2 or fold_name(name) in _calendar_words() or not list_name_words(name):
        return None
    return Name(name, words[0].start(), words[0].start() + len(name))


def _opens_sentence(text: str, start: int) -> bool:
    return _OPENS.search(text[max(0, start - 8) : start] if start > 8 else text[:start]) is not None


def _is_known(run: str, words: list[re.Match[str]], known: frozenset[str]) -> bool:
    return fold_name(run) in known or fold_name(words[0][0]) in known


def _is_acronym(word: str) -> bool:
    letters = [character for character in word if character.isalpha()]
    return len(letters) > 1 and sum(character.isupper() for character in letters) >= max(2, len(letters) - 1)


def _touches(name: Name, spans: list[tuple[int, int]]) -> bool:
    return any(start < name.end and name.start < end for start, end in spans)


@cache
def _calendar_words() -> frozenset[str]:
    locale = Locale.parse("en")
    tables = [*locale.months["format"].values(), *locale.days["format"].values()]
    return frozenset(fold_name(str(word)) for table in tables for word in table.values())


def _has_inflection(wanted: str, folded: str) -> bool:
    """Tell whether all words of a name stand near each other, in any order and inflection."""
    stems = [stem_word(word) or word for word in list_name_words(wanted)]
    there = [stem_word(word) or word for word in folded.split()]
    if not stems or any(stem not in there for stem in stems):
        return False
    places = [there.index(stem) for stem in stems]
    return max(places) - min(places) <= len(stems) + 4 or len(stems) == 1


def _has_parts(name: Name, folded: str, text: str, gazetteer: Gazetteer) -> bool:
    """Tell whether the known subjects inside a longer name ("German Navy") and its other words are all there."""
    parts = [mention for mention in gazetteer.find_mentions(name.text) if mention.text[:1].isupper()]
    rest = name.text
    for part in reversed(parts):
        rest = f"{rest[: part.start]} {rest[part.end :]}"
    keys = {part.key for part in parts} - {TOPIC_KEY}
    if not parts or not keys <= gazetteer.find_keys(text):
        return False
    return all(f" {word} " in folded for word in list_name_words(rest) if word != "s")


def _has_initials(name: str, text: str) -> bool:
    """Tell whether the text holds the acronym of a longer name."""
    initials = "".join(word[0] for word in list_name_words(name)).upper()
    return len(initials) > 2 and re.search(rf"(?<!\w){re.escape(initials)}s?(?!\w)", text) is not None


def _has_expansion(name: str, text: str) -> bool:
    """Tell whether the text holds a name of which this is the acronym."""
    letters = "".join(character for character in name if character.isalpha())
    if not _is_acronym(name) or len(letters) < 3:
        return False
    gap = r"[^\W_]*[\s-]+(?:(?:of|the|and|for|de|la)\s+)*"
    return re.search(r"\b" + gap.join(re.escape(letter) for letter in letters) + r"[^\W_]+", text) is not None
