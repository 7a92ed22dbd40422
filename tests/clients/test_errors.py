"""What a service says about waiting, read in seconds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.clients.errors import parse_retry_after

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5.0),
        ("0.14", 0.14),
        (" 7 ", 7.0),
        ("-3", 0.0),
        ("Tue, 24 Nov 2026 12:01:30 GMT", 90.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0),
        ("Tue, 24 Nov 2026 12:01:30 -0000", 90.0),
        ("", None),
        (None, None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e400", None),
        ("Tue, 24 Nov 99999999999 12:01:30 GMT", None),
    ],
)
def test_retry_after_is_read(text: str | None, seconds: float | None) -> None:
    assert parse_retry_after(text, NOW) == seconds


@given(st.text())
def test_any_text_is_a_wait_or_nothing(text: str) -> None:
    seconds = parse_retry_after(text, NOW)
    assert seconds is None or 0 <= seconds < float("inf")
