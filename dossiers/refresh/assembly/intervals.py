"""Takes an interval; leaves it in words."""

from datetime import timedelta

DAY = timedelta(days=1)
# What the forms offer beside a number of days of one's own; a month is thirty days here.
PRESETS = {"daily": DAY, "weekly": 7 * DAY, "monthly": 30 * DAY}
_WORDS = {DAY: "every day", 7 * DAY: "every week", 30 * DAY: "every month"}


def spell_interval(interval: timedelta | None) -> str:
    """Write an interval as "every 3 days"; none, or zero, is "never by itself"."""
    if not interval:
        return "never by itself"
    if interval in _WORDS:
        return _WORDS[interval]
    if interval >= 2 * DAY or interval % DAY == timedelta(0):
        return f"every {_number(interval / DAY)} days"
    return f"every {_number(interval / timedelta(hours=1))} hours"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
