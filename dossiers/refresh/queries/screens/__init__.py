"""Takes topics, runs, captures and policies; leaves what the screens of research show, in a fixed number of queries."""

from dossiers.refresh.queries.screens.captures import CaptureView, find_capture, read_capture
from dossiers.refresh.queries.screens.changes import Changes, read_changes
from dossiers.refresh.queries.screens.fleet import (
    COUNTED_LISTS,
    LISTS,
    find_interval,
    list_intervals,
    read_counters,
    read_list,
)
from dossiers.refresh.queries.screens.providers import explain_idleness, find_provider, read_providers
from dossiers.refresh.queries.screens.runs import (
    find_newest_run,
    find_run,
    list_topic_runs,
    read_generations,
    read_runs,
    read_times,
    sum_generations,
)
from dossiers.refresh.queries.screens.sources import read_sources
from dossiers.refresh.queries.screens.standstill import explain_standstill, forget_look, read_workforce
from dossiers.refresh.queries.screens.steps import Step, digest, find_retrieval, make_pulse, read_steps

__all__ = [
    "COUNTED_LISTS", "LISTS", "CaptureView", "Changes", "Step", "digest", "explain_idleness", "explain_standstill",
    "find_capture", "find_interval", "find_newest_run", "find_provider", "find_retrieval", "find_run", "forget_look",
    "list_intervals", "list_topic_runs", "make_pulse", "read_capture", "read_changes", "read_counters",
    "read_generations", "read_list", "read_providers", "read_runs", "read_sources", "read_steps", "read_times",
    "read_workforce", "sum_generations",
]  # fmt: skip
