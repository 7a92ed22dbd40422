"""Take the value, subject and date that an item copies; leave their words as the captures have them, or refuse them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dossiers.extract.assembly import Library, Sentence, Span
from dossiers.extract.assembly.occurrences import find_clear_owner, owner_of
from dossiers.extract.matching import TOPIC_KEY, fold_name
from dossiers.extract.prompts.problems import Unusable, show
from dossiers.extract.prompts.verbatim import find_verbatim
from dossiers.extract.quotes.likeness import count_negations

_LOOK_BACK = 3


@dataclass(frozen=True)
class Words:
    """Words of a capture and their place in it: `text` is what stands at `at`."""

    text: str
    at: Span


def take_words(sentence: Sentence, span: tuple[int, int]) -> Words:
    """Take words of a passage; `span` counts from its beginning."""
    start = sentence.passage.start
    return Words(sentence.text[slice(*span)], Span(sentence.capture.key, start + span[0], start + span[1]))


def place_value(
    kind: str, value: str, subject: str, sentence: Sentence, quoted: Sequence[tuple[int, int]], library: Library
) -> Words:
    """Choose the place in the passage, within the quote, where the value stands: the one that its subject owns."""
    spans = [span for start, end in quoted for span in find_verbatim(value, sentence.text, start, end)]
    if not spans:
        raise Unusable("value-not-in-quote", f"Its value {show(value)} does not stand in its quote.")
    whole = [span for span in spans if not _cuts_number(sentence, span)]
    if not whole:
        raise Unusable("number-cut", f"Its value {show(value)} leaves out the sign, scale or unit of a number.")
    if kind == "event":
        _refuse_lost_negation(sentence, whole[0])
        return take_words(sentence, whole[0])
    keys = library.gazetteer.find_keys(subject) - {TOPIC_KEY}
    ours = [span for span in whole if _may_own(sentence, span, keys)]
    if not ours:
        raise Unusable("other-subject", f"The passage says {show(value)} of another subject than {show(subject)}.")
    best = max(ours, key=lambda span: owner_of(sentence, sentence.passage.start + span[0]) in keys)
    return take_words(sentence, best)


def place_subject(words: str, sentence: Sentence, library: Library) -> tuple[Words, ...]:
    """Give the places of the subject in the passage; none where it is the topic by name, which may stand elsewhere."""
    if not words or fold_name(words) in {fold_name(name) for name in library.topic.names}:
        return ()
    places = tuple(take_words(sentence, span) for span in find_verbatim(words, sentence.text))
    if not places:
        raise Unusable("subject-not-in-passage", f"Its subject {show(words)} does not stand in its passage.")
    return places


def place_date(words: str, sentence: Sentence, library: Library) -> Words | None:
    """Give the words of a time as the passage, or one beside it in the same piece, prints them."""
    if not words:
        return None
    for passage in (sentence, *_list_beside(sentence, library)):
        if spans := find_verbatim(words, passage.text):
            return take_words(passage, spans[0])
    raise Unusable("date-not-in-passage", f"Its date {show(words)} stands neither in its passage nor beside it.")


def choose_near(places: Sequence[Words], at: Span) -> Words | None:
    """Choose the last place before a value, else the first behind it."""
    before = [place for place in places if place.at.start <= at.start]
    return before[-1] if before else next(iter(places), None)


def _list_beside(sentence: Sentence, library: Library) -> Iterator[Sentence]:
    """List the passages that grounding looks at for a date: up to three before, and the one after."""
    current: Sentence | None = sentence
    for _ in range(_LOOK_BACK):
        current = library.before(current) if current else None
        if current:
            yield current
    if after := library.after(sentence):
        yield after


def _cuts_number(sentence: Sentence, span: tuple[int, int]) -> bool:
    """Tell whether a span holds a number of the sentence without its sign, scale or unit ("5" of "5 million")."""
    start, end = span
    return any(n.start < end and start < n.end and not (start <= n.start and n.end <= end) for n in sentence.numbers)


def _refuse_lost_negation(sentence: Sentence, span: tuple[int, int]) -> None:
    """Refuse part of a sentence that leaves out a "not" of the rest."""
    if count_negations(sentence.text) > count_negations(sentence.text[slice(*span)]):
        raise Unusable("negation-lost", "Its value leaves out a word such as “not” that stands in the same sentence.")


def _may_own(sentence: Sentence, span: tuple[int, int], keys: frozenset[str]) -> bool:
    """Tell whether nothing gives the value to another known subject: a "respectively" list, or brackets behind one."""
    owner = find_clear_owner(sentence, sentence.passage.start + span[0])
    return owner is None or owner.key in keys
