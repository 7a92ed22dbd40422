"""Suppression: what a rejection tells extraction to remember, so that extraction never reads decisions."""

from django.db import models

from dossiers.models.claim import Claim


class Suppression(models.Model):
    """This value, on these words, was rejected for this claim. Undoing the rejection sets `is_lifted`."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="suppressions")
    value_hash = models.CharField(max_length=64)
    quote_hash = models.CharField(max_length=64, help_text="The rejected proposal's evidence hash.")
    is_lifted = models.BooleanField(default=False, help_text="The rejection was undone.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "value_hash", "quote_hash"], name="suppression_once")]

    def __str__(self) -> str:
        return f"suppression of claim {self.claim_id}"
