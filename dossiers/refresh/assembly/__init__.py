"""Takes texts, outcomes and intervals; leaves their differences and their words. Knows neither Django nor models."""

from dossiers.refresh.assembly.differences import Segment, Stretch, diff_texts, diff_words
from dossiers.refresh.assembly.intervals import PRESETS, spell_interval
from dossiers.refresh.assembly.licences import find_deed
from dossiers.refresh.assembly.outcomes import Words, describe_run, describe_step

__all__ = [
    "PRESETS", "Segment", "Stretch", "Words", "describe_run", "describe_step", "diff_texts", "diff_words", "find_deed",
    "spell_interval",
]  # fmt: skip
