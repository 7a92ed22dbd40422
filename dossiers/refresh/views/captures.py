"""Takes a capture; leaves its page: the text, what quotes it, and what changed since the capture before it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dossiers.access import Right, requires
from dossiers.refresh.queries.screens import find_capture, read_capture


@require_safe
@requires(Right.SEE_DESK)
def show_capture(request: HttpRequest, capture_id: int) -> HttpResponse:
    """Show what a source said when it was retrieved, beside what it said before."""
    capture = find_capture(capture_id)
    if capture is None:
        raise Http404("There is no such capture.")
    topic = capture.source.topic
    context = {"section": "topics", "topic": topic, "view": read_capture(capture)}
    return render(request, "refresh/capture.html", context)
