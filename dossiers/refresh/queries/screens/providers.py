"""Takes nothing; leaves the providers as the research page shows them: needs, use, blocks, success."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from dossiers.clients.errors import ServiceError
from dossiers.clients.limiter import LimiterState, read_states
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Outcome, Retrieval, RetrievalState
from dossiers.research.queries.policies import describe_lack, describe_policy, list_ready_policies

_SPENT = (Outcome.OK, Outcome.EMPTY, Outcome.PARTIAL)


@dataclass(frozen=True)
class Share:
    """How a provider's retrievals of the last day ended: `good` of `total` were answered."""

    good: int = 0
    total: int = 0


@dataclass(frozen=True)
class ProviderRow:
    """A provider: `lack` says what it still needs before it can be asked, empty when ready.

    `state` is on, off, stopped (a person must act) or unready. `limiter` is None where Redis does not answer.
    """

    policy: ProviderPolicy
    lack: str
    limiter: LimiterState | None
    share: Share

    @property
    def state(self) -> str:
        if self.policy.stopped_at:
            return "stopped"
        if not self.policy.is_enabled:
            return "off"
        return "unready" if self.lack else "on"


def read_providers() -> list[ProviderRow]:
    """Return every provider in order of role, in two queries and one look at Redis."""
    policies = list(ProviderPolicy.objects.all())
    shares, states = _read_shares(policies), _read_limiter(policies)
    return [
        ProviderRow(policy, describe_lack(policy), states.get(policy.name), shares.get(policy.name, Share()))
        for policy in policies
    ]


def find_provider(name: str) -> ProviderPolicy | None:
    """Return a provider's policy by its name."""
    return ProviderPolicy.objects.filter(name=name).first()


def explain_idleness() -> str:
    """Return why a refresh could ask nobody now, empty where at least one provider is ready."""
    if list_ready_policies():
        return ""
    on = list(ProviderPolicy.objects.filter(is_enabled=True))
    if not on:
        return "No provider is switched on."
    if all(policy.stopped_at for policy in on):
        return "Every provider that is switched on is stopped until somebody acts."
    return "No provider that is switched on has all that it needs."


def _read_shares(policies: list[ProviderPolicy]) -> dict[str, Share]:
    since = timezone.now() - timedelta(days=1)
    rows = Retrieval.objects.filter(
        provider__in=[policy.name for policy in policies], finished_at__gte=since, state=RetrievalState.DONE
    )
    counted = rows.values("provider").annotate(good=Count("id", filter=Q(outcome__in=_SPENT)), total=Count("id"))
    return {row["provider"]: Share(row["good"], row["total"]) for row in counted}


def _read_limiter(policies: list[ProviderPolicy]) -> dict[str, LimiterState]:
    try:
        return read_states([describe_policy(policy) for policy in policies])
    except ServiceError:
        return {}
