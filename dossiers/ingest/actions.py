"""Stores what an export says: takes an Export, leaves its topic, documents, captures and statements as printed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain, count
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from dossiers.ingest.parsing import Export, ExportedCapture, ExportedDocument, Notice
from dossiers.ingest.queries import count_mentioning_documents, find_repeated_run, find_topic
from dossiers.models.capture import Capture
from dossiers.models.document import Document, Mention
from dossiers.models.run import Outcome, Retrieval, RetrievedCapture, Run, RunKind
from dossiers.models.source import Source
from dossiers.models.statement import ImportedStatement, StatementKind
from dossiers.models.topic import Topic, TopicAlias

# Words that addresses outside the readers' pages begin with; a test compares them with the addresses themselves.
RESERVED_SLUGS = frozenset(
    {"accounts", "admin", "api", "feeds", "healthz", "publish", "readyz", "research", "review", "search", "static"}
)
SLUG_LENGTH = 100
CONTEXT_LENGTH = 32  # characters of text kept on each side of a mention


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one export left; `run` is None where this very file was loaded before and nothing was written."""

    topic: Topic
    run: Run | None
    captures: int
    new_captures: int
    notices: tuple[Notice, ...]


@transaction.atomic
def load_export(export: Export, *, file_name: str, file_sha256: str) -> Loaded:
    """Store `export` and return what it left; loading the same file again writes nothing.

    Loads of one title wait for each other, so that two at once leave what one after the other would.
    """
    _lock_title(export.title)
    topic = find_topic(export.title, export.kind)
    if topic and find_repeated_run(topic, file_name=file_name, file_sha256=file_sha256):
        return Loaded(topic, None, len(export.captures), 0, export.notices)
    topic = _update_topic(topic, export) if topic else _create_topic(export)
    notices = (*export.notices, *_notice_other_context(topic, export))
    run = Run.objects.create(
        topic=topic,
        kind=RunKind.IMPORT,
        file_name=file_name,
        file_sha256=file_sha256,
        notices=[asdict(notice) for notice in notices],
        finished_at=timezone.now(),
    )
    new_captures = _store_captures(run, export)
    ImportedStatement.objects.bulk_create(_list_statements(run, export))
    _store_documents(topic, export)
    return Loaded(topic, run, len(export.captures), new_captures, notices)


