"""Takes a file of claims with their passages and supporting indices; prints how well and how fast evidence is found.

Usage: python bench/grounding.py FILE.jsonl

Each line is {"claim": str, "passages": [str, ...], "supporting": [int, ...]}; `supporting` may be a list of alternative
sets, [[int, ...], ...], any of which is evidence enough. Claims without a supporting passage are counted and left out.
Of alternative sets, the one that a ranking serves best counts, measure by measure. Plain BM25, and BM25 with 0.15
times the scores of neighbouring passages, are measured in the same run as a scale.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log
from pathlib import Path
from statistics import mean, median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dossiers.extract.support import PassageIndex, rank_passages

Ranking = Callable[[str, Sequence[str]], list[int]]


class BadLine(ValueError):
    """A line of the file is not of the form that the bench reads."""


@dataclass(frozen=True, slots=True)
class Case:
    """A claim, the passages it is searched in, and the alternative sets of supporting indices."""

    claim: str
    passages: list[str]
    supporting: list[set[int]]


def read_cases(path: Path) -> Iterator[Case]:
    """Read the cases of a file; BadLine names the file, the line and what was expected."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield read_case(line.decode("utf-8"))
                except ValueError as error:
                    raise BadLine(f"{path}:{number}: {error}") from error


def read_case(line: str) -> Case:
    """Read one line; ValueError says what is wrong with it."""
    row = json.loads(line)
    if not isinstance(row, dict) or not {"claim", "passages", "supporting"} <= row.keys():
        raise ValueError('expected an object with "claim", "passages" and "supporting"')
    claim, passages, supporting = row["claim"], row["passages"], row["supporting"]
    if not isinstance(claim, str):
        raise ValueError('"claim" is not a string')
    if not isinstance(passages, list) or not all(isinstance(passage, str) for passage in passages):
        raise ValueError('"passages" is not a list of strings')
    return Case(claim, passages, _read_sets(supporting, len(passages)))


def _read_sets(supporting: object, size: int) -> list[set[int]]:
    if not isinstance(supporting, list):
        raise ValueError('"supporting" is not a list')
    sets = supporting if any(isinstance(item, list) for item in supporting) else [supporting]
    for chosen in sets:
        if not isinstance(chosen, list) or not all(type(index) is int and 0 <= index < size for index in chosen):
            raise ValueError(f'"supporting" holds something other than indices of the {size} passages')
    return [set(chosen) for chosen in sets if chosen]


def rank_by_bm25(claim: str, passages: Sequence[str], neighbour: float = 0.0) -> list[int]:
    """Rank by BM25 (k1 1.5, b 0.75) over bare lower-case words, with a share of the neighbours' scores."""
    counts = [Counter(re.findall(r"\w+", passage.lower())) for passage in passages]
    lengths = [sum(count.values()) for count in counts]
    average = sum(lengths) / max(1, len(lengths)) or 1.0
    scores = [0.0] * len(passages)
    for word in set(re.findall(r"\w+", claim.lower())):
        holders = [number for number, count in enumerate(counts) if word in count]
        weight = log(1 + (len(counts) - len(holders) + 0.5) / (len(holders) + 0.5))
        for number in holders:
            count = counts[number][word]
            scores[number] += weight * count * 2.5 / (count + 1.5 * (0.25 + 0.75 * lengths[number] / average))
    padded = [0.0, *scores, 0.0]
    spread = [score + neighbour * (padded[i] + padded[i + 2]) for i, score in enumerate(scores)]
    return sorted(range(len(spread)), key=lambda number: (-spread[number], number))


def rank_by_bm25_with_neighbours(claim: str, passages: Sequence[str]) -> list[int]:
    """Rank by BM25 plus 0.15 times the scores of the passages before and after."""
    return rank_by_bm25(claim, passages, 0.15)


def rank_by_support(claim: str, passages: Sequence[str]) -> list[int]:
    """Rank as the product does."""
    return [ranked.index for ranked in rank_passages(claim, passages)]


