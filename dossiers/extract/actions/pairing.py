"""Group what a run says into statements, and find the claim that each is about."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from dossiers.extract.actions.working import Statement, Work, hash_grounded
from dossiers.extract.assembly import Grounded
from dossiers.extract.assembly.results import METHODS
from dossiers.extract.dates import read_date
from dossiers.extract.matching import (
    NO_SIGNATURE,
    Candidate,
    Matches,
    QuoteSpan,
    base_key,
    make_signature,
    match_claims,
)
from dossiers.extract.queries import KnownClaim
from dossiers.models.evidence import Role

_BASES = ("same_sentence", "", "inherited", "relative", "unresolved")
_GRADES = ("verbatim", "unknown", "rewritten")
_KEYED = ("attribute", "place")


def list_statements(grounded: Sequence[Grounded]) -> list[Statement]:
    """Keep each printed statement by itself, in its order: an export may say a thing twice."""
    return [Statement(place, [claim], hash_grounded(claim)) for place, claim in enumerate(grounded)]


def merge_statements(grounded: Sequence[Grounded]) -> list[Statement]:
    """Make one statement of what several texts say: the same slot and value, or the same event or sentence."""
    groups: dict[tuple[str, str, str], list[Grounded]] = {}
    for claim in grounded:
        slot = read_slot(claim) if claim.draft.kind in _KEYED else ""
        groups.setdefault((claim.draft.kind, slot, hash_grounded(claim)), []).append(claim)
    counts: dict[tuple[str, str], int] = {}
    for kind, slot, _ in groups:
        counts[kind, slot] = counts.get((kind, slot), 0) + 1
    statements = []
    for place, ((kind, slot, value_hash), claims) in enumerate(groups.items()):
        is_alone = bool(slot) and counts[kind, slot] == 1
        key = slot if is_alone else claims[0].key.split(" #")[0]
        best_first = [replace(claim, key=key) for claim in sorted(claims, key=_rank)]
        statements.append(Statement(place, best_first, value_hash))
    return statements


def read_slot(claim: Grounded) -> str:
    """Read the key of a claim's slot, without what tells the values of one slot apart."""
    return base_key(claim.key).split(" #")[0]


def _rank(claim: Grounded) -> tuple[int, int, bool, int]:
    """Order places of a value: word for word first, then with its date, its subject, in the source's own words."""
    grades = [sentence.capture.grade for sentence in claim.sentences[:1]] or ["unknown"]
    return (
        METHODS.index(claim.support.method), _BASES.index(claim.dating.basis), claim.subject_quote is None,
        _GRADES.index(grades[0]) if grades[0] in _GRADES else len(_GRADES),
    )  # fmt: skip


def pair_statements(work: Work) -> Matches:
    """Find the known claim of each statement; what is left is new, ambiguous or was not given again."""
    given = {statement.value_hash for statement in work.statements}
    earlier: dict[int, set[str]] = {}
    for claim, value in work.priors:
        earlier.setdefault(claim, set()).add(value)
    rejected: dict[int, set[str]] = {}
    for claim, value, _ in work.suppressed:
        rejected.setdefault(claim, set()).add(value)
    old = [
        _describe_known(work, entry, given, frozenset(earlier.get(pk, ())), frozenset(rejected.get(pk, ())))
        for pk, entry in work.known.items()
        if entry.latest
    ]
    return match_claims(old, [_describe_new(work, statement) for statement in work.statements])


def _describe_known(
    work: Work, entry: KnownClaim, given: set[str], earlier: frozenset[str], rejected: frozenset[str]
) -> Candidate:
    proposal, claim = entry.latest, entry.claim
    assert proposal is not None  # noqa: S101 - the caller left out claims without one
    signature = NO_SIGNATURE
    if claim.kind not in _KEYED and proposal.value_hash not in given:
        date = read_date(proposal.date_text)
        signature = make_signature(proposal.value, date, work.library.gazetteer, work.library.known)
    spans = [
        QuoteSpan(row.capture.source_id, row.capture_id, row.start, row.end, row.exact)
        for row in [*entry.quotes, *entry.incumbent_quotes]
        if row.role == Role.VALUE
    ]
    standing = claim.incumbent.value_hash if claim.incumbent_id and claim.incumbent else ""
    return Candidate(
        claim.pk, claim.kind, claim.key, proposal.value_hash, signature, tuple(spans), standing, earlier, rejected
    )


def _describe_new(work: Work, statement: Statement) -> Candidate:
    spans = [
        QuoteSpan(work.captures[cast(int, q.capture)].source_id, q.capture, q.start, q.end, q.exact)
        for claim in statement.occurrences
        for q in claim.support.quotes
    ]
    best = statement.best
    return Candidate(statement.place, best.draft.kind, best.key, statement.value_hash, best.signature, tuple(spans))
