"""Takes sentences labelled by hand; prints how much of what the rules find is right, and how much of it they find.

Usage: python bench/extraction.py [--tuning | --errors] all sets, or what the rules were fitted to alone; or its errors
       python bench/extraction.py --export FILE         what the rules find in the captures of an exported topic page
       python bench/extraction.py --speed FILE [TURNS]  time and memory for the captures of an exported topic page

The files of the tuning half, `extraction_tuning.jsonl` and `extraction_tuning_more.jsonl`, may be looked at, and the
rules fitted to them; of `extraction_untouched.jsonl` and, where it exists, `extraction_fresh.jsonl` only totals are
printed, by whatever flag. Each sentence is read alone, as the only capture of a web search about its topic.

A find is right where a label of the sentence agrees in all of these, and each label is used once:
- relation: the same word;
- value: the same words after white space, quotation marks and final stops are trimmed for `quantity`, `change`,
  `inception`, `birth` and `death`; for `definition`, `etymology`, `superlative` and `event`, spans whose common part
  is at least 0.8 of what they cover together;
- subject: the same words after leading determiners are trimmed, in any case; an empty subject, or a name of the topic
  against an empty one, is the topic;
- date: the same words after leading determiners are trimmed.

What is compared is the core of a find: of a change the stretch "from ... to ...", where the draft shows its sentence.
Two kinds of finds are no labels' and are counted apart: `endpoint` (the last value of a change, which the guide leaves
to the change; it is right where the change is) and `summary` (whole sentences).
"""

import argparse
import functools
import gc
import json
import sys
import tracemalloc
from collections import Counter
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dossiers.extract.assembly import CaptureText, Library, TopicText, assemble
from dossiers.extract.rules import Statement, find_statements, propose
from dossiers.ingest.parsing import Export, read_export

HERE = Path(__file__).resolve().parent
SETS = {"tuning half": ("tuning", "tuning_more"), "untouched half": ("untouched",), "fresh set": ("fresh",)}
RELATIONS = "definition etymology quantity change event inception birth death superlative".split()
UNSCORED = ("endpoint", "summary")
LOOSE = frozenset("definition etymology superlative event".split())
OVERLAP = 0.8
DETERMINERS = frozenset("the a an its his her their this that these those".split())


@dataclass(frozen=True)
class Find:
    """A statement or a label as it is compared: words, and the place of the value."""

    relation: str
    subject: str
    value: str
    place: tuple[int, int]
    date: str


@dataclass
class Scores:
    """Counts by relation."""

    right: Counter[str]
    found: Counter[str]
    labelled: Counter[str]


def read_records(name: str) -> list[dict[str, Any]]:
    """Read the records of one file; none where there is no such file."""
    path = HERE / f"extraction_{name}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.strip()]


def find_in(record: dict[str, Any]) -> list[Find]:
    """Run the rules over one sentence."""
    topic = TopicText(record["topic"], record["kind"], "", tuple(record["aliases"]))
    library = Library(topic, [CaptureText("c", "web_search", "A page", record["text"])])
    return [describe(s) for s in find_statements(library) if s.relation not in UNSCORED]


def describe(statement: Statement) -> Find:
    """Describe a statement by its words."""
    start = statement.sentence.passage.start
    place = (start + statement.value[0], start + statement.value[1])
    return Find(statement.relation, statement.subject_text, statement.value_text, place, statement.date_words)


def list_labels(record: dict[str, Any]) -> list[Find]:
    """Describe the labels of one sentence."""
    return [
        Find(
            row["relation"], row["subject"], row["value"],
            (row["value_start"], row["value_start"] + len(row["value"])), row["date"],
        )
        for row in record["labels"]
    ]  # fmt: skip


def is_match(found: Find, label: Find, names: frozenset[str]) -> bool:
    """Tell whether a find says what a label says."""
    if found.relation != label.relation or trim(found.date) != trim(label.date):
        return False
    subjects = {trim(found.subject), trim(label.subject)}
    if len(subjects) > 1 and not ("" in subjects and subjects - {""} <= names):
        return False
    if label.relation in LOOSE:
        return overlap(found.place, label.place) >= OVERLAP
    return found.value.strip(" .\"“”'") == label.value.strip(" .\"“”'")


