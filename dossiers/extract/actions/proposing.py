"""Turn a grounded statement into an immutable proposal with its evidence, and save many at once."""

from collections.abc import Sequence
from decimal import Decimal

from dossiers.extract.actions.drafting import Origin
from dossiers.extract.assembly import Grounded, Quote
from dossiers.extract.dates import sort_key
from dossiers.models.capture import Capture
from dossiers.models.claim import Claim
from dossiers.models.evidence import Evidence
from dossiers.models.proposal import AuthorKind, Proposal, ValueType, hash_evidence, hash_revision, hash_value
from dossiers.models.run import Run

_MOST_DIGITS, _MOST_DECIMALS = 28, 12


def make_proposal(
    claim: Claim, grounded: Grounded, run: Run, origin: Origin, captures: dict[int, Capture]
) -> tuple[Proposal, list[Evidence]]:
    """Make a proposal and its evidence rows, hashed and not yet saved."""
    date = grounded.dating.value
    bound = date.earliest or date.latest
    proposal = Proposal(
        claim=claim, author_kind=AuthorKind.EXTRACTION, run=run, extractor=origin.extractor,
        extractor_version=origin.version, model=origin.model,
        prompt_sha256=grounded.draft.origin or origin.prompt_sha256,
        label=grounded.draft.label, value=grounded.draft.value, date_text=date.verbatim, date_edtf=date.edtf or "",
        date_earliest=str(date.earliest or ""), date_latest=str(date.latest or ""),
        date_precision=date.precision or "", date_sort=sort_key(bound) if bound else None,
        **_list_typed_fields(grounded),
    )  # fmt: skip
    rows = [_make_evidence(ordinal, quote, captures) for ordinal, quote in enumerate(grounded.quotes, 1)]
    proposal.value_hash = hash_value(proposal.value, proposal.date_text)
    proposal.revision_hash, proposal.evidence_hash = hash_revision(proposal), hash_evidence(rows)
    proposal.evidence_count = len(rows)
    return proposal, rows


def save_proposals(made: Sequence[tuple[Proposal, list[Evidence]]]) -> None:
    """Save proposals with all their evidence, in two statements."""
    Proposal.objects.bulk_create([proposal for proposal, _ in made])
    for proposal, rows in made:
        for row in rows:
            row.proposal = proposal
    Evidence.objects.bulk_create([row for _, rows in made for row in rows])


def _make_evidence(ordinal: int, quote: Quote, captures: dict[int, Capture]) -> Evidence:
    start, end = quote.covers or (None, None)
    return Evidence(
        ordinal=ordinal, capture=captures[quote.capture], role=quote.role, exact=quote.exact, prefix=quote.prefix,  # type: ignore[index]
        suffix=quote.suffix, start=quote.start, end=quote.end, covers_start=start, covers_end=end,
        date_basis=quote.date_basis, method=quote.method,
    )  # fmt: skip


def _list_typed_fields(grounded: Grounded) -> dict[str, object]:
    """List the columns of a typed value; what the columns cannot hold stays text."""
    typed = grounded.typed
    if typed.type == "number" and typed.number is not None and _fits(typed.number):
        return {"value_type": ValueType.NUMBER, "number": typed.number, "unit": typed.unit}
    if typed.lat is not None and typed.lon is not None and abs(typed.lat) <= 90 and abs(typed.lon) <= 180:
        places = Decimal("0.0000001")
        lat, lon = typed.lat.quantize(places), typed.lon.quantize(places)
        return {"value_type": ValueType.COORDINATES, "lat": lat, "lon": lon}
    if typed.type == "date" and grounded.dating.value.edtf:
        return {"value_type": ValueType.DATE}
    return {"value_type": ValueType.TEXT}


def _fits(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_MOST_DECIMALS and number.adjusted() < _MOST_DIGITS
