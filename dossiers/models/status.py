"""PublicStatus: what readers see of a topic now. Mutable; a page is an edition plus this."""

from django.db import models

from dossiers.models.edition import Edition
from dossiers.models.topic import Topic


class PublicStatus(models.Model):
    """The current edition or the withdrawal, each fact's health, and when that was last checked."""

    topic = models.OneToOneField(Topic, primary_key=True, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(
        max_length=120, unique=True, help_text="A copy of the topic's, so that readers need no other table."
    )
    title = models.TextField()
    current_edition = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="+")
    is_withdrawn = models.BooleanField(default=False)
    withdrawal_reason = models.TextField(blank=True)
    health = models.JSONField(default=dict, help_text="fact id -> health state, where it is not ok.")
    checked_at = models.DateTimeField(null=True)
    has_unpublished_changes = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "public statuses"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_withdrawn=False) | ~models.Q(withdrawal_reason=""),
                name="status_withdrawal_has_reason",
            )
        ]
        indexes = [models.Index(fields=["title", "topic"], name="status_by_title")]

    def __str__(self) -> str:
        return self.title
