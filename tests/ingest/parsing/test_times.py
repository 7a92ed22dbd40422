"""Reading printed times: US style and ISO 8601, into aware UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.ingest.parsing.times import read_iso_time, read_us_time
from tests.ingest.rendering import render_time

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
VANCOUVER = ZoneInfo("America/Vancouver")


printable_times = st.integers(-62_000_000_000, 250_000_000_000).map(lambda seconds: EPOCH + timedelta(seconds=seconds))


@given(time=printable_times, space=st.sampled_from([" ", "\u00a0", "\u202f", ""]))
def test_any_printed_time_reads_back(time, space):
    assert read_us_time(render_time(time, space), UTC) == time


def test_noon_and_midnight():
    assert read_us_time("1/2/2020, 12:00:00 AM", UTC).hour == 0
    assert read_us_time("1/2/2020, 12:00:00 PM", UTC).hour == 12


def test_summer_time_is_the_zones():
    assert read_us_time("7/1/2025, 4:41:28 AM", VANCOUVER) == datetime(2025, 7, 1, 11, 41, 28, tzinfo=UTC)
    assert read_us_time("12/1/2025, 4:41:28 AM", VANCOUVER) == datetime(2025, 12, 1, 12, 41, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9/30/2025",
        "13/1/2025, 1:00:00 AM",
        "2/30/2025, 1:00:00 AM",
        "1/1/2025, 13:00:00 PM",
        "1/1/2025, 0:00:00 AM",
        "1/1/0000, 1:00 AM",
        "1/1/2025, 1:60:00 AM",
        "30.9.2025, 04:41",
        "١/١/٢٠٢٥, ١:٠٠:٠٠ AM",
        "1/1/2025, 1:00:00 AM x",
    ],
)
def test_what_is_no_us_time_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        read_us_time(text, UTC)


@pytest.mark.parametrize("text", ["1/1/0001, 12:00:00 AM", "12/31/9999, 11:59:59 PM"])
def test_times_that_leave_the_calendar_in_utc_are_refused(text):
    zone = ZoneInfo("Etc/GMT-14") if "0001" in text else ZoneInfo("Etc/GMT+12")
    with pytest.raises(ValueError, match="out of range"):
        read_us_time(text, zone)


def test_iso_times_keep_their_offset():
    assert read_iso_time("2025-09-30T04:41:28+02:00", VANCOUVER) == datetime(2025, 9, 30, 2, 41, 28, tzinfo=UTC)
    assert read_iso_time("2025-09-30", VANCOUVER) == datetime(2025, 9, 30, 7, tzinfo=UTC)
