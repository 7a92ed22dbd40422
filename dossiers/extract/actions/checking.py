"""Bring a topic's stored checks into line with what a run changed, or with what an editor answered."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dossiers.extract.actions.restoring import restore_claim
from dossiers.extract.actions.working import Work
from dossiers.extract.assembly import CaptureText, Grounded, TopicText
from dossiers.extract.checks import (
    ROLES,
    Answer,
    Case,
    Finding,
    check_captures,
    check_claims,
    check_proposals,
    settle_captures,
)
from dossiers.extract.matching import Gazetteer
from dossiers.extract.queries import (
    KnownClaim,
    describe_answers,
    describe_capture,
    describe_topic,
    list_captures,
    list_cited,
    list_entity_captures,
    list_known_claims,
    read_answers,
    read_features,
)
from dossiers.models.capture import Capture
from dossiers.models.check import Check
from dossiers.models.claim import Claim, ClaimHealth, ClaimKind, HealthState
from dossiers.models.topic import Topic

AMBIGUOUS, CHANGED, WRONG = "ambiguous-match", "source-changed", "wrong-entity"
RELATIONS = frozenset({"duplicate", "implied-by", "conflict"})
_OF_TIME = frozenset({"single-source", "stale"})  # what changes about a capture while its text stays

Key = tuple[int | None, int | None, int | None, str, int | None]


@dataclass(frozen=True)
class Checked:
    """A claim with the proposal that its findings are about."""

    claim: Claim
    proposal_id: int
    grounded: Grounded


@dataclass
class _Plan:
    """The checks that should be there, and which stored ones give way to them: by proposal, claim or capture."""

    wanted: dict[Key, Check] = field(default_factory=dict)
    proposals: set[int] = field(default_factory=set)
    claim_codes: Set[str] = frozenset()
    captures: Mapping[int, Set[str]] = field(default_factory=dict)  # with the codes; none stands for all

    def add(self, rows: Iterable[Check]) -> None:
        self.wanted |= {_key(row): row for row in rows}

    def replaces(self, row: Check) -> bool:
        """Tell whether a stored check is of those that were run again."""
        if row.proposal_id:
            return row.proposal_id in self.proposals and row.code == WRONG
        if row.claim_id:
            return row.code in self.claim_codes
        codes = self.captures.get(row.capture_id) if row.capture_id else None
        return codes is not None and (not codes or row.code in codes)


@transaction.atomic
def recheck_topic(topic: Topic) -> None:
    """Check again what depends on an editor's answers: which captures are of the topic, and its place."""
    words = describe_topic(topic)
    gazetteer = Gazetteer(words.names, words.surnames)
    known = [entry for entry in list_known_claims(topic) if entry.latest]
    checked = [_restore(entry, gazetteer) for entry in known]
    rows = list_captures(list_entity_captures(topic, ROLES, WRONG))
    case = _make_case(words, checked, _describe(rows), _read_answers(topic))
    places = [place for place, entry in enumerate(checked) if entry.claim.kind == ClaimKind.PLACE]
    plan = _Plan({}, {checked[place].proposal_id for place in places}, frozenset(), {row.pk: {WRONG} for row in rows})
    found = [*check_proposals(case, places, [WRONG]), *check_captures(case, codes=[WRONG])]
    plan.add(_make_rows(found, checked))
    _sync(topic, plan)


def sync_checks(work: Work, texts: Sequence[CaptureText], ambiguous: Sequence[tuple[Claim, Claim]]) -> None:
    """Check what a run made and the captures it brought; between claims only where some value is new."""
    plan, answers = _Plan(claim_codes={CHANGED}), _read_answers(work.topic)
    _check_made(work, plan, texts, answers)
    checked = _list_checked(work)
    cited = list_cited([pk for pk in _list_cited(work.known.values()) if pk not in work.captures])
    case = _make_case(work.words, checked, [*texts, *cited], answers)
    if work.proposals:
        plan.claim_codes = RELATIONS | {CHANGED, "check-failed"}
        plan.add(_make_rows(check_claims(case), checked))
    plan.captures = {cast(int, text.key): _OF_TIME for text in cited} | dict.fromkeys(work.captures, frozenset())
    size, brought = len(case.captures), len(texts)
    plan.add(_make_rows(check_captures(case, range(brought)), checked))
    plan.add(_make_rows(check_captures(case, range(brought, size), _OF_TIME), checked))
    plan.add(_make_ambiguous(ambiguous))
    plan.add(_make_changed(work.topic))
    _sync(work.topic, plan)


def _check_made(work: Work, plan: _Plan, texts: Sequence[CaptureText], answers: Sequence[Answer]) -> None:
    made = [Checked(seen.claim, seen.made.pk, seen.grounded) for seen in work.seen if seen.made]
    if made:
        case = _make_case(work.words, made, texts, answers)
        plan.add(_make_rows(check_proposals(case), made))


