"""Takes a capture; leaves its text in sentences, what quotes it, and how it differs from the capture before it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import Exact

from dossiers.extract.passages import Passage, find_joints, split_passages
from dossiers.models.capture import Capture
from dossiers.models.evidence import Evidence
from dossiers.refresh.assembly import Stretch, diff_texts
from dossiers.refresh.assembly.differences import find_sentence
from dossiers.refresh.queries.screens.sources import CaptureRow, Licence, make_licence, make_row, read_checked

SHOWN = 120_000  # characters of a capture that its page shows
_QUOTES = 200  # pieces of evidence that its page lists
_CAPTURES = 50
_FIELDS = ("id", "retrieved_at", "published_at", "revision_id", "grade")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a capture, numbered from 1, with the claims that quote it; a joint is where a snippet was cut."""

    number: int
    text: str
    claims: list[int]
    is_after_joint: bool


@dataclass(frozen=True)
class Quoting:
    """A claim that quotes the source's words, and the sentence of this capture that they begin in, 0 beyond its page.

    `is_from_another` says that it quotes another capture of the source, and that the words stand here all the same.
    """

    claim_id: int
    label: str
    value: str
    role: str
    exact: str
    sentence: int
    is_from_another: bool


@dataclass(frozen=True)
class CaptureView:
    """All that a capture's page shows. `previous` is the capture before it of the same source, None for the first."""

    capture: Capture
    licence: Licence
    sentences: list[Sentence]
    is_cut_short: bool
    quoting: list[Quoting]
    previous: Capture | None
    differences: list[Stretch]
    siblings: list[CaptureRow]
    checked_at: datetime | None


def find_capture(capture_id: int) -> Capture | None:
    """Return a capture with its text, source and topic."""
    return Capture.objects.select_related("source__topic").defer("payload").filter(pk=capture_id).first()


def read_capture(capture: Capture) -> CaptureView:
    """Return what a capture's page shows, in a fixed number of queries."""
    text = capture.text[:SHOWN]
    passages = split_passages(text)
    quoting = _read_quoting(capture, [passage.start for passage in passages])
    previous = _find_previous(capture)
    siblings = list(_list_captures(capture).values(*_FIELDS)[:_CAPTURES])
    checked = read_checked([capture.pk, *(row["id"] for row in siblings)])
    return CaptureView(
        capture, make_licence(capture.source, capture.licence, capture.attribution),
        _list_sentences(text, passages, quoting), len(capture.text) > SHOWN, quoting, previous,
        diff_texts(previous.text[:SHOWN], text) if previous else [],
        [make_row(row, checked) for row in siblings], checked.get(capture.pk),
    )  # fmt: skip


def _list_captures(capture: Capture) -> QuerySet[Capture]:
    return Capture.objects.filter(source=capture.source_id).defer("payload").order_by("-retrieved_at", "-id")


def _find_previous(capture: Capture) -> Capture | None:
    """Return the capture that the source gave before this one."""
    at = capture.retrieved_at
    return _list_captures(capture).filter(Q(retrieved_at__lt=at) | Q(retrieved_at=at, pk__lt=capture.pk)).first()


def _list_sentences(text: str, passages: Sequence[Passage], quoting: Sequence[Quoting]) -> list[Sentence]:
    claims: dict[int, dict[int, None]] = {}
    for quote in quoting:
        claims.setdefault(quote.sentence, {})[quote.claim_id] = None
    starts = [passage.start for passage in passages]
    after_joints = {bisect_left(starts, end) for _, end in find_joints(text)}
    return [
        Sentence(number, passage.text, list(claims.get(number, {})), number - 1 in after_joints)
        for number, passage in enumerate(passages, 1)
    ]


def _read_quoting(capture: Capture, starts: Sequence[int]) -> list[Quoting]:
    """Return the claims that quote this capture, then those that quote the same words from another one."""
    rows = Evidence.objects.filter(capture__source=capture.source_id).select_related("proposal__claim")
    newest = rows.annotate(is_mine=Exact(F("capture_id"), capture.pk)).order_by("-is_mine", "start", "id")
    found: dict[tuple[int, str, str], Quoting] = {}
    for row in newest[:_QUOTES]:
        start = row.start if row.capture_id == capture.pk else capture.text.find(row.exact)
        if start >= 0:
            found.setdefault((row.proposal.claim_id, row.role, row.exact), _describe_quote(row, start, starts, capture))
    return list(found.values())


def _describe_quote(row: Evidence, start: int, starts: Sequence[int], capture: Capture) -> Quoting:
    proposal = row.proposal
    sentence = find_sentence(starts, start) + 1 if start < SHOWN else 0
    label = proposal.label or proposal.claim.get_kind_display()
    role, is_from_another = row.get_role_display(), row.capture_id != capture.pk
    return Quoting(proposal.claim_id, label, proposal.value, role, row.exact, sentence, is_from_another)
