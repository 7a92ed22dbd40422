"""Takes the words an editor picked or typed; leaves Evidence rows that cite them exactly, not yet saved."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dossiers.extract.numbers import find_numbers, is_same_number
from dossiers.extract.passages import crosses_joint, find_joints, split_passages
from dossiers.extract.quotes import fold, locate_quote, selector
from dossiers.models.capture import Capture
from dossiers.models.evidence import DateBasis, Evidence, Method, Role
from dossiers.models.proposal import Proposal
from dossiers.review.actions.errors import QuoteNotFound, ValueNotQuoted

_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Quote:
    """Words of a capture. With `start` and `end` (characters of the capture) they were picked; else they were typed.

    Without a capture, typed words are looked for in the captures that the claim cites, then in the topic's others.
    """

    text: str
    capture_id: int | None = None
    start: int | None = None
    end: int | None = None


def cite_quotes(quotes: Sequence[Quote], base: Proposal) -> list[Evidence]:
    """Return one `value` row a quote, with offsets; QuoteNotFound where the words do not stand in the capture."""
    captures = _read_captures(base)
    return [_cite(quote, captures) for quote in quotes]


def keep_evidence(base: Proposal, *, roles: Iterable[str]) -> list[Evidence]:
    """Return copies of the base proposal's evidence in the given roles."""
    kept = []
    for row in base.evidence.filter(role__in=list(roles)).select_related("capture").order_by("ordinal"):
        row.pk, row.ordinal, row._state.adding = None, 0, True
        kept.append(row)
    return kept


def require_value_quoted(value: str, rows: Sequence[Evidence]) -> None:
    """Refuse evidence that does not hold the value: its words, or all its numbers and all its other words."""
    quoted = " ".join(row.exact for row in rows if row.role == Role.VALUE)
    if not quoted or not (fold(value).text.strip() in fold(quoted).text or _holds_parts(value, quoted)):
        raise ValueNotQuoted


def cite_date(date_text: str, rows: Sequence[Evidence]) -> Evidence | None:
    """Return a `date` row where a cited capture has the date's words, in the quote's own sentence if it can be."""
    for row in rows:
        if row.role == Role.VALUE and date_text and (found := _find_date(date_text, row)):
            return found
    return None


def _find_date(date_text: str, row: Evidence) -> Evidence | None:
    text = row.capture.text
    own = [p for p in split_passages(text) if p.start < row.end and p.end > row.start]
    places = [(p.start, p.text, DateBasis.SAME_SENTENCE) for p in own] + [(0, text, DateBasis.INHERITED)]
    for begin, words, basis in places:
        found = locate_quote(date_text, words)
        if found and found.method != "fuzzy":
            return _make_row(row.capture, begin + found.start, begin + found.end, Role.DATE, found.method, basis)
    return None


def _cite(quote: Quote, captures: list[Capture]) -> Evidence:
    if quote.start is not None and quote.end is not None:
        return _cite_picked(quote, quote.start, quote.end, captures)
    for capture in captures:
        if quote.capture_id not in (None, capture.pk):
            continue
        found = locate_quote(quote.text, capture.text)
        if found and found.method != "fuzzy":
            return _make_row(capture, found.start, found.end, Role.VALUE, found.method)
    raise QuoteNotFound


def _cite_picked(quote: Quote, start: int, end: int, captures: list[Capture]) -> Evidence:
    capture = next((c for c in captures if c.pk == quote.capture_id), None)
    if capture is None or not 0 <= start < end <= len(capture.text):
        raise QuoteNotFound
    if crosses_joint(find_joints(capture.text), start, end):
        raise QuoteNotFound(
            "The quote crosses a place where the snippet was cut; its two sides may not belong together."
        )
    if quote.text and fold(quote.text).text.strip() != fold(capture.text[start:end]).text.strip():
        raise QuoteNotFound
    return _make_row(capture, start, end, Role.VALUE, Method.PICKED)


def _make_row(capture: Capture, start: int, end: int, role: str, method: str, basis: str = "") -> Evidence:
    prefix, exact, suffix = selector(capture.text, start, end)
    return Evidence(
        capture=capture, role=role, exact=exact, prefix=prefix, suffix=suffix, start=start, end=end, method=method,
        date_basis=basis,
    )  # fmt: skip


def _read_captures(base: Proposal) -> list[Capture]:
    cited = list(base.evidence.order_by("ordinal").values_list("capture_id", flat=True))
    rows = Capture.objects.filter(source__topic_id=base.claim.topic_id).defer("payload").order_by("id")
    return sorted(rows, key=lambda row: row.pk not in cited)


def _holds_parts(value: str, quoted: str) -> bool:
    there = find_numbers(quoted)
    words = {word.casefold() for word in _WORD.findall(quoted)}
    has_numbers = all(any(is_same_number(n, other) for other in there) for n in find_numbers(value))
    return has_numbers and all(word.casefold() in words for word in _WORD.findall(value)) and _has_content(value)


def _has_content(value: str) -> bool:
    return bool(_WORD.search(value) or find_numbers(value))
