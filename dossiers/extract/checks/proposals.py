"""The rules about one proposal: whether the words it rests on say what it says."""

from collections.abc import Iterable, Sequence

from dossiers.extract.assembly.library import IMPORTED, LISTS
from dossiers.extract.assembly.occurrences import find_clear_owner
from dossiers.extract.assembly.results import Grounded
from dossiers.extract.assembly.sentences import Sentence
from dossiers.extract.checks.case import Case, Finding, Severity, join_words, shorten
from dossiers.extract.checks.entities import describe_wrong_place
from dossiers.extract.checks.quotes import (
    find_missing_numbers,
    find_overstatements,
    make_number_finding,
    make_superlative_finding,
)
from dossiers.extract.dates import DateValue, read_date
from dossiers.extract.matching import TOPIC_KEY

_KINDS_WITH_NAMES = frozenset({"place", "organization", "person"})


def check_grounding(case: Case, place: int) -> Iterable[Finding]:
    """Say whether the value is grounded in other words (`paraphrase`) or not at all (`ungrounded`)."""
    support = case.claims[place].support
    if support.method == "paraphrase":
        yield _make("paraphrase", "warning", _describe_paraphrase(case.claims[place]), place)
    if support.method == "nearest":
        yield _make("ungrounded", "error", _describe_ungrounded(case.claims[place]), place)


def check_numbers(case: Case, place: int) -> Iterable[Finding]:
    """Look for each number of the value in its quotes."""
    claim = case.claims[place]
    if claim.draft.kind == "place":
        return
    quotes = [quote.exact for quote in claim.support.quotes]
    missing = find_missing_numbers(claim.draft.text, quotes)
    if missing:
        yield make_number_finding(missing, place)
    elif claim.support.missing_numbers:
        message = f"{join_words(claim.support.missing_numbers)} stands in no quote that speaks of this subject."
        yield _make("number-not-in-quote", "error", message, place)


def check_date_place(case: Case, place: int) -> Iterable[Finding]:
    """Say where the date comes from when it is not in the sentence of the value."""
    dating = case.claims[place].dating
    words = shorten(dating.value.verbatim, 40)
    messages = {
        "neighbour": f"The date “{words}” comes from a neighbouring sentence (“{dating.phrase}”).",
        "relative": f"The date “{words}” counts from the day of the source (“{dating.phrase}”).",
        "counted": f"The date “{words}” counts from another date (“{dating.phrase}”).",
        "cut": f"The date “{words}” is not in the quote: “{dating.phrase}” refers to words cut off by a joint.",
        "missing": f"The date “{words}” is in no quoted sentence, nor in one next to it.",
    }
    if dating.reason:
        yield _make("date-not-in-quote", "warning", messages[dating.reason], place)


def check_date(case: Case, place: int) -> Iterable[Finding]:
    """Look for a quoted sentence whose every period phrase excludes the claim's date."""
    claim = case.claims[place]
    words = claim.dating.value.verbatim
    if not words.strip() or not claim.support.is_grounded:
        return
    for sentence in claim.sentences:
        anchor = sentence.capture.published_at or sentence.capture.retrieved_at
        if phrase := _find_contradiction(sentence, read_date(words, anchor)):
            message = f"The date “{shorten(words, 40)}” is contradicted by a quoted sentence, which says “{phrase}”"
            others = "; two statements seem run together." if len(claim.sentences) > 1 else "."
            message += others
            yield _make("date-contradicted", "warning", message, place)
            return


def check_date_reading(case: Case, place: int) -> Iterable[Finding]:
    """Say that a date stays as words."""
    value = case.claims[place].dating.value
    if value.verbatim.strip() and value.edtf is None:
        message = f"The date “{shorten(value.verbatim, 40)}” could not be read for certain; it sorts last."
        yield _make("date-unparsed", "info", message, place)


