"""Take a topic's grounded claims and captures; leave the automatic findings about them, each in one plain sentence.

A rule that raises leaves `check-failed`: a check that could not run is never silent.
"""

from dossiers.extract.checks.findings import Finding, Severity, run_checks
from dossiers.extract.checks.quotes import check_quotes, find_missing_numbers, find_overstatements

__all__ = ["Finding", "Severity", "check_quotes", "find_missing_numbers", "find_overstatements", "run_checks"]
