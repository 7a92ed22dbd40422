"""Takes one act on one claim; leaves the next card, the form with errors (422), or the sides of a conflict (409)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from dossiers.access import Right, requires
from dossiers.htmx import go_to, is_partial
from dossiers.models.claim import Claim
from dossiers.models.decision import Action, Decision
from dossiers.review.actions import (
    ClaimIsStale,
    DecisionRefused,
    amend_claim,
    approve_claim,
    dismiss_check,
    escalate_claim,
    reject_claim,
    undo_decision,
)
from dossiers.review.forms import FORMS, ApproveForm, DismissForm, SeenForm, make_form
from dossiers.review.queries import describe_conflict, find_next, find_proposal, read_done, read_seen, read_warnings
from dossiers.review.views.cards import get_claim, link_claim, link_walk, read_walk, show_card
from dossiers.templatetags.desk import spell_code

WARNINGS = "Not approved yet. There are warnings: {}. Read them, then approve all the same, or decide otherwise."


@require_POST
@requires(Right.DECIDE)
def approve(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Approve a claim; where it has warnings, on the second press."""
    claim = get_claim(claim_id)
    form = ApproveForm(request.POST, auto_id="approve-%s")
    is_first_press = form.is_valid() and not form.cleaned_data["acknowledged"] and form.seen == read_seen(claim)
    if is_first_press and (warnings := read_warnings(claim, form.seen.proposal_id)):
        form.ask_again(WARNINGS.format(", ".join(dict.fromkeys(spell_code(w.code) for w in warnings))))
    return _decide(request, claim, "approve", form, approve_claim)


@require_POST
@requires(Right.DECIDE)
def amend(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Put the editor's own value in the place of the proposal's."""
    form = FORMS["amend"](request.POST, auto_id="amend-%s")
    return _decide(request, get_claim(claim_id), "amend", form, amend_claim)


@require_POST
@requires(Right.DECIDE)
def reject(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Turn the proposal away with a reason."""
    form = FORMS["reject"](request.POST, auto_id="reject-%s")
    return _decide(request, get_claim(claim_id), "reject", form, reject_claim)


@require_POST
@requires(Right.DECIDE)
def escalate(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Hand the claim to someone who knows more."""
    form = FORMS["escalate"](request.POST, auto_id="escalate-%s")
    return _decide(request, get_claim(claim_id), "escalate", form, escalate_claim)


@require_POST
@requires(Right.DECIDE)
def undo(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Take back the newest decision of a claim."""
    form = FORMS["undo"](request.POST, auto_id="undo-%s")
    return _decide(request, get_claim(claim_id), "undo", form, undo_decision)


@require_POST
@requires(Right.DECIDE)
def dismiss(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Record why an error of the shown proposal does not hold."""
    claim, form = get_claim(claim_id), DismissForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Not saved: say why the check is mistaken.")
        return show_card(request, claim, status=422)
    proposal = find_proposal(claim, form.cleaned_data["proposal"])
    if proposal is None:
        raise Http404("There is no such proposal of this claim.")
    try:
        said = {name: form.cleaned_data[name] for name in ("code", "reason")}
        dismiss_check(proposal, editor=request.user, **said)  # type: ignore[arg-type]
    except DecisionRefused as refusal:
        messages.error(request, str(refusal))
        return show_card(request, claim, status=422)
    messages.success(request, "Dismissed. Your reason is kept with the claim.")
    return show_card(request, claim) if is_partial(request) else go_to(request, link_claim(claim, read_walk(request)))


def _decide(
    request: HttpRequest, claim: Claim, name: str, form: SeenForm, act: Callable[..., Decision]
) -> HttpResponse:
    if not form.is_valid():
        return show_card(request, claim, sent=(name, form), status=422)
    try:
        decision = act(claim, editor=request.user, seen=form.seen, key=form.cleaned_data["key"], **form.words)
    except ClaimIsStale as stale:
        return _show_conflict(request, claim, name, stale, form)
    except DecisionRefused as refusal:
        form.refuse(refusal)
        return show_card(request, get_claim(claim.pk), sent=(name, form), status=422)
    return _advance(request, decision)


def _show_conflict(request: HttpRequest, claim: Claim, name: str, stale: ClaimIsStale, form: SeenForm) -> HttpResponse:
    """Show what was seen, what is there now and what was about to be said; typed words wait in a new form."""
    claim = get_claim(claim.pk)
    conflict = describe_conflict(claim, stale.seen, Action(name), stale.typed)
    now = read_seen(claim) or stale.seen
    typed: dict[str, Any] = {
        field: form.cleaned_data[field] for field in form.fields if field not in SeenForm.base_fields
    }
    typed.pop("acknowledged", None)
    return show_card(request, claim, sent=(name, make_form(name, now, **typed)), conflict=conflict, status=409)


def _advance(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Go on to the next claim of the walk; after an undo to the claim itself, after the last to the list."""
    claim, walk = decision.claim, read_walk(request)
    following = claim if decision.action == Action.UNDO else find_next(walk, claim)
    url = link_claim(following, walk) if following else link_walk(walk)
    if following and is_partial(request):
        response = show_card(request, get_claim(following.pk), done=read_done(decision.pk, request.user))
        response["HX-Push-Url"] = url
        return response
    return go_to(request, f"{url}{'&' if '?' in url else '?'}done={decision.pk}")
