"""The bench of the rules: what counts as right, and that the untouched half shows nothing but totals."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).resolve().parents[2] / "bench" / "extraction.py"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_extraction", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_a_number_must_be_the_same_words_and_a_sentence_nearly_so(bench: ModuleType) -> None:
    label = bench.Find("quantity", "Togo", "40 km", (10, 15), "2019")
    assert bench.is_match(bench.Find("quantity", "the Togo", "40 km.", (10, 16), "2019"), label, frozenset())
    assert not bench.is_match(bench.Find("quantity", "Togo", "about 40 km", (4, 15), "2019"), label, frozenset())
    assert not bench.is_match(bench.Find("quantity", "Togo", "40 km", (10, 15), ""), label, frozenset())
    assert not bench.is_match(bench.Find("change", "Togo", "40 km", (10, 15), "2019"), label, frozenset())
    event = bench.Find("event", "mine", "The mine closed in 2001", (0, 23), "2001")
    assert bench.is_match(bench.Find("event", "The mine", "x", (0, 20), "2001"), event, frozenset())
    assert not bench.is_match(bench.Find("event", "The mine", "x", (0, 10), "2001"), event, frozenset())


def test_an_empty_subject_is_the_topic(bench: ModuleType) -> None:
    label = bench.Find("event", "", "She left in 1891", (0, 16), "1891")
    names = frozenset({"orla venn"})
    assert bench.is_match(bench.Find("event", "Orla Venn", "x", (0, 16), "1891"), label, names)
    assert not bench.is_match(bench.Find("event", "Tom Venn", "x", (0, 16), "1891"), label, names)


def test_errors_are_shown_for_the_tuning_half_alone(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["extraction.py", "--errors"])
    bench.main()
    assert "untouched" not in capsys.readouterr().out


def test_of_what_no_rule_was_tuned_by_only_totals_are_printed(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["extraction.py"])
    bench.main()
    untouched, fresh = capsys.readouterr().out.split("untouched half")[1].split("fresh set")
    allowed = {*bench.RELATIONS, "all", "statement"}
    for table in (untouched, fresh):
        rows = [line.split() for line in table.splitlines()[1:] if line.strip()]
        assert {row[0] for row in rows} <= allowed
        assert all(len(row) == 6 for row in rows)
