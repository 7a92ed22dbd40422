"""Takes a quote and a capture's text; leaves where its words stand, exactly, folded or nearly, never across a joint."""

from dossiers.extract.quotes.folding import Folded, fold
from dossiers.extract.quotes.locating import Located, locate_all, locate_quote, selector

__all__ = ["Folded", "Located", "fold", "locate_all", "locate_quote", "selector"]
