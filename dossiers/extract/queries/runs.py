"""Read what a run brought: its captures, the pages it found gone, the candidates it offers, and an export's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q

from dossiers.extract.assembly import Draft
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Outcome, Retrieval, RetrievedCapture, Run, RunKind
from dossiers.models.source import Source
from dossiers.models.statement import ImportedStatement, StatementKind

_PAGES = ("page", "entity", "place")


@dataclass(frozen=True)
class Brought:
    """What a run brought, by id: captures in the order of its calls, the sources they are of, and sources whose page
    is definitely gone. `candidates` are (role, candidate as research stored it).
    """

    captures: list[int]
    sources: frozenset[int]
    gone: frozenset[int]
    candidates: list[tuple[str, dict[str, Any]]]

    @property
    def is_nothing(self) -> bool:
        """Tell whether the run reached nobody who had anything to say."""
        return not (self.captures or self.gone or self.candidates)


def read_brought(run: Run) -> Brought:
    """Read what a run's retrievals brought, without the texts, in at most four queries."""
    links = RetrievedCapture.objects.filter(retrieval__run=run).order_by("retrieval_id", "position", "id")
    pairs = list(links.values_list("capture_id", "capture__source_id"))
    sources = frozenset(source for _, source in pairs)
    captures = list(dict.fromkeys(capture for capture, _ in pairs))
    if run.kind != RunKind.RESEARCH:
        return Brought(captures, sources, frozenset(), [])
    retrievals = list(Retrieval.objects.filter(run=run).order_by("id"))
    roles = _read_roles(retrievals)
    candidates = [
        (roles[row.provider], entry) for row in retrievals for entry in row.candidates if isinstance(entry, dict)
    ]
    return Brought(captures, sources, _find_gone(run, retrievals, roles) - sources, candidates)


def read_features(captures: Iterable[int]) -> dict[int, tuple[dict[str, Any], date | None]]:
    """Read of each capture what its newest retrieval told about it, and the day of that retrieval."""
    links = RetrievedCapture.objects.filter(capture__in=list(captures)).order_by("capture_id", "-retrieval_id")
    rows = links.distinct("capture_id").values_list(
        "capture_id", "retrieval__candidates", "retrieval__finished_at", "retrieval__run__kind"
    )
    return {
        capture: (_find_entry(capture, candidates), at.date() if at and kind == RunKind.RESEARCH else None)
        for capture, candidates, at, kind in rows
    }


def _find_entry(capture: int, candidates: Sequence[Any]) -> dict[str, Any]:
    found = (entry for entry in candidates if isinstance(entry, dict) and entry.get("capture") == capture)
    features = next(found, {}).get("features")
    return features if isinstance(features, dict) else {}


def _read_roles(retrievals: Sequence[Retrieval]) -> dict[str, str]:
    """Read what each provider of the run is asked for; sources are filed under that."""
    names = {row.provider for row in retrievals}
    known = dict(ProviderPolicy.objects.filter(name__in=names).values_list("name", "role")) if names else {}
    return {name: known.get(name, name) for name in names}


def _find_gone(run: Run, retrievals: Sequence[Retrieval], roles: Mapping[str, str]) -> frozenset[int]:
    """Find the sources whose own page was asked for and is not there; a search that found nothing tells of none."""
    asked = Q(pk__in=[])
    for row in retrievals:
        key, text = str(row.request.get("key") or ""), str(row.request.get("text") or "")
        if row.outcome == Outcome.EMPTY and row.request.get("kind") in _PAGES and (key or text):
            named = Q(entity=key) if key else Q(title__iexact=text)
            asked |= Q(provider=roles[row.provider]) & named
    if asked == Q(pk__in=[]):
        return frozenset()
    return frozenset(Source.objects.filter(asked, topic=run.topic_id).values_list("pk", flat=True))


def list_drafts(run: Run) -> list[Draft]:
    """List what a run's export printed, as drafts; what it did not understand stays out."""
    rows = ImportedStatement.objects.filter(run=run).exclude(kind=StatementKind.OTHER).order_by("position")
    return [_describe_statement(row) for row in rows]


def _describe_statement(row: ImportedStatement) -> Draft:
    lat, lon = _read_decimal(row.data.get("lat")), _read_decimal(row.data.get("lon"))
    return Draft(row.kind, row.value, row.label, row.date_text, row.source_word, row.position, lat, lon)


def _read_decimal(text: object) -> Decimal | None:
    try:
        number = Decimal(str(text).replace("−", "-")) if text not in (None, "") else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
