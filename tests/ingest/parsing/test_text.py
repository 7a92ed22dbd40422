"""Reading the text form: what each section gives, and what becomes of missing, repeated or unknown ones."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dossiers.ingest.parsing import Export, read_export
from tests.ingest.rendering import PLAIN, list_captures, render_export, without_lines

TEXT = render_export(PLAIN).decode()


def read(text: str | bytes, zone: str = "UTC") -> Export:
    data = text.encode() if isinstance(text, str) else text
    return read_export(data, name="page.txt", timezone=ZoneInfo(zone))


def codes(export: Export) -> list[str]:
    return [notice.code for notice in export.notices]


def test_a_whole_page_is_read_without_a_notice():
    export = read(TEXT)
    assert without_lines(export) == PLAIN
    assert export.notices == ()


def test_the_geocoder_capture_is_the_location_block_as_printed():
    (capture,) = list_captures(read(TEXT), "geocoder")
    assert capture.text == "Harbour Lights, Quay 1\n\ntower\n\nCoordinates: 49.2619970, -123.1223816"


def test_coordinates_keep_their_digits_beside_the_number():
    (place,) = read(TEXT).places
    assert (place.latitude_text, place.latitude) == ("49.2619970", Decimal("49.2619970"))


def test_parts_know_the_lines_they_stand_on():
    export, lines = read(TEXT), TEXT.split("\n")
    assert lines[export.attributes[1].line - 1] == "  • Colour – night"
    assert lines[export.events[0].line - 1].startswith("  • The tower")
    assert lines[export.captures[0].line - 1] == "Lighthouse"
    assert lines[export.summary_line - 1] == PLAIN.summary


def test_the_time_zone_says_what_local_times_mean():
    export = read(TEXT, "America/Vancouver")
    assert export.first_mentioned_at == datetime(2025, 3, 9, 22, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_spaces_and_a_byte_order_mark_change_no_value(newline, space, mark):
    data = mark.encode() + render_export(PLAIN, newline=newline, space=space)
    assert without_lines(read(data)) == PLAIN


@pytest.mark.parametrize(
    "heading", ["Summary", "Extracted Attributes", "Timeline", "Web Search Results", "Location Data", "Last Updated"]
)
def test_a_missing_section_is_reported_and_the_others_are_read(heading):
    start = TEXT.index(heading + "\n")
    after = [TEXT.find(f"\n\n{follower}", start) for follower in FOLLOWERS[heading]]
    end = min(position for position in [*after, len(TEXT)] if position >= 0)
    export = read(TEXT[:start] + TEXT[end:].lstrip("\n") + "\n")
    assert f"no section “{heading}”" in [notice.message for notice in export.notices]
    assert export.title == PLAIN.title
    assert export.captures


FOLLOWERS = {
    "Summary": ["Referenced"],
    "Extracted Attributes": ["Timeline"],
    "Timeline": ["Lighthouse"],
    "Web Search Results": ["Location Data"],
    "Location Data": [],
    "Last Updated": ["Research Retrieved"],
}


def test_a_page_without_an_encyclopedia_extract_says_so():
    export = read(TEXT.replace("Lighthouse\n\nA lighthouse is a tower.\n\nIt guides ships.\n\n", ""))
    assert [notice.message for notice in export.notices] == ["no encyclopedia extract"]
    assert len(export.captures) == 2


def test_a_repeated_section_adds_what_is_new_and_is_reported():
    again = "Extracted Attributes\n  • Height\n\n    12 m\n\n  • Height\n\n    13 m\n\n"
    export = read(TEXT.replace("Timeline", again + "Timeline"))
    assert [(a.label, a.value) for a in export.attributes][2:] == [("Height", "13 m")]
    assert [a.position for a in export.attributes] == [0, 1, 2]
    assert codes(export) == ["section-repeated"]


def test_a_second_location_is_a_second_place():
    export = read(TEXT + "\n\nLocation Data\n\nOther Quay\n\npier\n\nCoordinates: -1.5, 2\n\nOpen Map")
    assert [place.name for place in export.places] == ["Harbour Lights, Quay 1", "Other Quay"]
    assert len(list_captures(export, "geocoder")) == 2


@pytest.mark.parametrize(
    "before", ["Summary", "Research Data", "Timeline", "Lighthouse", "Web Search Results", "Location Data"]
)
@pytest.mark.parametrize("body", ["  • One\n\n    Two\n\n", "Some prose of the page.\n\nMore of it.\n\n"])
def test_an_unknown_section_is_kept_and_reported_and_changes_nothing_else(before, body):
    position = TEXT.rindex(f"\n{before}\n") + 1
    export = read(TEXT[:position] + "Related Reading\n\n" + body + TEXT[position:])
    (kept,) = export.unknown_sections
    assert (kept.title, kept.text) == ("Related Reading", body.strip())
    assert without_lines(export).captures == PLAIN.captures
    assert without_lines(export).attributes == PLAIN.attributes
    assert codes(export) == ["unknown-section"]


def test_an_unknown_section_at_the_end_is_kept():
    export = read(TEXT + "\n\nShare This Page\n\nBy letter.\n")
    assert [(part.title, part.text) for part in export.unknown_sections] == [("Share This Page", "By letter.")]


def test_a_bullet_inside_a_value_begins_no_item():
    export = read(TEXT.replace("    Red • then white", "    • Red\n    • then white"))
    assert export.attributes[1].value == "• Red\n• then white"


def test_a_heading_inside_a_value_begins_no_section():
    export = read(TEXT.replace("    Red • then white", "    Timeline"))
    assert export.attributes[1].value == "Timeline"


def test_headings_may_end_with_a_colon_and_lines_with_spaces():
    text = TEXT.replace("Timeline\n", "Timeline:\n").replace("Location Data\n", "Location  Data:\n")
    export = read("\n".join(line + "  " for line in text.split("\n")))
    assert (len(export.events), len(export.places), export.notices) == (2, 1, ())


def test_a_web_result_may_print_its_address():
    export = read(TEXT.replace("    of the quay", "    https://quay.example/lights?a=1\n\n    of the quay"))
    (result,) = list_captures(export, "web_search")
    assert (result.url, result.text) == ("https://quay.example/lights?a=1", "of the quay [...] was lit in 1848 and")


def test_an_unknown_kind_is_taken_as_topic_and_reported():
    export = read(TEXT.replace("\n\nTopic\n", "\n\nConcept\n"))
    assert export.kind == "topic"
    assert codes(export) == ["unknown-kind"]


def test_a_time_that_the_clock_shows_twice_is_reported():
    export = read(TEXT.replace("3/9/2025, 3:04:05 PM", "11/2/2025, 1:30:00 AM", 1), "America/Vancouver")
    assert codes(export) == ["doubtful-time"]


def test_direction_marks_are_kept_and_reported():
    export = read(TEXT.replace("    12 m", "    \u202e12 m"))
    assert export.attributes[0].value == "\u202e12 m"
    assert codes(export) == ["direction-marks"]


def test_markup_and_sql_are_text_like_any_other():
    value = "<script>alert(1)</script>'; DROP TABLE topic; --"
    assert read(TEXT.replace("    12 m", f"    {value}")).attributes[0].value == value
