"""Takes codes, times, addresses and coordinates; leaves the words and links that readers see."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

KINDS = {
    "topic": "Topic", "person": "Person", "organization": "Organization",
    "place": "Place", "event": "Event", "work": "Work",
}  # fmt: skip
PROVIDERS = {
    "encyclopedia": "Encyclopedia", "web_search": "Web search",
    "geocoder": "Geocoder", "knowledge_base": "Knowledge base",
}  # fmt: skip
GRADES = {
    "verbatim": "Text as the source prints it",
    "rewritten": "Text rewritten by the provider",
    "unknown": "Not known whether the provider rewrote the text",
}
BASES = {
    "inherited": "The date is taken from a neighbouring sentence.",
    "relative": "The date is relative to another date.",
    "unresolved": "The quoted text does not say what the date counts from.",
}
METHODS = {
    "fuzzy": "The source says this in slightly different words.",
    "paraphrase": "The source says this in other words.",
    "nearest": "The source does not say this. These are its nearest words; the editor approved the fact beside them.",
}
HEALTH = {
    "source_changed": "The source has changed since this was reviewed.",
    "quote_lost": "The quoted words are no longer at the source.",
    "contradicted": "Another source now contradicts this.",
    "expired": "This is due to be reviewed again.",
}
ACTIONS = {"approve": "Approved by", "amend": "Amended and approved by"}
CORRECTIONS = {"added": "Added", "changed": "Changed", "removed": "Removed"}
# Not the locale's: a page's bytes must not depend on the machine.
_MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip


@dataclass(frozen=True)
class Time:
    """A time for readers, in UTC: `iso` for machines, `day` and `full` in words."""

    iso: str
    day: str
    full: str


def find_link(url: str | None) -> str:
    """Return the address if it is a web address that a reader may follow, else ""."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return url or "" if parts.scheme in ("http", "https") and parts.hostname else ""


def find_machine_date(edtf: str) -> str:
    """Return the date for HTML's <time>, which takes whole years, months and days of the common era, else ""."""
    parts = edtf.split("-")
    is_plain = all(part.isascii() and part.isdecimal() for part in parts)
    return edtf if is_plain and len(parts[0]) == 4 and len(edtf) in (4, 7, 10) and parts[0] != "0000" else ""


def say_time(iso: str | None) -> Time | None:
    """Spell an ISO 8601 time in English, in UTC, to the minute; None stays None."""
    return spell(iso) if iso else None


def spell(iso: str) -> Time:
    """Spell a time that is known."""
    at = datetime.fromisoformat(iso)
    day = f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
    return Time(iso, day, f"{day}, {at:%H:%M} UTC")


def say_coordinates(lat: str | None, lon: str | None) -> str:
    """Spell coordinates in degrees to five places (about a metre): 49.26200° N, 123.12238° W."""
    if lat is None or lon is None:
        return ""
    north, east = Decimal(lat), Decimal(lon)
    return f"{abs(north):.5f}° {'S' if north < 0 else 'N'}, {abs(east):.5f}° {'W' if east < 0 else 'E'}"
