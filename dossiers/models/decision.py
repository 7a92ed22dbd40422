"""Decision: what an editor did with a proposal, and what they saw. Append-only; only `review` imports it.

EvidenceDisplay is the server's record that a proposal's evidence was shown to an editor.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from dossiers.models.claim import Claim
from dossiers.models.proposal import Proposal


class Action(models.TextChoices):
    APPROVE = "approve", "Approved"
    AMEND = "amend", "Amended"
    REJECT = "reject", "Rejected"
    ESCALATE = "escalate", "Escalated"
    UNDO = "undo", "Undone"


class RejectReason(models.TextChoices):
    UNSUPPORTED = "unsupported", "The source does not say this"
    WRONG_SUBJECT = "wrong_subject", "It is about something else"
    WRONG_VALUE = "wrong_value", "The value is wrong"
    WRONG_DATE = "wrong_date", "The date is wrong"
    UNRELIABLE_SOURCE = "unreliable_source", "The source is not reliable"
    DUPLICATE = "duplicate", "Said elsewhere in this dossier"
    NOT_RELEVANT = "not_relevant", "True, but does not belong here"
    OTHER = "other", "Another reason (say which)"


class Decision(models.Model):
    """One act of one editor on one proposal; triggers compare `seen_*` with the rows and derive the claim from it."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    action = models.TextField(choices=Action.choices)
    reason_code = models.TextField(choices=RejectReason.choices, blank=True)
    note = models.TextField(blank=True)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    seen_revision_hash = models.CharField(max_length=64)
    seen_evidence_hash = models.CharField(max_length=64)
    seen_claim_version = models.PositiveIntegerField()
    seen_check_codes = ArrayField(models.TextField(), default=list, blank=True)
    idempotency_key = models.UUIDField(unique=True)
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(action__in=Action.values), name="decision_action_known"),
            models.CheckConstraint(
                condition=~models.Q(action="reject") | models.Q(reason_code__in=RejectReason.values),
                name="decision_reject_has_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(action="reject", reason_code="other", note=""),
                name="decision_other_reason_has_note",
            ),
            models.CheckConstraint(
                condition=models.Q(action="undo", undoes__isnull=False)
                | (~models.Q(action="undo") & models.Q(undoes__isnull=True)),
                name="decision_undo_names_what",
            ),
        ]
        indexes = [
            models.Index(fields=["claim", "id"], name="decision_by_claim"),
            models.Index(fields=["editor", "-id"], name="decision_by_editor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.editor}"


class EvidenceDisplay(models.Model):
    """The server showed this proposal with its evidence to this editor. Append-only."""

    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    evidence_hash = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["editor", "proposal"], name="display_once")]

    def __str__(self) -> str:
        return f"{self.proposal} shown to {self.editor}"
