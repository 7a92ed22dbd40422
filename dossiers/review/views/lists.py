"""Takes a filter; leaves the queue, the topics, and a topic with its questions."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dossiers.access import Right, get_topic, requires
from dossiers.htmx import go_to
from dossiers.models.claim import ClaimKind
from dossiers.models.topic import Topic
from dossiers.review.actions import DecisionRefused, QuestionIsStale, resolve_entity
from dossiers.review.forms import ResolveForm
from dossiers.review.queries import STATUSES, Walk, read_page, read_questions, read_topics
from dossiers.review.views.cards import describe_done, get_done, link_walk, read_walk, spell_query


@require_safe
@requires(Right.SEE_DESK)
def show_queue(request: HttpRequest) -> HttpResponse:
    """List the claims that wait, over all topics."""
    return render(request, "review/queue.html", {"section": "queue", **_describe_list(request, read_walk(request))})


@require_safe
@requires(Right.SEE_DESK)
def list_topics(request: HttpRequest) -> HttpResponse:
    """List the topics with how many of their claims wait."""
    page = read_topics(after=_read_topic_place(request))
    return render(request, "review/topics.html", {"section": "topics", "page": page})


@require_safe
@requires(Right.SEE_DESK)
def show_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """List a topic's claims, and ask what only an editor can answer."""
    return _show_topic(request, get_topic(slug))


@require_POST
@requires(Right.DECIDE)
def resolve(request: HttpRequest, slug: str) -> HttpResponse:
    """Record which candidate of a provider the topic is, or that none is."""
    topic, form = get_topic(slug), ResolveForm(request.POST)
    if not form.is_valid():
        return _show_topic(request, topic, sent=form, status=422)
    said = form.cleaned_data
    try:
        words = {name: said[name] for name in ("provider", "choice", "note")}
        resolve_entity(topic, editor=request.user, seen=said["question"], **words)  # type: ignore[arg-type]
    except DecisionRefused as refusal:
        form.add_error(None, str(refusal))
        return _show_topic(request, topic, sent=form, status=409 if isinstance(refusal, QuestionIsStale) else 422)
    messages.success(request, "Answered. The topic's checks were run again.")
    return go_to(request, reverse("review:topic", args=[slug]))


def _show_topic(
    request: HttpRequest, topic: Topic, *, sent: ResolveForm | None = None, status: int = 200
) -> HttpResponse:
    walk = read_walk(request, topic=topic.slug)
    context = {
        "section": "topics", "topic": topic, "questions": read_questions(topic), "sent": sent,
        "can_decide": request.user.has_perm(Right.DECIDE.value), **_describe_list(request, walk),
    }  # fmt: skip
    return render(request, "review/topic.html", context, status=status)


def _describe_list(request: HttpRequest, walk: Walk) -> dict[str, Any]:
    page = read_page(walk, after=_read_place(request, "after"), before=_read_place(request, "before"))
    return {
        "walk": walk, "query": spell_query(walk), "page": page, "statuses": STATUSES, "kinds": ClaimKind.choices,
        "before_url": _link_page(walk, "before", page.before), "after_url": _link_page(walk, "after", page.after),
        "is_filtered": walk != Walk(topic=walk.topic), "all_url": link_walk(Walk(topic=walk.topic)),
        **describe_done(get_done(request)),
    }  # fmt: skip


def _link_page(walk: Walk, side: str, place: tuple[int, int, int] | None) -> str:
    if place is None:
        return ""
    url = link_walk(walk)
    return f"{url}{'&' if '?' in url else '?'}{side}={'.'.join(map(str, place))}"


def _read_place(request: HttpRequest, side: str) -> tuple[int, int, int] | None:
    parts = request.GET.get(side, "").split(".")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 10 for part in parts):
        return None
    return int(parts[0]), int(parts[1]), int(parts[2])


def _read_topic_place(request: HttpRequest) -> tuple[str, int] | None:
    pk = request.GET.get("id", "")
    return (request.GET.get("after", ""), int(pk)) if pk.isdecimal() and len(pk) < 18 else None
