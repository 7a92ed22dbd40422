"""Check: an automatic finding about exactly one proposal, claim or capture; and the logged act of dismissing one."""

from django.conf import settings
from django.db import models

from dossiers.models.capture import Capture
from dossiers.models.claim import Claim
from dossiers.models.proposal import Proposal


class Severity(models.TextChoices):
    ERROR = "error", "Error"
    WARNING = "warning", "Warning"
    INFO = "info", "Info"


class Check(models.Model):
    """A finding; recomputed by extraction, so never the record of what an editor saw (decisions keep the codes)."""

    proposal = models.ForeignKey(Proposal, null=True, blank=True, on_delete=models.PROTECT, related_name="checks")
    claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="checks")
    capture = models.ForeignKey(Capture, null=True, blank=True, on_delete=models.PROTECT, related_name="checks")
    related_claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    code = models.TextField()
    severity = models.TextField(choices=Severity.choices)
    message = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(proposal__isnull=False, claim__isnull=True, capture__isnull=True)
                | models.Q(proposal__isnull=True, claim__isnull=False, capture__isnull=True)
                | models.Q(proposal__isnull=True, claim__isnull=True, capture__isnull=False),
                name="check_of_exactly_one",
            ),
            models.CheckConstraint(condition=models.Q(severity__in=Severity.values), name="check_severity_known"),
            models.UniqueConstraint(
                fields=["proposal", "claim", "capture", "code", "related_claim"],
                nulls_distinct=False,
                name="check_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CheckDismissal(models.Model):
    """An editor's reasoned statement that an error-level check of one proposal does not hold. Append-only."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="dismissals")
    code = models.TextField()
    reason = models.TextField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "code"], name="dismissal_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="dismissal_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.code} dismissed"