def _lock_title(title: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ingest:{title}"])


def _create_topic(export: Export) -> Topic:
    topic = next(topic for slug in _list_slugs(export.title) if (topic := _try_slug(slug, export)))
    _store_aliases(topic, export)
    return topic


def _try_slug(slug: str, export: Export) -> Topic | None:
    """Return the new topic, or None where another title with the same slug was loaded at the same time."""
    try:
        with transaction.atomic():
            return Topic.objects.create(slug=slug, **_list_topic_fields(export))
    except IntegrityError:
        if not Topic.objects.filter(slug=slug).exists():
            raise
        return None


def _list_topic_fields(export: Export) -> dict[str, Any]:
    names = ("title", "kind", "description", "first_mentioned_at", "last_updated_at", "research_retrieved_at")
    return {name: getattr(export, name) for name in names} | ({"language": export.language} if export.language else {})


def _list_slugs(title: str) -> Iterator[str]:
    """Yield the free slugs of `title`, the plainest first."""
    base = slugify(title)[:SLUG_LENGTH].strip("-_") or "topic"
    taken = {*Topic.objects.filter(slug__startswith=base).values_list("slug", flat=True), *RESERVED_SLUGS}
    numbered = (f"{base}-{number}" for number in count(2))
    yield from (slug for slug in chain([base], numbered) if slug not in taken)


def _update_topic(topic: Topic, export: Export) -> Topic:
    """Widen the topic's times and fill an empty description; an editor may have written the one that is there."""
    _store_aliases(topic, export)
    fresh = {
        "description": topic.description or export.description,
        "first_mentioned_at": _pick(min, topic.first_mentioned_at, export.first_mentioned_at),
        "last_updated_at": _pick(max, topic.last_updated_at, export.last_updated_at),
        "research_retrieved_at": _pick(max, topic.research_retrieved_at, export.research_retrieved_at),
    }
    changed = [name for name, value in fresh.items() if getattr(topic, name) != value]
    for name in changed:
        setattr(topic, name, fresh[name])
    if changed:
        topic.save(update_fields=changed)
    return topic


def _pick(choose: Callable[[list[datetime]], datetime], *times: datetime | None) -> datetime | None:
    known = [time for time in times if time]
    return choose(known) if known else None


def _store_aliases(topic: Topic, export: Export) -> None:
    names = dict.fromkeys(alias for alias in export.aliases if alias != topic.title)
    TopicAlias.objects.bulk_create([TopicAlias(topic=topic, text=name) for name in names], ignore_conflicts=True)


def _notice_other_context(topic: Topic, export: Export) -> list[Notice]:
    if not export.description or export.description == topic.description:
        return []
    return [Notice("other-context", "the context differs from the topic's, which stays as it is", 1)]


def _store_captures(run: Run, export: Export) -> int:
    """Store the captures of `export` and one retrieval for each; return how many texts were new."""
    positions: Counter[str] = Counter()
    new = 0
    for printed in export.captures:
        capture, is_new = _store_capture(run.topic, printed, export)
        new += is_new
        position = positions[printed.provider]
        positions[printed.provider] += 1
        retrieval = Retrieval.objects.create(run=run, provider=printed.provider, position=position, outcome=Outcome.OK)
        RetrievedCapture.objects.create(retrieval=retrieval, capture=capture)
    return new


def _store_capture(topic: Topic, printed: ExportedCapture, export: Export) -> tuple[Capture, bool]:
    source = _store_source(topic, printed)
    times = (printed.retrieved_at, export.research_retrieved_at, export.last_updated_at, export.first_mentioned_at)
    return Capture.objects.get_or_create(
        source=source,
        text_sha256=hash_text(printed.text),
        defaults={
            "text": printed.text,
            "payload": _list_payload(printed, export),
            "retrieved_at": next((time for time in times if time), timezone.now()),
            "published_at": printed.published_at,
            "revision_id": printed.revision_id,
            "licence": printed.licence,
            "attribution": printed.attribution,
            "grade": printed.grade,
        },
    )


def _list_payload(printed: ExportedCapture, export: Export) -> dict[str, Any]:
    """Return the fields that the export prints of this capture, and which of its times was taken for the retrieval."""
    names = ("retrieved_at", "research_retrieved_at", "last_updated_at", "first_mentioned_at")
    known = (printed.retrieved_at, export.research_retrieved_at, export.last_updated_at, export.first_mentioned_at)
    basis = next((name for name, time in zip(names, known, strict=True) if time), "time of loading")
    payload: dict[str, Any] = {"title": printed.title, "line": printed.line, "retrieved_at_basis": basis}
    place = next((place for place in export.places if place.line == printed.line), None)
    if place and printed.provider == "geocoder":
        payload |= {
            "name": place.name,
            "category": place.category,
            "lat": place.latitude_text,
            "lon": place.longitude_text,
        }
    return payload


def _store_source(topic: Topic, printed: ExportedCapture) -> Source:
    said = {"publisher": printed.publisher, "licence": printed.licence}
    source, is_new = Source.objects.get_or_create(
        topic=topic, provider=printed.provider, url=printed.url, title=printed.title, defaults=said
    )
    changed = [name for name, value in said.items() if value and getattr(source, name) != value]
    if changed and not is_new:
        for name in changed:
            setattr(source, name, said[name])
        source.save(update_fields=changed)
    return source


def hash_text(text: str) -> str:
    """Return the sha256 of `text` in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _list_statements(run: Run, export: Export) -> list[ImportedStatement]:
    printed = [*_list_claim_statements(export), *_list_other_statements(export)]
    return [ImportedStatement(run=run, position=position, **fields) for position, fields in enumerate(printed)]


def _list_claim_statements(export: Export) -> list[dict[str, Any]]:
    summary = {"kind": StatementKind.SUMMARY, "value": export.summary, "line": export.summary_line}
    return [
        *([summary] if export.summary.strip() else []),
        *(
            {"kind": StatementKind.ATTRIBUTE, "label": part.label, "value": part.value, "line": part.line}
            for part in export.attributes
        ),
        *(
            {
                "kind": StatementKind.EVENT,
                "value": part.sentence,
                "date_text": part.date_text,
                "source_word": part.source_word,
                "line": part.line,
            }
            for part in export.events
        ),
    ]


def _list_other_statements(export: Export) -> list[dict[str, Any]]:
    return [
        *(
            {
                "kind": StatementKind.PLACE,
                "value": part.name,
                "data": {"lat": part.latitude_text, "lon": part.longitude_text, "category": part.category},
                "line": part.line,
            }
            for part in export.places
        ),
        *(
            {"kind": StatementKind.OTHER, "label": part.title, "value": part.text, "line": part.line}
            for part in export.unknown_sections
        ),
    ]


def _store_documents(topic: Topic, export: Export) -> None:
    """Store the documents that `export` holds, and a placeholder for each that it only counts."""
    for printed in export.documents:
        document = _store_document(printed)
        selector = _select_mention(document.text, topic.title)
        Mention.objects.get_or_create(document=document, topic=topic, start=selector.get("start"), defaults=selector)
    known = count_mentioning_documents(topic)
    for number in range(known + 1, export.document_count + 1):
        title = f"Unnamed document {number}: counted by the export, not held"
        Mention.objects.create(document=Document.objects.create(title=title, is_held=False), topic=topic)


def _store_document(printed: ExportedDocument) -> Document:
    fields = {"title": printed.title, "url": printed.url, "text": printed.text}
    if printed.text.strip():
        return Document.objects.get_or_create(text_sha256=hash_text(printed.text), defaults=fields)[0]
    named = {"title": printed.title, "url": printed.url, "is_held": False}
    return Document.objects.filter(**named).order_by("id").first() or Document.objects.create(**named)


def _select_mention(text: str, title: str) -> dict[str, Any]:
    """Return the selector of the first mention of `title` (W3C Web Annotation), empty where there is none."""
    start = text.find(title)
    if start < 0:
        return {}
    end = start + len(title)
    prefix, suffix = text[max(0, start - CONTEXT_LENGTH) : start], text[end : end + CONTEXT_LENGTH]
    return {"exact": title, "prefix": prefix, "suffix": suffix, "start": start, "end": end}
