"""Takes a statement and passages; leaves how far the passages together support it, from 0 to 1."""

from collections.abc import Sequence

from dossiers.extract.support.words import Slot, list_initials, list_keys, list_slots

_KIND_WEIGHT = {"word": 1.0, "name": 1.5, "number": 1.5}
_LEAST_SHARE = 0.15  # a passage that shares less with the statement is not about it
_MISSING_FACTOR = 0.7


def support_score(statement: str, passages: Sequence[str]) -> float:
    """Say how far the passages together support the statement: 0 not at all, 1 every word of it.

    Half is what the best passage covers alone, half what the passages that share something with the statement cover
    together; each name or number found in none of them lowers it by 30 %. Another passage never lowers the score.
    """
    slots = list_slots(statement)
    weights = [_KIND_WEIGHT[slot.kind] * min(1.0, 0.4 + len(slot.keys[0]) / 10) for slot in slots]
    total = sum(weights)
    if not total:
        return 0.0
    best, together = 0.0, set[int]()
    for passage in passages:
        filled = _list_filled(slots, passage)
        share = sum(weights[place] for place in filled) / total
        best = max(best, share)
        if share >= _LEAST_SHARE:
            together |= filled
    covered = sum(weights[place] for place in sorted(together)) / total
    missing = sum(slot.kind != "word" for place, slot in enumerate(slots) if place not in together)
    return min(1.0, (best + covered) / 2) * _MISSING_FACTOR**missing


def find_missing(statement: str, passages: Sequence[str]) -> list[str]:
    """List the keys of the statement's names and numbers that stand in none of the passages, in their order."""
    slots = list_slots(statement)
    found = {place for passage in passages for place in _list_filled(slots, passage)}
    return [slot.keys[0] for place, slot in enumerate(slots) if slot.kind != "word" and place not in found]


def _list_filled(slots: Sequence[Slot], passage: str) -> set[int]:
    keys = set(list_keys(passage))
    if any(slot.is_acronym and keys.isdisjoint(slot.keys) for slot in slots):
        keys |= list_initials(passage)
    return {place for place, slot in enumerate(slots) if not keys.isdisjoint(slot.keys)}
