"""EntityResolution: which of a provider's candidates is the topic. Append-only: the newest row of a provider stands."""

from django.conf import settings
from django.db import models

from dossiers.models.topic import Topic

NO_CANDIDATE = "none"


class EntityResolution(models.Model):
    """Candidates with their features, and the editor's choice of one of them or "none".

    `candidates` is a list of {"key": str, "title": str, "capture": int, "features": {...}}. A row without an editor is
    a question; a row with one is the answer. After an answer no machine may ask again (a trigger refuses it): pinned.
    """

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    provider = models.TextField()
    candidates = models.JSONField(default=list)
    choice = models.TextField(blank=True, help_text='A candidate\'s key, "none", or empty: not yet answered.')
    note = models.TextField(blank=True)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(choice="", editor__isnull=True)
                | (~models.Q(choice="") & models.Q(editor__isnull=False)),
                name="resolution_choice_has_editor",
            )
        ]
        indexes = [models.Index(fields=["topic", "provider", "-id"], name="resolution_newest")]

    def __str__(self) -> str:
        return f"{self.provider} of {self.topic}"
