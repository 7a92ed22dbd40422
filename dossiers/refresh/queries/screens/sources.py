"""Takes a topic; leaves its sources, each with its newest captures and since when its text is the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Window
from django.db.models.functions import RowNumber

from dossiers.models.capture import Capture, Grade
from dossiers.models.run import RetrievedCapture
from dossiers.models.source import Source
from dossiers.models.topic import Topic
from dossiers.refresh.assembly import find_deed

PAGE = 30
SHOWN = 3  # captures of a source that the list names; the newest capture's page names them all
_GRADES = {
    Grade.VERBATIM: "word for word",
    Grade.REWRITTEN: "rewritten by the provider",
    Grade.UNKNOWN: "wording not known",
}
_FIELDS = ("id", "source_id", "retrieved_at", "published_at", "revision_id", "licence", "attribution", "grade", "total")


@dataclass(frozen=True)
class CaptureRow:
    """A capture without its text; `checked_at` is when a retrieval last found the source to say just this."""

    id: int
    retrieved_at: datetime
    published_at: datetime | None
    revision_id: str
    grade: str
    checked_at: datetime | None

    @property
    def was_checked_later(self) -> bool:
        """Say whether the source was found to say the same at another time than when this was captured."""
        return self.checked_at is not None and self.checked_at - self.retrieved_at > timedelta(minutes=1)


@dataclass(frozen=True)
class Licence:
    """Under which terms a text may be used: the licence, where its text stands, and whom to name."""

    name: str
    deed: str
    attribution: str


@dataclass(frozen=True)
class SourceRow:
    """A source with its newest captures, of which it has `total`."""

    source: Source
    captures: list[CaptureRow]
    total: int
    licence: Licence

    @property
    def newest(self) -> CaptureRow | None:
        return self.captures[0] if self.captures else None

    @property
    def role(self) -> str:
        """Name what the provider is asked for, in words."""
        return self.source.provider.replace("_", " ").capitalize()


@dataclass(frozen=True)
class SourcePage:
    """One page of a topic's sources, newest first; `after` is the id to go on from, None at the end."""

    rows: list[SourceRow]
    after: int | None


def read_sources(topic: Topic, *, after: int | None = None) -> SourcePage:
    """Return one page of a topic's sources, in three queries that read no text."""
    sources = Source.objects.filter(topic=topic).order_by("-id")
    found = list((sources.filter(pk__lt=after) if after is not None else sources)[: PAGE + 1])
    page = found[:PAGE]
    captures = _read_newest(page)
    checked = read_checked([row["id"] for rows in captures.values() for row in rows])
    rows = [_describe(source, captures.get(source.pk, []), checked) for source in page]
    return SourcePage(rows, page[-1].pk if len(found) > PAGE else None)


def read_checked(captures: Sequence[int]) -> dict[int, datetime]:
    """Return when a retrieval last gave each of these captures."""
    given = RetrievedCapture.objects.filter(capture__in=captures, retrieval__finished_at__isnull=False)
    return dict(given.values_list("capture_id").annotate(at=Max("retrieval__finished_at")))


def make_licence(source: Source, licence: str, attribution: str) -> Licence:
    """Return a capture's terms, or its source's where the capture has none of its own."""
    name = licence or source.licence
    return Licence(name, find_deed(name), attribution)


def _read_newest(sources: list[Source]) -> dict[int, list[dict[str, Any]]]:
    newest = Window(RowNumber(), partition_by=F("source_id"), order_by=[F("retrieved_at").desc(), F("id").desc()])
    total = Window(Count("id"), partition_by=F("source_id"))
    rows = Capture.objects.filter(source__in=sources).annotate(place=newest, total=total)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows.filter(place__lte=SHOWN).order_by("source_id", "place").values(*_FIELDS):
        found.setdefault(row["source_id"], []).append(row)
    return found


def _describe(source: Source, rows: list[dict[str, Any]], checked: dict[int, datetime]) -> SourceRow:
    captures = [make_row(row, checked) for row in rows]
    first: dict[str, Any] = rows[0] if rows else {"licence": "", "attribution": "", "total": 0}
    return SourceRow(source, captures, first["total"], make_licence(source, first["licence"], first["attribution"]))


def make_row(row: dict[str, Any], checked: dict[int, datetime]) -> CaptureRow:
    """Return a capture of the list from its values."""
    return CaptureRow(
        row["id"], row["retrieved_at"], row["published_at"], row["revision_id"], _GRADES[row["grade"]],
        checked.get(row["id"]),
    )  # fmt: skip
