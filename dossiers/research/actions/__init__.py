"""Takes a run of a topic; leaves its retrievals planned, carried out, and their texts stored as captures.

Nothing here writes a claim, and no transaction is open while a provider is asked.
"""

from dossiers.research.actions.fetching import Fetched, fetch_retrieval
from dossiers.research.actions.planning import LAST_WAVE, plan_wave

__all__ = ["LAST_WAVE", "Fetched", "fetch_retrieval", "plan_wave"]
