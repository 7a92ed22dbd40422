"""Write how each claim's evidence fares after an extraction; this changes no decision and drops nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dossiers.extract.assembly import Grounded
from dossiers.extract.queries import KnownClaim
from dossiers.extract.quotes import fold
from dossiers.models.capture import Capture
from dossiers.models.claim import Claim, ClaimHealth, HealthState
from dossiers.models.evidence import Evidence, Role
from dossiers.models.proposal import Proposal


@dataclass
class Seen:
    """A claim that an extraction gave, with the proposal it made or the one it saw again."""

    claim: Claim
    grounded: Grounded
    place: int
    made: Proposal | None
    sighted: int | None
    entry: KnownClaim | None

    @property
    def proposal_id(self) -> int:
        return self.made.pk if self.made else self.sighted or 0


def write_health(
    seen: Sequence[Seen], lost: Sequence[KnownClaim], sources: dict[int, list[Capture]], now: datetime
) -> None:
    """Write one health row for each claim: those that were seen, and those that were not given again."""
    rows = [_judge_seen(entry, sources, now) for entry in seen]
    given = ClaimHealth.objects.in_bulk([entry.claim.pk for entry in lost])
    for entry in lost:
        before = given.get(entry.claim.pk)
        state, detail = _judge_lost(entry, sources)
        last = before.last_seen_at if before else None
        rows.append(ClaimHealth(claim=entry.claim, state=state, detail=detail, last_seen_at=last, checked_at=now))
    ClaimHealth.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["claim"],
        update_fields=["state", "detail", "last_seen_at", "checked_at"],
    )


def _judge_seen(seen: Seen, sources: dict[int, list[Capture]], now: datetime) -> ClaimHealth:
    """Judge a claim that was given: where an editor decided, its incumbent's value and words must still be there."""
    state, detail = HealthState.OK, ""
    entry = seen.entry
    if entry and entry.claim.incumbent_id:
        is_lost = not has_quotes(entry.incumbent_quotes, sources)
        if _is_challenged(seen, entry.claim):
            state = HealthState.SOURCE_CHANGED
            gone = ", and the quoted words are gone." if is_lost else "."
            detail = f"The newest extraction gives another value{gone}"
        elif is_lost:
            state, detail = HealthState.QUOTE_LOST, "The quoted words are no longer in their source."
    return ClaimHealth(claim=seen.claim, state=state, detail=detail, last_seen_at=now, checked_at=now)


def _is_challenged(seen: Seen, claim: Claim) -> bool:
    """Tell whether the extraction gave another value than the one that stands, newly or as before."""
    if seen.made:
        return claim.incumbent is not None and seen.made.value_hash != claim.incumbent.value_hash
    return seen.sighted is not None and seen.sighted == claim.challenger_id


def _judge_lost(entry: KnownClaim, sources: dict[int, list[Capture]]) -> tuple[HealthState, str]:
    quotes = entry.incumbent_quotes or entry.quotes
    if quotes and has_quotes(quotes, sources):
        return HealthState.SOURCE_CHANGED, "The newest extraction does not give this claim; its quotes still stand."
    return HealthState.QUOTE_LOST, "The newest extraction does not give this claim, nor its quotes."


def has_quotes(quotes: Sequence[Evidence], sources: dict[int, list[Capture]]) -> bool:
    """Tell whether the quotes of a value stand in the newest captures of their sources, but for spaces and marks."""
    return all(_stands(row, sources.get(row.capture.source_id, [])) for row in quotes if row.role == Role.VALUE)


def _stands(row: Evidence, captures: Sequence[Capture]) -> bool:
    if any(row.exact in capture.text for capture in captures):
        return True
    folded = fold(row.exact).text
    return any(folded in fold(capture.text).text for capture in captures)
