"""Takes approved claims and a publisher's word; leaves editions, what readers see of them, and audits."""

from dossiers.publish.actions.auditing import AuditReport, audit_records
from dossiers.publish.actions.publishing import publish_dossier
from dossiers.publish.actions.refusals import (
    DossierHasMoved,
    DossierNotReady,
    NoteIsMissing,
    NothingToPublish,
    NothingToWithdraw,
    PublishingRefused,
    RecordsAreFaulty,
)
from dossiers.publish.actions.showing import refresh_public_status, refresh_public_statuses, withdraw_dossier

__all__ = [
    "AuditReport", "DossierHasMoved", "DossierNotReady", "NoteIsMissing", "NothingToPublish", "NothingToWithdraw",
    "PublishingRefused", "RecordsAreFaulty", "audit_records", "publish_dossier", "refresh_public_status",
    "refresh_public_statuses", "withdraw_dossier",
]  # fmt: skip
