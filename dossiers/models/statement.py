"""ImportedStatement: what an export printed, kept verbatim. Append-only in the database."""

from django.db import models

from dossiers.models.run import Run


class StatementKind(models.TextChoices):
    SUMMARY = "summary", "Summary"
    ATTRIBUTE = "attribute", "Attribute"
    EVENT = "event", "Event"
    PLACE = "place", "Place"
    OTHER = "other", "Kept, not understood"


class ImportedStatement(models.Model):
    """One printed statement: the whole summary, an attribute, a timeline item, the location, or an unknown section."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="statements")
    kind = models.TextField(choices=StatementKind.choices)
    position = models.PositiveIntegerField(help_text="Order within the export, from 0, over all kinds.")
    label = models.TextField(blank=True)
    value = models.TextField()
    date_text = models.TextField(blank=True)
    source_word = models.TextField(blank=True, help_text="What the export printed as the source, if anything.")
    data = models.JSONField(default=dict, blank=True, help_text="Printed fields of a place: lat, lon, category.")
    line = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="statement_position_once"),
            models.CheckConstraint(condition=models.Q(kind__in=StatementKind.values), name="statement_kind_known"),
        ]

    def __str__(self) -> str:
        return self.label or self.value[:60]