def _list_checked(work: Work) -> list[Checked]:
    """List every claim once with its latest value: as just grounded, else as it was stored."""
    given = {(seen.claim.pk, seen.statement.value_hash): seen for seen in work.seen}
    made = {seen.claim.pk: seen for seen in work.seen if seen.made}
    checked = []
    for entry in work.known.values():
        if entry.latest is None:
            continue
        seen = made.get(entry.claim.pk) or given.get((entry.claim.pk, entry.latest.value_hash))
        if seen:
            checked.append(Checked(seen.claim, seen.proposal_id, seen.grounded))
        else:
            checked.append(_restore(entry, work.library.gazetteer))
    fresh = {seen.claim.pk: seen for seen in work.seen if seen.entry is None}
    return [*checked, *(Checked(seen.claim, seen.proposal_id, seen.grounded) for seen in fresh.values())]


def _restore(entry: KnownClaim, gazetteer: Gazetteer) -> Checked:
    assert entry.latest is not None  # noqa: S101 - the caller left out claims without one
    return Checked(entry.claim, entry.latest.pk, restore_claim(entry.claim, entry.latest, entry.quotes, gazetteer))


def _list_cited(known: Iterable[KnownClaim]) -> list[int]:
    """List the captures that the claims' latest and standing values are quoted from."""
    return sorted({row.capture_id for entry in known for row in [*entry.quotes, *entry.incumbent_quotes]})


def _describe(rows: Sequence[Capture]) -> list[CaptureText]:
    told = read_features(row.pk for row in rows) if rows else {}
    return [
        describe_capture(row, features=features, seen=seen)
        for row in rows
        for features, seen in [told.get(row.pk, ({}, None))]
    ]


def _make_case(
    words: TopicText, checked: Sequence[Checked], texts: Sequence[CaptureText], answers: Sequence[Answer]
) -> Case:
    settled = settle_captures(words, texts, answers)
    claims = [entry.grounded for entry in checked]
    return Case(words, claims, texts, timezone.now().date(), settled)


def _read_answers(topic: Topic) -> list[Answer]:
    return describe_answers(read_answers(topic).values())


def _make_rows(findings: Iterable[Finding], checked: Sequence[Checked]) -> Iterable[Check]:
    return (_make_row(finding, checked) for finding in findings)


def _make_row(finding: Finding, checked: Sequence[Checked]) -> Check:
    row = Check(code=finding.code, severity=finding.severity, message=finding.message)
    subject: Any = finding.subject
    if finding.target == "capture":
        row.capture_id = subject
    elif finding.target == "proposal":
        row.proposal_id = checked[subject].proposal_id
    else:
        row.claim_id = checked[subject].claim.pk
    if finding.related is not None:
        row.related_claim_id = checked[finding.related].claim.pk
    return row


def _make_ambiguous(pairs: Sequence[tuple[Claim, Claim]]) -> Iterable[Check]:
    for new, old in pairs:
        message = "This may be the same claim as another one, said otherwise; decide which of them stands."
        yield Check(claim=new, related_claim=old, code=AMBIGUOUS, severity="warning", message=message)


def _make_changed(topic: Topic) -> Iterable[Check]:
    """Say of each decided claim whose evidence fares worse what happened to it since."""
    unwell = ClaimHealth.objects.filter(claim__topic=topic, claim__incumbent__isnull=False)
    for health in unwell.exclude(state=HealthState.OK).order_by("claim_id"):
        message = f"Since an editor decided: {health.detail or health.get_state_display()}"
        yield Check(claim_id=health.claim_id, code=CHANGED, severity="warning", message=message)


def _key(row: Check) -> Key:
    return row.proposal_id, row.claim_id, row.capture_id, row.code, row.related_claim_id


def _sync(topic: Topic, plan: _Plan) -> None:
    """Insert what is new, change what reads otherwise, remove what no longer holds; the rest is left alone."""
    mine = Q(proposal_id__in=plan.proposals) | Q(claim__topic=topic)
    mine |= Q(capture_id__in=plan.captures)
    stored = {_key(row): row for row in Check.objects.filter(mine)}
    gone = [row.pk for key, row in stored.items() if key not in plan.wanted and plan.replaces(row)]
    if gone:
        Check.objects.filter(pk__in=gone).delete()
    Check.objects.bulk_create([row for key, row in plan.wanted.items() if key not in stored])
    changed = []
    for key, row in plan.wanted.items():
        old = stored.get(key)
        if old and (old.severity, old.message) != (row.severity, row.message):
            old.severity, old.message = row.severity, row.message
            changed.append(old)
    Check.objects.bulk_update(changed, ["severity", "message"])
