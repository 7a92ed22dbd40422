"""Take a claim's date words and the sentences it rests on; leave where those words come from."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dossiers.extract.assembly.inputs import Span
from dossiers.extract.assembly.library import Library
from dossiers.extract.assembly.results import Basis, Dating
from dossiers.extract.assembly.sentences import Sentence
from dossiers.extract.dates import DateValue, Period, is_same_period, is_within, read_date
from dossiers.extract.matching import find_stems, fold_name
from dossiers.extract.matching.words import stem_word

_LOOK_BACK = 3
_UNITS = ("day", "week", "month", "year", "decade", "century", "millennium")


def date_claim(words: str, sentences: Sequence[Sentence], library: Library, at: Span | None = None) -> Dating:
    """Find a claim's date where the draft says (`at`), else in the sentences of its value, else in their neighbours
    within the same piece.

    Basis `same_sentence`, `inherited` from a neighbour, `relative` to the text's own day, or `unresolved`: what the
    sentence refers to ("the same period") was cut off by a joint, or no sentence near it says a time.
    """
    anchor = sentences[0].capture.published_at if sentences else None
    value = read_date(words, anchor)
    if not words.strip():
        return Dating(DateValue(words))
    if sentences and (named := _take_named(value, at, sentences[0], library)):
        return named
    for sentence in sentences:
        if found := _find_in(sentence, value):
            return _make(value, sentence, found, library, "relative" if found.basis == "relative" else "same_sentence")
    for sentence in sentences:
        if anaphor := next((p for p in sentence.periods if p.basis == "anaphoric"), None):
            return _resolve(value, sentence, anaphor, library)
    for sentence in sentences:
        for neighbour in _walk(sentence, library):
            if found := _find_in(neighbour, value):
                return _make(value, neighbour, found, library, "inherited")
    return Dating(value, "unresolved", "missing") if sentences else Dating(value)


def _take_named(value: DateValue, at: Span | None, sentence: Sentence, library: Library) -> Dating | None:
    """Quote the place that a draft names for its date: in the value's own sentence or an earlier one of its piece."""
    found = library.read(at)
    if at is None or found is None or found[1] != value.verbatim:
        return None
    place = library.find_sentence(at.capture, at.start)
    if place is None or at.capture != sentence.capture.key or place.piece != sentence.piece:
        return None
    start, end = at.start - place.passage.start, at.end - place.passage.start
    if place.number > sentence.number or any(_is_loose(p, start, end) for p in place.periods):
        return None
    period = Period(start, end, value, "absolute")
    return _make(value, place, period, library, "same_sentence" if place == sentence else "inherited")


def _is_loose(period: Period, start: int, end: int) -> bool:
    """Tell whether a phrase at a place depends on the text's own day or on another sentence."""
    return period.basis in ("relative", "anaphoric") and period.start < end and start < period.end


def _resolve(value: DateValue, sentence: Sentence, anaphor: Period, library: Library) -> Dating:
    """Resolve "the same period" in the sentence before; what a joint has cut stays unresolved."""
    before = library.before(sentence)
    if before and not before.is_cut and (found := _find_in(before, value)):
        return _make(value, before, found, library, "inherited")
    is_cut = before.is_cut if before else sentence.piece > 0 or sentence.is_cut
    has_start = any(period.basis == "absolute" and period.end <= anaphor.start for period in sentence.periods)
    if has_start or (not is_cut and _fold_phrase(value.verbatim) == _fold_phrase(anaphor.value.verbatim)):
        return replace(_make(value, sentence, anaphor, library, "relative"), reason="counted")
    return replace(_make(value, sentence, anaphor, library, "unresolved"), reason="cut" if is_cut else "missing")


def _walk(sentence: Sentence, library: Library) -> Iterable[Sentence]:
    """Go back to the nearest sentence of the piece that says a time, then look at the one after."""
    current: Sentence | None = sentence
    for _ in range(_LOOK_BACK):
        current = library.before(current) if current else None
        if current:
            yield current
        if current and any(period.basis != "anaphoric" for period in current.periods):
            break
    if after := library.after(sentence):
        yield after


def _find_in(sentence: Sentence, value: DateValue) -> Period | None:
    """Find the phrase of a sentence that says a date: the same time, one that holds it, or both of its ends."""
    periods = [period for period in sentence.periods if period.basis != "anaphoric"]
    for test in (_is_same, _has_day_in, _has_end_at):
        if found := next((period for period in periods if test(value, period)), None):
            return found
    return _find_both_ends(value, periods)


def _is_same(value: DateValue, period: Period) -> bool:
    if is_same_period(value, period.value):
        return True
    ours, theirs = _fold_phrase(value.verbatim), _fold_phrase(period.value.verbatim)
    if ours and ours == theirs:
        return True
    return period.basis == "relative" and value.edtf is None and _share_unit(value.verbatim, period.value.verbatim)


def _has_day_in(value: DateValue, period: Period) -> bool:
    """Tell whether the phrase names a day or month within the claim's date."""
    return is_within(period.value, value)


def _has_end_at(value: DateValue, period: Period) -> bool:
    """Tell whether the claim's date is one end of the phrase's range: 2019 in "between 2003 and 2019"."""
    phrase = period.value
    if not is_within(value, phrase):
        return phrase.earliest is None and phrase.latest is not None and phrase.latest == value.latest
    return phrase.latest == value.latest or phrase.earliest == value.earliest


def _find_both_ends(value: DateValue, periods: Sequence[Period]) -> Period | None:
    """Find "in 2003 ... in 2019" for 2003-2019; the second phrase stands for both."""
    if not (value.earliest and value.latest):
        return None
    first = any(period.value.earliest == value.earliest for period in periods)
    last = [period for period in periods if period.value.latest == value.latest]
    return last[0] if first and last else None


def _fold_phrase(words: str) -> str:
    skipped = {"the", "in", "over", "during", "of", "for", "on", "at", "by"}
    return " ".join(word for word in fold_name(words).split() if word not in skipped)


def _share_unit(one: str, other: str) -> bool:
    units = {stem_word(unit) for unit in (*_UNITS, *(unit + "s" for unit in _UNITS), "centuries")}
    numbers = [{word for word in fold_name(words).split() if word.isdecimal()} for words in (one, other)]
    return bool(find_stems(one) & find_stems(other) & units) and numbers[0] == numbers[1]


def _make(value: DateValue, sentence: Sentence, period: Period, library: Library, basis: Basis) -> Dating:
    start = sentence.passage.start
    span = (start + period.start, start + period.end)
    quote = library.quote(sentence.capture, span, "date", "exact", basis=basis, sentence=sentence.number)
    reasons = {"same_sentence": "", "inherited": "neighbour", "relative": "relative", "unresolved": "missing"}
    return Dating(value, basis, reasons[basis], quote, period.value.verbatim)  # type: ignore[arg-type]
