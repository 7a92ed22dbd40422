"""The grounding bench reads what it says it reads, and measures by the book."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
GOOD = {"claim": "a mill", "passages": ["a mill", "a hill", "mills"], "supporting": [0]}


def load_bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_grounding", BENCH / "grounding.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bench = load_bench()


def test_one_set_and_alternative_sets_are_read() -> None:
    assert bench.read_case(json.dumps(GOOD)).supporting == [{0}]
    assert bench.read_case(json.dumps(GOOD | {"supporting": [[0, 2], [], [1]]})).supporting == [{0, 2}, {1}]
    assert bench.read_case(json.dumps(GOOD | {"supporting": []})).supporting == []


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{",
        "{}",
        json.dumps(GOOD | {"claim": 3}),
        json.dumps(GOOD | {"passages": "text"}),
        json.dumps(GOOD | {"passages": [1]}),
        json.dumps(GOOD | {"supporting": [3]}),
        json.dumps(GOOD | {"supporting": [-1]}),
        json.dumps(GOOD | {"supporting": [True]}),
        json.dumps(GOOD | {"supporting": [[0], 1]}),
        json.dumps(GOOD | {"supporting": None}),
    ],
)
def test_a_bad_line_is_named(line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(GOOD) + "\n\n" + line + "\n")
    assert bench.main([str(path)]) == 1
    assert f"{path}:3: " in capsys.readouterr().err


def test_bytes_that_are_no_text_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b'{"claim": "\xff"}\n')
    assert bench.main([str(path)]) == 1
    assert f"{path}:1: " in capsys.readouterr().err


def test_wrong_usage_and_missing_files_are_refused(tmp_path: Path) -> None:
    assert bench.main([]) == 2
    assert bench.main([str(tmp_path / "none.jsonl")]) == 1


def test_measures_follow_their_definitions() -> None:
    order, supporting = [4, 2, 0, 1, 5, 3], {2, 3}
    assert bench.measure_recall(order, supporting) == 0.5
    assert bench.measure_r_precision(order, supporting) == 0.5
    assert bench.measure_reciprocal_rank(order, supporting) == 0.5


def test_a_score_from_the_neighbour_lifts_a_passage() -> None:
    passages = ["rain", "snow", "a mill stood here"]
    assert bench.rank_by_bm25("mill", passages) == [2, 0, 1]
    assert bench.rank_by_bm25_with_neighbours("mill", passages) == [2, 1, 0]


def test_the_sample_is_ranked_no_worse_than_plain_bm25(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main([str(BENCH / "grounding_sample.jsonl")]) == 0
    rows = {line[:18].strip(): line[18:].split() for line in capsys.readouterr().out.splitlines()[2:-1]}
    assert float(rows["rank_passages"][1]) >= float(rows["BM25"][1])
    assert float(rows["rank_passages"][2]) >= float(rows["BM25"][2])
