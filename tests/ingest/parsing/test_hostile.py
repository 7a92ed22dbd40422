"""Broken and hostile files: each is refused with its file, line and what was expected, or read harmlessly."""

import io
import zipfile
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.ingest.parsing import MAX_BYTES, Export, ExportError, NotAnExport, read_export
from tests.ingest.rendering import PLAIN, render_export

TEXT = render_export(PLAIN).decode()


def refuse(data: bytes | str, name: str = "page.txt") -> ExportError:
    data = data.encode() if isinstance(data, str) else data
    with pytest.raises(ExportError) as caught:
        read_export(data, name=name, timezone=UTC)
    return caught.value


def line_of(words: str, text: str = TEXT) -> int:
    return text.count("\n", 0, text.index(words)) + 1


def zip_of(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.txt", data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "an empty file"),
        (b" \n\n\t\n", "an empty file"),
        (b"Dear Sir,\n\nthe lamp is out.\n", "no such heading"),
        (zip_of(b"0" * 1_000_000), "a zip archive"),
        (b"\x1f\x8b\x08\x00rest", "a gzip archive"),
        (b"%PDF-1.7", "a PDF document"),
        (TEXT.encode("utf-16"), "UTF-16 text"),
        (b"x" * (MAX_BYTES + 1), f"a file of {MAX_BYTES + 1:,} bytes"),
    ],
)
def test_a_file_that_is_no_export_is_named_for_what_it_is(data, found):
    error = refuse(data)
    assert isinstance(error, NotAnExport)
    assert found in error.found
    assert str(error).startswith(f"page.txt:{error.line}: expected ")


