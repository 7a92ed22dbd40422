"""ProviderPolicy and RefreshPolicy: how each research service may be asked, and how often a kind of topic is."""

from django.db import models

from dossiers.models.topic import TopicKind


class ProviderRole(models.TextChoices):
    """What a provider is asked for; sources and entity resolutions are filed under it."""

    ENCYCLOPEDIA = "encyclopedia", "Encyclopedia"
    KNOWLEDGE_BASE = "knowledge_base", "Knowledge base"
    WEB_SEARCH = "web_search", "Web search"
    GEOCODER = "geocoder", "Geocoder"


class ProviderPolicy(models.Model):
    """One research service: where it is, how it may be asked, and what its answers may be used for.

    It can be switched on and off while everything runs. The key stands in the environment, never here. A provider that
    lacks what it asks for (a base address, a contact, a key) is not asked, whatever `is_enabled` says.
    """

    name = models.SlugField(max_length=40, unique=True)
    title = models.TextField()
    role = models.TextField(choices=ProviderRole.choices)
    client = models.CharField(max_length=40, help_text="Which entry of the setting RESEARCH_CLIENTS speaks to it.")
    is_enabled = models.BooleanField(default=False)
    base_url = models.URLField(max_length=500, blank=True, help_text="Empty: off until somebody sets one.")
    needs_contact = models.BooleanField(default=False, help_text="The service asks who is calling.")
    needs_key = models.BooleanField(default=False, help_text="The service asks for a key, given by the environment.")
    contact = models.TextField(blank=True, help_text="An e-mail or web address for the user agent.")
    spacing = models.FloatField(default=1.0, help_text="Least seconds between two requests of the whole installation.")
    in_flight = models.PositiveSmallIntegerField(default=1, help_text="Most requests under way at once.")
    daily_budget = models.PositiveIntegerField(null=True, blank=True, help_text="Most requests in a UTC day.")
    timeout = models.FloatField(default=20.0, help_text="Seconds that one request may take, its body included.")
    grade = models.TextField(default="unknown", help_text="Whose words its texts are: verbatim, rewritten, unknown.")
    licence = models.TextField(blank=True)
    attribution = models.TextField(blank=True)
    terms_url = models.URLField(max_length=500, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True, help_text="Set when only a person can set it going again.")
    stopped_reason = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "provider policies"
        ordering = ["role", "name"]
        permissions = [("manage_research", "Can switch providers and set how often topics are refreshed")]
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=ProviderRole.values), name="provider_role_known"),
            models.CheckConstraint(condition=models.Q(spacing__gte=0), name="provider_spacing_not_negative"),
            models.CheckConstraint(condition=models.Q(timeout__gt=0), name="provider_timeout_positive"),
            models.CheckConstraint(condition=models.Q(in_flight__gte=1), name="provider_in_flight_positive"),
            models.CheckConstraint(
                condition=models.Q(grade__in=["verbatim", "rewritten", "unknown"]), name="provider_grade_known"
            ),
            models.CheckConstraint(
                condition=models.Q(stopped_at__isnull=True) | ~models.Q(stopped_reason=""),
                name="provider_stop_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RefreshPolicy(models.Model):
    """How often topics of a kind are refreshed; a topic's own interval goes before it. Empty: never by itself."""

    kind = models.TextField(choices=TopicKind.choices, unique=True)
    interval = models.DurationField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "refresh policies"
        ordering = ["kind"]
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=TopicKind.values), name="refresh_kind_known")]

    def __str__(self) -> str:
        return self.get_kind_display()
