"""Signed-in clients, addresses of the admin, and one row of everything it shows."""

from uuid import uuid4

from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from dossiers.models.check import CheckDismissal
from dossiers.models.claim import ClaimHealth
from dossiers.models.document import Document, Mention
from dossiers.models.edition import Edition
from dossiers.models.generation import Generation
from dossiers.models.proposal import Sighting
from dossiers.models.run import Retrieval, RetrievedCapture
from dossiers.models.statement import ImportedStatement
from dossiers.models.status import PublicStatus
from dossiers.models.suppression import Suppression
from dossiers.models.topic import Topic
from tests.builders import decide, make_capture, make_check, make_claim, make_question, make_run, make_topic, make_user
from tests.models.rows import digest, spell


def sign_in(group: str, **fields: object) -> Client:
    client = Client()
    client.force_login(make_user(group=group, **fields))
    return client


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def fill_everything(editor: User) -> None:
    """Leave one more row of every model that the admin shows, each with rows of its own behind it."""
    topic = make_topic(title=f"Topic {uuid4().hex[:6]}")
    topic.aliases.create(text="Another name")
    document = Document.objects.create(title="A document")
    Mention.objects.create(document=document, topic=topic)
    capture = make_capture(topic)
    claim = make_claim(topic)
    proposal = claim.newest_proposal
    assert proposal is not None
    run = make_run(topic)
    ImportedStatement.objects.create(run=run, kind="summary", position=0, value="Words.")
    retrieval = Retrieval.objects.create(run=run, provider="web_search", outcome="ok")
    RetrievedCapture.objects.create(retrieval=retrieval, capture=capture)
    Generation.objects.create(run=run, extractor_version="1", model="sample", prompt_sha256="0" * 64, outcome="ok")
    Sighting.objects.create(proposal=proposal, run=run)
    make_check(proposal, "ungrounded")
    make_check(capture, "no-url", "info")
    CheckDismissal.objects.create(proposal=proposal, code="ungrounded", reason="It does.", editor=editor)
    decide(claim, editor)
    Suppression.objects.create(claim=claim, value_hash="0" * 64, quote_hash="0" * 64)
    ClaimHealth.objects.create(claim=claim, checked_at=topic.created_at)
    make_question(topic, capture)
    publish_empty(topic, editor)


def publish_empty(topic: Topic, editor: User) -> Edition:
    """Publish an edition without facts."""
    correction = {"fact": "fact-1", "kind": "removed", "before": "x", "after": "", "reason": "Wrong."}
    body = spell({"edition": 1, "previous_sha256": "", "facts": [], "corrections": [correction]})
    edition = Edition.objects.create(
        topic=topic, number=1, canonical=body, sha256=digest(body), published_by=editor, published_at=topic.created_at
    )
    edition.corrections.create(ordinal=1, **correction)
    PublicStatus.objects.create(topic=topic, slug=topic.slug, title=topic.title, current_edition=edition)
    return edition
