"""Source: where text came from."""

from django.db import models

from dossiers.models.topic import Topic


class Source(models.Model):
    """One origin of text for a topic; its immutable states in time are Captures."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    provider = models.TextField(help_text="encyclopedia, web_search, geocoder, knowledge_base, ...")
    url = models.URLField(max_length=2000, blank=True)
    title = models.TextField()
    publisher = models.TextField(blank=True)
    licence = models.TextField(blank=True)
    entity = models.TextField(
        blank=True,
        db_default="",
        help_text="What it is about, as an external id: wikidata:Q60, osm:way/1. Empty: not known.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "provider", "url", "title"], name="source_once")]

    def __str__(self) -> str:
        return self.title
