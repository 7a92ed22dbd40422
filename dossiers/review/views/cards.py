"""Takes a claim; leaves its card as a page or a partial, and the record that its evidence was shown."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dossiers.access import Right, requires
from dossiers.htmx import answer
from dossiers.models.claim import Claim
from dossiers.models.proposal import Proposal
from dossiers.review.actions import record_display
from dossiers.review.forms import SeenForm, make_form, make_forms
from dossiers.review.queries import (
    STATUSES,
    Card,
    Done,
    Walk,
    count_claims,
    find_claim,
    find_next,
    find_previous,
    read_card,
    read_done,
    read_seen,
)


@require_safe
@requires(Right.SEE_DESK)
def show_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Show a claim beside its evidence."""
    return show_card(request, get_claim(claim_id), done=get_done(request))


def get_claim(claim_id: int) -> Claim:
    """Return a claim with what its card begins from, or 404."""
    claim = find_claim(claim_id)
    if claim is None:
        raise Http404("There is no such claim.")
    return claim


def read_walk(request: HttpRequest, *, topic: str = "") -> Walk:
    """Return the walk that an address asks for; what it does not know is left out."""
    asked = request.GET
    status = asked.get("status", "")
    return Walk(
        topic=topic or asked.get("topic", ""),
        kind=asked.get("kind", ""),
        status=status if status in STATUSES else "",
        errors=asked.get("errors") == "1",
    )


def link_claim(claim: Claim, walk: Walk) -> str:
    """Return the address of a claim's card within a walk."""
    return reverse("review:claim", args=[claim.pk]) + spell_query(walk)


def spell_query(walk: Walk) -> str:
    """Return the walk as the end of an address, empty for the plain queue."""
    return f"?{walk.query_string}" if walk.query_string else ""


def link_walk(walk: Walk) -> str:
    """Return the address of a walk's list."""
    base = reverse("review:topic", args=[walk.topic]) if walk.topic else reverse("review:queue")
    return base + spell_query(replace(walk, topic=""))


def link_map(proposal: Proposal) -> str:
    """Return the address of a map where a place lies, empty for what has no coordinates."""
    if proposal.lat is None or proposal.lon is None:
        return ""
    return str(settings.MAP_LINK).replace("{lat}", str(proposal.lat)).replace("{lon}", str(proposal.lon))


def show_card(
    request: HttpRequest,
    claim: Claim,
    *,
    sent: tuple[str, SeenForm] | None = None,
    conflict: Any = None,
    done: Done | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a card, with a form that was sent back, a conflict or what was just done; then record the display."""
    card, walk = read_card(claim), read_walk(request)
    if card is None:
        raise Http404("No extraction has proposed a value for this claim yet.")
    forms = make_forms(card) | ({sent[0]: sent[1]} if sent else {})
    context = {
        "section": "queue", "card": card, "claim": claim, "forms": forms, "sent": sent[0] if sent else "",
        "map_url": link_map(card.proposal),
        "conflict": conflict, "can_decide": request.user.has_perm(Right.DECIDE.value), **_describe_walk(walk, claim),
        **describe_done(done),
    }  # fmt: skip
    response = answer(request, "review/claim.html", "review/_claim_card.html", context, status=status)
    _record(request, card)
    return response


def get_done(request: HttpRequest) -> Done | None:
    """Return what this editor has just done, where the address names it."""
    said = request.GET.get("done", "")
    return read_done(int(said), request.user) if said.isdecimal() and len(said) < 18 else None


def describe_done(done: Done | None) -> dict[str, Any]:
    """Return the context of the message about what was just done, with the way to take it back."""
    if done is None:
        return {"done": None}
    seen = read_seen(done.claim) if done.can_undo else None
    return {"done": done, "undo_form": make_form("undo", seen) if seen else None}


def _describe_walk(walk: Walk, claim: Claim) -> dict[str, Any]:
    following, before = find_next(walk, claim), find_previous(walk, claim)
    return {
        "walk": walk,
        "query": spell_query(walk),
        "walk_url": link_walk(walk),
        "walk_count": count_claims(walk),
        "next_url": link_claim(following, walk) if following else "",
        "previous_url": link_claim(before, walk) if before else "",
    }


def _record(request: HttpRequest, card: Card) -> None:
    """Record the display for who may decide; an answer to HEAD shows nothing."""
    if request.method != "HEAD" and request.user.is_authenticated and request.user.has_perm(Right.DECIDE.value):
        record_display(request.user, [card.proposal])
