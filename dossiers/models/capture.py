"""Capture: the immutable text of a source at one time. Append-only in the database."""

from django.db import models

from dossiers.models.source import Source


class Grade(models.TextChoices):
    VERBATIM = "verbatim", "Verbatim"
    REWRITTEN = "rewritten", "Rewritten by the provider"
    UNKNOWN = "unknown", "Unknown"


class Capture(models.Model):
    """What a source said, word for word, when it was retrieved; the same text of a source is captured once."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="captures")
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64, help_text="Of the text in UTF-8; the database checks it.")
    payload = models.JSONField(null=True, blank=True, help_text="The raw answer, or the printed block's own fields.")
    retrieved_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    revision_id = models.TextField(blank=True)
    licence = models.TextField(blank=True)
    attribution = models.TextField(blank=True)
    grade = models.TextField(choices=Grade.choices, default=Grade.UNKNOWN)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "text_sha256"], name="capture_text_once"),
            models.CheckConstraint(condition=models.Q(grade__in=Grade.values), name="capture_grade_known"),
        ]

    def __str__(self) -> str:
        return f"capture {self.pk}"
