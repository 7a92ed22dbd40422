"""Takes an editor's answer to which candidate a topic is; leaves it pinned, and the topic's checks run again."""

from django.contrib.auth.models import User
from django.db import transaction

from dossiers.extract.actions import recheck_topic
from dossiers.models.resolution import NO_CANDIDATE, EntityResolution
from dossiers.models.topic import Topic
from dossiers.review.actions.errors import CandidateUnknown, QuestionIsStale, naming_refusals


def resolve_entity(
    topic: Topic, *, provider: str, choice: str, editor: User, note: str = "", seen: int | None = None
) -> EntityResolution:
    """Answer with a candidate's key or "none"; `seen` is the question's id as shown, QuestionIsStale if it moved on."""
    with naming_refusals(), transaction.atomic():
        Topic.objects.select_for_update().get(pk=topic.pk)
        newest = EntityResolution.objects.filter(topic=topic, provider=provider).order_by("-id").first()
        if newest is None:
            raise QuestionIsStale
        if newest.editor_id == editor.pk and (newest.choice, newest.note) == (choice, note):
            return newest
        if seen not in (None, newest.pk):
            raise QuestionIsStale
        if choice != NO_CANDIDATE and choice not in {candidate["key"] for candidate in newest.candidates}:
            raise CandidateUnknown
        answer = EntityResolution.objects.create(
            topic=topic, provider=provider, candidates=newest.candidates, choice=choice, note=note, editor=editor
        )
        recheck_topic(topic)
        return answer
