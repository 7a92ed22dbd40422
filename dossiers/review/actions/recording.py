"""Takes what was put before an editor, or what they say of a check; leaves the record of it."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from dossiers.models.check import CheckDismissal
from dossiers.models.claim import Claim
from dossiers.models.decision import EvidenceDisplay
from dossiers.models.proposal import Proposal
from dossiers.review.actions.errors import CheckNotOpen, ReasonMissing, naming_refusals
from dossiers.review.queries.findings import read_findings


def record_display(editor: User, proposals: Iterable[Proposal]) -> None:
    """Record that the server showed these proposals with their evidence to the editor; once is enough."""
    rows = [EvidenceDisplay(editor=editor, proposal=p, evidence_hash=p.evidence_hash) for p in proposals]
    EvidenceDisplay.objects.bulk_create(rows, ignore_conflicts=True)


def dismiss_check(proposal: Proposal, *, editor: User, code: str, reason: str) -> CheckDismissal:
    """Record why an error does not hold for this proposal; the first dismissal of a check stands."""
    if not reason.strip():
        raise ReasonMissing("Say why the check is mistaken.")
    with naming_refusals(), transaction.atomic():
        Claim.objects.select_for_update().get(pk=proposal.claim_id)
        earlier = CheckDismissal.objects.filter(proposal=proposal, code=code).first()
        if earlier is not None:
            return earlier
        findings = read_findings({proposal.claim_id: proposal.pk})[proposal.claim_id]
        if not any(finding.code == code and finding.is_open_error for finding in findings):
            raise CheckNotOpen
        return CheckDismissal.objects.create(proposal=proposal, code=code, reason=reason.strip(), editor=editor)
