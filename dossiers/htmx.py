"""The doorway between a view and its two kinds of client: HTMX gets a partial, everyone else a redirect or a page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect


def is_partial(request: HttpRequest) -> bool:
    """Say whether HTMX asks for a fragment (and not for a whole page restored from its history)."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request and not htmx.boosted


def answer(
    request: HttpRequest, page: str, partial: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render the partial for HTMX, the whole page otherwise, with one context and one status code."""
    response = render(request, partial if is_partial(request) else page, context, status=status)
    response["Vary"] = "HX-Request, Cookie"
    return response


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser on: 303 See Other (RFC 9110), or HX-Redirect for HTMX."""
    if is_partial(request):
        return HttpResponseClientRedirect(url)
    return HttpResponse(status=303, headers={"Location": url})
