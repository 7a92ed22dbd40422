"""Evidence: the exact words of a capture that a proposal rests on. Append-only in the database.

The selector is W3C Web Annotation's TextQuoteSelector (exact, prefix, suffix) with its TextPositionSelector (start,
end, in Unicode code points).
"""

from django.db import models

from dossiers.models.capture import Capture
from dossiers.models.proposal import Proposal


class Role(models.TextChoices):
    VALUE = "value", "Value"
    SUBJECT = "subject", "Subject"
    DATE = "date", "Date"


class DateBasis(models.TextChoices):
    SAME_SENTENCE = "same_sentence", "In the same sentence"
    INHERITED = "inherited", "Taken from a neighbouring sentence"
    RELATIVE = "relative", "Relative to another date"
    UNRESOLVED = "unresolved", "Its anchor is not in the text"


class Method(models.TextChoices):
    EXACT = "exact", "Word for word"
    FOLDED = "folded", "Word for word, but for spaces, case and quotation marks"
    FUZZY = "fuzzy", "In slightly different words"
    PARAPHRASE = "paraphrase", "In other words"
    NEAREST = "nearest", "Nearest passage; does not support the value"
    PICKED = "picked", "Picked by an editor"


class Stance(models.TextChoices):
    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"


class Evidence(models.Model):
    """Link from a proposal to the words of a capture; the database checks that they stand there, and cross no joint."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="evidence")
    ordinal = models.PositiveSmallIntegerField(help_text="From 1 to the proposal's evidence_count.")
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="+")
    role = models.TextField(choices=Role.choices)
    exact = models.TextField()
    prefix = models.TextField(blank=True)
    suffix = models.TextField(blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    covers_start = models.PositiveIntegerField(null=True, blank=True, help_text="The stretch of the value it covers.")
    covers_end = models.PositiveIntegerField(null=True, blank=True)
    date_basis = models.TextField(choices=DateBasis.choices, blank=True)
    method = models.TextField(choices=Method.choices, default=Method.EXACT)
    stance = models.TextField(choices=Stance.choices, default=Stance.SUPPORTS)

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["proposal", "ordinal"], name="evidence_ordinal_once"),
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="evidence_span_not_empty"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="evidence_role_known"),
            models.CheckConstraint(condition=models.Q(method__in=Method.values), name="evidence_method_known"),
            models.CheckConstraint(
                condition=models.Q(date_basis__in=["", *DateBasis.values]), name="evidence_basis_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(exact__regex=r"\[(\.\.\.|…)\]"), name="evidence_crosses_no_joint"
            ),
        ]
        indexes = [models.Index(fields=["capture"], name="evidence_by_capture")]

    def __str__(self) -> str:
        return self.exact[:60]
