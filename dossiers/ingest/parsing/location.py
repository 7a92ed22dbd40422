"""Reads the location section of an export: takes the section, leaves a place, its capture and what follows."""

from __future__ import annotations

import re
from decimal import Decimal

from dossiers.ingest.parsing.export import MAX_NAME, MAX_VALUE, ExportedCapture, Place
from dossiers.ingest.parsing.sections import Line, Page, Section, check_length, join_lines

COORDINATE = r"([-+−]?[0-9]{1,3}(?:\.[0-9]{1,15})?)"
COORDINATES = re.compile(rf"Coordinates:\s*{COORDINATE},\s*{COORDINATE}")
EXPECTED = "“Coordinates: latitude, longitude” in degrees, such as “Coordinates: 49.26, -123.12”"
LINK_WORDS = "Open Map"


def read_location(page: Page, section: Section, position: int) -> tuple[Place, ExportedCapture, list[Line]]:
    """Return the place, the block as the geocoder's capture, and the lines after it.

    Raises ExportError where the name or the coordinates are missing, malformed or out of range.
    """
    printed, rest = _split_at_coordinates(page, section)
    written = [line for line in printed if not line.is_blank]
    if len(written) < 2:
        raise page.fail(written[0].number, "the place's name before its coordinates", "the coordinates")
    name = check_length(page, written[0].number, "a place's name", written[0].text.strip(), MAX_VALUE)
    category = written[1].text.strip() if len(written) > 2 else ""
    check_length(page, written[1].number, "a place's category", category, MAX_NAME)
    latitude, longitude = _read_coordinates(page, written[-1])
    place = Place(name, category, latitude, longitude, position, written[0].number)
    text = check_length(page, written[0].number, "a location", join_lines(printed), MAX_VALUE)
    return place, ExportedCapture("geocoder", name[:MAX_NAME], text, written[0].number), rest


def _split_at_coordinates(page: Page, section: Section) -> tuple[list[Line], list[Line]]:
    for index, line in enumerate(section.lines):
        if line.text.strip().startswith("Coordinates:"):
            return section.lines[: index + 1], _without_link(section.lines[index + 1 :])
    written = [line.number for line in section.lines if not line.is_blank]
    raise page.fail_after(written[-1] if written else section.line, EXPECTED)


def _without_link(lines: list[Line]) -> list[Line]:
    written = [line for line in lines if not line.is_blank]
    if written and " ".join(written[0].text.split()) == LINK_WORDS:
        return [line for line in lines if line.number > written[0].number]
    return lines


def _read_coordinates(page: Page, line: Line) -> tuple[str, str]:
    match = COORDINATES.fullmatch(line.text.strip())
    if not match:
        raise page.fail(line.number, EXPECTED, f"“{line.text.strip()[:60]}”")
    latitude, longitude = (part.replace("−", "-") for part in match.groups())
    problem = find_range_problem(latitude, longitude)
    if problem:
        raise page.fail(line.number, *problem)
    return latitude, longitude


def find_range_problem(latitude: str, longitude: str) -> tuple[str, str] | None:
    """Return what was expected and found where a coordinate is outside 90 or 180 degrees (WGS 84), else None."""
    if abs(Decimal(latitude)) > 90:
        return "a latitude between -90 and 90 degrees", latitude
    if abs(Decimal(longitude)) > 180:
        return "a longitude between -180 and 180 degrees", longitude
    return None
