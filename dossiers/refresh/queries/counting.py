"""Takes a list's query; leaves its counter: exact to 1,000, then "1,000+"."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

COUNTED = 1_000


@dataclass(frozen=True)
class Count:
    """How many rows a list holds: exact to 1,000, "1,000+" above."""

    number: int

    def __str__(self) -> str:
        return f"{COUNTED:,}+" if self.number > COUNTED else f"{self.number:,}"


def count_rows(rows: QuerySet[Any]) -> Count:
    """Count a list's rows, looking no further than one past a thousand."""
    return Count(rows.order_by()[: COUNTED + 1].count())
