"""Take a library of captures; leave questions for a language model, and from its answers drafts or problems.

The model names passages by their ids and copies words from them. It decides nothing: what does not stand in the passage
that it names gives no draft, and every draft is grounded and checked like those of the rules.
"""

from dossiers.extract.prompts.building import LONGEST_PROMPT, Prompt, build_prompts
from dossiers.extract.prompts.problems import Problem
from dossiers.extract.prompts.reading import Answer, read_answer
from dossiers.extract.prompts.schema import EXTRACTOR, LONGEST_ANSWER, SCHEMA, SCHEMA_NAME, VERSION

__all__ = [
    "EXTRACTOR",
    "LONGEST_ANSWER",
    "LONGEST_PROMPT",
    "SCHEMA",
    "SCHEMA_NAME",
    "VERSION",
    "Answer",
    "Problem",
    "Prompt",
    "build_prompts",
    "read_answer",
]
