"""Take a library of captures; leave what their sentences state, as drafts that name the words they rest on.

No model and no network: words, numbers, dates and names decide, by lists of English words in data/rules.toml.
"""

from dossiers.extract.rules.finding import find_statements, propose
from dossiers.extract.rules.statements import Statement

VERSION = "2"  # goes up with every change of the rules: unchanged texts are then read anew

__all__ = ["VERSION", "Statement", "find_statements", "propose"]
