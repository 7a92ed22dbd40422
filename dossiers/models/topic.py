"""Topic and its aliases: the subject of a dossier."""

from django.db import models

# Words that stand at the root of the site; a dossier lives at `/<slug>/`, so no topic may take them.
RESERVED_SLUGS = frozenset(
    {"accounts", "admin", "api", "editions", "healthz", "publish", "readyz", "research", "review", "static", "feeds"}
)


class TopicKind(models.TextChoices):
    TOPIC = "topic", "Topic"
    PERSON = "person", "Person"
    ORGANIZATION = "organization", "Organization"
    PLACE = "place", "Place"
    EVENT = "event", "Event"
    WORK = "work", "Work"


class Topic(models.Model):
    """The subject of a dossier, with the times that design.md keeps apart."""

    title = models.TextField()
    slug = models.SlugField(max_length=120, unique=True)
    kind = models.TextField(choices=TopicKind.choices, default=TopicKind.TOPIC)
    description = models.TextField(blank=True, help_text="The context in which a document mentioned the topic.")
    language = models.CharField(max_length=16, default="en")
    first_mentioned_at = models.DateTimeField(null=True, blank=True)
    last_updated_at = models.DateTimeField(null=True, blank=True, help_text="A fact changed or was decided.")
    research_retrieved_at = models.DateTimeField(null=True, blank=True, help_text="The last finished run.")
    refresh_interval = models.DurationField(
        null=True, blank=True, help_text="Empty: as its kind's policy says. Zero: never by itself."
    )
    next_refresh_at = models.DateTimeField(null=True, blank=True, help_text="When it is due; empty: never by itself.")
    refresh_failures = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Runs in a row that reached nobody."
    )
    approvals_needed = models.PositiveSmallIntegerField(
        default=1, help_text="Distinct editors who must approve a claim."
    )
    redirect_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    redirect_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["title", "id"]
        permissions = [("enter_admin", "Can enter the admin")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=TopicKind.values), name="topic_kind_known"),
            models.CheckConstraint(
                condition=models.Q(approvals_needed__gte=1) & models.Q(approvals_needed__lte=5),
                name="topic_approvals_1_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(redirect_to__isnull=True) | ~models.Q(redirect_reason=""),
                name="topic_redirect_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["title", "id"], name="topic_by_title"),
            models.Index(
                fields=["next_refresh_at", "id"],
                condition=models.Q(next_refresh_at__isnull=False, redirect_to__isnull=True),
                name="topic_due",
            ),
            models.Index(
                fields=["kind"],
                condition=models.Q(
                    next_refresh_at__isnull=True, redirect_to__isnull=True, refresh_interval__isnull=True
                ),
                name="topic_unscheduled",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TopicAlias(models.Model):
    """Another name for a topic, as printed."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="aliases")
    text = models.TextField()

    class Meta:
        verbose_name_plural = "topic aliases"
        constraints = [models.UniqueConstraint(fields=["topic", "text"], name="topic_alias_once")]

    def __str__(self) -> str:
        return self.text
