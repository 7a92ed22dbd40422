"""Reads the times that an export prints: takes text and the zone that it was printed in, leaves aware UTC times."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

US_TIME = re.compile(
    r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}),?\s+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?\s*([AaPp])\.?[Mm]\.?"
)


def read_us_time(text: str, zone: tzinfo) -> datetime:
    """Return the UTC time of a US-style local time such as `9/30/2025, 4:41:28 AM`, printed in `zone`.

    Any white space may stand before AM (browsers print U+202F). Raises ValueError for anything else.
    """
    match = US_TIME.fullmatch(text.strip())
    if not match:
        raise ValueError("not a US-style time")
    month, day, year, hour, minute = (int(part) for part in match.groups()[:5])
    if not 1 <= hour <= 12:
        raise ValueError("a 12-hour clock has hours 1 to 12")
    hour = hour % 12 + (12 if match.group(7) in "Pp" else 0)
    return to_utc(datetime(year, month, day, hour, minute, int(match.group(6) or 0), tzinfo=zone))


def read_iso_time(text: str, zone: tzinfo) -> datetime:
    """Return the UTC time of an ISO 8601 date or time; without an offset it is read in `zone`. Raises ValueError."""
    time = datetime.fromisoformat(text)
    return to_utc(time if time.tzinfo else time.replace(tzinfo=zone))


def to_utc(time: datetime) -> datetime:
    """Return aware `time` in UTC. Raises ValueError where that leaves the years 1 to 9999."""
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


def is_doubtful(time: datetime, zone: tzinfo) -> bool:
    """Tell whether the local time of `time` occurs twice in `zone`, where a clock was put back."""
    local = time.astimezone(zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
