"""Rows for tests, made through the models with true hashes; every word in them is made up."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from dossiers.models.capture import Capture
from dossiers.models.check import Check, Severity
from dossiers.models.claim import Claim, ClaimKind
from dossiers.models.decision import Action, Decision, EvidenceDisplay
from dossiers.models.evidence import DateBasis, Evidence, Method, Role
from dossiers.models.proposal import AuthorKind, Proposal, hash_evidence, hash_revision, hash_value
from dossiers.models.resolution import EntityResolution
from dossiers.models.run import Run, RunKind
from dossiers.models.source import Source
from dossiers.models.topic import Topic

_numbers = count(1)
TEXT = "The dome was built in 1907. Sample Observatory has three domes on Sample Hill [...] and a library since 1931."
Quote = tuple[Capture, str, str]


def make_user(name: str = "", group: str = "editor", **fields: Any) -> User:
    """Make a member of one of the groups; without `password` they can be logged in by the test client only."""
    user = User.objects.create_user(name or f"{group}-{next(_numbers)}", **fields)
    user.groups.add(Group.objects.get(name=group))
    return user


def make_topic(title: str = "Sample Observatory", **fields: Any) -> Topic:
    """Make a topic with a slug of its own."""
    return Topic.objects.create(title=title, slug=fields.pop("slug", f"sample-{next(_numbers)}"), **fields)


def make_run(topic: Topic) -> Run:
    """Make a finished import."""
    return Run.objects.create(topic=topic, kind=RunKind.IMPORT, finished_at=timezone.now())


def make_capture(topic: Topic, text: str = TEXT, provider: str = "web_search", **fields: Any) -> Capture:
    """Make a capture with a source of its own; `url`, `title` and `publisher` are the source's."""
    described = {"title": f"A short history {next(_numbers)}", "url": "", "publisher": ""}
    described |= {name: fields.pop(name) for name in list(described) if name in fields}
    source = Source.objects.create(topic=topic, provider=provider, **described)
    fields.setdefault("retrieved_at", timezone.now())
    return Capture.objects.create(source=source, text=text, text_sha256=_sha256(text), **fields)


def make_claim(
    topic: Topic,
    value: str = "three domes",
    *,
    kind: str = ClaimKind.ATTRIBUTE,
    label: str = "Domes",
    capture: Capture | None = None,
    quotes: Sequence[Quote] | None = None,
    **fields: Any,
) -> Claim:
    """Make a claim with one extracted proposal; without `quotes` the value is quoted from the capture."""
    number = next(_numbers)
    position = fields.pop("position", number)
    claim = Claim.objects.create(topic=topic, kind=kind, position=position, key=f"key-{number}", label=label)
    make_proposal(claim, value, capture=capture, quotes=quotes, label=label, **fields)
    claim.refresh_from_db()
    return claim


def make_proposal(
    claim: Claim,
    value: str,
    *,
    capture: Capture | None = None,
    quotes: Sequence[Quote] | None = None,
    editor: User | None = None,
    **fields: Any,
) -> Proposal:
    """Make a proposal of an extraction, or of `editor`, with its evidence (found by `method`) in one transaction."""
    if quotes is None:
        capture = capture or make_capture(claim.topic, f"Before it. It is said that {value} stands there. After it.")
        quotes = [(capture, value, Role.VALUE)]
    author = {"author_kind": AuthorKind.EDITOR, "editor": editor} if editor else _as_extraction(claim.topic)
    method = fields.pop("method", Method.EXACT)
    rows = [_cite(ordinal, *quote, method) for ordinal, quote in enumerate(quotes, 1)]
    proposal = Proposal(claim=claim, value=value, **{"label": claim.label} | author | fields)
    proposal.value_hash = hash_value(value, proposal.date_text)
    proposal.revision_hash, proposal.evidence_hash = hash_revision(proposal), hash_evidence(rows)
    proposal.evidence_count = len(rows)
    with transaction.atomic():
        proposal.save()
        for row in rows:
            row.proposal = proposal
            row.save()
    claim.refresh_from_db()
    return proposal


def make_check(owner: Proposal | Claim | Capture, code: str = "ungrounded", severity: str = Severity.ERROR) -> Check:
    """Make a finding about a proposal, a claim or a capture."""
    kind = type(owner).__name__.lower()
    return Check.objects.create(code=code, severity=severity, message=f"Finding {code}.", **{kind: owner})


def make_question(topic: Topic, *captures: Capture, provider: str = "geocoder") -> EntityResolution:
    """Ask which of the captures is the topic."""
    candidates = [
        {"key": f"capture:{c.pk}", "title": c.source.title, "capture": c.pk, "features": {"category": "building"}}
        for c in captures
    ]
    return EntityResolution.objects.create(topic=topic, provider=provider, candidates=candidates)


def show_evidence(editor: User, proposal: Proposal) -> None:
    """Record that the evidence was displayed, as opening the card does."""
    EvidenceDisplay.objects.get_or_create(
        editor=editor, proposal=proposal, defaults={"evidence_hash": proposal.evidence_hash}
    )


def decide(
    claim: Claim, editor: User, action: str = Action.APPROVE, proposal: Proposal | None = None, **fields: Any
) -> Decision:
    """Insert a decision as the action would, for tests of what reads decisions."""
    claim.refresh_from_db()
    proposal = proposal or claim.challenger or claim.incumbent or claim.newest_proposal
    assert proposal is not None
    if action == Action.APPROVE:
        show_evidence(editor, proposal)
    if action == Action.REJECT:
        fields.setdefault("reason_code", "wrong_value")
    decision = Decision.objects.create(
        claim=claim, proposal=proposal, action=action, editor=editor, seen_revision_hash=proposal.revision_hash,
        seen_evidence_hash=proposal.evidence_hash, seen_claim_version=claim.version, idempotency_key=uuid4(), **fields,
    )  # fmt: skip
    claim.refresh_from_db()
    return decision


def _as_extraction(topic: Topic) -> dict[str, Any]:
    return {
        "author_kind": AuthorKind.EXTRACTION,
        "run": make_run(topic),
        "extractor": "sample",
        "extractor_version": "1",
    }


def _cite(ordinal: int, capture: Capture, exact: str, role: str, method: str) -> Evidence:
    start = capture.text.index(exact)
    end = start + len(exact)
    covers = {"covers_start": 0, "covers_end": len(exact)} if role == Role.VALUE else {}
    basis = DateBasis.SAME_SENTENCE if role == Role.DATE else ""
    return Evidence(
        ordinal=ordinal, capture=capture, role=role, exact=exact, start=start, end=end, date_basis=basis, method=method,
        prefix=capture.text[max(0, start - 32) : start], suffix=capture.text[end : end + 32], **covers,
    )  # fmt: skip


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()
