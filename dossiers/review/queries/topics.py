"""Takes nothing or a topic; leaves the desk's list of topics with their counts, and a topic's open questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Left

from dossiers.models.capture import Capture
from dossiers.models.claim import Claim, ClaimStatus
from dossiers.models.resolution import NO_CANDIDATE, EntityResolution
from dossiers.models.topic import Topic
from dossiers.review.queries.findings import name_editor

PAGE = 50
_FEATURES = {
    "title_is_the_topics": "its title is the topic’s name",
    "names_of_the_description": "names in the topic’s description",
    "names_found": "of these it has",
}
_BEGINNING = 600  # characters of a candidate's text
TopicPlace = tuple[str, int]


@dataclass(frozen=True)
class TopicRow:
    """A topic in the list, with how many of its claims wait, stand and there are."""

    topic: Topic
    waiting: int
    approved: int
    total: int


@dataclass(frozen=True)
class TopicPage:
    """One page of topics by title; `after` is the place to go on from, None at the end."""

    rows: list[TopicRow]
    after: TopicPlace | None


@dataclass(frozen=True)
class Candidate:
    """One candidate of a question: its key, what was measured about it, and how its captured text begins."""

    key: str
    title: str
    features: list[tuple[str, str]]
    beginning: str
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Question:
    """Which candidate of a provider is the topic; `answer` says who settled it and how, empty while open."""

    id: int
    provider: str
    candidates: list[Candidate]
    choice: str
    answer: str
    note: str
    errors: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.choice == ""

    @property
    def name(self) -> str:
        """Return the provider in words."""
        return self.provider.replace("_", " ")


def read_topics(*, after: TopicPlace | None = None) -> TopicPage:
    """Return one page of topics in order of title, in two queries."""
    topics = Topic.objects.filter(redirect_to=None).order_by("title", "id")
    if after is not None:
        title, pk = after
        topics = topics.filter(Q(title__gt=title) | Q(title=title, id__gt=pk))
    found = list(topics[: PAGE + 1])
    page = found[:PAGE]
    counts = _count_claims(page)
    rows = [TopicRow(topic, *counts.get(topic.pk, (0, 0, 0))) for topic in page]
    return TopicPage(rows, (page[-1].title, page[-1].pk) if len(found) > PAGE else None)


def read_questions(topic: Topic) -> list[Question]:
    """Return the newest question or answer of each provider, with the beginning of each candidate's text."""
    rows = EntityResolution.objects.filter(topic=topic).order_by("provider", "-id").distinct("provider")
    newest = list(rows.select_related("editor"))
    ids = {candidate.get("capture") for row in newest for candidate in row.candidates} - {None}
    captures = Capture.objects.filter(pk__in=ids).select_related("source").defer("text", "payload")
    texts = {row.pk: row for row in captures.annotate(beginning=Left("text", _BEGINNING))}
    return [_describe_question(row, texts) for row in newest]


def _count_claims(topics: Sequence[Topic]) -> dict[int, tuple[int, int, int]]:
    grouped = (
        Claim.objects.filter(topic__in=topics)
        .values("topic_id")
        .annotate(
            waiting=Count("id", filter=Q(needs_review=True)),
            approved=Count("id", filter=Q(status=ClaimStatus.APPROVED)),
            total=Count("id"),
        )
    )
    return {row["topic_id"]: (row["waiting"], row["approved"], row["total"]) for row in grouped}


def _describe_question(row: EntityResolution, texts: dict[int, Any]) -> Question:
    candidates = [_describe_candidate(candidate, row.choice, texts) for candidate in row.candidates]
    return Question(row.pk, row.provider, candidates, row.choice, _spell_answer(row), row.note)


def _describe_candidate(candidate: dict[str, Any], choice: str, texts: dict[int, Any]) -> Candidate:
    capture = texts.get(candidate.get("capture", 0))
    found = candidate.get("features", {})
    names = [*(name for name in _FEATURES if name in found), *(name for name in found if name not in _FEATURES)]
    features = [(_FEATURES.get(name, name.replace("_", " ")), _spell(found[name])) for name in names]
    return Candidate(
        candidate["key"], candidate.get("title", ""), features, capture.beginning if capture else "",
        capture.source.url if capture else "", candidate["key"] == choice,
    )  # fmt: skip


def _spell_answer(row: EntityResolution) -> str:
    if row.editor is None:
        return ""
    chosen = next((c.get("title", "") for c in row.candidates if c["key"] == row.choice), "")
    what = "None of these" if row.choice == NO_CANDIDATE else chosen
    return f"{what}, says {name_editor(row.editor)}"


def _spell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "not known" if value is None else str(value)
