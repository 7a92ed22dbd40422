"""Store what a provider's texts say: take Found values, leave sources, captures and the links of their retrieval."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q

from dossiers.clients.base import FetchResult, Found
from dossiers.models.capture import Capture, Grade
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Retrieval, RetrievedCapture
from dossiers.models.source import Source
from dossiers.research.actions.cleaning import clean_json, clean_line, clean_payload, clean_text, clean_time, clean_url

MOST_TEXTS, MOST_CANDIDATES = 50, 50

SourceKey = tuple[str, str]


@dataclass(frozen=True)
class _Text:
    """One found text, cleaned."""

    found: Found
    title: str
    url: str
    text: str
    digest: str

    @property
    def source_key(self) -> SourceKey:
        """Return what its source is looked up by: the address, or the title where it has none."""
        return (self.url, "") if self.url else ("", self.title)


def store_found(retrieval: Retrieval, policy: ProviderPolicy, result: FetchResult, at: datetime) -> None:
    """Store the texts of a result as captures, and set the retrieval's candidates (the caller saves it).

    Call it in the transaction that stores the outcome, under the run's lock. A text of a source that is known is not
    stored again. The number of queries does not depend on the number of texts. Where an import stores the same source
    at this moment, an IntegrityError ends the transaction, and the retrieval is taken up again.
    """
    texts = [text for text in map(_clean_found, result.found[:MOST_TEXTS]) if text.text.strip()]
    sources = _store_sources(retrieval, policy, texts)
    captures = _store_captures(texts, sources, policy, at)
    kept = [captures[sources[text.source_key].pk, text.digest] for text in texts]
    links = [
        RetrievedCapture(retrieval=retrieval, capture_id=pk, position=n) for n, pk in enumerate(dict.fromkeys(kept))
    ]
    RetrievedCapture.objects.bulk_create(links, ignore_conflicts=True)
    retrieval.candidates = [*_list_found(texts, kept), *_list_candidates(result)]


def _clean_found(found: Found) -> _Text:
    text = clean_text(found.text)
    url = clean_url(found.url)
    title = clean_line(found.title) or url or "Untitled"
    return _Text(found, title, url, text, sha256(text.encode()).hexdigest())


def _store_sources(retrieval: Retrieval, policy: ProviderPolicy, texts: Sequence[_Text]) -> dict[SourceKey, Source]:
    topic = retrieval.run.topic
    wanted = {text.source_key: text for text in reversed(texts)}
    known = _read_sources(topic.pk, policy.role, wanted)
    missing = [
        Source(topic=topic, provider=policy.role, url=text.url, title=text.title, **_describe_source(text, policy))
        for key, text in wanted.items()
        if key not in known
    ]
    if missing:
        for row in Source.objects.bulk_create(missing):
            known[(row.url, "") if row.url else ("", row.title)] = row
    _update_sources(known, wanted, policy)
    return known


def _read_sources(topic_id: int, role: str, wanted: Iterable[SourceKey]) -> dict[SourceKey, Source]:
    urls, titles = [url for url, _ in wanted if url], [title for _, title in wanted if title]
    mine = Q(url__in=urls) if urls else Q(pk__in=[])
    rows = Source.objects.filter(mine | Q(url="", title__in=titles), topic=topic_id, provider=role).order_by("-id")
    return {(row.url, "") if row.url else ("", row.title): row for row in rows}


def _describe_source(text: _Text, policy: ProviderPolicy) -> dict[str, str]:
    return {
        "publisher": clean_line(text.found.publisher, 200) or policy.title,
        "licence": clean_line(text.found.licence, 200) or policy.licence,
        "entity": clean_line(text.found.entity, 200),
    }


def _update_sources(known: dict[SourceKey, Source], wanted: dict[SourceKey, _Text], policy: ProviderPolicy) -> None:
    """Bring what a service now says about a known source up to date; silence changes nothing."""
    changed = []
    for key, text in wanted.items():
        said = {name: value for name, value in _describe_source(text, policy).items() if value}
        if any(getattr(known[key], name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(known[key], name, value)
            changed.append(known[key])
    if changed:
        Source.objects.bulk_update(changed, ["publisher", "licence", "entity"])


def _store_captures(
    texts: Sequence[_Text], sources: dict[SourceKey, Source], policy: ProviderPolicy, at: datetime
) -> dict[tuple[int, str], int]:
    wanted = {(sources[text.source_key].pk, text.digest): text for text in reversed(texts)}
    known = _read_captures(wanted)
    missing = [
        _make_capture(pk, text, policy, at) for (pk, digest), text in wanted.items() if (pk, digest) not in known
    ]
    if missing:
        known |= {(row.source_id, row.text_sha256): row.pk for row in Capture.objects.bulk_create(missing)}
    return known


def _read_captures(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    keys = list(wanted)
    rows = Capture.objects.filter(source__in=[pk for pk, _ in keys], text_sha256__in=[digest for _, digest in keys])
    return {(source, digest): pk for source, digest, pk in rows.values_list("source_id", "text_sha256", "pk")}


def _make_capture(source_id: int, text: _Text, policy: ProviderPolicy, at: datetime) -> Capture:
    found = text.found
    return Capture(
        source_id=source_id,
        text=text.text,
        text_sha256=text.digest,
        payload=clean_payload(found.payload),
        retrieved_at=at,
        published_at=clean_time(found.published_at),
        revision_id=clean_line(found.revision_id, 200),
        licence=clean_line(found.licence, 200) or policy.licence,
        attribution=clean_line(found.attribution) or policy.attribution,
        grade=found.grade if found.grade in Grade.values else Grade.UNKNOWN,
    )


def _list_found(texts: Sequence[_Text], captures: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {
            "key": clean_line(text.found.entity, 200),
            "title": text.title,
            "features": clean_json(text.found.features),
            "capture": capture,
        }
        for text, capture in zip(texts, captures, strict=True)
    ]


def _list_candidates(result: FetchResult) -> list[dict[str, Any]]:
    return [
        {
            "key": clean_line(entry.key, 200),
            "title": clean_line(entry.title),
            "description": clean_line(entry.description),
            "features": clean_json(entry.features),
        }
        for entry in result.candidates[:MOST_CANDIDATES]
    ]
