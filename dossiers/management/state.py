"""Takes a topic; leaves its whole state as plain values under the keys of docs/dossier-json.md."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q

from dossiers.models.capture import Capture
from dossiers.models.check import Check, CheckDismissal
from dossiers.models.claim import Claim, HealthState
from dossiers.models.document import Document, Mention
from dossiers.models.evidence import Evidence
from dossiers.models.proposal import Proposal
from dossiers.models.topic import Topic
from dossiers.publish.queries import name_publisher, read_editions
from dossiers.review.queries.history import read_decisions

State = dict[str, Any]
Checks = dict[tuple[str, int], list[State]]

_TOPIC = (
    "slug", "title", "kind", "description", "first_mentioned_at", "last_updated_at", "research_retrieved_at",
    "language", "approvals_needed",
)  # fmt: skip
_CAPTURE = ("revision_id", "attribution", "grade", "published_at")
_PROPOSAL = (
    "id", "label", "value", "value_type", "number", "unit", "lat", "lon", "date_edtf", "date_earliest", "date_latest",
    "date_precision", "is_statement", "author_kind", "extractor", "extractor_version", "value_hash", "revision_hash",
    "evidence_hash", "created_at",
)  # fmt: skip
_EVIDENCE = ("role", "exact", "start", "end", "prefix", "suffix", "covers_start", "covers_end", "method", "stance")


def read_state(topic: Topic) -> State:
    """Return everything that is recorded about a topic, in a number of queries that does not grow with it."""
    checks = _read_checks(topic)
    return {
        "topic": {name: getattr(topic, name) for name in _TOPIC} | {"aliases": _list_aliases(topic)},
        "documents": [_describe_document(row) for row in _read_documents(topic)],
        "captures": [_describe_capture(row, checks) for row in _read_captures(topic)],
        "claims": [_describe_claim(row, checks) for row in _read_claims(topic)],
        "decisions": [asdict(row) for row in read_decisions(topic)],
        "editions": _describe_editions(topic),
    }


def spell_state(state: State) -> str:
    """Return the state as indented JSON: times in UTC with a Z, decimals as text, and text as it is."""
    return json.dumps(state, ensure_ascii=False, indent=2, default=spell_value)


def spell_value(value: object) -> str:
    """Spell what JSON has no word for: times as ISO 8601 in UTC, decimals without trailing zeros."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError(f"{type(value).__name__} has no place in a topic's state")


def _list_aliases(topic: Topic) -> list[str]:
    return list(topic.aliases.order_by("text").values_list("text", flat=True))


def _read_documents(topic: Topic) -> Iterable[Document]:
    mentions = Prefetch("mentions", Mention.objects.filter(topic=topic).order_by("id"), to_attr="of_topic")
    return Document.objects.filter(mentions__topic=topic).distinct().order_by("id").prefetch_related(mentions)


def _describe_document(row: Document) -> State:
    mentions: list[Mention] = row.of_topic  # type: ignore[attr-defined]
    return {
        "id": row.pk, "title": row.title, "url": row.url or None, "is_held": row.is_held,
        "sha256": row.text_sha256 or None,
        "mentions": [{"exact": m.exact, "start": m.start, "end": m.end} for m in mentions],
    }  # fmt: skip


def _read_captures(topic: Topic) -> Iterable[Capture]:
    return Capture.objects.filter(source__topic=topic).select_related("source").defer("payload").order_by("id")


def _describe_capture(row: Capture, checks: Checks) -> State:
    source = row.source
    return {
        "id": row.pk, "provider": source.provider, "title": source.title, "url": source.url or None, "text": row.text,
        "sha256": row.text_sha256, "retrieved_at": row.retrieved_at, "checks": checks.get(("capture", row.pk), []),
        "publisher": source.publisher, "licence": row.licence or source.licence,
        **{name: getattr(row, name) for name in _CAPTURE},
    }  # fmt: skip


def _read_claims(topic: Topic) -> Iterable[Claim]:
    proposals = Proposal.objects.select_related("editor").order_by("id")
    evidence = Evidence.objects.order_by("ordinal")
    return (
        Claim.objects.filter(topic=topic)
        .select_related("health")
        .prefetch_related(Prefetch("proposals", proposals), Prefetch("proposals__evidence", evidence))
        .order_by("position", "id")
    )


def _describe_claim(row: Claim, checks: Checks) -> State:
    proposals = {p.pk: p for p in row.proposals.all()}
    shown = proposals.get(row.incumbent_id or row.newest_proposal_id or 0)
    health = getattr(row, "health", None)
    newest = checks.get(("proposal", row.newest_proposal_id or 0), [])
    return {
        "id": row.pk, "kind": row.kind, "label": shown.label if shown else row.label, "status": row.status,
        "value": proposals[row.incumbent_id].value if row.incumbent_id else None,
        "date": (shown.date_text or None) if shown else None,
        "health": health.state if health else HealthState.OK.value,
        "checks": checks.get(("claim", row.pk), []) + newest,
        "proposals": [_describe_proposal(p, checks) for p in proposals.values()],
        "key": row.key, "position": row.position, "version": row.version, "needs_review": row.needs_review,
        "standing_decision": row.standing_decision_id, "incumbent": row.incumbent_id,
        "newest_proposal": row.newest_proposal_id, "challenger": row.challenger_id,
        "health_detail": health.detail if health else "", "last_seen_at": health.last_seen_at if health else None,
    }  # fmt: skip


def _describe_proposal(row: Proposal, checks: Checks) -> State:
    return {
        **{name: getattr(row, name) for name in _PROPOSAL},
        "date": row.date_text or None,
        "author": name_publisher(row.editor) if row.editor else row.extractor,
        "checks": checks.get(("proposal", row.pk), []),
        "evidence": [_describe_evidence(e) for e in row.evidence.all()],
    }


def _describe_evidence(row: Evidence) -> State:
    return {
        "capture": row.capture_id, "date_basis": row.date_basis or None,
        **{name: getattr(row, name) for name in _EVIDENCE},
    }  # fmt: skip


def _read_checks(topic: Topic) -> Checks:
    """Return (about what, its id) -> its checks, those of proposals with the reason for which they were dismissed."""
    of_topic = Q(proposal__claim__topic=topic) | Q(claim__topic=topic) | Q(capture__source__topic=topic)
    dismissals = CheckDismissal.objects.filter(proposal__claim__topic=topic)
    reasons = {(row.proposal_id, row.code): row.reason for row in dismissals}
    found: Checks = {}
    for row in Check.objects.filter(of_topic).order_by("id"):
        owner = next((name, pk) for name in ("proposal", "claim", "capture") if (pk := getattr(row, f"{name}_id")))
        found.setdefault(owner, []).append({
            "code": row.code, "severity": row.severity, "message": row.message, "related_claim": row.related_claim_id,
            "dismissed": reasons.get((row.proposal_id or 0, row.code)),
        })  # fmt: skip
    return found


def _describe_editions(topic: Topic) -> list[State]:
    return [
        {
            "number": row.number, "sha256": row.sha256, "previous_sha256": row.previous_sha256 or None,
            "published_at": row.published_at, "published_by": name_publisher(row.published_by),
            "content": json.loads(row.canonical),
        }
        for row in read_editions(topic)
    ]  # fmt: skip
