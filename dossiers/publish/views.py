"""Takes a publisher's request; leaves the list of dossiers, a preview, an edition or a withdrawal."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dossiers.access import Right, get_topic, requires
from dossiers.htmx import go_to
from dossiers.models.status import PublicStatus
from dossiers.models.topic import Topic
from dossiers.publish import actions
from dossiers.publish.assembly import has_same_content
from dossiers.publish.forms import PublishForm, WithdrawForm
from dossiers.publish.queries import Draft, compose_content, list_states, preview_content, read_draft
from dossiers.publish.queries import list_dossiers as list_rows
from dossiers.read.assembly import Status
from dossiers.read.views.rendering import arrange_dossier
from dossiers.review.queries import Why

_UNDECIDED = {Why.UNDECIDED, Why.AWAITING_SECOND, Why.ESCALATED}


@requires(Right.SEE_DESK)
@require_safe
def list_dossiers(request: HttpRequest) -> HttpResponse:
    """List topics by title with what readers see of each, a page at a time."""
    state = request.GET.get("state", "")
    rows, further = list_rows(after=request.GET.get("after", "")[:120], state=state)
    context = {"rows": rows, "further": further, "state": state, "states": list_states(), "section": "publish"}
    return render(request, "publish/list.html", context)


@requires(Right.SEE_DESK)
@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the next edition exactly as readers would see it, and what holds it up."""
    topic = get_topic(slug)
    draft = read_draft(topic)
    wanted = request.GET.getlist("leave_out")
    leave_out = {int(part) for part in wanted if part.isascii() and part.isdecimal() and len(part) < 18}
    if "undecided" in wanted:
        leave_out |= {blocker.claim_id for blocker in draft.blockers if blocker.why in _UNDECIDED}
    form = PublishForm(initial={"note": request.GET.get("note", ""), "seen": draft.seen})
    return _show_preview(request, topic, draft, leave_out, form)


@requires(Right.PUBLISH)
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish the next edition, or show the preview again with what stands in the way: 409 or 422."""
    topic = get_topic(slug)
    form = PublishForm(request.POST)
    if not form.is_valid():
        leave_out = form.cleaned_data.get("leave_out") or set()
        return _show_preview(request, topic, read_draft(topic), leave_out, form, status=422)
    said = form.cleaned_data
    try:
        edition = actions.publish_dossier(
            topic, editor=_name(request), leave_out=said["leave_out"], note=said["note"], seen=said["seen"]
        )
    except actions.PublishingRefused as refusal:
        return _show_refusal(request, topic, form, refusal)
    messages.success(request, f"Edition {edition.number} is published. Readers see it now.")
    return go_to(request, reverse("publish:preview", args=[topic.slug]))


@requires(Right.PUBLISH)
@require_POST
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop showing the dossier to readers, with a reason that they see."""
    topic = get_topic(slug)
    form = WithdrawForm(request.POST)
    try:
        if form.is_valid():
            actions.withdraw_dossier(topic, editor=_name(request), reason=form.cleaned_data["reason"])
            messages.success(request, "Withdrawn. Readers who come back are shown the reason.")
            return go_to(request, reverse("publish:preview", args=[topic.slug]))
    except actions.PublishingRefused as refusal:
        form.add_error(None, str(refusal))
    draft = read_draft(topic)
    publishing = PublishForm(initial={"seen": draft.seen})
    return _show_preview(request, topic, draft, set(), publishing, withdrawal=form, status=422)


def _show_refusal(
    request: HttpRequest, topic: Topic, form: PublishForm, refusal: actions.PublishingRefused
) -> HttpResponse:
    """Show the dossier as it is now with everything the publisher typed, and the refusal in words."""
    if isinstance(refusal, actions.NothingToPublish):
        actions.refresh_public_status(topic)
    draft = read_draft(topic)
    said = form.cleaned_data
    fresh = PublishForm({"note": said["note"], "seen": draft.seen, "leave_out": said["leave_out"]})
    fresh.add_error("note" if isinstance(refusal, actions.NoteIsMissing) else None, str(refusal))
    status = 409 if isinstance(refusal, actions.DossierHasMoved) else 422
    return _show_preview(request, topic, draft, said["leave_out"], fresh, status=status)


def _show_preview(
    request: HttpRequest,
    topic: Topic,
    draft: Draft,
    leave_out: set[int],
    form: PublishForm,
    *,
    withdrawal: WithdrawForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = PublicStatus.objects.filter(topic=topic).select_related("current_edition").first()
    content = compose_content(draft, leave_out)
    context = {
        "section": "publish", "topic": topic, "shown": shown, "form": form, "withdrawal": withdrawal or WithdrawForm(),
        "seen": draft.seen, "leave_out": leave_out, "is_empty": not content["facts"],
        "is_unchanged": _is_unchanged(draft, content, shown), **_sort_blockers(draft),
        **_arrange_preview(request, topic, draft, content, form),
    }  # fmt: skip
    response = render(request, "publish/preview.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _arrange_preview(
    request: HttpRequest, topic: Topic, draft: Draft, content: dict[str, Any], form: PublishForm
) -> dict[str, Any]:
    note = form["note"].value() or ""
    whole = preview_content(draft, content, publisher=_name(request), note=note.strip())
    now = Status(whole["edition"], draft.health, draft.checked_at)
    return dict(arrange_dossier(whole, now, topic.pk, whole["corrections"]))


def _is_unchanged(draft: Draft, content: dict[str, Any], shown: PublicStatus | None) -> bool:
    is_shown = shown is not None and not shown.is_withdrawn
    return is_shown and draft.previous is not None and has_same_content(content, draft.previous)


def _name(request: HttpRequest) -> User:
    return cast(User, request.user)  # the views' right has turned strangers away


def _sort_blockers(draft: Draft) -> dict[str, list[Any]]:
    named = {blocker.claim_id for blocker in (*draft.blockers, *draft.cautions)}
    return {
        "approved": [fact for fact in draft.facts if fact["claim"] not in named],
        "undecided": [blocker for blocker in draft.blockers if blocker.why in _UNDECIDED],
        "errors": [blocker for blocker in draft.blockers if blocker.why not in _UNDECIDED],
        "cautions": draft.cautions,
    }
