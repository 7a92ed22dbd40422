"""Ground what a run printed and store it: as a sighting, as a proposal on a known claim, or as a new claim."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from django.db import transaction
from django.utils import timezone

from dossiers.extract.actions.asking import ask_questions
from dossiers.extract.actions.checking import Checked, sync_checks
from dossiers.extract.actions.health import Seen, has_quotes, write_health
from dossiers.extract.actions.proposing import make_proposal, save_proposals
from dossiers.extract.assembly import Grounded, Library, assemble
from dossiers.extract.dates import read_date
from dossiers.extract.matching import Candidate, Matches, QuoteSpan, make_signature, match_claims
from dossiers.extract.queries import (
    KnownClaim,
    describe_capture,
    describe_topic,
    list_drafts,
    list_known_claims,
    list_run_captures,
    list_sources,
    read_prior_proposals,
    read_suppressed,
)
from dossiers.models.capture import Capture
from dossiers.models.claim import Claim
from dossiers.models.evidence import Evidence, Role
from dossiers.models.proposal import Proposal, Sighting, hash_value
from dossiers.models.run import Run
from dossiers.models.topic import Topic


@dataclass
class Extracted:
    """What one extraction left, counted; `lost` claims were not given again, `ambiguous` ones may be old ones."""

    new_claims: int = 0
    new_proposals: int = 0
    sightings: int = 0
    lost: int = 0
    ambiguous: int = 0


@dataclass
class _Work:
    """One extraction under way."""

    topic: Topic
    run: Run
    captures: dict[int, Capture]
    grounded: list[Grounded]
    known: dict[int, KnownClaim]
    seen: list[Seen] = field(default_factory=list)
    proposals: list[tuple[Proposal, list[Evidence]]] = field(default_factory=list)
    sightings: list[int] = field(default_factory=list)


@transaction.atomic
def extract_topic(topic: Topic, *, run: Run) -> Extracted:
    """Extract a run's statements of a topic in one transaction; a value that is there already is only seen again.

    Another value for a known claim becomes a new proposal on it (the database derives pending or challenger); a value
    that was rejected on the same words stays away; what is not given again changes its claim's health.
    """
    Topic.objects.select_for_update(no_key=True).get(pk=topic.pk)
    rows = list_run_captures([run.pk])[run.pk]
    words = describe_topic(topic)
    texts = [describe_capture(row) for row in rows]
    library = Library(words, texts)
    grounded = assemble(list_drafts(run), library)
    known = {entry.claim.pk: entry for entry in list_known_claims(topic)}
    work = _Work(topic, run, {row.pk: row for row in rows}, grounded, known)
    matches = _match(work, library)
    _store(work, matches)
    lost = [entry for entry in known.values() if entry.claim.pk in {old.id for old in matches.lost}]
    write_health(work.seen, lost, list_sources(rows), timezone.now())
    ask_questions(topic, words, rows)
    seen = [Checked(entry.claim, entry.proposal_id, entry.grounded) for entry in work.seen]
    maybe = _list_ambiguous(work, matches)
    sync_checks(topic, words, seen, lost, maybe)
    new = len(matches.new) + len(matches.ambiguous)
    return Extracted(new, len(work.proposals), len(work.sightings), len(lost), len(matches.ambiguous))


def _match(work: _Work, library: Library) -> Matches:
    old = [_describe_known(entry, library) for entry in work.known.values() if entry.latest]
    new = [_describe_new(place, claim, work.captures) for place, claim in enumerate(work.grounded)]
    return match_claims(old, new)


def _describe_known(entry: KnownClaim, library: Library) -> Candidate:
    proposal = entry.latest
    assert proposal is not None  # noqa: S101 - the caller left out claims without one
    date = read_date(proposal.date_text)
    signature = make_signature(proposal.value, date, library.gazetteer, library.known)
    spans = [
        QuoteSpan(row.capture.source_id, row.capture_id, row.start, row.end, row.exact)
        for row in entry.quotes
        if row.role == Role.VALUE
    ]
    return Candidate(entry.claim.pk, entry.claim.kind, entry.claim.key, proposal.value_hash, signature, tuple(spans))


def _describe_new(place: int, claim: Grounded, captures: dict[int, Capture]) -> Candidate:
    spans = [
        QuoteSpan(captures[cast(int, q.capture)].source_id, q.capture, q.start, q.end, q.exact)
        for q in claim.support.quotes
    ]
    value_hash = hash_value(claim.draft.value, claim.dating.value.verbatim)
    return Candidate(place, claim.draft.kind, claim.key, value_hash, claim.signature, tuple(spans))


def _store(work: _Work, matches: Matches) -> None:
    """Write new claims first, then proposals and sightings, in the order of the export."""
    owners: dict[int, Claim] = {new.id: work.known[old.id].claim for old, new in matches.pairs}  # type: ignore[index,misc]
    places = [cast(int, new.id) for new in (*matches.new, *(new for new, _ in matches.ambiguous))]
    fresh = [work.grounded[place] for place in places]
    owners |= dict(zip(places, _create_claims(work, places, fresh), strict=True))
    suppressed, prior = read_suppressed(work.topic), read_prior_proposals(work.topic)
    sources = list_sources(list(work.captures.values()))
    for place, claim in enumerate(work.grounded):
        _store_one(work, owners[place], claim, place, suppressed, prior, sources)
    save_proposals(work.proposals)
    Sighting.objects.bulk_create(
        [Sighting(proposal_id=pk, run=work.run) for pk in dict.fromkeys(work.sightings)], ignore_conflicts=True
    )
    _move_claims(work)


def _create_claims(work: _Work, places: Sequence[int], fresh: Sequence[Grounded]) -> list[Claim]:
    taken = {(entry.claim.kind, entry.claim.key) for entry in work.known.values()}
    claims = []
    for place, grounded in zip(places, fresh, strict=True):
        kind, key, number = grounded.draft.kind, grounded.key, 2
        while (kind, key) in taken:
            key, number = f"{grounded.key} #{number}", number + 1
        taken.add((kind, key))
        label = grounded.draft.label
        claims.append(Claim(topic=work.topic, kind=kind, key=key, label=label, position=place))
    return Claim.objects.bulk_create(claims)


def _store_one(
    work: _Work,
    claim: Claim,
    grounded: Grounded,
    place: int,
    suppressed: set[tuple[int, str, str]],
    prior: dict[tuple[int, str], int],
    sources: dict[int, list[Capture]],
) -> None:
    """Store one grounded statement as a sighting of what is there, or as a proposal."""
    proposal, rows = make_proposal(claim, grounded, work.run, work.captures)
    entry = work.known.get(claim.pk)
    sighted = _find_sighted(claim, proposal, entry, suppressed, prior, sources)
    if sighted is None:
        work.proposals.append((proposal, rows))
    else:
        work.sightings.append(sighted)
    work.seen.append(Seen(claim, grounded, place, proposal if sighted is None else None, sighted, entry))


def _find_sighted(
    claim: Claim,
    proposal: Proposal,
    entry: KnownClaim | None,
    suppressed: set[tuple[int, str, str]],
    prior: dict[tuple[int, str], int],
    sources: dict[int, list[Capture]],
) -> int | None:
    """Find the stored proposal that says the same on words that still stand, or that was rejected on these words."""
    same = prior.get((claim.pk, proposal.value_hash)) if entry else None
    if entry is None or same is None:
        return None
    if (claim.pk, proposal.value_hash, proposal.evidence_hash) in suppressed:
        return same
    if entry.latest and entry.latest.value_hash == proposal.value_hash:
        return entry.latest.pk if has_quotes(entry.quotes, sources) else None
    incumbent = claim.incumbent_id
    return incumbent if incumbent == same and has_quotes(entry.incumbent_quotes, sources) else None


def _move_claims(work: _Work) -> None:
    """Give known claims the place that the newest export gives them."""
    moved = [seen.claim for seen in work.seen if seen.entry and seen.claim.position != seen.place]
    for seen in work.seen:
        seen.claim.position = seen.place
    Claim.objects.bulk_update(moved, ["position"])


def _list_ambiguous(work: _Work, matches: Matches) -> list[tuple[Claim, Claim]]:
    claims = {seen.place: seen.claim for seen in work.seen}
    return [(claims[n.id], work.known[o.id].claim) for n, olds in matches.ambiguous for o in olds]  # type: ignore[index]
