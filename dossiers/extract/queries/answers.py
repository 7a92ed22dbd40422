"""Read what editors answered about which entity a topic is, as the checks apply it."""

from collections.abc import Iterable
from typing import Any

from dossiers.extract.checks import Answer, AnswerCandidate, read_item, read_outcome
from dossiers.models.capture import Capture
from dossiers.models.resolution import EntityResolution
from dossiers.models.topic import Topic


def read_answers(topic: Topic) -> dict[str, EntityResolution]:
    """Read the newest question or answer of each provider about which candidate the topic is."""
    rows = EntityResolution.objects.filter(topic=topic).order_by("provider", "-id").distinct("provider")
    return {row.provider: row for row in rows}


def describe_answers(rows: Iterable[EntityResolution]) -> list[Answer]:
    """Describe questions and answers as the checks apply them, with the sources that their candidates' texts are of."""
    rows = list(rows)
    ids = {entry.get("capture") for row in rows for entry in row.candidates} - {None}
    sources = {pk: (source, entity) for pk, source, entity in _list_sources(ids)}
    return [_describe_answer(row, sources) for row in rows]


def _list_sources(ids: set[Any]) -> list[tuple[int, int, str]]:
    rows = Capture.objects.filter(pk__in=ids)
    return list(rows.values_list("pk", "source_id", "source__entity")) if ids else []


def _describe_answer(row: EntityResolution, sources: dict[int, tuple[int, str]]) -> Answer:
    candidates, told = [], [entry.get("features") or {} for entry in row.candidates]
    for entry, features in zip(row.candidates, told, strict=True):
        source, entity = sources.get(entry.get("capture") or 0, (None, ""))
        key = str(entry["key"])
        item = read_item(key, features) or read_item(entity, {})
        keys = frozenset({key, entity} - {""})
        candidates.append(AnswerCandidate(key, str(entry.get("title", "")), keys, item, source))
    outcome = read_outcome(told) if any("fits" in features for features in told) else ""
    return Answer(row.provider, row.choice, tuple(candidates), outcome)
