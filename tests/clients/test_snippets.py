"""What searches print, as a capture holds it: pieces with their joints, questions in whole words, times and hosts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.clients.snippets import cut_query, cut_title, join_pieces, read_host, read_time


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["One.", "Two."], "One. [...] Two."),
        (["", "Two.", ""], "Two."),
        (["It is one.", "one"], "It is one."),
        (["one", "It is one.", "Two."], "It is one. [...] Two."),
        (["One.", "One."], "One."),
        ([], ""),
    ],
)
def test_pieces_are_joined_where_they_were_cut(pieces: list[str], text: str) -> None:
    assert join_pieces(pieces) == text


@given(st.text(), st.integers(1, 40), st.integers(1, 5))
def test_a_question_is_the_longest_start_that_fits(text: str, characters: int, words: int) -> None:
    cut = cut_query(text, characters=characters, words=words)
    given_words, kept = text.split(), cut.split()
    assert len(cut) <= characters
    assert len(kept) <= words
    if kept and len(given_words[0]) <= characters:
        assert kept == given_words[: len(kept)]
        assert len(kept) in (words, len(given_words)) or len(f"{cut} {given_words[len(kept)]}") > characters
    assert bool(cut) == bool(given_words)


@given(st.text(max_size=700))
def test_a_title_is_one_line_that_fits(text: str) -> None:
    title = cut_title(text)
    assert len(title) <= 300
    assert len(title.splitlines()) <= 1
    assert " ".join(text.split()).startswith(title.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2024-05-04T10:00:00", datetime(2024, 5, 4, 10, tzinfo=UTC)),
        ("2024-05-04T10:00:00+02:00", datetime(2024, 5, 4, 8, tzinfo=UTC)),
        ("2024-05-04T10:00:00Z", datetime(2024, 5, 4, 10, tzinfo=UTC)),
        (" 2024-05-04 ", datetime(2024, 5, 4, tzinfo=UTC)),
        ("Mon, 25 Nov 2024 13:00:00 GMT", datetime(2024, 11, 25, 13, tzinfo=UTC)),
        ("Mon, 25 Nov 2024 13:00:00 -0000", datetime(2024, 11, 25, 13, tzinfo=UTC)),
        ("2 days ago", None),
        ("", None),
        ("2024-13-45", None),
        ("Mon, 99 Nov 99999 13:00:00 GMT", None),
    ],
)
def test_times_of_both_spellings_are_read(text: str, time: datetime | None) -> None:
    read = read_time(text)
    assert read == time
    assert read is None or read.tzinfo is not None


@given(st.text() | st.text(alphabet="0123456789-:+TZ ,GMonJa").map(str))
def test_no_time_is_too_odd_to_read(text: str) -> None:
    read = read_time(text)
    assert read is None or read.tzinfo is not None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.lamp.example/a?b=c", "lamp.example"),
        ("http://LAMP.example:8080/", "lamp.example"),
        ("https://xn--bcher-kva.example/ä", "xn--bcher-kva.example"),
        ("javascript:alert(1)//https://lamp.example/", ""),
        ("data:text/html,x", ""),
        ("//lamp.example/", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://lamp.example/a b", ""),
        ("https://lamp.example/\n", ""),
        ("https://lamp.example/" + "a" * 2000, ""),
        ("https://lamp.example/\ud800", ""),
        ("", ""),
    ],
)
def test_only_addresses_that_a_reader_may_open_have_a_host(url: str, host: str) -> None:
    assert read_host(url) == host
