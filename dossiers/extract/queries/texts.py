"""Read a topic's own words, and captures as plain texts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery

from dossiers.extract.assembly import CaptureText, TopicText
from dossiers.models.capture import Capture
from dossiers.models.check import Check
from dossiers.models.evidence import Evidence
from dossiers.models.run import RetrievedCapture, RunKind
from dossiers.models.topic import Topic, TopicAlias

NO_FEATURES: Mapping[str, Any] = {}


def describe_topic(topic: Topic) -> TopicText:
    """Read a topic's own words."""
    aliases = TopicAlias.objects.filter(topic=topic).order_by("id").values_list("text", flat=True)
    return TopicText(topic.title, topic.kind, topic.description, tuple(aliases), topic.refresh_interval)


def describe_capture(
    capture: Capture, *, features: Mapping[str, Any] = NO_FEATURES, seen: date | None = None
) -> CaptureText:
    """Read a capture with its source; `features` tell what it is about, `seen` is the day it was last retrieved."""
    source = capture.source
    published = capture.published_at.date() if capture.published_at else None
    retrieved = capture.retrieved_at.date()
    return CaptureText(
        capture.pk, source.provider, source.title, capture.text, source.pk, source.url, capture.grade,
        max(retrieved, seen) if seen else retrieved, published, source.entity, features,
    )  # fmt: skip


def list_captures(ids: Iterable[int]) -> list[Capture]:
    """List captures with their texts and sources, in the given order."""
    wanted = list(dict.fromkeys(ids))
    rows = Capture.objects.filter(pk__in=wanted).select_related("source").defer("payload").in_bulk()
    return [rows[pk] for pk in wanted]


def list_entity_captures(topic: Topic, roles: Iterable[str], code: str) -> list[int]:
    """List the captures that an answer about a topic's entity can concern: cited ones of these roles, and those that a
    check of this code is about.
    """
    cited = Evidence.objects.filter(proposal__claim__topic=topic, capture__source__provider__in=list(roles))
    checked = Check.objects.filter(capture__source__topic=topic, code=code)
    return sorted({*cited.values_list("capture_id", flat=True), *checked.values_list("capture_id", flat=True)} - {None})


def list_cited(ids: Iterable[int]) -> list[CaptureText]:
    """List captures without their texts, with the day that each was last retrieved; for checks of what time changes."""
    given = RetrievedCapture.objects.filter(capture=OuterRef("pk"), retrieval__run__kind=RunKind.RESEARCH)
    newest = given.order_by("-retrieval_id").values("retrieval__finished_at")[:1]
    rows = Capture.objects.filter(pk__in=list(ids)).select_related("source").defer("payload", "text").order_by("id")
    listed = []
    for row in rows.annotate(seen=Subquery(newest)):
        row.text = ""
        listed.append(describe_capture(row, seen=row.seen.date() if row.seen else None))
    return listed


def list_run_captures(run_ids: Iterable[int]) -> dict[int, list[Capture]]:
    """List the captures that each run retrieved, in the order of its calls."""
    listed: dict[int, list[Capture]] = {run_id: [] for run_id in run_ids}
    links = RetrievedCapture.objects.filter(retrieval__run__in=listed).order_by("retrieval_id", "position", "id")
    pairs = list(links.values_list("retrieval__run_id", "capture_id"))
    captures = {row.pk: row for row in list_captures(capture for _, capture in pairs)}
    for run_id, capture_id in dict.fromkeys(pairs):
        listed[run_id].append(captures[capture_id])
    return listed


def list_sources(captures: Sequence[Capture]) -> dict[int, list[Capture]]:
    """Group captures by their source."""
    grouped: dict[int, list[Capture]] = {}
    for capture in captures:
        grouped.setdefault(capture.source_id, []).append(capture)
    return grouped
