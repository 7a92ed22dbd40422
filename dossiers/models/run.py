"""Run and Retrieval: one execution of research for a topic, and each provider call in it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from dossiers.models.capture import Capture
from dossiers.models.topic import Topic


class RunKind(models.TextChoices):
    IMPORT = "import", "Import of an export"
    RESEARCH = "research", "Research"


class RunStatus(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"


class RunTrigger(models.TextChoices):
    IMPORT = "import", "Import"
    REQUESTED = "requested", "Requested by a person"
    SCHEDULED = "scheduled", "Due"


ACTIVE_STATUSES = (RunStatus.QUEUED, RunStatus.RUNNING)


class Outcome(models.TextChoices):
    OK = "ok", "OK"
    EMPTY = "empty", "Nothing found"
    PARTIAL = "partial", "In part"
    RATE_LIMITED = "rate_limited", "Asked to wait"
    AUTH = "auth", "Key refused"
    QUOTA = "quota", "Quota used up"
    BAD_REQUEST = "bad_request", "Request refused"
    UNAVAILABLE = "unavailable", "Not reached"
    INVALID = "invalid", "Answer not understood"


class Run(models.Model):
    """One execution of research for a topic, or one import of an exported dossier.

    A research run goes from `queued` over `running` to one of the other states. `wave` counts the retrievals' rounds:
    those of a later wave are planned from what the earlier ones found. `outcome` sums up the retrievals' outcomes.
    """

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=RunKind.choices)
    status = models.TextField(choices=RunStatus.choices, default=RunStatus.FINISHED, db_default=RunStatus.FINISHED)
    trigger = models.TextField(choices=RunTrigger.choices, default=RunTrigger.IMPORT, db_default=RunTrigger.IMPORT)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    wave = models.PositiveSmallIntegerField(default=0, db_default=0)
    outcome = models.TextField(choices=Outcome.choices, blank=True, db_default="")
    message = models.TextField(
        blank=True, db_default="", help_text="A sentence for the desk: what came of it, or what went wrong."
    )
    counts = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()), blank=True,
        help_text="What extraction left: new, seen again, challenged.",
    )  # fmt: skip
    is_cancel_requested = models.BooleanField(default=False, db_default=False)
    attempts = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Extractions begun; too many end the run."
    )
    touched_at = models.DateTimeField(
        default=timezone.now, db_default=Now(), help_text="Last step; the sweep resumes what stands still."
    )
    extraction_sha256 = models.CharField(
        max_length=64, blank=True, default="", db_default="",
        help_text="Of all that its extraction read: where the next run's is equal, nothing is new.",
    )  # fmt: skip
    file_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the imported file.")
    file_name = models.TextField(blank=True)
    notices = models.JSONField(default=list, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [("refresh_topic", "Can refresh a topic's research")]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=RunStatus.values), name="run_status_known"),
            models.CheckConstraint(condition=models.Q(trigger__in=RunTrigger.values), name="run_trigger_known"),
            models.CheckConstraint(condition=models.Q(outcome__in=["", *Outcome.values]), name="run_outcome_known"),
            models.UniqueConstraint(
                fields=["topic"], condition=models.Q(status__in=ACTIVE_STATUSES), name="run_active_once"
            ),
        ]
        indexes = [
            models.Index(fields=["topic", "-id"], name="run_by_topic"),
            models.Index(fields=["touched_at"], condition=models.Q(status__in=ACTIVE_STATUSES), name="run_active"),
            models.Index(fields=["-id"], condition=models.Q(kind="research"), name="run_research_newest"),
            models.Index(
                fields=["-id"], condition=models.Q(status="failed") | models.Q(outcome="unavailable"),
                name="run_failed_newest",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} run {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE_STATUSES


class RetrievalState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Under way"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"


class Retrieval(models.Model):
    """One provider call in a run, with its outcome and the captures it gave; for an import, one printed source."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="retrievals")
    provider = models.TextField(help_text="The policy's name; for an import, the word that the export prints.")
    position = models.PositiveIntegerField(default=0)
    wave = models.PositiveSmallIntegerField(default=0, db_default=0)
    request = models.JSONField(default=dict, blank=True, help_text="The query: kind, text, language, key.")
    state = models.TextField(
        choices=RetrievalState.choices, default=RetrievalState.DONE, db_default=RetrievalState.DONE
    )
    outcome = models.TextField(choices=Outcome.choices, blank=True)
    message = models.TextField(blank=True, db_default="", help_text="A sentence for the desk; never holds a key.")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    requests_made = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Requests sent over all attempts."
    )
    not_before = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True, help_text="A worker has it until then.")
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    retry_after = models.FloatField(null=True, blank=True, help_text="Seconds.")
    elapsed = models.FloatField(null=True, blank=True, help_text="Seconds.")
    candidates = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), blank=True,
        help_text="Which entities it may be, with features.",
    )  # fmt: skip
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    captures = models.ManyToManyField(Capture, through="RetrievedCapture", related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "provider", "position"], name="retrieval_once"),
            models.CheckConstraint(condition=models.Q(state__in=RetrievalState.values), name="retrieval_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="done", outcome__in=Outcome.values)
                | (~models.Q(state="done") & models.Q(outcome="")),
                name="retrieval_outcome_known",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "-finished_at"], name="retrieval_by_provider"),
            models.Index(
                fields=["provider", "id"], condition=models.Q(state__in=["waiting", "running"]), name="retrieval_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.outcome or self.state}"


class RetrievedCapture(models.Model):
    """A retrieval gave this capture, newly or, where its text was known, again."""

    retrieval = models.ForeignKey(Retrieval, on_delete=models.PROTECT, related_name="given")
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["retrieval", "capture"], name="retrieved_capture_once")]
        indexes = [models.Index(fields=["capture"], name="retrieved_by_capture")]

    def __str__(self) -> str:
        return f"{self.capture} of {self.retrieval}"
