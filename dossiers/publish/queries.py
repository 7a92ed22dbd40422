"""Takes topics and what review says of their claims; leaves drafts, lists of dossiers, and faults in the records."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from dossiers.models.capture import Capture
from dossiers.models.claim import OPEN_STATUSES, Claim, ClaimHealth, HealthState
from dossiers.models.document import Document
from dossiers.models.edition import Edition
from dossiers.models.evidence import Evidence
from dossiers.models.proposal import Proposal, hash_evidence, hash_revision
from dossiers.models.status import PublicStatus
from dossiers.models.topic import Topic
from dossiers.publish.assembly import Content, complete_content, encode_canonical, freeze, hash_bytes, identify_fact
from dossiers.review.queries import (
    Blocker,
    CaptureFacts,
    DecidedClaim,
    Why,
    read_blockers,
    read_captures,
    read_decided_claims,
)

PAGE = 25
_STATES = {
    "": "All", "changed": "Unpublished changes", "published": "Published", "withdrawn": "Withdrawn",
    "none": "Not published",
}  # fmt: skip
# A challenger holds nothing up: what an editor approved stays, and readers are told that its source changed. Nor do
# two approved facts that contradict each other, which may both be right of their day: but a publisher is told.
_CAUTIONS = (Why.CHALLENGER, Why.CONFLICT)
_TOPIC = (
    "slug", "title", "kind", "description", "language",
    "first_mentioned_at", "last_updated_at", "research_retrieved_at",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What would be published now, and what holds it up; `seen` is the hash of all of it."""

    topic: Content
    documents: list[Content]
    facts: list[Content]
    sources: list[Content]
    blockers: list[Blocker]
    cautions: list[Blocker]
    health: dict[str, str]
    checked_at: datetime | None
    last: Edition | None
    previous: Content | None
    seen: str


@dataclass(frozen=True)
class DossierRow:
    """A topic in the publisher's list; `undecided` counts the claims that no editor has settled."""

    topic: Topic
    status: PublicStatus | None
    approved: int
    undecided: int


def read_draft(topic: Topic) -> Draft:
    """Return what a topic's next edition can hold, in a number of queries that does not grow with its claims."""
    topic = Topic.objects.get(pk=topic.pk)  # decisions move its times; a caller's copy may be older
    claims = read_decided_claims(topic)
    found = read_blockers(topic)
    facts = [_describe_fact(claim) for claim in claims]
    captures = read_captures({row["capture"] for fact in facts for row in fact["evidence"]})
    last = Edition.objects.filter(topic=topic).order_by("-number").first()
    health, checked_at = read_health(topic, [claim.claim_id for claim in claims])
    parts: Content = freeze(
        {
            "topic": {name: getattr(topic, name) for name in _TOPIC},
            "documents": _read_documents(topic),
            "facts": facts,
            "sources": [_describe_source(captures[id_]) for id_ in sorted(captures)],
        }
    )
    state = {**parts, "blockers": [asdict(b) for b in found], "health": health, "last": last.sha256 if last else ""}
    return Draft(
        **parts, health=health, checked_at=checked_at, last=last,
        previous=json.loads(last.canonical) if last else None,
        blockers=[b for b in found if b.why not in _CAUTIONS], cautions=[b for b in found if b.why in _CAUTIONS],
        seen=hash_bytes(encode_canonical(state)),
    )  # fmt: skip


def compose_content(draft: Draft, leave_out: set[int]) -> Content:
    """Return topic, documents, facts and cited sources without the claims left out, of which only the number stays."""
    facts = [fact for fact in draft.facts if fact["claim"] not in leave_out]
    cited = {row["capture"] for fact in facts for row in fact["evidence"]}
    known = {fact["claim"] for fact in draft.facts} | {blocker.claim_id for blocker in draft.blockers}
    return {
        "topic": draft.topic,
        "documents": draft.documents,
        "facts": facts,
        "sources": [source for source in draft.sources if source["id"] in cited],
        "left_out": len(leave_out & known),
    }


def preview_content(draft: Draft, content: Content, *, publisher: User, note: str) -> Content:
    """Return what `publish_dossier` would write, but for the time."""
    return complete_content(
        content, previous=draft.previous, previous_sha256=draft.last.sha256 if draft.last else "",
        publisher=name_publisher(publisher), note=note, at=None,
    )  # fmt: skip


def name_publisher(editor: User) -> str:
    """Return the name under which someone publishes."""
    return editor.get_full_name() or editor.get_username()


def _describe_fact(claim: DecidedClaim) -> Content:
    fields = asdict(claim)
    evidence = [_describe_evidence(row) for row in fields.pop("evidence")]
    approvals = [{"editor": a["editor_name"], "at": a["at"], "action": a["action"]} for a in fields.pop("approvals")]
    for name in ("health_state", "health_detail", "proposal_id", "claim_id", "decision_id"):
        fields.pop(name)
    return {
        **fields, "id": identify_fact(claim.claim_id), "claim": claim.claim_id, "decision": claim.decision_id,
        "approvals": approvals, "evidence": evidence,
    }  # fmt: skip


def _describe_evidence(row: dict[str, Any]) -> Content:
    passage = {"text": row.pop("passage"), "start": row.pop("passage_start")}
    return {**row, "capture": row.pop("capture_id"), "passage": passage}


def _describe_source(capture: CaptureFacts) -> Content:
    fields = asdict(capture)
    return {
        **fields, "id": fields.pop("capture_id"), "sha256": fields.pop("text_sha256"), "url": fields.pop("url") or None,
    }  # fmt: skip


