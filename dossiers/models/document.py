"""Document and Mention: text that someone supplied, and the spans in it that name a topic."""

from django.db import models

from dossiers.models.topic import Topic


class Document(models.Model):
    """A supplied text. `is_held` is false where an export counts a document that it does not contain."""

    title = models.TextField()
    url = models.URLField(max_length=2000, blank=True)
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    is_held = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["text_sha256"], condition=~models.Q(text_sha256=""), name="document_text_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Mention(models.Model):
    """Where a document names a topic; the selector is empty where the document is not held."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="mentions")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    exact = models.TextField(blank=True)
    prefix = models.TextField(blank=True)
    suffix = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "topic", "start"], nulls_distinct=False, name="mention_once")
        ]

    def __str__(self) -> str:
        return self.exact or str(self.document)
