"""Take words that name a time; leave a date triple: the words, their EDTF value (ISO 8601-2) and day bounds.

The words are the fact; the EDTF value is a proposal about them; the bounds are derived from it, for sorting. What
cannot be read for certain stays unread: no guess, and never an anchor of "now".
"""

from dossiers.extract.dates.periods import Period, find_periods, read_date
from dossiers.extract.dates.values import Bound, DateValue, does_exclude, is_same_period, is_within, sort_key

__all__ = [
    "Bound",
    "DateValue",
    "Period",
    "does_exclude",
    "find_periods",
    "is_same_period",
    "is_within",
    "read_date",
    "sort_key",
]
