"""Take drafts and a library of captures; leave each draft grounded: value, subject, date, type and key."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dossiers.extract.assembly.dating import date_claim
from dossiers.extract.assembly.inputs import LONGEST_LABEL, Draft
from dossiers.extract.assembly.library import Library
from dossiers.extract.assembly.occurrences import Context, find_subject
from dossiers.extract.assembly.results import Grounded, Quote, Support, TypedValue
from dossiers.extract.assembly.sentences import Sentence
from dossiers.extract.assembly.values import ground_value
from dossiers.extract.dates import find_periods, read_date
from dossiers.extract.matching import (
    NO_SIGNATURE,
    TOPIC_KEY,
    Gazetteer,
    Label,
    claim_key,
    find_stems,
    fold_name,
    make_signature,
    parse_label,
)
from dossiers.extract.numbers import find_numbers
from dossiers.extract.passages import split_passages

_MOST_SENTENCES, _LONGEST_SUMMARY = 200, 50_000


def assemble(drafts: Iterable[Draft], library: Library) -> list[Grounded]:
    """Ground all drafts of a topic; a whole summary becomes one draft for each sentence. Keys differ within a kind."""
    single = [part for draft in drafts for part in (split_summary(draft) if _is_whole_summary(draft) else [draft])]
    return _tell_keys_apart([ground_draft(draft, library) for draft in single])


def _is_whole_summary(draft: Draft) -> bool:
    """Tell whether a summary may hold several sentences; one that was taken from a place in a capture is one."""
    return draft.kind == "summary" and draft.at is None


def split_summary(draft: Draft) -> list[Draft]:
    """Split a printed summary into one draft for each sentence, in order; after 200 the rest stays together."""
    passages = split_passages(draft.value[:_LONGEST_SUMMARY])[:_MOST_SENTENCES]
    texts = [passage.text for passage in passages]
    rest = draft.value[passages[-1].end :].strip() if passages else ""
    return [replace(draft, value=text) for text in [*texts, *([rest] if rest else [])]]


def ground_draft(draft: Draft, library: Library) -> Grounded:
    """Ground one draft: find the words its value, subject and date rest on."""
    label = (
        parse_label(draft.label[:LONGEST_LABEL], library.gazetteer)
        if draft.kind == "attribute"
        else Label(draft.label[:LONGEST_LABEL])
    )
    subject = label.subject or _find_named_subject(draft, library) or find_value_subject(draft, library.gazetteer)
    typed = read_type(draft)
    words = draft.date_text[:LONGEST_LABEL] or label.period or (draft.text if typed.type == "date" else "")
    stems = find_stems(label.property) if draft.kind == "attribute" else find_stems(draft.text)
    context = Context(subject, stems, read_date(words) if words else None, draft.source_word)
    support = ground_value(draft, context, library)
    sentences = _list_sentences(support, library)
    dating = date_claim(words, sentences if support.is_grounded else [], library, draft.date_at)
    signature = NO_SIGNATURE  # of attributes and places nothing but the key tells which claim it is
    if draft.kind not in ("attribute", "place"):
        signature = make_signature(draft.text, dating.value, library.gazetteer, library.known)
    key = _make_key(draft, label, library)
    quote = _quote_named(draft, support, library) or _quote_subject(support, subject, sentences, library)
    return Grounded(draft, key, label, signature, support, dating, typed, subject, quote, tuple(sentences))


def read_type(draft: Draft) -> TypedValue:
    """Read the type of a value: a number with its unit, a date or coordinates where it is nothing else, else text."""
    if draft.lat is not None and draft.lon is not None:
        return TypedValue("coordinates", lat=draft.lat, lon=draft.lon)
    bare = draft.text.strip().rstrip(".")
    periods = find_periods(bare)
    if draft.kind == "attribute" and len(periods) == 1 and (periods[0].start, periods[0].end) == (0, len(bare)):
        return TypedValue("date")
    numbers = find_numbers(bare)
    if draft.kind == "attribute" and len(numbers) == 1 and numbers[0].text == bare:
        return TypedValue("number", numbers[0].value, numbers[0].unit)
    return TypedValue()


def _find_named_subject(draft: Draft, library: Library) -> str:
    """Find which known subject stands at the place that the draft names for its subject."""
    found = library.read(draft.subject_at)
    return next((m.key for m in library.gazetteer.find_mentions(found[1])), "") if found else ""


def _quote_named(draft: Draft, support: Support, library: Library) -> Quote | None:
    """Quote the place that the draft names for its subject, in the sentence of its value."""
    found = library.read(draft.subject_at)
    if draft.subject_at is None or found is None or not support.is_grounded or not support.quotes:
        return None
    capture, start, end = draft.subject_at
    sentence = library.find_sentence(capture, start)
    if sentence is None or sentence.number != support.quotes[0].sentence:
        return None
    return library.quote(found[0], (start, end), "subject", "exact", sentence=sentence.number)


def find_value_subject(draft: Draft, gazetteer: Gazetteer) -> str:
    """Find what an event speaks of: the first known subject it names, the topic aside."""
    if draft.kind != "event":
        return ""
    return next((m.key for m in gazetteer.find_mentions(draft.text) if m.key != TOPIC_KEY), "")


def _make_key(draft: Draft, label: Label, library: Library) -> str:
    if draft.kind == "attribute":
        return claim_key(draft.kind, label=label)
    if draft.kind == "place":
        return claim_key(draft.kind)
    date = read_date(draft.date_text[:LONGEST_LABEL])
    return claim_key(draft.kind, signature=make_signature(draft.text, date, library.gazetteer, library.known))


def _list_sentences(support: Support, library: Library) -> list[Sentence]:
    """List the sentences that the value rests on, in the order of its quotes."""
    numbers = dict.fromkeys(quote.sentence for quote in support.quotes if quote.sentence >= 0)
    return [library.sentences[number] for number in numbers]


def _quote_subject(support: Support, subject: str, sentences: Sequence[Sentence], library: Library) -> Quote | None:
    """Quote the mention of the subject in the sentence of the value."""
    if not subject or not support.is_grounded:
        return None
    for sentence, quote in zip(sentences, support.quotes, strict=False):
        if mention := find_subject(sentence, subject, quote.start):
            start = sentence.passage.start
            span = (start + mention.start, start + mention.end)
            return library.quote(sentence.capture, span, "subject", "exact", sentence=sentence.number)
    return None


def _tell_keys_apart(claims: Sequence[Grounded]) -> list[Grounded]:
    """Give claims of one key different ones: attributes by their value, the rest by number."""
    counts = Counter((claim.draft.kind, claim.key) for claim in claims)
    seen: Counter[tuple[str, str]] = Counter()
    told: list[Grounded] = []
    for claim in claims:
        key = claim.key
        if counts[claim.draft.kind, key] > 1 and claim.draft.kind == "attribute":
            key = claim_key("attribute", label=claim.label, value=_shorten(claim.draft.text))
        seen[claim.draft.kind, key] += 1
        if seen[claim.draft.kind, key] > 1:
            key = f"{key} #{seen[claim.draft.kind, key]}"
        told.append(replace(claim, key=key))
    return told


def _shorten(value: str) -> str:
    folded = fold_name(value)
    return folded if len(folded) < 60 else f"{folded[:40]} {hashlib.sha256(folded.encode()).hexdigest()[:16]}"
