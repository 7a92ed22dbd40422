"""Takes a statement and passages; leaves which passages support it best, and how far all of them together do."""

from dossiers.extract.support.ranking import PassageIndex, Ranked, rank_passages
from dossiers.extract.support.scoring import find_missing, support_score

__all__ = ["PassageIndex", "Ranked", "find_missing", "rank_passages", "support_score"]
