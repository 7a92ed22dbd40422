"""Take labels, values and texts; leave the names in them, the keys of claims, and which old claim each new one is."""

from dossiers.extract.matching.gazetteer import TOPIC_KEY, Gazetteer, Mention
from dossiers.extract.matching.keys import Signature, base_key, claim_key, make_signature
from dossiers.extract.matching.labels import Label, parse_label
from dossiers.extract.matching.names import Name, find_known_names, find_names, has_name
from dossiers.extract.matching.pairs import NO_SIGNATURE, Candidate, Matches, QuoteSpan, match_claims
from dossiers.extract.matching.words import Word, find_stems, find_words, fold_name, stem_word

__all__ = [
    "NO_SIGNATURE",
    "TOPIC_KEY",
    "Candidate",
    "Gazetteer",
    "Label",
    "Matches",
    "Mention",
    "Name",
    "QuoteSpan",
    "Signature",
    "Word",
    "base_key",
    "claim_key",
    "find_known_names",
    "find_names",
    "find_stems",
    "find_words",
    "fold_name",
    "has_name",
    "make_signature",
    "match_claims",
    "parse_label",
    "stem_word",
]
