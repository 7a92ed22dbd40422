"""Which class speaks to a service, by the name in its policy."""

from django.conf import settings
from django.utils.module_loading import import_string

from dossiers.clients.base import Policy, Provider


def make_provider(client_name: str, policy: Policy) -> Provider:
    """Return the client of that name (the setting RESEARCH_CLIENTS), acting under the policy."""
    provider: Provider = import_string(settings.RESEARCH_CLIENTS[client_name])(policy)
    return provider
