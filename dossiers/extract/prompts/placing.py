"""Take the value, subject and date that an item copies; leave their words as the captures have them, or refuse them."""

from collections.abc import Iterator, Sequence

from dossiers.extract.assembly import Library, Sentence
from dossiers.extract.assembly.occurrences import find_clear_owner, owner_of
from dossiers.extract.matching import TOPIC_KEY, fold_name
from dossiers.extract.prompts.problems import Unusable, show
from dossiers.extract.prompts.verbatim import find_verbatim
from dossiers.extract.quotes.likeness import count_negations

_LOOK_BACK = 3


def place_value(
    kind: str, value: str, subject: str, sentence: Sentence, quoted: Sequence[tuple[int, int]], library: Library
) -> tuple[int, int]:
    """Choose the span of the passage, within the quote, where the value stands: the one that its subject owns."""
    spans = [span for start, end in quoted for span in find_verbatim(value, sentence.text, start, end)]
    if not spans:
        raise Unusable("value-not-in-quote", f"Its value {show(value)} does not stand in its quote.")
    whole = [span for span in spans if not _cuts_number(sentence, span)]
    if not whole:
        raise Unusable("number-cut", f"Its value {show(value)} leaves out the sign, scale or unit of a number.")
    if kind == "event":
        _refuse_lost_negation(sentence, whole[0])
        return whole[0]
    keys = library.gazetteer.find_keys(subject) - {TOPIC_KEY}
    ours = [span for span in whole if _may_own(sentence, span, keys)]
    if not ours:
        raise Unusable("other-subject", f"The passage says {show(value)} of another subject than {show(subject)}.")
    return max(ours, key=lambda span: owner_of(sentence, sentence.passage.start + span[0]) in keys)


def place_subject(words: str, sentence: Sentence, library: Library) -> str:
    """Give the subject as the passage prints it; the topic's own names may stand elsewhere, and are left out."""
    if not words or fold_name(words) in {fold_name(name) for name in library.topic.names}:
        return ""
    spans = find_verbatim(words, sentence.text)
    if not spans:
        raise Unusable("subject-not-in-passage", f"Its subject {show(words)} does not stand in its passage.")
    return " ".join(sentence.text[slice(*spans[0])].split())


def place_date(words: str, sentence: Sentence, library: Library) -> str:
    """Give the words of a time as the passage, or one beside it in the same piece, prints them."""
    if not words:
        return ""
    for passage in (sentence, *_list_beside(sentence, library)):
        if spans := find_verbatim(words, passage.text):
            return " ".join(passage.text[slice(*spans[0])].split())
    raise Unusable("date-not-in-passage", f"Its date {show(words)} stands neither in its passage nor beside it.")


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
