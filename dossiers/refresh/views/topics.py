"""Takes a topic; leaves its research: the newest run as it happens, earlier ones, sources, the next time."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dossiers.access import Right, get_topic, requires
from dossiers.htmx import answer, go_to, is_partial
from dossiers.models.topic import Topic
from dossiers.refresh import actions
from dossiers.refresh.forms import TopicIntervalForm, make_topic_form
from dossiers.refresh.queries.screens import (
    digest,
    explain_idleness,
    find_interval,
    find_newest_run,
    list_topic_runs,
    make_pulse,
    read_runs,
    read_sources,
    read_times,
)
from dossiers.refresh.views.live import is_unchanged, read_number, stay
from dossiers.refresh.views.reading import describe_run

ROOT = "topic-research"


@require_safe
@requires(Right.SEE_DESK)
def show_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a topic's research; a browser that looks again gets what changed, or nothing."""
    return show_research(request, get_topic(slug))


@require_POST
@requires(Right.REFRESH)
def refresh(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a refresh of the topic; where one is under way, show that one."""
    topic = get_topic(slug)
    if idle := explain_idleness():
        messages.error(request, f"Not begun: {idle}")
        return show_research(request, topic, status=422)
    before = find_newest_run(topic)
    run = actions.request_refresh(topic, by=request.user)  # type: ignore[arg-type]
    if before is not None and run.pk == before.pk:
        messages.info(request, "This topic is being refreshed already; this is the run.")
    else:
        messages.success(request, "Refresh begun.")
    return show_research(request, topic) if is_partial(request) else go_to(request, link_topic(topic))


@require_POST
@requires(Right.MANAGE_RESEARCH)
def set_interval(request: HttpRequest, slug: str) -> HttpResponse:
    """Set how often this topic alone is refreshed."""
    topic, form = get_topic(slug), TopicIntervalForm(request.POST)
    if form.is_valid():
        try:
            actions.set_topic_interval(topic, interval=form.interval, by=request.user)  # type: ignore[arg-type]
        except actions.RefreshRefused as refusal:
            form.add_error("days", str(refusal))
    if form.errors:
        return show_research(request, topic, sent=form, status=422)
    messages.success(request, "Saved: how often this topic is refreshed.")
    return go_to(request, link_topic(topic))


def link_topic(topic: Topic) -> str:
    """Return the address of a topic's research."""
    return reverse("refresh:topic", args=[topic.slug])


def show_research(
    request: HttpRequest, topic: Topic, *, sent: TopicIntervalForm | None = None, status: int = 200
) -> HttpResponse:
    """Render a topic's research, with a form that was sent back where there is one."""
    run = find_newest_run(topic)
    pulse = digest(topic.next_refresh_at, run and (run.pk, make_pulse(run)))
    if is_unchanged(request, pulse):
        return stay()
    policy = find_interval(topic.kind)
    context = {
        "section": "topics", "topic": topic, "root": ROOT, "pulse": pulse, "times": read_times(topic),
        "idle": explain_idleness(), "kind_interval": policy.interval if policy else None,
        "interval_form": sent or make_topic_form(topic.refresh_interval),
        **describe_run(run), **_read_lists(request, topic),
    }  # fmt: skip
    return answer(request, "refresh/topic.html", "refresh/_topic.html", context, status=status)


def _read_lists(request: HttpRequest, topic: Topic) -> dict[str, Any]:
    return {
        "runs": read_runs(list_topic_runs(topic), after=read_number(request, "runs")),
        "sources": read_sources(topic, after=read_number(request, "sources")),
        "runs_after": request.GET.get("runs", ""), "sources_after": request.GET.get("sources", ""),
    }  # fmt: skip
