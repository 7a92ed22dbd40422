"""The canonical bytes of an edition, its chain and its corrections."""

import json
import random
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.publish.assembly import (
    ChainedEdition,
    compare_facts,
    complete_content,
    encode_canonical,
    find_broken_links,
    has_same_content,
    hash_bytes,
    spell_decimal,
    spell_time,
)

texts = st.text(st.characters(exclude_categories=["Cs"]))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(texts, part, max_size=4),
    max_leaves=12,
)
AT = datetime(2026, 5, 2, 9, 20, tzinfo=UTC)


@given(plain)
@settings(max_examples=100)
def test_any_content_reads_back_as_it_was(content: Any) -> None:
    assert json.loads(encode_canonical({"content": content})) == {"content": content}


@given(st.dictionaries(texts, plain, max_size=6), st.randoms())
@settings(max_examples=60)
def test_the_order_of_keys_does_not_change_the_bytes(content: dict[str, Any], chance: random.Random) -> None:
    keys = list(content)
    chance.shuffle(keys)
    assert encode_canonical({key: content[key] for key in keys}) == encode_canonical(content)


@given(texts)
@settings(max_examples=60)
def test_reading_and_encoding_again_gives_the_same_bytes(text: str) -> None:
    data = encode_canonical({"text": text, "ümlaut": [text]})
    assert encode_canonical(json.loads(data)) == data


def test_bytes_are_those_of_rfc_8785() -> None:
    content = {"b": '€\x0f\n"\\/', "a": [True, None, 40], "ä": "é"}
    assert encode_canonical(content) == '{"a":[true,null,40],"b":"€\\u000f\\n\\"\\\\/","ä":"é"}'.encode()


@pytest.mark.parametrize("value", [1.5, float("nan"), {1}, datetime(2026, 5, 2)])  # noqa: DTZ001
def test_what_parsers_may_change_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode_canonical({"value": value})


@pytest.mark.parametrize("value", [2**53, Decimal("NaN"), Decimal("Infinity")])
def test_numbers_that_no_parser_reads_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=str(value)):
        encode_canonical({"value": value})


@pytest.mark.parametrize(
    ("value", "spelled"),
    [("40.0", "40"), ("4E+1", "40"), ("0.000", "0"), ("-0", "0"), ("1E-7", "0.0000001"), ("-12.50", "-12.5")],
)
def test_a_decimal_is_spelled_one_way(value: str, spelled: str) -> None:
    assert spell_decimal(Decimal(value)) == spelled


@given(st.decimals(allow_nan=False, allow_infinity=False, places=7, min_value=-(10**9), max_value=10**9))
def test_a_spelled_decimal_is_the_same_number(value: Decimal) -> None:
    assert Decimal(spell_decimal(value)) == value


def test_times_are_spelled_in_utc() -> None:
    east = timezone(timedelta(hours=2))
    assert spell_time(datetime(2026, 5, 2, 11, 20, tzinfo=east)) == "2026-05-02T09:20:00Z"


def fact(number: int, value: str = "three", **fields: Any) -> dict[str, Any]:
    return {
        "id": f"fact-{number}", "claim": number, "kind": "attribute", "label": "Domes", "value": value, "date_text": "",
        "approvals": [{"editor": "Sample editor", "at": spell_time(AT), "action": "approve"}],
    } | fields  # fmt: skip


def edition(facts: list[dict[str, Any]], before: dict[str, Any] | None = None, note: str = "") -> dict[str, Any]:
    topic = {"slug": "sample", "title": "Sample", "kind": "topic", "description": "", "language": "en"}
    content = {"topic": topic, "documents": [], "facts": facts, "sources": [], "left_out": 0}
    chain = hash_bytes(encode_canonical(before)) if before else ""
    at = AT + timedelta(days=before["edition"] if before else 0)
    return complete_content(content, previous=before, previous_sha256=chain, publisher="P", note=note, at=at)


def test_the_first_edition_has_no_corrections() -> None:
    assert edition([fact(1)])["corrections"] == []


def test_what_readers_can_see_change_is_a_correction() -> None:
    first = edition([fact(1), fact(2, "1907", date_text="in spring"), fact(3)])
    second = edition([fact(1), fact(2, "1908", date_text="in spring"), fact(4, "a library")], first, note="Misread.")
    said = [(row["kind"], row["fact"], row["before"], row["after"], row["reason"]) for row in second["corrections"]]
    assert said == [
        ("changed", "fact-2", "Domes: 1907 (in spring)", "Domes: 1908 (in spring)", "Misread."),
        ("added", "fact-4", "", "Domes: a library", "Misread."),
        ("removed", "fact-3", "Domes: three", "", "Misread."),
    ]


def test_a_renewed_approval_is_no_correction() -> None:
    first = edition([fact(1)])
    again = fact(1, approvals=[{"editor": "Another", "at": spell_time(AT), "action": "approve"}])
    assert compare_facts([again], first, reason="") == []
    assert not has_same_content({**first, "facts": [again]}, first)


def test_a_fact_keeps_the_edition_since_which_it_has_its_words() -> None:
    first = edition([fact(1), fact(2)])
    second = edition([fact(1), fact(2, "four")], first, note="Misread.")
    assert [row["since"]["edition"] for row in second["facts"]] == [1, 2]
    assert [row["since"]["at"] for row in second["facts"]] == ["2026-05-02T09:20:00Z", "2026-05-03T09:20:00Z"]


def test_bylines_name_every_approving_editor_once() -> None:
    other = {"editor": "Another editor", "at": spell_time(AT), "action": "amend"}
    facts = [fact(1), fact(2), fact(3, approvals=[other])]
    assert edition(facts)["bylines"] == ["Another editor", "Sample editor"]


def test_the_time_of_publishing_does_not_make_content_new() -> None:
    first = edition([fact(1)])
    assert has_same_content(edition([fact(1)], first), first)
    assert not has_same_content(edition([fact(1, "four")], first), first)


def chain(*contents: dict[str, Any]) -> list[ChainedEdition]:
    found: list[ChainedEdition] = []
    for number, content in enumerate(contents, start=1):
        data = encode_canonical(content)
        found.append(ChainedEdition(number, data.decode(), hash_bytes(data), found[-1].sha256 if found else ""))
    return found


def test_a_true_chain_has_no_broken_link() -> None:
    first = edition([fact(1)])
    second = edition([fact(1, "four")], first, note="Misread.")
    assert find_broken_links(chain(first, second, edition([fact(1)], second, note="Misread."))) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"canonical": "{}"}, "do not have the hash"),
        ({"previous_sha256": "0" * 64}, "does not name the hash"),
        ({"number": 3}, "expected number 2"),
    ],
)
def test_a_changed_edition_breaks_the_chain(change: dict[str, Any], words: str) -> None:
    first = edition([fact(1)])
    editions = chain(first, edition([fact(1, "four")], first, note="Misread."))
    editions[1] = ChainedEdition(**(editions[1].__dict__ | change))
    assert any(words in line for line in find_broken_links(editions))
