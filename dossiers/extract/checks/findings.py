"""Take a case; leave what all rules find, in the order of claims and captures."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from dossiers.extract.assembly.inputs import CaptureText, TopicText
from dossiers.extract.assembly.results import Grounded
from dossiers.extract.checks import captures as on_captures
from dossiers.extract.checks import claims as on_claims
from dossiers.extract.checks import proposals as on_proposals
from dossiers.extract.checks.case import Case, Finding, Severity, Target
from dossiers.extract.checks.settling import NOTHING_SETTLED, Settled

__all__ = ["Case", "Finding", "Severity", "check_captures", "check_claims", "check_proposals", "run_checks"]

Rule = Callable[[Case, int], Iterable[Finding]]

PROPOSAL_RULES: dict[str, Rule] = {
    "ungrounded": on_proposals.check_grounding,
    "number-not-in-quote": on_proposals.check_numbers,
    "date-not-in-quote": on_proposals.check_date_place,
    "date-contradicted": on_proposals.check_date,
    "date-unparsed": on_proposals.check_date_reading,
    "subject-not-in-quote": on_proposals.check_subject,
    "value-overstated": on_proposals.check_superlatives,
    "wrong-entity": on_proposals.check_place,
    "circular-source": on_proposals.check_circle,
}
CLAIM_RULES: dict[str, Rule] = {"conflict": on_claims.check_relations}
CAPTURE_RULES: dict[str, Rule] = {
    "wrong-entity": on_captures.check_entity,
    "source-without-url": on_captures.check_url,
    "unknown-grade": on_captures.check_grade,
    "single-source": on_captures.check_alone,
    "stale": on_captures.check_age,
}


def run_checks(
    topic: TopicText,
    claims: Sequence[Grounded],
    captures: Sequence[CaptureText],
    *,
    today: date | None = None,
    settled: Settled = NOTHING_SETTLED,
) -> list[Finding]:
    """Run every rule that needs no network. `today` dates the check of age, nothing else; `settled` says which captures
    an editor's choice of entity has settled or ruled out.
    """
    case = Case(topic, claims, captures, today, settled)
    return [*check_proposals(case), *check_claims(case), *check_captures(case)]


def check_proposals(case: Case, places: Iterable[int] | None = None, codes: Iterable[str] = ()) -> list[Finding]:
    """Run the rules about single proposals: all of them or those of some codes, on all claims or some."""
    rules = {code: rule for code, rule in PROPOSAL_RULES.items() if not codes or code in codes}
    return list(_run(rules, case, "proposal", range(len(case.claims)) if places is None else places))


def check_claims(case: Case) -> list[Finding]:
    """Run the rules between claims."""
    return list(_run(CLAIM_RULES, case, "claim", range(len(case.claims))))


def check_captures(case: Case, places: Iterable[int] | None = None, codes: Iterable[str] = ()) -> list[Finding]:
    """Run the rules about captures: all of them or those of some codes, on all captures or some."""
    rules = {code: rule for code, rule in CAPTURE_RULES.items() if not codes or code in codes}
    return list(_run(rules, case, "capture", range(len(case.captures)) if places is None else places))


def _run(rules: dict[str, Rule], case: Case, target: Target, places: Iterable[int]) -> Iterator[Finding]:
    for place in places:
        for code, rule in rules.items():
            yield from _run_one(code, rule, case, target, place)


def _run_one(code: str, rule: Rule, case: Case, target: Target, place: int) -> list[Finding]:
    try:
        return list(rule(case, place))
    except Exception as error:
        subject = case.captures[place].key if target == "capture" else place
        message = f"The check “{code}” could not run ({type(error).__name__}); look at this by eye."
        return [Finding("check-failed", "warning", message, target, subject)]
