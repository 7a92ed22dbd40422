"""A dossier for tests of publishing and reading: decided claims of every kind, with quotes in two sources."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from django.contrib.auth.models import User

from dossiers.models.capture import Capture
from dossiers.models.claim import Claim
from dossiers.models.edition import Edition
from dossiers.models.evidence import Role
from dossiers.models.topic import Topic
from dossiers.publish.actions import publish_dossier
from dossiers.publish.queries import read_draft
from tests.builders import decide, make_capture, make_claim, make_proposal, make_question, make_topic, make_user

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)
TEXT = (
    "Before it. The dome was built in 1907. Sample Observatory has three domes on Sample Hill. A library opened later."
)
PLACE = "Sample Observatory, 1, Sample Hill"


@dataclass
class Dossier:
    """A topic with its claims by name and the people who decide and publish."""

    topic: Topic
    capture: Capture
    editor: User
    publisher: User
    claims: dict[str, Claim] = field(default_factory=dict)

    def publish(self, *, leave_out: set[int] | None = None, note: str = "") -> Edition:
        """Publish as the publisher, having seen the draft as it is."""
        return publish_dossier(
            self.topic, editor=self.publisher, leave_out=leave_out or set(), note=note, seen=read_draft(self.topic).seen
        )

    def amend(self, name: str, value: str, **fields: object) -> None:
        """Let another approved proposal stand for a claim."""
        proposal = make_proposal(self.claims[name], value, **fields)  # type: ignore[arg-type]
        decide(self.claims[name], self.editor, proposal=proposal)


def make_dossier(title: str = "Sample Observatory", *, is_decided: bool = True, **fields: object) -> Dossier:
    """Make a dossier with a summary sentence, an attribute, two events and a place, approved by "Ada Sample"."""
    topic = make_topic(
        title, kind="organization", description="An invented observatory.", first_mentioned_at=AT,
        research_retrieved_at=AT, **fields,
    )  # fmt: skip
    capture = make_capture(
        topic, TEXT, title="A short history", publisher="Sample Press", licence="sample licence", retrieved_at=AT,
        url="https://press.example/history", grade="verbatim",
    )  # fmt: skip
    editor, publisher = make_user(first_name="Ada", last_name="Sample"), make_user(group="publisher")
    dossier = Dossier(topic, capture, editor, publisher)
    _add_claims(dossier)
    if is_decided:
        for claim in dossier.claims.values():
            decide(claim, editor)
    topic.refresh_from_db()
    return dossier


def _add_claims(dossier: Dossier) -> None:
    topic, capture, add = dossier.topic, dossier.capture, dossier.claims.__setitem__
    value = "Sample Observatory has three domes on Sample Hill."
    add("summary", make_claim(topic, value, kind="summary", label="", capture=capture))
    quotes = [(capture, "three domes", Role.VALUE), (capture, "Sample Observatory", Role.SUBJECT)]
    add("domes", make_claim(topic, "three domes", label="Domes", quotes=quotes))
    value = "A library opened later."
    add("library", make_claim(topic, value, kind="event", label="", capture=capture, date_text="later"))
    quotes = [(capture, "The dome was built", Role.VALUE), (capture, "1907", Role.DATE)]
    dated = {"date_text": "1907", "date_edtf": "1907", "date_sort": 696334}
    add("dome", make_claim(topic, "The dome was built", kind="event", label="", quotes=quotes, **dated))
    found = make_capture(topic, PLACE, provider="geocoder", title="Geocoder", retrieved_at=AT)
    question = make_question(topic, found)
    settle = {"candidates": question.candidates, "choice": f"capture:{found.pk}", "editor": dossier.editor}
    type(question).objects.create(topic=topic, provider="geocoder", **settle)
    where = {"lat": Decimal("46.1234000"), "lon": Decimal("-7.5000000")}
    add("place", make_claim(topic, PLACE, kind="place", label="", capture=found, **where))