def measure_recall(order: Sequence[int], supporting: set[int], depth: int = 5) -> float:
    """Give the share of the supporting passages among the first `depth`."""
    return len(supporting.intersection(order[:depth])) / len(supporting)


def measure_r_precision(order: Sequence[int], supporting: set[int]) -> float:
    """Give the share of supporting passages among as many first ones as there are supporting ones."""
    return measure_recall(order, supporting, len(supporting))


def measure_reciprocal_rank(order: Sequence[int], supporting: set[int]) -> float:
    """Give 1 / the place of the first supporting passage."""
    return 1 / next(place for place, number in enumerate(order, 1) if number in supporting)


def measure(rank: Ranking, cases: Sequence[Case]) -> dict[str, float]:
    """Measure a ranking: recall@5, R-precision and MRR in per cent, time per claim in milliseconds."""
    rows, times = [], []
    for case in cases:
        start = perf_counter()
        order = rank(case.claim, case.passages)
        times.append((perf_counter() - start) * 1000)
        measures = (measure_recall, measure_r_precision, measure_reciprocal_rank)
        rows.append([max(take(order, chosen) for chosen in case.supporting) for take in measures])
    recall, precision, reciprocal = (100 * mean(column) for column in zip(*rows, strict=True))
    slow = sorted(times)[ceil(0.95 * len(times)) - 1]
    return {"recall@5": recall, "R-precision": precision, "MRR": reciprocal, "median ms": median(times), "p95 ms": slow}


def measure_prepared(cases: Sequence[Case]) -> float:
    """Give the median milliseconds of ranking against an index that is already built."""
    times = []
    for case in cases:
        index = PassageIndex(case.passages)
        start = perf_counter()
        index.rank(case.claim)
        times.append((perf_counter() - start) * 1000)
    return median(times)


def measure_large(cases: Sequence[Case], size: int = 200, turns: int = 30) -> tuple[float, float]:
    """Give the median and worst milliseconds of one claim against `size` passages that were never read before.

    The passages are the file's own, repeated and numbered, so that nothing that is remembered of a text helps.
    """
    pool = [passage for case in cases for passage in case.passages]
    times = []
    for turn in range(turns):
        passages = [f"{pool[(turn + i) % len(pool)]} {turn * size + i}" for i in range(size)]
        start = perf_counter()
        rank_passages(cases[turn % len(cases)].claim, passages)
        times.append((perf_counter() - start) * 1000)
    return median(times), max(times)


def main(arguments: Sequence[str]) -> int:
    """Print the table for one file; the exit status is 1 for a file that cannot be read and 2 for wrong usage."""
    if len(arguments) != 1:
        print("usage: python bench/grounding.py FILE.jsonl", file=sys.stderr)
        return 2
    try:
        every = list(read_cases(Path(arguments[0])))
    except (OSError, ValueError) as error:
        print(f"bench/grounding.py: {error}", file=sys.stderr)
        return 1
    cases = [case for case in every if case.supporting]
    if not cases:
        print(f"bench/grounding.py: {arguments[0]}: no claim has a supporting passage", file=sys.stderr)
        return 1
    print_table(every, cases)
    return 0


def print_table(every: Sequence[Case], cases: Sequence[Case]) -> None:
    """Print one line for each ranking."""
    passages = median(len(case.passages) for case in cases)
    print(f"{len(cases)} claims, {passages:g} passages (median); left out without support: {len(every) - len(cases)}")
    rankings: dict[str, Ranking] = {
        "BM25": rank_by_bm25,
        "BM25 + neighbours": rank_by_bm25_with_neighbours,
        "rank_passages": rank_by_support,
    }
    print(f"{'':18}{'recall@5':>12}{'R-precision':>12}{'MRR':>12}{'median ms':>12}{'p95 ms':>12}")
    for name, rank in rankings.items():
        print(f"{name:18}" + "".join(f"{value:12.2f}" for value in measure(rank, cases).values()))
    print(f"with a prepared index: {measure_prepared(cases):.2f} ms per claim (median)")
    middle, worst = measure_large(cases)
    print(f"one claim against 200 passages not read before: {middle:.2f} ms (median), {worst:.2f} ms (worst)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
