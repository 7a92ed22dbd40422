"""Read a topic's claims as extraction meets them again: their latest values, their words, and earlier values."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F

from dossiers.models.claim import Claim, ClaimHealth
from dossiers.models.evidence import Evidence, Role
from dossiers.models.proposal import AuthorKind, Proposal
from dossiers.models.run import RunKind
from dossiers.models.suppression import Suppression
from dossiers.models.topic import Topic

_QUOTED = (
    "proposal_id", "ordinal", "role", "exact", "prefix", "suffix", "start", "end", "method", "capture__source_id",
    "capture__published_at",
)  # fmt: skip
_STANDING = (
    "topic_id", "kind", "key", "label", "position", "version", "status", "incumbent__value_hash",
    "incumbent__author_kind", "challenger__value_hash", "health__state", "health__detail", "health__last_seen_at",
)  # fmt: skip
_LATEST = ("claim_id", "run_id", "label", "value", "value_hash", "date_text", "lat", "lon")


@dataclass
class KnownClaim:
    """A claim with its latest extracted proposal and the quotes that it and the incumbent rest on."""

    claim: Claim
    latest: Proposal | None = None
    quotes: list[Evidence] = field(default_factory=list)
    incumbent_quotes: list[Evidence] = field(default_factory=list)
    is_of_export: bool = False

    @property
    def judged_quotes(self) -> list[Evidence]:
        """The words that its health depends on: those an editor let stand, else the latest."""
        rows = self.incumbent_quotes if self.claim.incumbent_id else self.quotes
        return [row for row in rows if row.role == Role.VALUE]

    @property
    def health(self) -> ClaimHealth | None:
        return getattr(self.claim, "health", None)


@dataclass(frozen=True)
class Prior:
    """An extracted proposal of a value: the words it rests on are (source id, exact, prefix, suffix)."""

    id: int
    evidence_hash: str
    run_id: int | None
    words: tuple[tuple[int, str, str, str], ...] = ()


def list_known_claims(topic: Topic) -> list[KnownClaim]:
    """List a topic's claims in order, each with its latest extracted proposal and quotes, in three queries."""
    rows = Claim.objects.filter(topic=topic).select_related("incumbent", "challenger", "health")
    claims = rows.only(*_STANDING).order_by("position", "id")
    extracted = Proposal.objects.filter(claim__topic=topic, author_kind=AuthorKind.EXTRACTION).only(*_LATEST)
    newest = extracted.annotate(run_kind=F("run__kind")).order_by("claim_id", "-id").distinct("claim_id")
    latest = {p.claim_id: p for p in newest}
    known = [KnownClaim(claim, latest.get(claim.pk)) for claim in claims]
    wanted = {p.pk for p in latest.values()} | {k.claim.incumbent_id for k in known if k.claim.incumbent_id}
    quotes: dict[int, list[Evidence]] = {}
    evidence = Evidence.objects.filter(proposal_id__in=wanted).select_related("capture").only(*_QUOTED)
    for row in evidence.order_by("proposal_id", "ordinal"):
        quotes.setdefault(row.proposal_id, []).append(row)
    for entry in known:
        entry.is_of_export = getattr(entry.latest, "run_kind", "") == RunKind.IMPORT
        entry.quotes = quotes.get(entry.latest.pk, []) if entry.latest else []
        entry.incumbent_quotes = quotes.get(entry.claim.incumbent_id or 0, [])
    return known


def list_standing(topic: Topic) -> list[tuple[int, int | None]]:
    """List (claim id, id of the proposal that stands)."""
    return list(Claim.objects.filter(topic=topic).order_by("id").values_list("id", "incumbent_id"))


def read_suppressed(topic: Topic) -> set[tuple[int, str, str]]:
    """Read what was rejected: (claim id, value hash, quote hash)."""
    rows = Suppression.objects.filter(claim__topic=topic, is_lifted=False)
    return set(rows.values_list("claim_id", "value_hash", "quote_hash"))


def read_priors(topic: Topic, values: Iterable[str]) -> dict[tuple[int, str], list[Prior]]:
    """Read the extracted proposals of some values (their hashes), newest first: (claim id, value hash) -> proposals."""
    rows = Proposal.objects.filter(
        claim__topic=topic, author_kind=AuthorKind.EXTRACTION, value_hash__in=set(values)
    ).order_by("-id")
    found = list(rows.values_list("id", "claim_id", "value_hash", "evidence_hash", "run_id"))
    words: dict[int, list[tuple[int, str, str, str]]] = {}
    evidence = Evidence.objects.filter(proposal__in=[pk for pk, *_ in found], role=Role.VALUE).order_by("ordinal")
    for pk, *quoted in evidence.values_list("proposal_id", "capture__source_id", "exact", "prefix", "suffix"):
        words.setdefault(pk, []).append(tuple(quoted))  # type: ignore[arg-type]
    priors: dict[tuple[int, str], list[Prior]] = {}
    for pk, claim, value, evidence_hash, run in found:
        priors.setdefault((claim, value), []).append(Prior(pk, evidence_hash, run, tuple(words.get(pk, ()))))
    return priors
