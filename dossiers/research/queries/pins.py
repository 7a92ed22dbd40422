"""Read what editors pinned: which external id is the topic's at a provider of a role, or that none is."""

from dossiers.models.resolution import EntityResolution
from dossiers.models.topic import Topic


def read_pins(topic: Topic) -> dict[str, str]:
    """Return role -> the chosen external id, or "none" where an editor said that there is no such entity."""
    rows = EntityResolution.objects.filter(topic=topic, editor__isnull=False).order_by("provider", "-id")
    return dict(rows.distinct("provider").values_list("provider", "choice"))
