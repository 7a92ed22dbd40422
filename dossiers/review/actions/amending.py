"""Takes an editor's own words for a claim; leaves a proposal of theirs with its evidence, decided in the same act."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from dossiers.extract.checks import check_quotes
from dossiers.extract.dates import read_date, sort_key
from dossiers.extract.numbers import find_numbers
from dossiers.models.check import Check
from dossiers.models.claim import Claim, ClaimKind
from dossiers.models.decision import Action, Decision
from dossiers.models.evidence import Evidence, Role
from dossiers.models.proposal import AuthorKind, Proposal, ValueType, hash_evidence, hash_revision, hash_value
from dossiers.review.actions.deciding import compare_seen, lock_and_find_repeated, write_decision
from dossiers.review.actions.errors import KeyReused, NothingAmended, naming_refusals
from dossiers.review.actions.quoting import Quote, cite_date, cite_quotes, keep_evidence, require_value_quoted
from dossiers.review.queries.seen import Seen


def amend_claim(
    claim: Claim,
    *,
    editor: User,
    seen: Seen,
    key: UUID,
    value: str,
    label: str = "",
    date_text: str = "",
    quotes: Sequence[Quote] = (),
    is_statement: bool = False,
    note: str = "",
) -> Decision:
    """Put an editor's value in the place of the one they saw, on words that hold it or as their own statement.

    Without quotes the evidence of the amended proposal is kept, if it holds the new value. Raises ClaimIsStale,
    NothingAmended, QuoteNotFound, ValueNotQuoted or PlaceNotChosen.
    """
    words = {
        "label": label.strip(),
        "value": value.strip(),
        "date_text": date_text.strip(),
        "is_statement": is_statement,
    }
    with naming_refusals(), transaction.atomic():
        if earlier := lock_and_find_repeated(claim, editor, key, {"action": Action.AMEND, "note": note}):
            return _require_same_words(earlier, words)
        base = compare_seen(claim, seen, {"action": Action.AMEND, "note": note, "quotes": list(quotes), **words})
        if not quotes and all(getattr(base, name) == said for name, said in words.items()):
            raise NothingAmended
        rows = [] if is_statement else _gather_evidence(base, words, quotes)
        proposal = _save_proposal(_describe(base, editor, words), rows)
        return write_decision(claim, proposal, editor=editor, seen=seen, key=key, action=Action.AMEND, note=note)


def _require_same_words(earlier: Decision, words: dict[str, Any]) -> Decision:
    if any(getattr(earlier.proposal, name) != said for name, said in words.items()):
        raise KeyReused
    return earlier


def _gather_evidence(base: Proposal, words: dict[str, Any], quotes: Sequence[Quote]) -> list[Evidence]:
    """Cite the quotes, or keep those of the base; subject and date words stay where label and date did."""
    rows = cite_quotes(quotes, base) or keep_evidence(base, roles=[Role.VALUE])
    require_value_quoted(words["value"], rows)
    for row in rows:
        row.covers_start, row.covers_end = 0, len(words["value"])
    if words["label"] == base.label:
        rows += keep_evidence(base, roles=[Role.SUBJECT])
    if words["date_text"] == base.date_text and not quotes:
        return rows + keep_evidence(base, roles=[Role.DATE])
    date_row = cite_date(words["date_text"], rows)
    return [*rows, date_row] if date_row else rows


def _describe(base: Proposal, editor: User, words: dict[str, Any]) -> Proposal:
    proposal = Proposal(claim_id=base.claim_id, author_kind=AuthorKind.EDITOR, editor=editor, **words)
    _read_typed_value(proposal, base)
    date = read_date(proposal.date_text)
    if proposal.date_text and date.edtf:
        proposal.date_edtf, proposal.date_precision = date.edtf, date.precision or ""
        proposal.date_earliest, proposal.date_latest = str(date.earliest or ""), str(date.latest or "")
        anchor = date.earliest or date.latest
        proposal.date_sort = sort_key(anchor) if anchor else None
    return proposal


def _read_typed_value(proposal: Proposal, base: Proposal) -> None:
    """Type the value: a place keeps its coordinates, a lone number is a number, anything else is text."""
    if base.claim.kind == ClaimKind.PLACE:
        proposal.value_type, proposal.lat, proposal.lon = base.value_type, base.lat, base.lon
        return
    numbers = find_numbers(proposal.value)
    if len(numbers) == 1 and numbers[0].text.strip() == proposal.value:
        proposal.value_type, proposal.number, proposal.unit = ValueType.NUMBER, numbers[0].value, numbers[0].unit


def _save_proposal(proposal: Proposal, rows: list[Evidence]) -> Proposal:
    proposal.value_hash = hash_value(proposal.value, proposal.date_text)
    proposal.revision_hash, proposal.evidence_hash = hash_revision(proposal), hash_evidence(rows)
    proposal.evidence_count = len(rows)
    proposal.save()
    for ordinal, row in enumerate(rows, 1):
        row.ordinal, row.proposal = ordinal, proposal
        row.save()
    _save_checks(proposal, [row.exact for row in rows if row.role == Role.VALUE])
    return proposal


def _save_checks(proposal: Proposal, quotes: list[str]) -> None:
    """Check the amended value as extraction checks its own; an editor's statement has no quotes to check."""
    findings = [] if proposal.is_statement else check_quotes(proposal.value, quotes)
    Check.objects.bulk_create(
        Check(proposal=proposal, code=f.code, severity=f.severity, message=f.message) for f in findings
    )
