"""Take a run's captures and statements; leave claims, proposals with evidence, sightings, checks, health and questions.

Nothing here reads or writes a decision: what an editor decided shows only as the claim's incumbent.
"""

from dossiers.extract.actions.checking import recheck_topic
from dossiers.extract.actions.extracting import Extracted, extract_topic
from dossiers.extract.actions.generating import describe_generations, prepare_extraction

__all__ = ["Extracted", "describe_generations", "extract_topic", "prepare_extraction", "recheck_topic"]
