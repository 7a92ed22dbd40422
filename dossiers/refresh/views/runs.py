"""Takes a run or one of its steps; leaves the run's page, its progress, and what cancelling or trying again does."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dossiers.access import Right, requires
from dossiers.htmx import answer, go_to, is_partial
from dossiers.models.run import Run
from dossiers.refresh import actions
from dossiers.refresh.queries.screens import find_retrieval, find_run, make_pulse, read_generations, sum_generations
from dossiers.refresh.views.live import is_unchanged, stay
from dossiers.refresh.views.reading import describe_run
from dossiers.refresh.views.topics import ROOT, show_research


@require_safe
@requires(Right.SEE_DESK)
def show_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show a run: each provider's step, what it gave, and what changed."""
    return _show(request, get_run(run_id))


@require_safe
@requires(Right.SEE_DESK)
def show_progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show how a run stands, to a browser that looks again; nothing where nothing has changed."""
    run = get_run(run_id)
    return stay() if is_unchanged(request, make_pulse(run)) else _show(request, run)


@require_POST
@requires(Right.REFRESH)
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """End a run now."""
    run = get_run(run_id)
    try:
        actions.cancel_run(run, by=request.user)  # type: ignore[arg-type]
    except actions.RefreshRefused as refusal:
        return _refuse(request, run, str(refusal))
    messages.success(request, "Cancelled. What was retrieved until then is kept.")
    return _go_on(request, run)


@require_POST
@requires(Right.REFRESH)
def retry(request: HttpRequest, retrieval_id: int) -> HttpResponse:
    """Ask a provider once more what failed."""
    retrieval = find_retrieval(retrieval_id)
    if retrieval is None:
        raise Http404("There is no such step.")
    try:
        actions.retry_retrieval(retrieval, by=request.user)  # type: ignore[arg-type]
    except actions.RefreshRefused as refusal:
        return _refuse(request, retrieval.run, f"Not tried again: {refusal}")
    messages.success(request, "It is asked once more.")
    return _go_on(request, retrieval.run)


def get_run(run_id: int) -> Run:
    """Return a run, or 404."""
    run = find_run(run_id)
    if run is None:
        raise Http404("There is no such run.")
    return run


def _refuse(request: HttpRequest, run: Run, why: str) -> HttpResponse:
    """Show the run as it stands now, and why what was asked for cannot be done (409)."""
    messages.error(request, why)
    return _show_where_asked(request, run, status=409)


def _go_on(request: HttpRequest, run: Run) -> HttpResponse:
    if is_partial(request):
        return _show_where_asked(request, run)
    return go_to(request, reverse("refresh:run", args=[run.pk]))


def _show_where_asked(request: HttpRequest, run: Run, *, status: int = 200) -> HttpResponse:
    """Answer the topic's research where the form stands there, else the run."""
    if is_partial(request) and request.htmx.target == ROOT:  # type: ignore[attr-defined]
        return show_research(request, run.topic, status=status)
    return _show(request, get_run(run.pk), status=status)


def _show(request: HttpRequest, run: Run, *, status: int = 200) -> HttpResponse:
    generations = read_generations(run)
    context = {
        "section": "topics", "topic": run.topic, "root": f"run-{run.pk}", "pulse": make_pulse(run),
        "generations": generations, "spent": sum_generations(generations), **describe_run(run),
    }  # fmt: skip
    return answer(request, "refresh/run.html", "refresh/_run_root.html", context, status=status)
