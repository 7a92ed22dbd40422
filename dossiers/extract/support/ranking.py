"""Takes a statement and passages in their order; leaves the passages ranked by how well each supports the statement."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from dossiers.extract.support.words import Term, list_terms

_K1, _B = 1.2, 0.6
_NEIGHBOUR = 0.15
_KIND_WEIGHT = {"word": 1.0, "name": 1.2, "number": 1.2}
_PAIR_BONUS = 0.3


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage's position in the sequence that was given, and its score (0 or more; comparable in one ranking only)."""

    index: int
    score: float


class PassageIndex:
    """Passages prepared once for ranking many statements against them."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._terms = [[term.key for term in list_terms(passage)] for passage in passages]
        self._counts = [Counter(keys) for keys in self._terms]
        self._postings: dict[str, list[int]] = {}
        for number, counts in enumerate(self._counts):
            for key in counts:
                self._postings.setdefault(key, []).append(number)
        self._mean_length = sum(map(len, self._terms)) / max(1, len(self._terms)) or 1.0

    def rank(self, statement: str) -> list[Ranked]:
        """Rank all passages, best first; passages with equal scores keep their order."""
        scores = self._spread(self._score(list_terms(statement)))
        order = sorted(range(len(scores)), key=lambda number: (-scores[number], number))
        return [Ranked(number, scores[number]) for number in order]

    def _score(self, terms: Sequence[Term]) -> list[float]:
        scores = [0.0] * len(self._terms)
        for key, kind in {term.key: term.kind for term in terms}.items():
            numbers = self._postings.get(key, [])
            weight = _KIND_WEIGHT[kind] * log(1 + (len(scores) - len(numbers) + 0.5) / (len(numbers) + 0.5))
            for number in numbers:
                count = self._counts[number][key]
                length = len(self._terms[number]) / self._mean_length
                scores[number] += weight * count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length))
        return scores

    def _spread(self, scores: list[float]) -> list[float]:
        """Let a passage gain from its neighbours: a sentence often leans on the one before it."""
        padded = [0.0, *scores, 0.0]
        return [score + _NEIGHBOUR * (padded[i] + padded[i + 2]) for i, score in enumerate(scores)]


def rank_passages(statement: str, passages: Sequence[str]) -> list[Ranked]:
    """Rank all passages by how well each supports the statement, best first; equal scores keep their order."""
    return PassageIndex(passages).rank(statement)
