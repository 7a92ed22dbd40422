"""Takes a statement and passages in their order; leaves the passages ranked by how well each supports the statement."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Self

from dossiers.extract.support.words import Slot, list_initials, list_keys, list_slots

_K1, _B = 0.9, 0.45  # BM25: how soon a repeated word stops counting; how much a long passage is held against it
_RARITY = 1.2  # over 1, rare words decide more than BM25's own weight lets them
_KIND_WEIGHT = {"word": 1.0, "name": 1.4, "number": 1.8}
_NEIGHBOURS = ((1, 0.15), (2, 0.08))
_HEADING_LENGTH = 0.3  # in content words: damps bare names in menus, not the dates and headings that do support
_STEPS, _CANDIDATES = 8, 24
_SEEN_FACTOR = 0.9


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage's position in the sequence that was given, and its score (0 or more, for comparing in one ranking)."""

    index: int
    score: float


class PassageIndex:
    """Passages prepared once for ranking many statements against them."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._passages = passages
        keys = [list_keys(passage) for passage in passages]
        self._postings = _post(keys, None)
        self._measure(keys)

    @classmethod
    def for_one(cls, statement: str, passages: Sequence[str]) -> Self:
        """Prepare the passages for this statement alone: quicker, and wrong for any other."""
        index = cls.__new__(cls)
        index._passages = passages
        keys = [list_keys(passage) for passage in passages]
        index._postings = _post(keys, {key for slot in list_slots(statement) for key in slot.keys})
        index._measure(keys)
        return index

    def _measure(self, keys: Sequence[Sequence[str]]) -> None:
        lengths = [len(of_passage) for of_passage in keys]
        self._mean_length = sum(lengths) / max(1, len(lengths)) or 1.0
        copies = Counter(self._passages)
        self._lengths = lengths
        self._damping = [
            length / (length + _HEADING_LENGTH) / copies[passage] ** 0.5
            for passage, length in zip(self._passages, lengths, strict=True)
        ]

    @cached_property
    def _initials(self) -> dict[str, dict[int, int]]:
        postings: dict[str, dict[int, int]] = {}
        for number, passage in enumerate(self._passages):
            for key in list_initials(passage):
                postings.setdefault(key, {})[number] = 1
        return postings

    def rank(self, statement: str) -> list[Ranked]:
        """Rank all passages, best first; passages with equal scores keep their order."""
        weights = self._weigh(list_slots(statement))
        own = [sum(found.values()) * damping for found, damping in zip(weights, self._damping, strict=True)]
        scores = _spread(own)
        order = sorted(range(len(scores)), key=lambda number: (-scores[number], number))
        first = _cover(order[:_CANDIDATES], weights, own, scores)
        chosen = {number for number, _ in first}
        ranked = [Ranked(number, score) for number, score in first]
        least = ranked[-1].score if ranked else 0.0
        return ranked + [Ranked(number, min(least, scores[number])) for number in order if number not in chosen]

    def _weigh(self, slots: Sequence[Slot]) -> list[dict[int, float]]:
        """Give each passage the slots that it fills, with their weights; filling much of the statement weighs more."""
        weights: list[dict[int, float]] = [{} for _ in self._lengths]
        shares = [0.0] * len(weights)
        total = 0.0
        for place, slot in enumerate(slots):
            found = self._find(slot)
            rarity = log(1 + (len(weights) - len(found) + 0.5) / (len(found) + 0.5)) ** _RARITY
            weight = _KIND_WEIGHT[slot.kind] * rarity
            total += weight
            for number, count in found.items():
                length = self._lengths[number] / self._mean_length
                weights[number][place] = weight * count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length))
                shares[number] += weight
        for number, filled in enumerate(weights):
            for place in filled:
                filled[place] *= 1 + shares[number] / total
        return weights

    def _find(self, slot: Slot) -> dict[int, int]:
        first, *acronyms = slot.keys
        sources = [self._postings.get(key, {}) for key in (*acronyms, first)]
        if slot.is_acronym:
            sources.insert(0, self._initials.get(first, {}))
        return sources[-1] if not any(sources[:-1]) else {k: v for source in sources for k, v in source.items()}


def rank_passages(statement: str, passages: Sequence[str]) -> list[Ranked]:
    """Rank all passages by how well each supports the statement, best first; equal scores keep their order.

    BM25 over stems, numbers in one writing and names with their acronyms; a passage gains from the two on either side,
    and loses where a passage above it already holds the same words, for evidence often lies in several sentences.
    """
    return PassageIndex.for_one(statement, passages).rank(statement)


def _post(keys: Sequence[Sequence[str]], wanted: set[str] | None) -> dict[str, dict[int, int]]:
    """Say for each key (of those wanted, or of all) which passages hold it, and how often."""
    postings: dict[str, dict[int, int]] = {}
    for number, of_passage in enumerate(keys):
        for key in set(of_passage) if wanted is None else wanted.intersection(of_passage):
            postings.setdefault(key, {})[number] = of_passage.count(key)
    return postings


def _spread(own: Sequence[float]) -> list[float]:
    scores = list(own)
    for distance, share in _NEIGHBOURS:
        for number in range(len(own) - distance):
            scores[number] += share * own[number + distance]
            scores[number + distance] += share * own[number]
    return scores


def _cover(
    candidates: Sequence[int], weights: Sequence[dict[int, float]], own: Sequence[float], scores: Sequence[float]
) -> list[tuple[int, float]]:
    """Choose the first places one by one, each word of the statement counting less the more often it was seen."""
    seen: Counter[int] = Counter()
    rest = list(candidates)
    chosen: list[tuple[int, float]] = []

    def gain(number: int) -> float:
        total = sum(weights[number].values())
        fresh = sum(weight * _SEEN_FACTOR ** seen[place] for place, weight in weights[number].items())
        return scores[number] - own[number] * (1 - fresh / total) if total else scores[number]

    while rest and len(chosen) < _STEPS:
        best = max(rest, key=gain)  # the first of equals, so ties keep the order of the passages
        chosen.append((best, gain(best)))
        rest.remove(best)
        seen.update(weights[best].keys())
    return chosen
