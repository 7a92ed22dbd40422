"""Plan a run's provider calls: take a topic's words and what an earlier wave found, leave waiting retrievals."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dossiers.clients.base import Query
from dossiers.models.provider import ProviderPolicy, ProviderRole
from dossiers.models.run import Outcome, Retrieval, RetrievalState, Run, RunTrigger
from dossiers.models.topic import TopicKind
from dossiers.research.assembly import phrase_search
from dossiers.research.queries.policies import list_ready_policies
from dossiers.research.queries.topics import Asked, has_place, read_asked, read_last_place_request

LAST_WAVE = 2


@dataclass(frozen=True)
class _Plan:
    """What a wave is planned from: the run, the topic's words, the services to ask, and what earlier waves left."""

    run: Run
    asked: Asked
    policies: Sequence[ProviderPolicy]
    earlier: Sequence[Retrieval] = ()

    def list_policies(self, role: str) -> list[ProviderPolicy]:
        """List the services of a role that may be asked; none where an editor ruled the role out."""
        return [] if self.asked.is_closed(role) else [row for row in self.policies if row.role == role]

    def list_earlier(self, role: str) -> list[Retrieval]:
        """List what the services of a role answered in this run."""
        names = {row.name for row in self.policies if row.role == role}
        return [row for row in self.earlier if row.provider in names]


def plan_wave(run: Run, wave: int, *, earlier: Sequence[Retrieval] | None = None) -> list[Retrieval]:
    """Store the waiting retrievals of a wave and return them; none where nothing is left to ask.

    Call it under the run's lock. Planning a wave that is there already changes nothing. `earlier`: the run's retrievals
    in order, where the caller has read them.
    """
    if earlier is None:
        earlier = list(Retrieval.objects.filter(run=run).order_by("id"))
    if any(row.wave == wave for row in earlier):
        return []
    plan = _Plan(run, read_asked(run.topic), list_ready_policies(), earlier)
    questions = list(_ask_first(plan) if wave == 1 else _ask_next(plan) if wave <= LAST_WAVE else ())
    positions = {row.name: 0 for row in plan.policies} | {row.provider: row.position + 1 for row in earlier}
    rows = []
    for policy, query in questions:
        row = Retrieval(run=run, provider=policy.name, wave=wave, state=RetrievalState.WAITING, request=asdict(query))
        row.position = positions[policy.name]
        positions[policy.name] += 1
        rows.append(row)
    return Retrieval.objects.bulk_create(rows)


def _ask_first(plan: _Plan) -> Iterator[tuple[ProviderPolicy, Query]]:
    asked = plan.asked
    for policy in plan.list_policies(ProviderRole.ENCYCLOPEDIA):
        yield policy, Query("page", asked.title, asked.language, asked.read_key(policy.role))
    for policy in plan.list_policies(ProviderRole.KNOWLEDGE_BASE):
        yield policy, Query("entity", asked.title, asked.language, asked.read_key(policy.role))
    for policy in plan.list_policies(ProviderRole.WEB_SEARCH):
        yield policy, Query("search", phrase_search(asked.title, asked.description), asked.language)


def _ask_next(plan: _Plan) -> Iterator[tuple[ProviderPolicy, Query]]:
    yield from _ask_by_alias(plan)
    yield from _ask_for_item(plan)
    yield from _ask_for_place(plan)


def _ask_by_alias(plan: _Plan) -> Iterator[tuple[ProviderPolicy, Query]]:
    """Ask by the first alias where an encyclopedia has nothing under the title."""
    asked = plan.asked
    for policy in plan.list_policies(ProviderRole.ENCYCLOPEDIA):
        empty = [row for row in plan.earlier if row.provider == policy.name and row.outcome == Outcome.EMPTY]
        if empty and asked.aliases and not asked.read_key(policy.role):
            yield policy, Query("page", asked.aliases[0], asked.language)


def _ask_for_item(plan: _Plan) -> Iterator[tuple[ProviderPolicy, Query]]:
    """Ask for the entity that the encyclopedia's page names, unless it was found already or another is pinned."""
    role, asked = ProviderRole.KNOWLEDGE_BASE, plan.asked
    items = [key for row in plan.list_earlier(ProviderRole.ENCYCLOPEDIA) for key in _list_items(row)]
    found = {key for row in plan.list_earlier(role) for key in _list_found(row)}
    wanted = [key for key in dict.fromkeys(items) if key not in found]
    if wanted and not asked.read_key(role):
        for policy in plan.list_policies(role):
            yield policy, Query("entity", asked.title, asked.language, wanted[0])


def _ask_for_place(plan: _Plan) -> Iterator[tuple[ProviderPolicy, Query]]:
    """Ask where the topic is, once: the clock never asks again, and a person only where the question has changed."""
    role, asked, topic = ProviderRole.GEOCODER, plan.asked, plan.run.topic
    policies = plan.list_policies(role)
    if not policies or not _is_placed(plan):
        return
    if plan.run.trigger == RunTrigger.SCHEDULED and (role in asked.pins or has_place(topic)):
        return
    query = Query("place", asked.title, asked.language, asked.read_key(role))
    if read_last_place_request(topic, [row.name for row in policies]) != asdict(query):
        yield from ((policy, query) for policy in policies)


def _is_placed(plan: _Plan) -> bool:
    """Say whether the topic is somewhere: by its kind, or by coordinates that the knowledge base holds."""
    if plan.asked.kind == TopicKind.PLACE:
        return True
    known = [entry for row in plan.list_earlier(ProviderRole.KNOWLEDGE_BASE) for entry in row.candidates]
    return any(_read_features(entry).get("coordinates") for entry in known if entry.get("capture"))


def _list_items(row: Retrieval) -> Iterator[str]:
    """Yield the knowledge base's ids that an encyclopedia's pages name."""
    for entry in row.candidates:
        item = _read_features(entry).get("wikibase_item")
        if entry.get("capture") and isinstance(item, str) and item:
            yield item if ":" in item else f"wikidata:{item}"


def _list_found(row: Retrieval) -> Iterator[str]:
    yield from (str(entry.get("key")) for entry in row.candidates if entry.get("capture"))


def _read_features(entry: dict[str, Any]) -> dict[str, Any]:
    features = entry.get("features")
    return features if isinstance(features, dict) else {}
