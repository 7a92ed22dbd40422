"""Take printed statements and captures; leave each claim with the exact words it rests on, or with what it lacks.

Topic descriptions are context and never evidence; place captures support places alone.
"""

from dossiers.extract.assembly.grounding import assemble, ground_draft, split_summary
from dossiers.extract.assembly.inputs import CaptureText, Draft, Span, TopicText
from dossiers.extract.assembly.library import Library
from dossiers.extract.assembly.results import Dating, Grounded, Quote, Support, TypedValue
from dossiers.extract.assembly.sentences import Sentence

__all__ = [
    "CaptureText",
    "Dating",
    "Draft",
    "Grounded",
    "Library",
    "Quote",
    "Sentence",
    "Span",
    "Support",
    "TopicText",
    "TypedValue",
    "assemble",
    "ground_draft",
    "split_summary",
]
