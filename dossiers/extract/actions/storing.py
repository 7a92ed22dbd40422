"""Store what a run says: as a sighting of what is there, as a proposal on a known claim, or as a new claim."""

from collections.abc import Sequence
from typing import cast

from dossiers.extract.actions.proposing import make_proposal, save_proposals
from dossiers.extract.actions.words import find_standing, list_words
from dossiers.extract.actions.working import Seen, Statement, Work
from dossiers.extract.assembly import Grounded
from dossiers.extract.matching import Matches
from dossiers.extract.queries import Prior
from dossiers.models.claim import Claim
from dossiers.models.evidence import Evidence, Role
from dossiers.models.proposal import AuthorKind, Proposal, Sighting


def store_statements(work: Work, matches: Matches) -> int:
    """Write new claims first, then proposals and sightings; return how many sightings there were."""
    owners = [(work.statements[cast(int, new.id)], work.known[cast(int, old.id)].claim) for old, new in matches.pairs]
    places = [cast(int, new.id) for new in (*matches.new, *(new for new, _ in matches.ambiguous))]
    fresh = [work.statements[place] for place in places]
    owners += list(zip(fresh, _create_claims(work, fresh), strict=True))
    for statement, claim in owners:
        work.given.setdefault(claim.pk, set()).add(statement.value_hash)
    for statement, claim in sorted(owners, key=lambda owner: (_is_new(work, *owner), owner[0].place)):
        _store_statement(work, claim, statement)
    save_proposals(work.proposals)
    if not work.is_research:
        _move_claims(work)
    return _save_sightings(work)


def _is_new(work: Work, statement: Statement, claim: Claim) -> bool:
    """Tell whether a claim never had this value: such proposals are stored last, which makes them the newest."""
    return (claim.pk, statement.value_hash) not in work.priors


def _create_claims(work: Work, fresh: Sequence[Statement]) -> list[Claim]:
    """Make a claim for each new statement, at its place in an export, else behind the claims there are."""
    taken = {(entry.claim.kind, entry.claim.key) for entry in work.known.values()}
    first = 1 + max((entry.claim.position for entry in work.known.values()), default=-1) if work.is_research else 0
    claims = []
    for statement in fresh:
        best, number = statement.best, 2
        kind, key = best.draft.kind, best.key
        while (kind, key) in taken:
            key, number = f"{best.key} #{number}", number + 1
        taken.add((kind, key))
        position = first + statement.place
        claims.append(Claim(topic=work.topic, kind=kind, key=key, label=best.draft.label, position=position))
    return Claim.objects.bulk_create(claims)


def _store_statement(work: Work, claim: Claim, statement: Statement) -> None:
    """Store the places where a run says something: one for each source, the best last, which so becomes the newest."""
    told: set[frozenset[int]] = set()
    kept: list[tuple[Grounded, Proposal, list[Evidence]]] = []
    for grounded in statement.occurrences:
        proposal, rows = make_proposal(claim, grounded, work.run, work.origin, work.captures)
        proposal.value_hash = statement.value_hash
        sources = frozenset(work.captures[row.capture_id].source_id for row in rows if row.role == Role.VALUE)
        if sources not in told:
            told.add(sources)
            kept.append((grounded, proposal, rows))
    for grounded, proposal, rows in reversed(kept):
        work.seen.append(_store_one(work, Seen(claim, work.known.get(claim.pk), statement, grounded), proposal, rows))


def _store_one(work: Work, seen: Seen, proposal: Proposal, rows: list[Evidence]) -> Seen:
    """Take a proposal into what is to be saved, unless one like it is there that needs no telling again."""
    claim, value_hash = seen.claim, seen.statement.value_hash
    words = list_words([row for row in rows if row.role == Role.VALUE], work.captures)
    priors = work.priors.get((claim.pk, value_hash), [])
    standing = find_standing(priors, proposal.evidence_hash, {source for source, *_ in words}, work.texts)
    turned_away = [prior for prior in standing if (claim.pk, value_hash, prior.evidence_hash) in work.suppressed]
    if turned_away:
        seen.sighted = turned_away[0].id
        return seen
    known = _find_known(work, seen, standing)
    if known is None:
        seen.made = proposal
        work.proposals.append((proposal, rows))
    else:
        seen.sighted = known.id
    seen.is_challenging = not seen.gives_standing and not (known and _is_settled(seen, known))
    return seen


def _find_known(work: Work, seen: Seen, standing: Sequence[Prior]) -> Prior | None:
    """Choose the stored proposal that a value on standing words only repeats; None where it is news again.

    It is news where the sources went back to it: the value that took its place since is given no longer.
    """
    claim, entry = seen.claim, seen.entry
    if entry is None or entry.latest is None or not standing:
        return None
    if claim.incumbent_id and seen.gives_standing:
        return next((prior for prior in standing if prior.id == claim.incumbent_id), standing[0])
    if _is_settled(seen, standing[0]):
        return standing[0]
    newest = (claim.challenger or claim.incumbent) if claim.incumbent_id else entry.latest
    is_current = newest is not None and newest.value_hash in work.given[claim.pk]
    return standing[0] if is_current else None


def _is_settled(seen: Seen, prior: Prior) -> bool:
    """Tell whether an editor amended the claim with this value on these words before their eyes."""
    incumbent = seen.claim.incumbent
    return incumbent is not None and incumbent.author_kind == AuthorKind.EDITOR and prior.id < incumbent.pk


def _save_sightings(work: Work) -> int:
    """Save that this run gave a proposal again; what it proposed itself is no sighting."""
    own = {prior.id for found in work.priors.values() for prior in found if prior.run_id == work.run.pk}
    sighted = dict.fromkeys(seen.sighted for seen in work.seen if seen.sighted and seen.sighted not in own)
    rows = [Sighting(proposal_id=pk, run=work.run) for pk in sighted]
    Sighting.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _move_claims(work: Work) -> None:
    """Give known claims the place that the newest export gives them."""
    moved = [seen.claim for seen in work.seen if seen.entry and seen.claim.position != seen.statement.place]
    for seen in work.seen:
        seen.claim.position = seen.statement.place
    Claim.objects.bulk_update(moved, ["position"])