@pytest.mark.parametrize(
    ("old", "new", "line_words", "expected", "found"),
    [
        ("\n\nTopic\n\nNamed in", "\n\nNamed in", "Topic", "the topic's kind", "Named in"),
        ("3/9/2025, 3:04:05 PM", "13/45/2025, 3:04:05 PM", "3/9/2025", "the time of “First Mentioned”", "13/45/2025"),
        ("3/9/2025, 3:04:05 PM", "yesterday", "3/9/2025", "the time of “First Mentioned”", "yesterday"),
        ("\n\n    12 m", "", "    12 m", "the value of “Height”", "Colour"),
        ("\n\n    1848", "", "    1848", "the event's date", "It was dimmed."),
        ("\n\n    1901–1933", "", "    1901", "the event's date", "Lighthouse"),
        ("    of the quay [...] was lit in 1848 and\n\n", "", "    of the quay", "the retrieved text", "Location Data"),
        ("\n\nCoordinates: 49.2619970, -123.1223816", "", "Open Map", "“Coordinates:", "the end of the file"),
        ("49.2619970, -123.1223816", "149.26, -123.1", "Coordinates", "a latitude between", "149.26"),
        ("49.2619970, -123.1223816", "49.26, -180.1", "Coordinates", "a longitude between", "-180.1"),
        ("49.2619970, -123.1223816", "49.26", "Coordinates", "“Coordinates:", "49.26"),
        ("Harbour Lights, Quay 1\n\ntower\n\n", "", "Harbour Lights, Quay", "the place's name", "the coordinates"),
        ("  • Height", "  •", "  • Height", "words after the bullet", "12 m"),
        ("12 m", "12\x1bm", "    12 m", "printable text", "U+001B"),
        ("Referenced in 2", "Referenced in 999999999", "Referenced", "at most 1,000 documents", "999,999,999"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_was_expected(old, new, line_words, expected, found):
    error = refuse(TEXT.replace(old, new, 1))
    assert expected in error.expected
    assert found in error.found
    assert abs(error.line - line_of(line_words)) <= 2


@pytest.mark.parametrize(
    "heading",
    [
        "First Mentioned",
        "Summary",
        "Research Data",
        "Extracted Attributes",
        "Timeline",
        "Lighthouse",
        "Web Search Results",
    ],
)
def test_a_file_that_ends_at_a_heading_is_refused(heading):
    cut = TEXT[: TEXT.index(f"\n{heading}\n") + len(heading) + 1] + "\n"
    error = refuse(cut)
    assert error.found == "the end of the file"
    assert error.line == line_of(f"\n{heading}", cut) + 1


def test_a_file_that_ends_inside_a_line_is_refused():
    starts = [match for match in range(TEXT.index("Research Data"), len(TEXT) - 1) if TEXT[match - 1].isalnum()]
    inside = [end for end in starts if TEXT[end].isalnum()]
    assert len(inside) > 200
    for end in inside:
        assert abs(refuse(TEXT[:end]).line - line_of(TEXT[end - 1 :])) <= 2


def test_a_null_byte_is_refused_with_its_line_and_byte():
    data = TEXT.encode().replace(b"12 m", b"12\x00m")
    error = refuse(data)
    assert error.line == line_of("    12 m")
    assert f"byte {data.index(0):,} " in error.found


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_bytes_that_are_not_utf8_are_refused_with_their_line(newline):
    data = TEXT.replace("\n", newline).encode().replace(b"12 m", b"12 \xe9")
    error = refuse(data)
    assert error.line == line_of("    12 m")
    assert "0xe9" in error.found


def test_a_message_holds_no_control_characters_and_is_short():
    error = refuse(
        TEXT.replace("3/9/2025, 3:04:05 PM", "\u202e\u2028" + "9" * 100_000, 1), name="bad\x1b[31m\nname.txt"
    )
    assert str(error).isprintable()
    assert len(str(error)) < 400


def test_a_very_long_line_is_refused():
    assert "characters" in refuse(TEXT.replace("12 m", "m" * 1_000_000)).expected


def test_a_very_long_label_is_refused():
    assert "a label of at most" in refuse(TEXT.replace("Height", "H" * 301)).expected


def test_thousands_of_bullets_are_refused():
    assert "bullets" in refuse(TEXT.replace("Timeline\n", "Timeline\n" + "  • a\n    b\n" * 5_000)).found


def test_more_to_look_up_than_can_be_is_refused():
    many = "Timeline\n" + "".join(f"  • Event {number}.\n    1900\n" for number in range(1_000))
    text = TEXT.replace("Timeline\n", many).replace("A lighthouse is a tower.", "A lighthouse is a tower. " * 4_500)
    assert "statements times characters" in refuse(text).expected


def test_a_page_of_only_a_header_is_refused():
    assert "another section with content" in refuse(TEXT[: TEXT.index("Last Updated")]).expected


@pytest.mark.parametrize("name", ["a.txt", "a.json"])
@pytest.mark.parametrize(
    "noise",
    [
        b"\n" * MAX_BYTES,
        b"\r" * MAX_BYTES,
        "  • ".encode() * 1_000_000,
        b"T\nTopic\n" + b"Summary\nx\n" * 40_000,
        b"T\nTopic\nSummary\nx.\n\n" + b"Heading\n\nx\n\n" * 20_000,
        b"[" * MAX_BYTES,
        b'{"a":' * 900_000,
    ],
    ids=["lines", "returns", "bullets", "sections", "headings", "brackets", "braces"],
)
def test_noise_as_large_as_a_file_may_be_is_refused(noise, name):
    assert refuse(noise, name).line >= 1


WORDS = [
    "Summary",
    "Timeline",
    "Location Data",
    "Coordinates: 1, 2",
    "  • ",
    "    x",
    "\n",
    "\r",
    "1/1/2020, 1:00:00 AM",
    "é",
    "{",
]
pieces = st.lists(st.sampled_from([*WORDS, *TEXT.split("\n")]) | st.text(max_size=8), max_size=40)


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300) | pieces.map("\n".join).map(lambda text: text.encode("utf-8", "replace")))
@pytest.mark.parametrize("name", ["a.txt", "a.json"])
def test_any_bytes_give_an_export_or_an_export_error(data, name):
    answer = answer_to(data, name)
    assert isinstance(answer, Export) or (answer.line >= 1 and answer.expected and answer.found)


def answer_to(data: bytes, name: str) -> Export | ExportError:
    try:
        return read_export(data, name=name, timezone=UTC)
    except ExportError as error:
        return error
