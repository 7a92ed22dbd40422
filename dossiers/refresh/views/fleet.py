"""Takes the name of a list; leaves the research page: what is due and runs, providers, workers, and how often."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dossiers.access import Right, requires
from dossiers.htmx import answer, go_to
from dossiers.models.topic import TopicKind
from dossiers.refresh import actions
from dossiers.refresh.forms import IntervalForm, make_kind_form
from dossiers.refresh.queries.screens import (
    LISTS,
    digest,
    find_interval,
    list_intervals,
    read_counters,
    read_list,
    read_providers,
    read_workforce,
)
from dossiers.refresh.views.live import is_unchanged, stay


@require_safe
@requires(Right.SEE_DESK)
def show_fleet(request: HttpRequest) -> HttpResponse:
    """Show how research fares over all topics."""
    return show_page(request)


@require_POST
@requires(Right.MANAGE_RESEARCH)
def set_kind_interval(request: HttpRequest, kind: str) -> HttpResponse:
    """Set how often topics of a kind are refreshed."""
    policy, form = find_interval(kind), IntervalForm(request.POST, auto_id=f"{kind}-%s")
    if policy is None:
        raise Http404("There is no such kind of topic.")
    if form.is_valid():
        try:
            actions.set_interval(policy, interval=form.interval, by=request.user)  # type: ignore[arg-type]
        except actions.RefreshRefused as refusal:
            form.add_error("days", str(refusal))
    if form.errors:
        return show_page(request, sent=(kind, form), status=422)
    messages.success(request, f"Saved: how often topics of the kind {TopicKind(kind).label.lower()} are refreshed.")
    return go_to(request, f"{reverse('refresh:fleet')}#intervals-title")


def show_page(request: HttpRequest, *, sent: tuple[str, IntervalForm] | None = None, status: int = 200) -> HttpResponse:
    """Render the research page, or its part that looks again by itself."""
    context = _read_state(request)
    if is_unchanged(request, context["pulse"]):
        return stay()
    policies = list_intervals()
    forms = {row.kind: make_kind_form(row.kind, row.interval) for row in policies}
    forms |= {sent[0]: sent[1]} if sent else {}
    context |= {
        "section": "research", "sent": sent[1] if sent else None,
        "intervals": [(policy, forms[policy.kind]) for policy in policies],
    }  # fmt: skip
    return answer(request, "refresh/fleet.html", "refresh/_fleet.html", context, status=status)


def _read_state(request: HttpRequest) -> dict[str, Any]:
    """Return what changes by itself, and a pulse that changes with it; a heartbeat alone is no change."""
    name = request.GET.get("list", "")
    name, after = name if name in LISTS else "", request.GET.get("after", "")
    counters, shown = read_counters(), read_list(name or "all", after=after)
    providers, force = read_providers(), read_workforce()
    alive = [(worker.hostname, worker.queues, worker.concurrency) for worker in force.workers]
    rows = [(run.pk, run.status, run.outcome, run.message) for run in shown.runs] + [row.pk for row in shown.topics]
    stands = [(row.policy.updated_at, row.state, row.lack, row.limiter, row.share) for row in providers]
    query = urlencode({key: value for key, value in (("list", name), ("after", after)) if value})
    return {
        "counters": counters, "shown": shown, "lists": LISTS, "providers": providers, "force": force, "query": query,
        "pulse": digest(counters, rows, stands, alive, force.queues, force.problem),
    }  # fmt: skip
