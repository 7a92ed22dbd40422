"""`providers`: the state of each research service, whether it answers, and what it still needs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dossiers.clients.base import Health, MustWait, Outcome
from dossiers.clients.registry import make_provider
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Outcome as StoredOutcome
from dossiers.research.queries.policies import describe_lack, describe_policy


class Command(BaseCommand):
    help = "Show each research service: whether it is on, what it needs, and (unless --offline) whether it answers."
    requires_system_checks = ()  # the server and `./run check` make them; here they would be a third of the wait

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--offline", action="store_true", help="ask nobody, only show the state")

    def handle(self, *args: Any, offline: bool, **options: Any) -> None:  # noqa: ARG002
        for policy in ProviderPolicy.objects.all():
            lack = describe_lack(policy)
            self.stdout.write(f"{policy.name}: {describe_state(policy)}. {lack}".rstrip())
            if not offline and not lack and policy.is_enabled:
                self.stdout.write(f"    {describe_health(ask_health(policy))}")


def describe_state(policy: ProviderPolicy) -> str:
    """Say whether a service is on, off or stopped."""
    if not policy.is_enabled:
        return "off"
    return f"stopped ({policy.stopped_reason.rstrip('.')})" if policy.stopped_at else "on"


def ask_health(policy: ProviderPolicy) -> Health:
    """Ask a service whether it answers, within its limits."""
    try:
        return make_provider(policy.client, describe_policy(policy)).health()
    except MustWait as wait:
        return Health(Outcome.RATE_LIMITED, str(wait))


def describe_health(health: Health) -> str:
    """Say how a service answered, and in how many seconds."""
    words = StoredOutcome(health.outcome).label
    return f"{words} ({health.elapsed:.2f} s){': ' if health.message else ''}{health.message}"
