"""Read which research services may be asked now, and what the others lack."""

from django.conf import settings

from dossiers.models.provider import ProviderPolicy


def list_ready_policies() -> list[ProviderPolicy]:
    """List the services that are on, not stopped, and have everything they ask for, in order of role and name."""
    rows = ProviderPolicy.objects.filter(is_enabled=True, stopped_at__isnull=True)
    return [row for row in rows if not describe_lack(row)]


def describe_lack(policy: ProviderPolicy) -> str:
    """Say what a service still needs before it can be asked; empty when it has everything."""
    lacks = []
    if not policy.base_url:
        lacks.append("a base address")
    if policy.needs_contact and not policy.contact.strip():
        lacks.append("a contact for the user agent")
    if policy.needs_key and not settings.RESEARCH_KEYS.get(policy.name):
        lacks.append("a key in the environment")
    return ", ".join(lacks)


def describe_refusal(policy: ProviderPolicy | None) -> str:
    """Say why a service may not be asked now, as a sentence; empty when it may."""
    if policy is None:
        return "This service is no longer known."
    if not policy.is_enabled:
        return f"{policy.title} is switched off."
    if policy.stopped_at:
        return f"{policy.title} is stopped: {policy.stopped_reason}"
    lack = describe_lack(policy)
    return f"{policy.title} needs {lack}." if lack else ""