def _read_documents(topic: Topic) -> list[Content]:
    rows = Document.objects.filter(mentions__topic=topic).distinct().order_by("id")
    return [
        {"title": title, "url": url or None, "sha256": sha256, "is_held": is_held}
        for title, url, sha256, is_held in rows.values_list("title", "url", "text_sha256", "is_held")
    ]


def read_health(topic: Topic, claim_ids: Sequence[int]) -> tuple[dict[str, str], datetime | None]:
    """Return fact id -> health state where it is not ok, and when these claims were last checked."""
    rows = ClaimHealth.objects.filter(claim__in=claim_ids)
    health = {identify_fact(row.claim_id): row.state for row in rows.exclude(state=HealthState.OK)}
    for claim_id in Claim.objects.filter(pk__in=claim_ids, challenger__isnull=False).values_list("pk", flat=True):
        health.setdefault(identify_fact(claim_id), HealthState.SOURCE_CHANGED.value)
    checked_at = rows.aggregate(at=Max("checked_at"))["at"]
    return dict(sorted(health.items())), checked_at or topic.research_retrieved_at


def find_moved_topics() -> QuerySet[Topic]:
    """Find the published topics whose approved claims were checked again, or decided on, since readers were told."""
    checks = ClaimHealth.objects.filter(claim__topic=OuterRef("topic"), claim__incumbent__isnull=False)
    is_checked = Q(checked_at__isnull=True) | Exists(checks.filter(checked_at__gt=OuterRef("checked_at")))
    moved = PublicStatus.objects.filter(is_checked | Q(has_unpublished_changes=True), is_withdrawn=False)
    return Topic.objects.filter(pk__in=moved.values("topic"))


def list_dossiers(*, after: str = "", state: str = "") -> tuple[list[DossierRow], str]:
    """Return a page of topics by title with their public status, and the slug to go on after ("" at the end)."""
    topics = Topic.objects.filter(redirect_to=None).order_by("title", "id")
    if last := Topic.objects.filter(slug=after).first():
        topics = topics.filter(Q(title__gt=last.title) | Q(title=last.title, id__gt=last.id))
    if state:
        topics = topics.filter(_select_state(state))
    page = list(topics[: PAGE + 1])
    return _describe_rows(page[:PAGE]), page[PAGE - 1].slug if len(page) > PAGE else ""


def list_states() -> list[tuple[str, str]]:
    """Return the states that the list can be narrowed to, with their words."""
    return list(_STATES.items())


def _select_state(state: str) -> Q:
    shown = PublicStatus.objects.filter(is_withdrawn=False)
    if state == "changed":
        return Q(pk__in=shown.filter(has_unpublished_changes=True).values("topic"))
    if state == "published":
        return Q(pk__in=shown.values("topic"))
    if state == "withdrawn":
        return Q(pk__in=PublicStatus.objects.filter(is_withdrawn=True).values("topic"))
    return ~Q(pk__in=PublicStatus.objects.values("topic"))


def _describe_rows(topics: Sequence[Topic]) -> list[DossierRow]:
    shown = PublicStatus.objects.filter(topic__in=topics).select_related("current_edition")
    statuses = {row.topic_id: row for row in shown.defer("current_edition__canonical")}
    counts = Claim.objects.filter(topic__in=topics).values("topic").annotate(
        approved=Count("id", filter=Q(status="approved")), undecided=Count("id", filter=Q(status__in=OPEN_STATUSES))
    )  # fmt: skip
    by_topic = {row["topic"]: (row["approved"], row["undecided"]) for row in counts}
    return [DossierRow(topic, statuses.get(topic.pk), *by_topic.get(topic.pk, (0, 0))) for topic in topics]


def find_faulty_proposals(proposals: Iterable[Proposal]) -> list[str]:
    """Compare proposals with their own hashes and their evidence with the captures; return what is wrong.

    Each capture's text is read once, whatever the number of quotes from it.
    """
    by_id = {proposal.pk: proposal for proposal in proposals}
    rows = list(Evidence.objects.filter(proposal__in=by_id).order_by("proposal_id", "ordinal"))
    captures = Capture.objects.defer("payload").in_bulk({row.capture_id for row in rows})
    evidence: dict[int, list[Evidence]] = {pk: [] for pk in by_id}
    for row in rows:
        row.capture = captures[row.capture_id]
        evidence[row.proposal_id].append(row)
    wrong = [f"capture {pk}: its text does not have its hash" for pk, c in captures.items() if not has_own_hash(c)]
    return wrong + [fault for pk, proposal in by_id.items() for fault in _find_faults(proposal, evidence[pk])]


def has_own_hash(capture: Capture) -> bool:
    """Say whether a capture's text still has the hash it was stored with."""
    return sha256(capture.text.encode()).hexdigest() == capture.text_sha256


def _find_faults(proposal: Proposal, rows: Sequence[Evidence]) -> list[str]:
    wrong = [
        f"proposal {proposal.pk}: capture {row.capture_id} has not evidence {row.ordinal} at {row.start}-{row.end}"
        for row in rows
        if row.capture.text[row.start : row.end] != row.exact
    ]
    if hash_revision(proposal) != proposal.revision_hash:
        wrong.append(f"proposal {proposal.pk}: its words do not have its revision hash")
    if hash_evidence(rows) != proposal.evidence_hash:
        wrong.append(f"proposal {proposal.pk}: its evidence does not have its evidence hash")
    return wrong


def read_editions(topic: Topic) -> list[Edition]:
    """Return every edition of a topic, oldest first, each with its publisher."""
    return list(Edition.objects.filter(topic=topic).select_related("published_by").order_by("number"))
