"""Takes requests about research; leaves its pages and partials. One address a verb."""

from dossiers.refresh.views.captures import show_capture
from dossiers.refresh.views.fleet import set_kind_interval, show_fleet
from dossiers.refresh.views.providers import clear, switch
from dossiers.refresh.views.runs import cancel, retry, show_progress, show_run
from dossiers.refresh.views.topics import refresh, set_interval, show_topic

__all__ = [
    "cancel", "clear", "refresh", "retry", "set_interval", "set_kind_interval", "show_capture", "show_fleet",
    "show_progress", "show_run", "show_topic", "switch",
]  # fmt: skip
