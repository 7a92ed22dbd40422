"""Run and Retrieval: one execution of research for a topic, and each provider call in it."""

from django.db import models

from dossiers.models.topic import Topic


class RunKind(models.TextChoices):
    IMPORT = "import", "Import of an export"
    RESEARCH = "research", "Research"


class Run(models.Model):
    """One execution of research for a topic, or one import of an exported dossier."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=RunKind.choices)
    file_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the imported file.")
    file_name = models.TextField(blank=True)
    notices = models.JSONField(default=list, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["topic", "-id"], name="run_by_topic")]

    def __str__(self) -> str:
        return f"{self.kind} run {self.pk}"


class Outcome(models.TextChoices):
    OK = "ok"
    EMPTY = "empty"
    PARTIAL = "partial"
    RATE_LIMITED = "rate_limited"
    AUTH = "auth"
    QUOTA = "quota"
    BAD_REQUEST = "bad_request"
    UNAVAILABLE = "unavailable"
    INVALID = "invalid"


class Retrieval(models.Model):
    """One provider call in a run, with its outcome and the capture it gave; for an import, one printed source."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="retrievals")
    provider = models.TextField()
    position = models.PositiveIntegerField(default=0)
    request = models.JSONField(default=dict, blank=True)
    outcome = models.TextField(choices=Outcome.choices)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    retry_after = models.FloatField(null=True, blank=True, help_text="Seconds.")
    elapsed = models.FloatField(null=True, blank=True, help_text="Seconds.")
    capture = models.ForeignKey("dossiers.Capture", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "provider", "position"], name="retrieval_once"),
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="retrieval_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.outcome}"
