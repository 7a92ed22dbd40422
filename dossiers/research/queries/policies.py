"""Read which research services may be asked now, and what the others lack."""

from django.conf import settings

from dossiers.clients.base import Policy
from dossiers.clients.registry import describe_needs, make_user_agent
from dossiers.models.provider import ProviderPolicy


def list_ready_policies() -> list[ProviderPolicy]:
    """List the services that are on, not stopped, and have everything they ask for, in order of role and name."""
    rows = ProviderPolicy.objects.filter(is_enabled=True, stopped_at__isnull=True)
    return [row for row in rows if not describe_lack(row)]


def describe_lack(policy: ProviderPolicy) -> str:
    """Say what a service still needs before it can be asked, as a sentence; empty when it has everything."""
    return describe_needs(
        policy.client,
        describe_policy(policy),
        needs_contact=policy.needs_contact,
        contact=policy.contact,
        needs_key=policy.needs_key,
    )


def describe_policy(policy: ProviderPolicy) -> Policy:
    """Return the policy as its client takes it, with the key from the settings and who is asking."""
    names = (
        "name", "role", "base_url", "spacing", "in_flight", "daily_budget", "timeout", "grade", "licence",
        "attribution", "terms_url",
    )  # fmt: skip
    key = settings.RESEARCH_KEYS.get(policy.name, "")
    agent = make_user_agent(policy.contact)
    return Policy(**{name: getattr(policy, name) for name in names}, key=key, user_agent=agent)


def describe_refusal(policy: ProviderPolicy | None) -> str:
    """Say why a service may not be asked now, as a sentence; empty when it may."""
    if policy is None:
        return "This service is no longer known."
    if not policy.is_enabled:
        return f"{policy.title} is switched off."
    if policy.stopped_at:
        return f"{policy.title} is stopped: {policy.stopped_reason}"
    lack = describe_lack(policy)
    return f"{policy.title} cannot be asked. {lack}" if lack else ""