def trim(words: str) -> str:
    """Trim leading determiners and case off words."""
    parts = words.lower().split()
    while parts and parts[0] in DETERMINERS:
        parts = parts[1:]
    return " ".join(parts)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Share of what two spans cover together that both cover."""
    common = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return common / max(1, max(one[1], other[1]) - min(one[0], other[0]))


def score(records: list[dict[str, Any]], *, shows_errors: bool) -> Scores:
    """Score all records of one set."""
    scores = Scores(Counter(), Counter(), Counter())
    for record in records:
        names = frozenset(trim(name) for name in (record["topic"], *record["aliases"]))
        found, labels = find_in(record), list_labels(record)
        scores.found.update(f.relation for f in found)
        scores.labelled.update(label.relation for label in labels)
        wrong = []
        for find in found:
            match = next((label for label in labels if is_match(find, label, names)), None)
            if match:
                labels.remove(match)
                scores.right[find.relation] += 1
            else:
                wrong.append(find)
        if shows_errors and (wrong or labels):
            show_errors(record, wrong, labels)
    return scores


def show_errors(record: dict[str, Any], wrong: list[Find], missed: list[Find]) -> None:
    """Print what went wrong in one sentence; only for the tuning half."""
    print(f"{record['id']}: {record['text']}")
    for sign, rows in (("found", wrong), ("missed", missed)):
        for row in rows:
            print(f"    {sign:6} {row.relation}: {row.subject!r} | {row.value!r} | {row.date!r}")


def print_sets(*, is_tuning: bool, shows_errors: bool) -> None:
    """Print the scores of all sets, or of the tuning half alone: of each of its files and of both together."""
    for name, files in SETS.items():
        is_open = name == "tuning half"
        records = {file: rows for file in files if (rows := read_records(file))}
        if not records or (is_tuning and not is_open):
            continue
        scored = {file: score(rows, shows_errors=shows_errors and is_open) for file, rows in records.items()}
        if len(scored) > 1:
            for file, scores in scored.items():
                print_scores(file, scores)
        print_scores(name, add_up(list(scored.values())))


def add_up(scored: list[Scores]) -> Scores:
    """Add the counts of several files."""
    none: Counter[str] = Counter()
    return Scores(
        sum((scores.right for scores in scored), none),
        sum((scores.found for scores in scored), none),
        sum((scores.labelled for scores in scored), none),
    )


def print_scores(name: str, scores: Scores) -> None:
    """Print precision and recall, by relation and over all."""
    print(f"\n{name:24}right  found  labelled  precision  recall")
    for relation in [*RELATIONS, *sorted(set(scores.found) - set(RELATIONS)), "all"]:
        counts = [
            sum(c.values()) if relation == "all" else c[relation] for c in (scores.right, scores.found, scores.labelled)
        ]
        right, found, labelled = counts
        shares = [f"{right / of:.3f}" if of else "-" for of in (found, labelled)]
        print(f"  {relation:22}{right:6} {found:6} {labelled:9} {shares[0]:>10} {shares[1]:>7}")


def read_captures(path: Path) -> tuple[TopicText, list[CaptureText]]:
    """Read the topic and the captured texts of an export; its printed statements are left aside."""
    export: Export = read_export(path.read_bytes(), name=path.name, timezone=UTC)
    topic = TopicText(export.title, export.kind.lower(), export.description)
    captures = [CaptureText(place, str(row.provider), row.title, row.text) for place, row in enumerate(export.captures)]
    return topic, captures


def print_export(path: Path) -> None:
    """Print what the rules propose from an export's captures, with the evidence of each."""
    topic, captures = read_captures(path)
    library = Library(topic, captures)
    relations = {(s.make_draft().at): s.relation for s in find_statements(library)}
    grounded = assemble(propose(library), library)
    counts: Counter[str] = Counter()
    for claim in grounded:
        relation = relations.get(claim.draft.at, "summary")
        has = {quote.role for quote in claim.quotes}
        counts[relation] += 1
        counts["without value"] += not claim.support.is_grounded or claim.support.method != "exact"
        counts[f"{relation} with value, subject and date"] += has == {"value", "subject", "date"}
        print(f"{relation:11} {claim.draft.label or '-'}: {claim.draft.value!r}")
        print("            " + "; ".join(f"{q.role} {q.exact!r} {q.date_basis}".strip() for q in claim.quotes))
    print()
    for name, count in sorted(counts.items()):
        print(f"{count:4} {name}")


def print_speed(path: Path, turns: int) -> None:
    """Print the time that reading, proposing and grounding take for one export's captures."""
    topic, captures = read_captures(path)
    times: dict[str, list[float]] = {"propose": [], "ground": [], "cpu": []}
    drafts = 0
    for _ in range(turns):
        forget_texts()
        begin, cpu = perf_counter(), process_time()
        library = Library(topic, captures)
        proposed = propose(library)
        middle = perf_counter()
        assemble(proposed, library)
        times["propose"].append(middle - begin)
        times["ground"].append(perf_counter() - middle)
        times["cpu"].append(process_time() - cpu)
        drafts = len(proposed)
    size = sum(len(capture.text) for capture in captures)
    print(f"{len(captures)} captures, {size:,} characters, {drafts} drafts, {turns} turns; the first, then the median:")
    for name, rows in times.items():
        print(f"  {name:8} {1000 * rows[0]:8.1f} ms {1000 * median(rows):8.1f} ms")
    tracemalloc.start()
    propose(Library(topic, captures))
    print(f"  memory   {tracemalloc.get_traced_memory()[1] / 1e6:8.1f} MB at most")


def forget_texts() -> None:
    """Empty the caches that remember texts, so that every turn reads its sentences for the first time."""
    for kept in gc.get_objects():
        if type(kept) is functools._lru_cache_wrapper and kept.cache_parameters()["maxsize"]:
            kept.cache_clear()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tuning", action="store_true", help="score the tuning half alone")
    parser.add_argument("--errors", action="store_true", help="score the tuning half alone, and show its errors")
    parser.add_argument("--export", type=Path, help="show what the captures of an exported page give")
    parser.add_argument("--speed", type=Path, help="time the captures of an exported page")
    parser.add_argument("turns", nargs="?", type=int, default=20)
    options = parser.parse_args()
    if options.export:
        print_export(options.export)
    elif options.speed:
        print_speed(options.speed, options.turns)
    else:
        print_sets(is_tuning=options.tuning or options.errors, shows_errors=options.errors)


if __name__ == "__main__":
    main()
