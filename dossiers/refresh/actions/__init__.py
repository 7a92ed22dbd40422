"""Takes due or requested topics; leaves their runs researched, extracted and ended, and says when they are due next.

Whatever dies in between is taken up again by the sweep: the database alone knows how far a run has come.
"""

from dossiers.refresh.actions.advancing import advance_run, advance_runs, carry_out
from dossiers.refresh.actions.dispatching import dispatch_retrievals
from dossiers.refresh.actions.errors import (
    IntervalNotPossible,
    ProviderNotReady,
    RefreshRefused,
    RetrievalNotRetryable,
    RunIsOver,
)
from dossiers.refresh.actions.policies import clear_stop, set_interval, set_topic_interval, switch_provider
from dossiers.refresh.actions.requesting import cancel_run, request_refresh, retry_retrieval
from dossiers.refresh.actions.sweeping import sweep

__all__ = [
    "IntervalNotPossible", "ProviderNotReady", "RefreshRefused", "RetrievalNotRetryable", "RunIsOver", "advance_run",
    "advance_runs", "cancel_run", "carry_out", "clear_stop", "dispatch_retrievals", "request_refresh",
    "retry_retrieval", "set_interval", "set_topic_interval", "sweep", "switch_provider",
]  # fmt: skip