def check_subject(case: Case, place: int) -> Iterable[Finding]:
    """Look for the label's subject in the sentence of the quote."""
    claim = case.claims[place]
    subject = claim.label.subject
    is_named = subject != TOPIC_KEY or case.topic.kind in _KINDS_WITH_NAMES
    sentences = claim.sentences
    if not subject or not is_named or not claim.support.is_grounded or not sentences:
        return
    name = claim.label.subject_text
    if not any(subject in sentence.keys for sentence in sentences):
        yield _make("subject-not-in-quote", "warning", f"“{name}” is not in the quoted sentence.", place)
    elif other := _find_other_owner(claim, sentences):
        message = f"In the quoted sentence this value belongs to “{other}”, not to “{name}”."
        yield _make("subject-not-in-quote", "warning", message, place)


def check_superlatives(case: Case, place: int) -> Iterable[Finding]:
    """Look for each superlative of the value in the quoted sentences."""
    claim = case.claims[place]
    if claim.draft.kind == "place" or not claim.support.quotes:
        return
    quotes = [*(q.exact for q in claim.support.quotes), *(sentence.text for sentence in claim.sentences)]
    if phrases := find_overstatements(claim.draft.text, quotes):
        yield make_superlative_finding(phrases, place)


def check_place(case: Case, place: int) -> Iterable[Finding]:
    """Say that a place is not the topic's."""
    claim = case.claims[place]
    captures = {quote.capture for quote in claim.support.quotes}
    if claim.draft.kind != "place" or (captures and captures <= case.settled.resolved):
        return
    if message := describe_wrong_place(case.topic, claim.draft.text):
        yield _make("wrong-entity", "error", message, place)


def check_circle(case: Case, place: int) -> Iterable[Finding]:
    """Say that every statement quoted for a value was itself taken from the encyclopedia."""
    claim = case.claims[place]
    if claim.sentences and claim.support.is_grounded and all(_is_imported(s) for s in claim.sentences):
        message = "This rests only on a statement imported from Wikipedia, which is no second source."
        yield _make("circular-source", "warning", message, place)


def _is_imported(sentence: Sentence) -> bool:
    """Tell whether a line of a knowledge base says that it was imported."""
    return sentence.capture.provider in LISTS and IMPORTED.search(sentence.text) is not None


def _make(code: str, severity: Severity, message: str, place: int) -> Finding:
    return Finding(code, severity, message, "proposal", place)


def _describe_paraphrase(claim: Grounded) -> str:
    count = len({(quote.capture, quote.start) for quote in claim.support.quotes})
    source = "a passage" if count == 1 else f"{count} passages"
    message = f"Found in other words in {source}"
    stretches = [claim.draft.text[start:end] for start, end in claim.support.uncovered]
    return f"{message}; in no quote: {join_words(stretches)}." if stretches else f"{message}."


def _describe_ungrounded(claim: Grounded) -> str:
    support = claim.support
    missing = [*support.missing_names, *support.missing_numbers]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        return f"No retrieved passage supports this: {join_words(missing)} {verb} in none that speaks of it."
    if claim.draft.is_too_long:
        return f"The value has {len(claim.draft.value):,} characters, too many to be one statement."
    if support.failed:
        parts = [claim.draft.text[start:end] for start, end in support.failed]
        return f"No retrieved passage supports {join_words(parts)}."
    if not support.quotes:
        return "No retrieved passage says anything like this."
    return "No retrieved passage supports this closely enough; the nearest are shown."


def _find_contradiction(sentence: Sentence, date: DateValue) -> str:
    """Give a phrase that excludes the date, where no phrase of its sentence admits it."""
    periods = [p for p in sentence.periods if p.value.earliest or p.value.latest]
    relative = [p for p in sentence.periods if p.basis in ("relative", "anaphoric", "ambiguous")]
    if not periods or relative or not all(period.is_excluding(date) for period in periods):
        return ""
    return periods[0].value.verbatim


def _find_other_owner(claim: Grounded, sentences: Sequence[Sentence]) -> str:
    """Give the name that a sentence clearly gives the value to ("India (24%)"), where it is not the label's subject."""
    owner = find_clear_owner(sentences[0], claim.support.quotes[0].start)
    is_other = owner is not None and owner.key != claim.label.subject != TOPIC_KEY
    return owner.text if owner and is_other and claim.typed.type == "number" else ""
