"""Takes a slug; leaves what readers may know: editions, corrections and public status, and nothing else.

Every query runs on the connection `reader`, whose role is granted no other table. This is the whole of what readers'
pages rest on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Func, JSONField, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from dossiers.models.edition import Correction, Edition
from dossiers.models.status import PublicStatus
from dossiers.models.topic import Topic

PAGE = 30
_FIRST_SENTENCE = '$.facts[*] ? (@.kind == "summary").value'
_LONGEST_CHAIN = 10  # merges of merges; a circle must end too


@dataclass(frozen=True)
class IndexEntry:
    """One published dossier in the public index."""

    slug: str
    title: str
    edition_id: int
    sha256: str
    number: int
    published_at: datetime


@dataclass(frozen=True)
class EditionHead:
    """An edition without its content."""

    id: int
    number: int
    sha256: str
    published_at: datetime


def find_status(slug: str) -> PublicStatus | None:
    """Return the public status of a dossier with the head of its current edition, or None where readers have none."""
    rows = PublicStatus.objects.using("reader").filter(
        slug=slug, current_edition__isnull=False, topic__redirect_to__isnull=True
    )
    return rows.select_related("current_edition").defer("current_edition__canonical").first()


def find_redirect(slug: str) -> str:
    """Return the slug at the end of a merged topic's redirects, or ""."""
    found, seen = _follow(slug), {slug}
    while found and (further := _follow(found)):
        if further in seen or len(seen) > _LONGEST_CHAIN:
            return ""
        seen.add(found)
        found = further
    return found


def _follow(slug: str) -> str:
    rows = Topic.objects.using("reader").filter(slug=slug, redirect_to__isnull=False)
    # Ordered by what readers may see: a topic's title, its usual order, is not theirs to read.
    return rows.order_by("pk").values_list("redirect_to__slug", flat=True).first() or ""


def find_edition(topic_id: int, number: int) -> EditionHead | None:
    """Return the head of one edition of a topic, or None."""
    return next(iter(_read_heads(Edition.objects.using("reader").filter(topic_id=topic_id, number=number))), None)


def list_editions(topic_id: int) -> list[EditionHead]:
    """Return the heads of a topic's editions, newest first."""
    return list(_read_heads(Edition.objects.using("reader").filter(topic_id=topic_id).order_by("-number")))


def _read_heads(rows: QuerySet[Edition]) -> Iterator[EditionHead]:
    return (EditionHead(*row) for row in rows.values_list("id", "number", "sha256", "published_at"))


def read_canonical(edition_id: int) -> str:
    """Return the canonical JSON of an edition: the record, whose UTF-8 bytes have its hash."""
    return Edition.objects.using("reader").values_list("canonical", flat=True).get(pk=edition_id)


def list_corrections(topic_id: int, *, until: int) -> list[dict[str, Any]]:
    """Return the corrections of a topic's editions up to a number, newest edition first, in order of display."""
    rows = Correction.objects.using("reader").filter(edition__topic_id=topic_id, edition__number__lte=until)
    columns = ("fact", "kind", "before", "after", "reason")
    ordered = rows.order_by("-edition__number", "ordinal").annotate(number=F("edition__number"))
    return list(ordered.values("number", *columns))


def list_index(*, after: str = "") -> tuple[list[IndexEntry], str]:
    """Return a page of published dossiers by title, and the slug to go on after ("" at the end)."""
    rows = PublicStatus.objects.using("reader").filter(is_withdrawn=False, current_edition__isnull=False)
    if after and (last := PublicStatus.objects.using("reader").filter(slug=after).first()):
        rows = rows.filter(Q(title__gt=last.title) | Q(title=last.title, topic_id__gt=last.topic_id))
    columns = ("slug", "title", *(f"current_edition__{name}" for name in ("id", "sha256", "number", "published_at")))
    page = [IndexEntry(*row) for row in rows.order_by("title", "topic_id").values_list(*columns)[: PAGE + 1]]
    return page[:PAGE], page[PAGE - 1].slug if len(page) > PAGE else ""


def read_abstracts(edition_ids: list[int]) -> dict[int, tuple[str, str]]:
    """Return edition id -> kind of topic and first sentence of the summary ("" where there is none)."""
    # Facts stand in order of position; the database hands over one sentence instead of the whole edition.
    abstract = Func(F("content"), Value(_FIRST_SENTENCE), function="jsonb_path_query_first", output_field=JSONField())
    rows = Edition.objects.using("reader").filter(pk__in=edition_ids)
    parsed = rows.annotate(content=Cast("canonical", JSONField()))
    found = parsed.annotate(kind=KT("content__topic__kind"), first=abstract)
    return {pk: (kind, first or "") for pk, kind, first in found.values_list("pk", "kind", "first")}
