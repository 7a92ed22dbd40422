"""Sets the samples up: recorded providers answer in place of services; a loaded topic is researched and published.

Everything goes through the ordinary actions, signed by the accounts named "Sample editor" and "Sample publisher". The
rule is plain, and data of any other origin is never decided by it: a claim without a finding (or only worded
differently) is approved, one with an error is rejected, and whatever needs judgement stays in the queue.
"""

from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction

from dossiers.models.claim import Claim
from dossiers.models.provider import ProviderPolicy, ProviderRole
from dossiers.models.run import Retrieval, RetrievalState, Run, RunKind
from dossiers.models.topic import Topic
from dossiers.publish.actions import publish_dossier
from dossiers.publish.queries import read_draft, read_editions
from dossiers.refresh.actions import advance_run, carry_out, request_refresh
from dossiers.review.actions import approve_claim, record_display, reject_claim, resolve_entity
from dossiers.review.queries import Finding, read_findings, read_questions, read_seen

STEPS = 4  # of a run: its waves, and extraction
HARMLESS = frozenset({"paraphrase"})
NOTE = "Sample edition: decided by the sample accounts by rule, to show what readers see."
SHARED = {"client": "recorded", "spacing": 0, "grade": "verbatim", "licence": "CC0 1.0"}


def create_recorded_providers() -> None:
    """Create a provider of recorded answers for each role, switched on; one that exists stays as a curator left it."""
    for role in ProviderRole:
        title = f"Recorded {role.label.lower()} (sample data)"
        fields = SHARED | {"title": title, "role": role, "is_enabled": True}
        ProviderPolicy.objects.get_or_create(name=f"recorded-{role.value.replace('_', '-')}", defaults=fields)


def research_sample(topic: Topic, *, editor: User) -> None:
    """Research a topic for the first time, here and now; what a later refresh brings then meets decided claims."""
    if Run.objects.filter(topic=topic, kind=RunKind.RESEARCH).exists():
        return
    _answer_questions(topic, editor)  # before others can be found: the place that the export prints is the topic's
    run = request_refresh(topic, by=editor)
    for _ in range(STEPS):
        advance_run(run.pk)
        for pk in Retrieval.objects.filter(run=run, state=RetrievalState.WAITING).values_list("pk", flat=True):
            carry_out(pk)


@transaction.atomic
def publish_sample(topic: Topic, *, editor: User, publisher: User) -> bool:
    """Decide and publish a topic that has no edition; say whether there was something to do."""
    if read_editions(topic):
        return False
    _answer_questions(topic, editor)
    claims = Claim.objects.filter(topic=topic).open().select_related("newest_proposal").order_by("position", "id")
    findings = read_findings({claim.pk: claim.newest_proposal_id for claim in claims if claim.newest_proposal_id})
    for claim in claims:
        _decide(claim, editor, findings.get(claim.pk, []))
    draft = read_draft(topic)
    left_out = {blocker.claim_id for blocker in draft.blockers}
    publish_dossier(topic, editor=publisher, leave_out=left_out, note=NOTE, seen=draft.seen)
    return True


def _answer_questions(topic: Topic, editor: User) -> None:
    for question in read_questions(topic):
        if question.is_open and question.candidates:
            choice = question.candidates[0].key
            resolve_entity(topic, provider=question.provider, choice=choice, editor=editor, note=NOTE, seen=question.id)


def _decide(claim: Claim, editor: User, findings: list[Finding]) -> None:
    seen = read_seen(claim)
    if seen is None or claim.newest_proposal is None:
        return
    if any(finding.is_open_error for finding in findings):
        reject_claim(claim, editor=editor, seen=seen, reason_code="unsupported", note=NOTE, key=uuid4())
    elif all(finding.severity == "info" or finding.code in HARMLESS for finding in findings):
        record_display(editor, [claim.newest_proposal])
        approve_claim(claim, editor=editor, seen=seen, note=NOTE, key=uuid4())
