"""Read a stored proposal back as the grounded claim that it came from, without its captures' texts."""

from collections.abc import Sequence
from typing import cast

from dossiers.extract.assembly import Dating, Draft, Grounded, Quote, Support
from dossiers.extract.assembly.grounding import find_value_subject, read_type
from dossiers.extract.assembly.inputs import LONGEST_LABEL
from dossiers.extract.assembly.results import METHODS, Method
from dossiers.extract.dates import read_date
from dossiers.extract.matching import NO_SIGNATURE, Gazetteer, Label, parse_label
from dossiers.models.claim import Claim
from dossiers.models.evidence import Evidence, Role
from dossiers.models.proposal import Proposal


def restore_claim(claim: Claim, proposal: Proposal, rows: Sequence[Evidence], gazetteer: Gazetteer) -> Grounded:
    """Restore what the checks between claims and of captures ask of a claim: its words, date, type and quotes."""
    draft = Draft(
        claim.kind, proposal.value, proposal.label, proposal.date_text, "", claim.position, proposal.lat, proposal.lon
    )
    label = Label(proposal.label[:LONGEST_LABEL])
    if claim.kind == "attribute":
        label = parse_label(proposal.label[:LONGEST_LABEL], gazetteer)
    value = [row for row in rows if row.role == Role.VALUE]
    published = value[0].capture.published_at if value else None
    date = read_date(proposal.date_text[:LONGEST_LABEL], published.date() if published else None)
    quotes = tuple(_restore_quote(row) for row in value)
    worst = max((METHODS.index(cast(Method, row.method)) for row in value if row.method in METHODS), default=None)
    method = METHODS[worst] if worst is not None else "nearest"
    return Grounded(
        draft, claim.key, label, NO_SIGNATURE, Support(method, quotes), Dating(date), read_type(draft),
        label.subject or find_value_subject(draft, gazetteer),
    )  # fmt: skip


def _restore_quote(row: Evidence) -> Quote:
    method = cast(Method, row.method)
    return Quote(row.capture_id, "value", row.start, row.end, row.exact, row.prefix, row.suffix, method)
