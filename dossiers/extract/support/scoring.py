"""Takes a statement and passages; leaves how far the passages together support it, from 0 to 1."""

from collections.abc import Sequence

from dossiers.extract.support.words import Term, list_terms

_WEIGHT = {"word": 1.0, "name": 1.5, "number": 1.5}
_LEAST_SHARE = 0.15  # a passage that shares less with the statement is not about it
_MISSING_FACTOR = 0.7


def support_score(statement: str, passages: Sequence[str]) -> float:
    """Say how far the passages together support the statement: 0 not at all, 1 every word of it.

    Half is what the best passage covers alone, half what the passages that share something with the statement cover
    together; each name or number found in none of them lowers it by 30 %. Another passage never lowers the score.
    """
    terms = {term.key: term for term in list_terms(statement)}
    total = sum(_weigh(term) for term in terms.values())
    if not total:
        return 0.0
    best, together = 0.0, set[str]()
    for passage in passages:
        shared = {term.key for term in list_terms(passage)} & terms.keys()
        share = sum(_weigh(terms[key]) for key in shared) / total
        best = max(best, share)
        if share >= _LEAST_SHARE:
            together |= shared
    covered = sum(_weigh(terms[key]) for key in together) / total
    missing = sum(term.kind != "word" for key, term in terms.items() if key not in together)
    return (best + covered) / 2 * _MISSING_FACTOR**missing


def _weigh(term: Term) -> float:
    return _WEIGHT[term.kind]
