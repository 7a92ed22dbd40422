"""Takes a filter of claims; leaves its pages, its count, and the claim before and after one: the same query for all."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from dossiers.models.check import Check, CheckDismissal, Severity
from dossiers.models.claim import Claim, ClaimKind, ClaimQuerySet, ClaimStatus, HealthState
from dossiers.models.evidence import Evidence
from dossiers.models.proposal import Proposal
from dossiers.refresh.queries.counting import Count, count_rows
from dossiers.review.queries.findings import Finding, read_findings
from dossiers.review.queries.seen import get_shown_proposal

PAGE = 50
WAITING, CHALLENGED, ALL = "", "challenged", "all"
STATUSES = {
    WAITING: "Waiting for an editor",
    ClaimStatus.PENDING.value: "Pending",
    ClaimStatus.AWAITING_SECOND.value: "Awaiting second approval",
    ClaimStatus.ESCALATED.value: "Escalated",
    CHALLENGED: "Challenged",
    ClaimStatus.APPROVED.value: "Approved",
    ClaimStatus.REJECTED.value: "Rejected",
    ALL: "All claims",
}
_ORDER = ("topic_id", "position", "id")
Place = tuple[int, int, int]


@dataclass(frozen=True)
class Walk:
    """Which claims an editor goes through: of one topic or of all, of a kind, in a status, with open errors only."""

    topic: str = ""
    kind: str = ""
    status: str = WAITING
    errors: bool = False

    @property
    def query_string(self) -> str:
        """Spell the walk as the query of an address, without what is not set."""
        said = {"topic": self.topic, "kind": self.kind, "status": self.status, "errors": "1" if self.errors else ""}
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class Row:
    """A claim in a list, with the proposal to decide and what was found about it."""

    claim: Claim
    proposal: Proposal | None
    findings: list[Finding]

    @property
    def errors(self) -> int:
        """Count the errors that stop an approval."""
        return sum(finding.is_open_error for finding in self.findings)

    @property
    def error_codes(self) -> list[str]:
        """Name the errors that stop an approval, each once."""
        return list(dict.fromkeys(finding.code for finding in self.findings if finding.is_open_error))

    @property
    def warnings(self) -> int:
        return sum(finding.severity == Severity.WARNING for finding in self.findings)

    @property
    def warning_codes(self) -> list[str]:
        """Name what an approval must be told of, each once."""
        return list(dict.fromkeys(finding.code for finding in self.findings if finding.severity == Severity.WARNING))

    @property
    def health(self) -> str:
        """Say in words how the evidence fares, empty while it is well."""
        health = getattr(self.claim, "health", None)
        return "" if health is None or health.state == HealthState.OK else health.get_state_display()


@dataclass(frozen=True)
class Page:
    """One page of a walk; `before` and `after` are the places to go on from, None at an end."""

    rows: list[Row]
    count: Count
    before: Place | None
    after: Place | None


def filter_claims(walk: Walk) -> ClaimQuerySet:
    """Return the claims of a walk: the list, its counter and its next claim are all this query."""
    claims = Claim.objects.all()
    if walk.topic:
        claims = claims.filter(topic__slug=walk.topic)
    if walk.kind in ClaimKind.values:
        claims = claims.filter(kind=walk.kind)
    if walk.status == WAITING:
        claims = claims.open()
    elif walk.status == CHALLENGED:
        claims = claims.open().filter(challenger__isnull=False)
    elif walk.status in ClaimStatus.values:
        claims = claims.filter(status=walk.status)
    return _keep_open_errors(claims) if walk.errors else claims


def read_page(walk: Walk, *, after: Place | None = None, before: Place | None = None) -> Page:
    """Return one page of a walk from a place on, or up to one, in a fixed number of queries."""
    claims = filter_claims(walk).select_related("topic", "newest_proposal", "incumbent", "challenger", "health")
    if before is not None:
        found = list(claims.filter(_beyond(before, "lt")).order_by(*(f"-{name}" for name in _ORDER))[: PAGE + 1])
        more_before, more_after = len(found) > PAGE, True
        found = found[:PAGE][::-1]
    else:
        found = list(claims.filter(_beyond(after, "gt")).order_by(*_ORDER)[: PAGE + 1])
        more_before, more_after = after is not None, len(found) > PAGE
        found = found[:PAGE]
    first, last = (_place(found[0]), _place(found[-1])) if found else (None, None)
    return Page(_describe(found), count_claims(walk), first if more_before else None, last if more_after else None)


def count_claims(walk: Walk) -> Count:
    """Count a walk's claims, looking no further than one past a thousand."""
    return count_rows(filter_claims(walk))


def find_next(walk: Walk, claim: Claim) -> Claim | None:
    """Return the claim after this one in the walk; after the last, the first that is left; None when none is."""
    others = filter_claims(walk).exclude(pk=claim.pk).order_by(*_ORDER)
    return others.filter(_beyond(_place(claim), "gt")).first() or others.first()


def find_previous(walk: Walk, claim: Claim) -> Claim | None:
    """Return the claim before this one in the walk, None at its beginning."""
    return filter_claims(walk).filter(_beyond(_place(claim), "lt")).order_by(*(f"-{n}" for n in _ORDER)).first()


def _place(claim: Claim) -> Place:
    return claim.topic_id, claim.position, claim.pk


def _beyond(place: Place | None, side: str) -> Q:
    if place is None:
        return Q()
    topic, position, pk = place
    return Q(**{f"topic_id__{side}e": topic}) & (
        Q(**{f"topic_id__{side}": topic})
        | Q(topic_id=topic, **{f"position__{side}": position})
        | Q(topic_id=topic, position=position, **{f"id__{side}": pk})
    )


def _describe(claims: list[Claim]) -> list[Row]:
    shown = {claim.pk: proposal for claim in claims if (proposal := get_shown_proposal(claim))}
    findings = read_findings({claim_id: proposal.pk for claim_id, proposal in shown.items()})
    return [Row(claim, shown.get(claim.pk), findings.get(claim.pk, [])) for claim in claims]


def _keep_open_errors(claims: ClaimQuerySet) -> ClaimQuerySet:
    """Keep the claims with an error that stops an approval; the errors are found first, because they are few."""
    errors = Check.objects.filter(severity=Severity.ERROR)
    shown = Coalesce("claim__challenger_id", "claim__incumbent_id", "claim__newest_proposal_id")
    of_claims = errors.filter(claim__isnull=False).annotate(of_proposal=shown).filter(_is_open("of_proposal", "code"))
    of_proposals = errors.filter(proposal__isnull=False).filter(_is_open("proposal_id", "code"))
    about_captures = errors.filter(capture__isnull=False)
    open_here = about_captures.filter(_is_open(OuterRef("proposal_id"), "code"), capture_id=OuterRef("capture_id"))
    of_captures = Evidence.objects.filter(capture_id__in=about_captures.values("capture_id")).filter(Exists(open_here))
    return claims.alias(shown=Coalesce("challenger_id", "incumbent_id", "newest_proposal_id")).filter(
        Q(pk__in=of_claims.values("claim_id"))
        | Q(shown__in=of_proposals.values("proposal_id"))
        | Q(shown__in=of_captures.values("proposal_id"))
    )


def _is_open(proposal: str | OuterRef, code: str) -> Q:
    return Q(~Exists(CheckDismissal.objects.filter(proposal_id=OuterRef(proposal), code=OuterRef(code))))
