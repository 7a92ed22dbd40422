"""Read what editors pinned: which external id is the topic's at a provider of a role, or that none is."""

from collections.abc import Mapping

from dossiers.models.capture import Capture
from dossiers.models.provider import ProviderRole
from dossiers.models.resolution import NO_CANDIDATE, EntityResolution
from dossiers.models.topic import Topic

_ITEM, _CAPTURE = "wikidata:", "capture:"
# An article and an entry that are the same item are pinned by one answer.
_OTHERS = {
    ProviderRole.ENCYCLOPEDIA.value: ProviderRole.KNOWLEDGE_BASE.value,
    ProviderRole.KNOWLEDGE_BASE.value: ProviderRole.ENCYCLOPEDIA.value,
}


def read_pins(topic: Topic) -> dict[str, str]:
    """Return role -> the chosen external id, or "none" where an editor said that there is no such entity.

    The item of a chosen article pins the knowledge base's entry too, and the reverse, unless that was answered itself.
    A chosen text without an external id pins nothing: there is nothing to ask a provider by.
    """
    rows = EntityResolution.objects.filter(topic=topic, editor__isnull=False).order_by("provider", "-id")
    answers = list(rows.distinct("provider"))
    entities = _read_entities(answers)
    pins = {row.provider: entities.get(row.choice, row.choice) for row in answers}
    items = {_OTHERS[row.provider]: _read_item(row, pins[row.provider]) for row in answers if row.provider in _OTHERS}
    for role, item in items.items():
        if item:
            pins.setdefault(role, item)
    return {role: key for role, key in pins.items() if key}


def _read_entities(answers: list[EntityResolution]) -> Mapping[str, str]:
    """Read the external ids of answers that name a capture; empty where none is known."""
    ids = {int(row.choice.removeprefix(_CAPTURE)) for row in answers if row.choice.startswith(_CAPTURE)}
    known = dict(Capture.objects.filter(pk__in=ids).values_list("pk", "source__entity")) if ids else {}
    return {f"{_CAPTURE}{pk}": known.get(pk, "") for pk in ids}


def _read_item(row: EntityResolution, key: str) -> str:
    """Read which item of the knowledge base a chosen entity is; empty where nothing says so."""
    if key.startswith(_ITEM):
        return key
    chosen = (entry for entry in row.candidates if entry["key"] == row.choice != NO_CANDIDATE)
    return next((str(entry.get("item") or "") for entry in chosen), "")
