"""Take a case; leave what all rules find, in the order of claims and captures."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date

from dossiers.extract.assembly.inputs import CaptureText, TopicText
from dossiers.extract.assembly.results import Grounded
from dossiers.extract.checks import captures as on_captures
from dossiers.extract.checks import claims as on_claims
from dossiers.extract.checks import proposals as on_proposals
from dossiers.extract.checks.case import Case, Finding, Severity, Target

__all__ = ["Finding", "Severity", "run_checks"]

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
    resolved: frozenset[Hashable] = frozenset(),
) -> list[Finding]:
    """Run every rule that needs no network. `today` dates the check of age, nothing else; `resolved` are the keys of
    captures that an editor's choice of entity has settled.
    """
    case = Case(topic, claims, captures, today, resolved)
    return [
        *_run(PROPOSAL_RULES, case, "proposal", range(len(claims))),
        *_run(CLAIM_RULES, case, "claim", range(len(claims))),
        *_run(CAPTURE_RULES, case, "capture", range(len(captures))),
    ]


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
