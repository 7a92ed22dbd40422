"""The clients by name: takes a policy, leaves the provider that speaks for it, or what it still needs."""

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from dossiers.clients.agent import make_user_agent
from dossiers.clients.base import Policy, Provider

RECORDED = "recorded"  # reads files, so it has no address
__all__ = ["describe_needs", "make_provider", "make_user_agent"]


def make_provider(client_name: str, policy: Policy) -> Provider:
    """Return the client that RESEARCH_CLIENTS names, under a policy. Raises LookupError for a name it lacks."""
    try:
        path = settings.RESEARCH_CLIENTS[client_name]
    except KeyError:
        raise LookupError(f"The setting RESEARCH_CLIENTS has no {client_name!r}.") from None
    return cast(Provider, import_string(path)(policy))


def describe_needs(client_name: str, policy: Policy, needs_contact: bool, contact: str, needs_key: bool) -> str:
    """Return a sentence that says what is missing before this provider can be asked, "" when it is ready."""
    missing = [
        (client_name not in settings.RESEARCH_CLIENTS, f"a client named {client_name!r} in RESEARCH_CLIENTS"),
        (not policy.base_url and client_name != RECORDED, "a base address"),
        (needs_contact and not contact.strip(), "a contact (an e-mail or web address) for the user agent"),
        (needs_key and not policy.key, "a key, given by the environment"),
    ]
    names = [name for is_missing, name in missing if is_missing]
    return f"It still needs {' and '.join(filter(None, [', '.join(names[:-1]), names[-1]]))}." if names else ""
