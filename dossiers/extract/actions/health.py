"""Write how each claim's evidence fares after an extraction; this changes no decision and drops nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from dossiers.extract.actions.words import Standing, list_words
from dossiers.extract.actions.working import Seen, Work
from dossiers.extract.matching import Matches
from dossiers.extract.queries import KnownClaim
from dossiers.models.claim import ClaimHealth, HealthState

State = tuple[HealthState, str]

OK: State = (HealthState.OK, "")
_ANOTHER = (HealthState.SOURCE_CHANGED, "The newest extraction gives another value.")
_ANOTHER_AND_GONE = (
    HealthState.SOURCE_CHANGED, "The newest extraction gives another value, and the quoted words are gone."
)  # fmt: skip
_QUOTE_GONE = (HealthState.QUOTE_LOST, "The quoted words are no longer in their source.")
_PAGE_GONE = (HealthState.QUOTE_LOST, "The page that the words were quoted from is gone.")
_NOT_GIVEN = (HealthState.SOURCE_CHANGED, "The newest extraction does not give this claim; its quotes still stand.")
_NOT_THERE = (HealthState.QUOTE_LOST, "The newest extraction does not give this claim, nor its quotes.")


def list_lost(work: Work, matches: Matches) -> list[tuple[KnownClaim, State]]:
    """List the claims whose words this run looked at and did not find as they were, with what became of them.

    A new export speaks of all that an export said before. Research speaks of the sources that it reached; a claim whose
    sentence stands there unchanged is well, whether or not an extractor picks it again.
    """
    missed = [work.known[old.id] for old in matches.lost]  # type: ignore[index]
    if work.is_research:
        return [
            (entry, state) for entry in missed if _is_touched(work, entry) and (state := _judge_missed(work, entry))
        ]
    return [(entry, _judge_left_out(work, entry)) for entry in missed if entry.is_of_export or _is_touched(work, entry)]


def count_lost(work: Work, lost: Sequence[tuple[KnownClaim, State]]) -> int:
    """Count what an export left out, or what research newly found changed or gone."""
    return sum(not work.is_research or state not in (OK, _read_before(entry)) for entry, state in lost)


def write_health(work: Work, lost: Sequence[tuple[KnownClaim, State]], now: datetime) -> None:
    """Write one health row for each claim: those that were seen, and those that fare otherwise than before."""
    rows = [*_describe_seen(work, now), *(_describe_lost(entry, state, now) for entry, state in lost)]
    ClaimHealth.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["claim"],
        update_fields=["state", "detail", "last_seen_at", "checked_at"],
    )


def _describe_lost(entry: KnownClaim, state: State, now: datetime) -> ClaimHealth:
    last = entry.health.last_seen_at if entry.health else None
    return ClaimHealth(claim_id=entry.claim.pk, state=state[0], detail=state[1], last_seen_at=last, checked_at=now)


def _describe_seen(work: Work, now: datetime) -> Iterator[ClaimHealth]:
    by_claim: dict[int, list[Seen]] = {}
    for seen in work.seen:
        by_claim.setdefault(seen.claim.pk, []).append(seen)
    for found in by_claim.values():
        entry = found[0].entry
        before = entry.health.last_seen_at if entry and entry.health else None
        last = now if any(seen.gives_standing for seen in found) else before
        state, detail = _judge_seen(work, entry, found) if entry and entry.claim.incumbent_id else OK
        yield ClaimHealth(claim_id=found[0].claim.pk, state=state, detail=detail, last_seen_at=last, checked_at=now)


def _judge_seen(work: Work, entry: KnownClaim, found: Sequence[Seen]) -> State:
    """Judge a decided claim that was given: its incumbent's value and words must still be there."""
    standing = _judge_words(work, entry)
    if any(seen.is_challenging for seen in found):
        return _ANOTHER_AND_GONE if standing == Standing.GONE else _ANOTHER
    if standing is None:
        return _read_before(entry)
    if standing == Standing.GONE:
        return _PAGE_GONE if _is_page_gone(work, entry) else _QUOTE_GONE
    return OK if _is_covered(work, entry) else _read_before(entry)


def _judge_words(work: Work, entry: KnownClaim) -> Standing | None:
    """Judge the words that an editor let stand, as far as this run looked at their sources; None where it did not."""
    rows = entry.judged_quotes
    if not work.is_research:
        return work.texts.judge(list_words(rows))
    looked_at = [words for words in list_words(rows) if words[0] in work.texts]
    return work.texts.judge(looked_at) if looked_at or not rows else None


def _is_touched(work: Work, entry: KnownClaim) -> bool:
    return any(words[0] in work.texts for words in list_words(entry.judged_quotes))


def _is_covered(work: Work, entry: KnownClaim) -> bool:
    """Tell whether the run looked at every source of a claim: else what was wrong with the others may still be."""
    return not work.is_research or all(words[0] in work.texts for words in list_words(entry.judged_quotes))


def _is_page_gone(work: Work, entry: KnownClaim) -> bool:
    return any(words[0] in work.brought.gone for words in list_words(entry.judged_quotes))


def _judge_missed(work: Work, entry: KnownClaim) -> State | None:
    """Judge a claim that research did not give again by its words; None where nothing is to be written."""
    standing = _judge_words(work, entry)
    if standing == Standing.GONE:
        return _PAGE_GONE if _is_page_gone(work, entry) else _QUOTE_GONE
    if standing == Standing.ELSEWHERE:
        return _NOT_GIVEN
    return OK if _read_before(entry) != OK and _is_covered(work, entry) else None


def _judge_left_out(work: Work, entry: KnownClaim) -> State:
    rows = entry.judged_quotes
    return _NOT_GIVEN if rows and work.texts.judge(list_words(rows)) else _NOT_THERE


def _read_before(entry: KnownClaim) -> State:
    return (HealthState(entry.health.state), entry.health.detail) if entry.health else OK
