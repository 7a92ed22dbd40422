"""Edition and Correction: an immutable, numbered, hashed publication of a dossier. Append-only in the database."""

from django.conf import settings
from django.db import models

from dossiers.models.topic import Topic


class Edition(models.Model):
    """Canonical JSON (RFC 8785 style: sorted keys, no spaces, UTF-8) and its hash, chained to the edition before it."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    canonical = models.TextField(help_text="The record. Its bytes in UTF-8 are what the hash is of.")
    sha256 = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        permissions = [("publish_dossier", "Can publish dossiers")]
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="edition_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="edition_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"edition {self.number} of {self.topic_id}"


class CorrectionKind(models.TextChoices):
    ADDED = "added", "Added"
    CHANGED = "changed", "Changed"
    REMOVED = "removed", "Removed"


class Correction(models.Model):
    """A reader-visible change between two editions, with its reason; also inside the edition's canonical JSON."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="corrections")
    ordinal = models.PositiveIntegerField()
    fact = models.TextField(help_text="The fact's id in the edition's JSON.")
    kind = models.TextField(choices=CorrectionKind.choices)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "ordinal"], name="correction_once"),
            models.CheckConstraint(condition=models.Q(kind__in=CorrectionKind.values), name="correction_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fact}"
