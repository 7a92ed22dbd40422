"""Takes nothing or a topic; leaves the desk's list of topics with their counts, and a topic's open questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

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
    "is_disambiguation": "only lists what a name may mean",
    "redirected_from": "reached from",
    "section": "leads to the section",
    "instance_of": "is a",
    "same_item_as_the_article": "same item as the article",
    "coordinates": "coordinates",
    "importance": "importance",
}
_HIDDEN = frozenset({"fits", "wikibase_item", "wikidata"})  # told by other lines
_NEWS = frozenset({"is_disambiguation", "redirected_from", "section"})  # told only where there is something to tell
_LINKS = {
    "wikidata": "https://www.wikidata.org/wiki/{0}",
    "osm": "https://www.openstreetmap.org/{0}",
    "wikipedia": "https://{0}.wikipedia.org/wiki/{1}",
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
    """One candidate of a question: its key, what was measured about it, and how its captured text begins.

    `url` leads to its text's source, or to the entity itself; `id` is its external id, empty where it has none.
    """

    key: str
    title: str
    description: str
    features: list[tuple[str, str]]
    beginning: str
    url: str
    id: str
    was_judged: bool
    is_suggested: bool
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
    def outcome(self) -> str:
        """Return in words what a machine makes of an open question's candidates; empty where it was not asked."""
        suggested = sum(candidate.is_suggested for candidate in self.candidates)
        if not self.is_open or not any(candidate.was_judged for candidate in self.candidates):
            return ""
        if suggested == 1 and self.provider == "geocoder":
            return "One of them fits; a place is approved only once you have chosen it."
        if suggested == 1:
            return "One of them fits and is taken for the topic’s until you answer."
        if suggested:
            return "Several of them may be meant; claims that rest on them wait for your answer."
        return "None of them seems to fit; claims that rest on them wait for your answer."

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
    capture, key = texts.get(candidate.get("capture", 0)), str(candidate["key"])
    found = candidate.get("features") or {}
    entity = "" if key.startswith("capture:") else key
    url = capture.source.url if capture else ""
    return Candidate(
        key=key, title=candidate.get("title", ""), description=candidate.get("description", ""),
        features=_spell_features(found), beginning=capture.beginning if capture else "",
        url=url if url.startswith(("https://", "http://")) else link_entity(key), id=entity, was_judged="fits" in found,
        is_suggested=bool(found.get("fits")), is_chosen=key == choice,
    )  # fmt: skip


def _spell_features(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Spell what was measured: what everybody understands first, then the rest; what is not so is left out."""
    names = [*(name for name in _FEATURES if name in found), *(name for name in found if name not in _FEATURES)]
    told = [name for name in names if name not in _HIDDEN and not (name in _NEWS and not found[name])]
    return [(_FEATURES.get(name, name.replace("_", " ")), _spell(found[name])) for name in told]


def link_entity(key: str) -> str:
    """Return where an external id leads ("wikidata:Q1"); empty for a catalogue that we do not know."""
    catalogue, _, rest = key.partition(":")
    parts = [quote(part) for part in (rest.split(":", 1) if catalogue == "wikipedia" else [rest])]
    pattern = _LINKS.get(catalogue, "")
    is_whole = len(parts) == pattern.count("{") and all(parts) and (catalogue != "wikipedia" or parts[0].isalnum())
    return pattern.format(*parts) if pattern and is_whole else ""


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
