"""Takes a provider; leaves it switched on or off, or its stop cleared, and the research page that shows it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from dossiers.access import Right, requires
from dossiers.htmx import go_to, is_partial
from dossiers.models.provider import ProviderPolicy
from dossiers.refresh import actions
from dossiers.refresh.forms import SwitchForm
from dossiers.refresh.queries.screens import find_provider
from dossiers.refresh.views.fleet import show_page


@require_POST
@requires(Right.MANAGE_RESEARCH)
def switch(request: HttpRequest, name: str) -> HttpResponse:
    """Switch a provider on or off, while everything runs."""
    policy, form = _get_provider(name), SwitchForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Not switched: the form did not say which way. Load the page again and repeat it.")
        return show_page(request, status=422)
    is_on = form.cleaned_data["to"] == "on"
    told = f"{policy.title} is {'on: it is asked from now on' if is_on else 'off: it is not asked any more'}."
    return _act(request, told, lambda: actions.switch_provider(policy, is_enabled=is_on, by=_user(request)))


@require_POST
@requires(Right.MANAGE_RESEARCH)
def clear(request: HttpRequest, name: str) -> HttpResponse:
    """Set a stopped provider going again."""
    policy = _get_provider(name)
    told = f"The stop of {policy.title} is cleared."
    return _act(request, told, lambda: actions.clear_stop(policy, by=_user(request)))


def _act(request: HttpRequest, told: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except actions.RefreshRefused as refusal:
        messages.error(request, f"Not done: {refusal}")
        return show_page(request, status=422)
    messages.success(request, told)
    if is_partial(request):
        return show_page(request)
    asked = f"?{request.GET.urlencode()}" if request.GET else ""
    return go_to(request, f"{reverse('refresh:fleet')}{asked}#providers-title")


def _get_provider(name: str) -> ProviderPolicy:
    policy = find_provider(name)
    if policy is None:
        raise Http404("There is no such provider.")
    return policy


def _user(request: HttpRequest) -> Any:
    return request.user
