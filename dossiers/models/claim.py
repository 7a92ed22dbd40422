"""Claim and ClaimHealth: one slot of statement about a topic, and how its evidence fares."""

from django.db import models

from dossiers.models.topic import Topic


class ClaimKind(models.TextChoices):
    SUMMARY = "summary", "Summary sentence"
    ATTRIBUTE = "attribute", "Attribute"
    EVENT = "event", "Timeline event"
    PLACE = "place", "Place"


class ClaimStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    AWAITING_SECOND = "awaiting_second", "Awaiting second approval"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    ESCALATED = "escalated", "Escalated"


OPEN_STATUSES = (ClaimStatus.PENDING, ClaimStatus.AWAITING_SECOND, ClaimStatus.ESCALATED)


class ClaimQuerySet(models.QuerySet["Claim"]):
    def open(self) -> "ClaimQuerySet":
        """Keep the claims that wait for an editor: undecided, or decided with a challenger."""
        return self.filter(needs_review=True)


class Claim(models.Model):
    """One slot of statement. Database triggers alone set the columns under "derived", from decisions and proposals; the
    application's role holds no right to write them."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=ClaimKind.choices)
    position = models.PositiveIntegerField(help_text="Order of display within the topic.")
    key = models.TextField(help_text="What makes the slot the same across extractions; wording is never in it.")
    label = models.TextField(blank=True, help_text="As first printed; the label that readers see is the proposal's.")
    created_at = models.DateTimeField(auto_now_add=True)

    # Derived by the database.
    version = models.PositiveIntegerField(default=0, editable=False)
    status = models.TextField(choices=ClaimStatus.choices, default=ClaimStatus.PENDING, editable=False)
    standing_decision = models.ForeignKey(
        "dossiers.Decision", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    incumbent = models.ForeignKey(
        "dossiers.Proposal", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    newest_proposal = models.ForeignKey(
        "dossiers.Proposal", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    challenger = models.ForeignKey(
        "dossiers.Proposal", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    needs_review = models.BooleanField(default=True, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        permissions = [("see_desk", "Can see the desk"), ("decide_claim", "Can decide claims")]
        constraints = [
            models.UniqueConstraint(fields=["topic", "kind", "key"], name="claim_key_once"),
            models.CheckConstraint(condition=models.Q(kind__in=ClaimKind.values), name="claim_kind_known"),
            models.CheckConstraint(condition=models.Q(status__in=ClaimStatus.values), name="claim_status_known"),
            models.CheckConstraint(
                condition=models.Q(status=ClaimStatus.PENDING) | models.Q(standing_decision__isnull=False),
                name="claim_decided_status_has_decision",
            ),
        ]
        indexes = [
            models.Index(fields=["topic", "position", "id"], name="claim_by_topic"),
            models.Index(fields=["topic", "position", "id"], name="claim_queue", condition=models.Q(needs_review=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} claim {self.pk}"


class HealthState(models.TextChoices):
    OK = "ok", "OK"
    SOURCE_CHANGED = "source_changed", "Source changed since review"
    QUOTE_LOST = "quote_lost", "Quote lost"
    CONTRADICTED = "contradicted", "Contradicted"
    EXPIRED = "expired", "Expired"


class ClaimHealth(models.Model):
    """How a claim's evidence fares; machines write it, and it changes no decision. No row means OK.

    A change for the worse puts an approved claim back into the queue, until an editor has decided it again.
    """

    claim = models.OneToOneField(Claim, primary_key=True, on_delete=models.PROTECT, related_name="health")
    state = models.TextField(choices=HealthState.choices, default=HealthState.OK)
    detail = models.TextField(blank=True)
    last_seen_at = models.DateTimeField(null=True, help_text="When an extraction last gave this claim's value.")
    checked_at = models.DateTimeField()
    since_decision = models.BigIntegerField(
        default=0, editable=False, help_text="The claim's newest decision when the state came about; set by a trigger."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=HealthState.values), name="health_state_known")
        ]

    def __str__(self) -> str:
        return self.state
