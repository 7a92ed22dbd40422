"""Takes a run; leaves what it changed: new claims, challengers, the same said elsewhere, seen again, lost quotes."""

from dataclasses import dataclass, field

from dossiers.models.claim import Claim, ClaimHealth, HealthState
from dossiers.models.proposal import AuthorKind, Proposal, Sighting
from dossiers.models.run import Run
from dossiers.refresh.assembly import Segment, diff_words
from dossiers.refresh.queries.counting import Count, count_rows

SHOWN = 100  # proposals of one run that its page lists


@dataclass(frozen=True)
class Change:
    """A proposal of the run; for another value, `difference` shows what stood before it beside what it says."""

    claim: Claim
    proposal: Proposal
    status: str
    difference: list[Segment] = field(default_factory=list)


@dataclass(frozen=True)
class Lost:
    """A claim whose quotes were gone, with what it says in one line."""

    health: ClaimHealth
    value: str


@dataclass(frozen=True)
class Changes:
    """What a run left. `has_more` says that the lists end before the run's proposals do."""

    new: list[Change]
    challengers: list[Change]
    elsewhere: list[Change]
    lost: list[Lost]
    seen_again: Count
    has_more: bool

    @property
    def are_none(self) -> bool:
        """Say that the run changed nothing; values seen again are no change."""
        return not (self.new or self.challengers or self.elsewhere or self.lost)


def read_changes(run: Run) -> Changes:
    """Return what a run changed, in a fixed number of queries."""
    rows = Proposal.objects.filter(run=run, author_kind=AuthorKind.EXTRACTION).select_related("claim__incumbent")
    proposals = list(rows.order_by("claim__position", "id")[: SHOWN + 1])
    before = _read_before(run, proposals)
    new, challengers, elsewhere = [], [], []
    for proposal in proposals[:SHOWN]:
        stood = before.get(proposal.claim_id)
        if stood is None:
            new.append(Change(proposal.claim, proposal, proposal.claim.status))
        elif stood.value_hash == proposal.value_hash:
            elsewhere.append(Change(proposal.claim, proposal, _name_status(proposal)))
        else:
            challengers.append(_compare(proposal, stood))
    seen_again = count_rows(Sighting.objects.filter(run=run))
    return Changes(new, challengers, elsewhere, _read_lost(run), seen_again, len(proposals) > SHOWN)


def spell_value(proposal: Proposal) -> str:
    """Write a proposal's label, value and date in one line."""
    date = f" ({proposal.date_text})" if proposal.date_text else ""
    return f"{proposal.label}: {proposal.value}{date}" if proposal.label else f"{proposal.value}{date}"


def _compare(proposal: Proposal, stood: Proposal) -> Change:
    difference = diff_words(spell_value(stood), spell_value(proposal))
    return Change(proposal.claim, proposal, _name_status(proposal), difference)


def _name_status(proposal: Proposal) -> str:
    return "challenged" if proposal.claim.challenger_id == proposal.pk else proposal.claim.status


def _read_before(run: Run, proposals: list[Proposal]) -> dict[int, Proposal]:
    """Return what each claim said before the run: the value that stood, else the newest proposal; no entry if none."""
    claims = [row.claim_id for row in proposals]
    first = min((row.pk for row in proposals), default=0)
    earlier = Proposal.objects.filter(claim__in=claims, pk__lt=first).exclude(run=run)
    found = {row.claim_id: row for row in earlier.order_by("claim_id", "-pk").distinct("claim_id")}
    for row in proposals:
        stands = row.claim.incumbent
        if row.claim_id in found and stands is not None and stands.pk < first:
            found[row.claim_id] = stands
    return found


def _read_lost(run: Run) -> list[Lost]:
    """Return the claims whose quotes were gone when this run looked, as long as no later run has looked again."""
    if run.finished_at is None:
        return []
    rows = ClaimHealth.objects.filter(claim__topic=run.topic_id, state=HealthState.QUOTE_LOST)
    looked = rows.filter(checked_at__gte=run.started_at, checked_at__lte=run.finished_at)
    found = looked.select_related("claim__incumbent", "claim__newest_proposal").order_by("claim__position")[:SHOWN]
    return [Lost(row, _spell_claim(row.claim)) for row in found]


def _spell_claim(claim: Claim) -> str:
    proposal = claim.incumbent or claim.newest_proposal
    return spell_value(proposal) if proposal else claim.label
