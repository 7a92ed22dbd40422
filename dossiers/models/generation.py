"""Generation: one question to a language model and its raw answer. Append-only in the database."""

from django.db import models

from dossiers.models.run import Run


class GenerationOutcome(models.TextChoices):
    OK = "ok", "Answered"
    EMPTY = "empty", "Answered with nothing"
    TRUNCATED = "truncated", "Cut off"
    INVALID = "invalid", "Not in the agreed form"
    REFUSED = "refused", "Refused by the service"
    UNAVAILABLE = "unavailable", "Not reached"
    OVER_BUDGET = "over_budget", "Not asked: the run's budget was used up"


class Generation(models.Model):
    """What a model was asked (by hash) and what it said, word for word; its proposals stand elsewhere, grounded."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="generations")
    extractor_version = models.TextField()
    model = models.TextField()
    prompt_sha256 = models.CharField(max_length=64)
    answer = models.TextField(blank=True)
    outcome = models.TextField(choices=GenerationOutcome.choices)
    message = models.TextField(blank=True)
    tokens_in = models.PositiveIntegerField(null=True, blank=True)
    tokens_out = models.PositiveIntegerField(null=True, blank=True)
    cost = models.DecimalField(
        max_digits=12, decimal_places=6, null=True, blank=True, help_text="At the prices in the settings."
    )
    elapsed = models.FloatField(null=True, blank=True, help_text="Seconds.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "prompt_sha256"], name="generation_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=GenerationOutcome.values), name="generation_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model}: {self.outcome}"
