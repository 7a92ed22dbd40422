"""The labelled sentences hold what their guide says: spans that stand in the text, known relations, topics of their own."""

import json
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
FILES = ("tuning", "untouched", "tuning_more")
KINDS = set("topic person organization place event work".split())
RELATIONS = set("definition etymology quantity change event inception birth death superlative".split())


def read_file(name: str) -> list[dict[str, Any]]:
    lines = (BENCH / f"extraction_{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


RECORDS = [record for name in FILES for record in read_file(name)]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_every_label_is_known_and_stands_in_its_sentence(record: dict[str, Any]) -> None:
    assert record["kind"] in KINDS
    assert record["text"] == record["text"].strip() != ""
    for label in record["labels"]:
        assert label["relation"] in RELATIONS
        assert label["value"]
        for part in ("subject", "value", "date"):
            words, start = label[part], label[f"{part}_start"]
            assert start == -1 if not words else start >= 0
            assert not words or record["text"][start : start + len(words)] == words


def test_there_are_enough_sentences_and_no_two_share_an_id() -> None:
    assert len(RECORDS) >= 350
    assert len({record["id"] for record in RECORDS}) == len(RECORDS)
    assert len({record["text"] for record in RECORDS}) == len(RECORDS)


def test_no_two_files_share_a_topic() -> None:
    topics = {name: {record["topic"] for record in read_file(name)} for name in FILES}
    assert {name: len(names) for name, names in topics.items()} == {"tuning": 5, "untouched": 5, "tuning_more": 6}
    assert len(set().union(*topics.values())) == sum(map(len, topics.values()))
    assert {record["kind"] for record in RECORDS} == KINDS
