"""Run a topic's checks and bring the stored ones into line with what they find."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dossiers.extract.assembly import Grounded, Library, TopicText, ground_draft
from dossiers.extract.checks import Finding, run_checks
from dossiers.extract.queries import (
    KnownClaim,
    describe_capture,
    describe_topic,
    list_known_claims,
    list_run_captures,
    list_topic_captures,
    make_draft,
    read_answers,
)
from dossiers.models.check import Check
from dossiers.models.claim import Claim, ClaimHealth, HealthState
from dossiers.models.topic import Topic

AMBIGUOUS = "ambiguous-match"

Key = tuple[int | None, int | None, int | None, str, int | None]


@dataclass
class Checked:
    """A claim with the proposal that its findings are about."""

    claim: Claim
    proposal_id: int
    grounded: Grounded


@transaction.atomic
def recheck_topic(topic: Topic) -> None:
    """Run all checks of a topic again, each claim against the captures of the run that proposed its value."""
    words = describe_topic(topic)
    sync_checks(topic, words, [], list_known_claims(topic), [])


def sync_checks(
    topic: Topic,
    words: TopicText,
    seen: Sequence[Checked],
    others: Sequence[KnownClaim],
    ambiguous: Sequence[tuple[Claim, Claim]],
) -> None:
    """Check the claims just grounded and, grounded again from what is stored, the topic's other ones."""
    checked = [*seen, *_ground_again(words, others)]
    captures = [describe_capture(row) for row in list_topic_captures(topic)]
    claims = [entry.grounded for entry in checked]
    findings = run_checks(words, claims, captures, today=timezone.now().date(), resolved=_list_resolved(topic))
    wanted = {_key(row): row for row in (_make_row(finding, checked) for finding in findings)}
    wanted |= {_key(row): row for row in [*_make_ambiguous(ambiguous), *_make_changed(topic)]}
    _sync(topic, wanted, {entry.proposal_id for entry in checked})


def _ground_again(words: TopicText, known: Iterable[KnownClaim]) -> list[Checked]:
    """Ground stored proposals against the captures of their own runs, which leaves what was stored."""
    entries = [entry for entry in known if entry.latest]
    runs = list_run_captures({entry.latest.run_id for entry in entries if entry.latest and entry.latest.run_id})
    libraries = {run: Library(words, [describe_capture(row) for row in rows]) for run, rows in runs.items()}
    checked = []
    for entry in entries:
        proposal = entry.latest
        if proposal and proposal.run_id in libraries:
            grounded = ground_draft(make_draft(entry.claim, proposal, entry.quotes), libraries[proposal.run_id])
            checked.append(Checked(entry.claim, proposal.pk, grounded))
    return checked


def _list_resolved(topic: Topic) -> frozenset[Hashable]:
    """List the captures that an editor chose as the topic's."""
    chosen = {row.choice for row in read_answers(topic).values() if row.editor_id}
    return frozenset(int(key.partition(":")[2]) for key in chosen if key.startswith("capture:"))


def _make_row(finding: Finding, checked: Sequence[Checked]) -> Check:
    row = Check(code=finding.code, severity=finding.severity, message=finding.message)
    if finding.target == "capture":
        row.capture_id = finding.subject  # type: ignore[assignment]
        return row
    entry = checked[finding.subject]  # type: ignore[call-overload]
    if finding.target == "proposal":
        row.proposal_id = entry.proposal_id
    else:
        row.claim_id = entry.claim.pk
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
        yield Check(claim_id=health.claim_id, code="source-changed", severity="warning", message=message)


def _key(row: Check) -> Key:
    return row.proposal_id, row.claim_id, row.capture_id, row.code, row.related_claim_id


def _sync(topic: Topic, wanted: dict[Key, Check], proposals: set[int]) -> None:
    """Insert what is new, change what reads otherwise, remove what no longer holds; the rest is left alone."""
    mine = Q(proposal_id__in=proposals) | Q(claim__topic=topic) | Q(capture__source__topic=topic)
    stored = {_key(row): row for row in Check.objects.filter(mine)}
    gone = [row.pk for key, row in stored.items() if key not in wanted and row.code != AMBIGUOUS]
    Check.objects.filter(pk__in=gone).delete()
    Check.objects.bulk_create([row for key, row in wanted.items() if key not in stored])
    changed = []
    for key, row in wanted.items():
        old = stored.get(key)
        if old and (old.severity, old.message) != (row.severity, row.message):
            old.severity, old.message = row.severity, row.message
            changed.append(old)
    Check.objects.bulk_update(changed, ["severity", "message"])
