"""Read the words by which services are asked about a topic."""

from dataclasses import dataclass, field

from django.db import connection

from dossiers.clients.base import Context
from dossiers.models.capture import Capture
from dossiers.models.provider import ProviderRole
from dossiers.models.resolution import NO_CANDIDATE
from dossiers.models.run import Outcome, Retrieval, RetrievalState, Run, RunTrigger
from dossiers.models.topic import Topic, TopicAlias
from dossiers.research.queries.pins import read_pins

MOST_ALIASES = 20
CONTEXT = """
SELECT (SELECT count(*) FROM dossiers_run WHERE topic_id = %(topic)s AND kind = 'research' AND status = 'finished'),
    ARRAY(SELECT text FROM dossiers_topicalias WHERE topic_id = %(topic)s ORDER BY id LIMIT %(most)s)
"""


@dataclass(frozen=True)
class Asked:
    """A topic as research asks about it; `pins` are by role, an external id or "none"."""

    title: str
    kind: str
    description: str
    language: str
    aliases: tuple[str, ...] = ()
    pins: dict[str, str] = field(default_factory=dict)

    def is_closed(self, role: str) -> bool:
        """Say whether an editor ruled out that the topic has an entity of this role."""
        return self.pins.get(role) == NO_CANDIDATE

    def read_key(self, role: str) -> str:
        """Return the pinned external id of a role, or empty text."""
        key = self.pins.get(role, "")
        # An answer about a capture of an old export names no entity that a service would know.
        return "" if key == NO_CANDIDATE or key.startswith("capture:") else key


def read_asked(topic: Topic) -> Asked:
    """Read a topic's words and pins."""
    aliases = TopicAlias.objects.filter(topic=topic).order_by("id").values_list("text", flat=True)
    language = topic.language or "en"
    return Asked(topic.title, topic.kind, topic.description, language, tuple(aliases[:MOST_ALIASES]), read_pins(topic))


def read_context(run: Run) -> Context:
    """Read for whom a run's services are asked; one plain statement, because it is read before every call."""
    topic = run.topic
    with connection.cursor() as cursor:
        cursor.execute(CONTEXT, {"topic": topic.pk, "most": MOST_ALIASES})
        finished, aliases = cursor.fetchone()
    is_urgent = run.trigger == RunTrigger.REQUESTED
    return Context(topic.title, topic.kind, topic.description, tuple(aliases), finished, is_urgent)


def read_last_place_request(topic: Topic, names: list[str]) -> dict[str, object] | None:
    """Read what geocoders of these names were last asked about a topic, where they answered."""
    answered = (Outcome.OK, Outcome.EMPTY, Outcome.PARTIAL)
    rows = Retrieval.objects.filter(run__topic=topic, provider__in=names, state=RetrievalState.DONE)
    return rows.filter(outcome__in=answered).order_by("-id").values_list("request", flat=True).first()


def has_place(topic: Topic) -> bool:
    """Say whether a geocoder's answer about a topic is held."""
    return Capture.objects.filter(source__topic=topic, source__provider=ProviderRole.GEOCODER).exists()
