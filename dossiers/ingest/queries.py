"""Reads what has been ingested: takes a topic's printed name or a run's file, leaves rows."""

from __future__ import annotations

from django.db.models import QuerySet

from dossiers.models.document import Mention
from dossiers.models.run import Run, RunKind
from dossiers.models.topic import Topic

MAX_REDIRECTS = 20


def find_topic(title: str, kind: str) -> Topic | None:
    """Return the topic of this title and kind; a merged one gives the topic that it was merged into."""
    topic = Topic.objects.filter(title=title, kind=kind).select_related("redirect_to").order_by("id").first()
    for _ in range(MAX_REDIRECTS):
        if topic is None or topic.redirect_to is None:
            break
        topic = topic.redirect_to
    return topic


def find_repeated_run(topic: Topic, *, file_name: str, file_sha256: str) -> Run | None:
    """Return the run that loaded this very file, or None where the file is new or has changed since.

    A file that is put back to an earlier state has changed too. A copy under a new name has not, where nothing
    else was loaded after what it is a copy of.
    """
    runs: QuerySet[Run] = Run.objects.filter(topic=topic, kind=RunKind.IMPORT).order_by("-id")
    newest = runs.filter(file_name=file_name).first() or runs.first()
    if newest is None:
        return None
    return newest if newest.file_sha256 == file_sha256 else None


def count_mentioning_documents(topic: Topic) -> int:
    """Return how many documents name `topic`, held or only counted."""
    return Mention.objects.filter(topic=topic).values("document").distinct().count()
