"""Runs with steps, captures and policies for the screens of research; every word in them is made up."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from dossiers.models.capture import Capture
from dossiers.models.claim import Claim
from dossiers.models.proposal import Proposal
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import (
    Outcome,
    Retrieval,
    RetrievalState,
    RetrievedCapture,
    Run,
    RunKind,
    RunStatus,
    RunTrigger,
)
from dossiers.models.topic import Topic
from tests.builders import make_claim, make_proposal, make_user

FIRST = "Sample Observatory has three domes. It stands on Sample Hill. Its library opened in 1931."
SECOND = "Sample Observatory has four domes. It stands on Sample Hill. Its library opened in 1931."


def sign_in(group: str = "editor", user: User | None = None) -> Client:
    """Return a browser without scripts, of a member of the group."""
    client = Client()
    client.force_login(user or make_user(group=group))
    return client


def make_research(topic: Topic, status: str = RunStatus.RUNNING, **fields: Any) -> Run:
    """Make a research run; one that is over has an end."""
    if status not in (RunStatus.QUEUED, RunStatus.RUNNING):
        fields.setdefault("finished_at", timezone.now())
        fields.setdefault("outcome", Outcome.OK if status == RunStatus.FINISHED else "")
    fields.setdefault("trigger", RunTrigger.REQUESTED)
    return Run.objects.create(topic=topic, kind=RunKind.RESEARCH, status=status, wave=1, **fields)


def make_step(run: Run, outcome: str = "", provider: str = "wikipedia", **fields: Any) -> Retrieval:
    """Make a retrieval: done where it has an outcome, else waiting or as `state` says."""
    state = RetrievalState.DONE if outcome else fields.pop("state", RetrievalState.WAITING)
    if outcome:
        fields.setdefault("finished_at", timezone.now())
    position = Retrieval.objects.filter(run=run, provider=provider).count()
    fields.setdefault("request", {"kind": "page", "text": run.topic.title})
    return Retrieval.objects.create(
        run=run, provider=provider, position=position, wave=1, state=state, outcome=outcome, **fields
    )


def give(step: Retrieval, capture: Capture) -> RetrievedCapture:
    """Let a step have given a capture."""
    return RetrievedCapture.objects.create(retrieval=step, capture=capture)


def add_capture(before: Capture, text: str, *, days: int = 1, **fields: Any) -> Capture:
    """Make a later capture of the same source."""
    at = before.retrieved_at + timedelta(days=days)
    digest = sha256(text.encode()).hexdigest()
    return Capture.objects.create(source=before.source, text=text, text_sha256=digest, retrieved_at=at, **fields)


def propose(run: Run, claim: Claim, value: str, **fields: Any) -> Proposal:
    """Let a run have proposed a value for a claim."""
    return make_proposal(claim, value, run=run, **fields)


def make_new_claim(run: Run, value: str, **fields: Any) -> Claim:
    """Let a run have found a claim."""
    return make_claim(run.topic, value, run=run, **fields)


def switch_on(name: str = "searxng", **fields: Any) -> ProviderPolicy:
    """Make a provider ready to be asked."""
    policy = ProviderPolicy.objects.get(name=name)
    said = {"is_enabled": True, "base_url": "http://127.0.0.1:9", "contact": "desk@example.org", **fields}
    for field, value in said.items():
        setattr(policy, field, value)
    policy.save()
    return policy
