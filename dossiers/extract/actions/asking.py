"""Ask an editor which article or place is the topic's; after an answer nothing is asked again."""

from collections.abc import Sequence
from typing import Any

from dossiers.extract.assembly import CaptureText, TopicText
from dossiers.extract.checks.captures import ENCYCLOPEDIAS
from dossiers.extract.checks.entities import describe_features, describe_wrong_article
from dossiers.extract.queries import describe_capture, read_answers
from dossiers.models.capture import Capture
from dossiers.models.resolution import EntityResolution
from dossiers.models.topic import Topic


def ask_questions(topic: Topic, words: TopicText, captures: Sequence[Capture]) -> None:
    """Ask about every place that was found, and about articles that seem to be another subject's."""
    asked = read_answers(topic)
    wanted: dict[str, list[CaptureText]] = {}
    for text in map(describe_capture, captures):
        if text.is_place or (text.provider in ENCYCLOPEDIAS and describe_wrong_article(words, text)):
            wanted.setdefault(text.provider, []).append(text)
    rows = []
    for provider, texts in wanted.items():
        candidates = [_describe_candidate(words, text) for text in texts]
        newest = asked.get(provider)
        if newest is None or (newest.editor_id is None and newest.candidates != candidates):
            rows.append(EntityResolution(topic=topic, provider=provider, candidates=candidates))
    EntityResolution.objects.bulk_create(rows)


def _describe_candidate(words: TopicText, text: CaptureText) -> dict[str, Any]:
    features = describe_features(words, text)
    return {"key": f"capture:{text.key}", "title": text.title, "capture": text.key, "features": features}
