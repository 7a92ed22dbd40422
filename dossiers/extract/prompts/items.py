"""Take one item of a model's answer; leave the draft that it names words for, or the problem with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dossiers.extract.assembly import Draft, Library, Sentence
from dossiers.extract.dates import read_date
from dossiers.extract.matching import TOPIC_KEY, fold_name, parse_label
from dossiers.extract.prompts.building import Prompt
from dossiers.extract.prompts.placing import choose_near, place_date, place_subject, place_value, take_words
from dossiers.extract.prompts.problems import Problem, Unusable, show
from dossiers.extract.prompts.schema import KINDS, LIMITS, MOST_SUMMARY, REQUIRED
from dossiers.extract.prompts.verbatim import find_verbatim
from dossiers.extract.quotes.likeness import list_numbers
from dossiers.ingest.parsing.decoding import UNPRINTABLE
from dossiers.ingest.parsing.jsontree import SURROGATE, Number

_MARKUP = re.compile(r"[<>{}\[\]\\|`]|://|[\n\r]")


@dataclass(frozen=True)
class Item:
    """One item with all its texts."""

    kind: str
    passage: str
    quote: str
    value: str
    label: str = ""
    subject: str = ""
    date: str = ""


def read_item(raw: Any, prompt: Prompt, library: Library) -> Draft:
    """Read one item into a draft whose words stand where it says. Raises Unusable."""
    item = _read_texts(raw)
    sentence = prompt.find_passage(item.passage)
    if sentence is None:
        raise Unusable("unknown-passage", f"It names the passage {show(item.passage)}, which was not shown.")
    quoted = find_verbatim(item.quote, sentence.text)
    if not quoted:
        raise Unusable("quote-not-found", f"Its quote {show(item.quote)} does not stand in {item.passage}.")
    if item.kind == "summary":
        return _make_sentence(item, sentence, quoted, prompt)
    return _make_statement(item, sentence, quoted, library)


def list_unknown_fields(raw: Any) -> Iterator[Problem]:
    """List the fields of an item that nobody asked for; they are not read."""
    if isinstance(raw, Mapping):
        for name in raw:
            if name not in LIMITS:
                yield Problem("unknown-field", f"It has a field {show(name)}, which nobody asked for.")


def _read_texts(raw: Any) -> Item:
    """Take the texts of an item, each present, of its type, printable and not too long."""
    if not isinstance(raw, Mapping):
        raise Unusable("wrong-type", "It is no object.")
    if getattr(raw, "twice", None) is not None:
        raise Unusable("wrong-type", "It gives the same field twice.")
    texts = {name: _read_text(raw.get(name), name) for name in LIMITS}
    if texts["kind"] not in KINDS:
        raise Unusable("unknown-kind", f"Its kind {show(texts['kind'])} is none of {', '.join(KINDS)}.")
    return Item(**texts)


def _read_text(value: Any, name: str) -> str:
    if value is None and name not in REQUIRED:
        return ""
    if value is None:
        raise Unusable("missing", f"It has no {name}.")
    if not isinstance(value, str) or isinstance(value, Number):
        raise Unusable("wrong-type", f"Its {name} is no text.")
    if len(value) > LIMITS[name]:
        raise Unusable("too-long", f"Its {name} is {len(value):,} characters long; {LIMITS[name]:,} are the most.")
    if UNPRINTABLE.search(value) or SURROGATE.search(value):
        raise Unusable("unprintable", f"Its {name} holds characters that no text has.")
    if name in REQUIRED and not any(char.isalnum() for char in value):
        raise Unusable("missing", f"Its {name} says nothing.")
    return value.strip()


def _make_sentence(item: Item, sentence: Sentence, quoted: list[tuple[int, int]], prompt: Prompt) -> Draft:
    """Make a sentence of the summary, in the model's words: grounding and checks show what no passage carries."""
    if not prompt.has_summary:
        raise Unusable("not-asked", "It is a sentence for the summary, which was not asked for here.")
    if len(item.value) > MOST_SUMMARY:
        raise Unusable("too-long", f"Its value is {len(item.value):,} characters long; {MOST_SUMMARY:,} are the most.")
    if _MARKUP.search(item.value):
        raise Unusable("markup", "Its sentence holds markup or an address.")
    for start, end in quoted:
        if spans := find_verbatim(item.value, sentence.text, start, end):
            words = take_words(sentence, spans[0])
            return Draft("summary", words.text, at=words.at)
    return Draft("summary", item.value)


def _make_statement(item: Item, sentence: Sentence, quoted: list[tuple[int, int]], library: Library) -> Draft:
    """Make an attribute or event whose value, subject and date are words of the passage."""
    subjects = place_subject(item.subject, sentence, library)
    date = place_date(item.date, sentence, library)
    subject, date_text = " ".join(subjects[0].text.split()) if subjects else "", date.text if date else ""
    label = ""
    if item.kind == "attribute":
        label = _make_label(item, subject, " ".join(date_text.split()), sentence, library)
    elif not date:
        raise Unusable("no-date", "It is an event without words that say when.")
    value = place_value(item.kind, item.value, subject or label, sentence, quoted, library)
    near = choose_near(subjects, value.at)
    return Draft(
        item.kind, value.text, label, date_text,
        at=value.at, subject_at=near.at if near else None, date_at=date.at if date else None,
    )  # fmt: skip


def _make_label(item: Item, subject: str, date: str, sentence: Sentence, library: Library) -> str:
    """Make the label "subject property (date)"; the property's words are the model's, without figures of its own."""
    words = " ".join(item.label.split())
    if not fold_name(words):
        raise Unusable("no-label", "It is an attribute without a label.")
    if _MARKUP.search(words):
        raise Unusable("markup", f"Its label {show(words)} holds markup or an address.")
    _refuse_foreign(words, subject, date, sentence, library)
    parsed = parse_label(words, library.gazetteer)
    named = library.gazetteer.find_keys(subject) or {fold_name(subject)}
    has_subject = (
        not subject or named == {TOPIC_KEY} or parsed.subject in named or fold_name(subject) in fold_name(words)
    )
    has_period = bool(parsed.period) or not read_date(date).edtf
    return f"{'' if has_subject else f'{subject} '}{words}{'' if has_period else f' ({date})'}"


def _refuse_foreign(words: str, subject: str, date: str, sentence: Sentence, library: Library) -> None:
    """Refuse a label with a figure or a known subject that is not in the passage."""
    known = {*list_numbers(sentence.text), *list_numbers(date)}
    if foreign := [number for number in list_numbers(words) if number not in known]:
        raise Unusable("foreign-number", f"Its label says {show(foreign[0])}, which is not in its passage.")
    keys = library.gazetteer.find_keys(words) - {TOPIC_KEY} - sentence.keys - library.gazetteer.find_keys(subject)
    if keys:
        raise Unusable("foreign-subject", f"Its label {show(words)} names a subject that is not in its passage.")
