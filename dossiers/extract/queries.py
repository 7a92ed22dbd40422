"""Read what extraction works on: a topic's words, a run's captures and statements, and the claims there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from dossiers.extract.assembly import CaptureText, Draft, Span, TopicText
from dossiers.models.capture import Capture
from dossiers.models.claim import Claim
from dossiers.models.evidence import Evidence, Role
from dossiers.models.proposal import AuthorKind, Proposal
from dossiers.models.resolution import EntityResolution
from dossiers.models.run import RetrievedCapture, Run
from dossiers.models.statement import ImportedStatement, StatementKind
from dossiers.models.suppression import Suppression
from dossiers.models.topic import Topic, TopicAlias


@dataclass
class KnownClaim:
    """A claim with its latest extracted proposal and the quotes that it and the incumbent rest on."""

    claim: Claim
    latest: Proposal | None = None
    quotes: list[Evidence] = field(default_factory=list)
    incumbent_quotes: list[Evidence] = field(default_factory=list)


def describe_topic(topic: Topic) -> TopicText:
    """Read a topic's own words."""
    aliases = TopicAlias.objects.filter(topic=topic).order_by("id").values_list("text", flat=True)
    return TopicText(topic.title, topic.kind, topic.description, tuple(aliases), topic.refresh_interval)


def describe_capture(capture: Capture) -> CaptureText:
    """Read a capture with its source."""
    source = capture.source
    published = capture.published_at.date() if capture.published_at else None
    return CaptureText(
        capture.pk, source.provider, source.title, capture.text, source.pk, source.url, capture.grade,
        capture.retrieved_at.date(), published,
    )  # fmt: skip


def list_run_captures(run_ids: Iterable[int]) -> dict[int, list[Capture]]:
    """List the captures that each run retrieved, in the order of its calls."""
    listed: dict[int, list[Capture]] = {run_id: [] for run_id in run_ids}
    links = RetrievedCapture.objects.filter(retrieval__run__in=listed).order_by("retrieval_id", "position", "id")
    pairs = list(links.values_list("retrieval__run_id", "capture_id"))
    rows = Capture.objects.filter(pk__in={capture for _, capture in pairs}).select_related("source").defer("payload")
    captures = {row.pk: row for row in rows}
    for run_id, capture_id in dict.fromkeys(pairs):
        listed[run_id].append(captures[capture_id])
    return listed


def list_topic_captures(topic: Topic) -> list[Capture]:
    """List all captures of a topic, oldest first."""
    rows = Capture.objects.filter(source__topic=topic).select_related("source").defer("payload")
    return list(rows.order_by("id"))


def list_drafts(run: Run) -> list[Draft]:
    """List what a run's export printed, as drafts; what it did not understand stays out."""
    rows = ImportedStatement.objects.filter(run=run).exclude(kind=StatementKind.OTHER).order_by("position")
    return [_describe_statement(row) for row in rows]


def make_draft(claim: Claim, proposal: Proposal, quotes: Sequence[Evidence] = ()) -> Draft:
    """Read a stored proposal as the draft that it came from, with the places that it was quoted from."""
    values = [row for row in quotes if row.role == Role.VALUE]
    others = {row.role: Span(row.capture_id, row.start, row.end) for row in quotes if row.role != Role.VALUE}
    return Draft(
        claim.kind, proposal.value, proposal.label, proposal.date_text, "", claim.position, proposal.lat, proposal.lon,
        _find_place(proposal, values), others.get(Role.SUBJECT), others.get(Role.DATE),
    )  # fmt: skip


def _find_place(proposal: Proposal, values: Sequence[Evidence]) -> Span | None:
    """Find where the whole value stands, where one quote carries all of it word for word."""
    if len(values) != 1 or values[0].method != "exact":
        return None
    start = values[0].start - (values[0].covers_start or 0)
    return Span(values[0].capture_id, start, start + len(proposal.value))


def list_known_claims(topic: Topic) -> list[KnownClaim]:
    """List a topic's claims in order, each with its latest extracted proposal and quotes, in three queries."""
    claims = Claim.objects.filter(topic=topic).select_related("incumbent").order_by("position", "id")
    extracted = Proposal.objects.filter(claim__topic=topic, author_kind=AuthorKind.EXTRACTION)
    latest = {p.claim_id: p for p in extracted.order_by("claim_id", "-id").distinct("claim_id")}
    known = [KnownClaim(claim, latest.get(claim.pk)) for claim in claims]
    wanted = {p.pk for p in latest.values()} | {k.claim.incumbent_id for k in known if k.claim.incumbent_id}
    quotes: dict[int, list[Evidence]] = {}
    rows = Evidence.objects.filter(proposal_id__in=wanted).select_related("capture__source")
    for row in rows.defer("capture__text", "capture__payload").order_by("proposal_id", "ordinal"):
        quotes.setdefault(row.proposal_id, []).append(row)
    for entry in known:
        entry.quotes = quotes.get(entry.latest.pk, []) if entry.latest else []
        entry.incumbent_quotes = quotes.get(entry.claim.incumbent_id or 0, [])
    return known


def read_suppressed(topic: Topic) -> set[tuple[int, str, str]]:
    """Read what was rejected: (claim id, value hash, quote hash)."""
    rows = Suppression.objects.filter(claim__topic=topic, is_lifted=False)
    return set(rows.values_list("claim_id", "value_hash", "quote_hash"))


def read_prior_proposals(topic: Topic) -> dict[tuple[int, str], int]:
    """Read the newest proposal of each value of each claim: (claim id, value hash) -> proposal id."""
    rows = Proposal.objects.filter(claim__topic=topic).order_by("id")
    return {(claim, value): pk for claim, value, pk in rows.values_list("claim_id", "value_hash", "pk")}


def read_answers(topic: Topic) -> dict[str, EntityResolution]:
    """Read the newest question or answer of each provider about which candidate the topic is."""
    rows = EntityResolution.objects.filter(topic=topic).order_by("provider", "-id").distinct("provider")
    return {row.provider: row for row in rows}


def _describe_statement(row: ImportedStatement) -> Draft:
    lat, lon = _read_decimal(row.data.get("lat")), _read_decimal(row.data.get("lon"))
    return Draft(row.kind, row.value, row.label, row.date_text, row.source_word, row.position, lat, lon)


def _read_decimal(text: object) -> Decimal | None:
    try:
        number = Decimal(str(text).replace("−", "-")) if text not in (None, "") else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def list_sources(captures: Sequence[Capture]) -> dict[int, list[Capture]]:
    """Group captures by their source."""
    grouped: dict[int, list[Capture]] = {}
    for capture in captures:
        grouped.setdefault(capture.source_id, []).append(capture)
    return grouped
