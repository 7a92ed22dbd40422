"""Takes a slug; leaves the published dossier, or the answer that readers get instead: 301, 304, 404 or 410."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from dossiers.models.status import PublicStatus
from dossiers.read.queries import EditionHead, find_edition, find_redirect, find_status

CACHING = "public, no-cache"  # kept anywhere, but asked about each time: a withdrawal takes effect at once
Show = Callable[[HttpRequest, PublicStatus, EditionHead], HttpResponse]


def answer_once(
    request: HttpRequest,
    make: Callable[[], bytes],
    *,
    tag: str,
    changed: datetime | None = None,
    content_type: str = "text/html; charset=utf-8",
) -> HttpResponse:
    """Answer with what `make` gives, or with 304 (RFC 9110) and without making it where the reader has it already."""
    etag, stamp = f'"{tag}"', int(changed.timestamp()) if changed else None
    response = get_conditional_response(request, etag=etag, last_modified=stamp)
    if response is None:
        response = HttpResponse(make(), content_type=content_type)
    response["ETag"], response["Cache-Control"] = etag, CACHING
    if stamp is not None:
        response["Last-Modified"] = http_date(stamp)
    return response


def published(place: str) -> Callable[[Show], Callable[..., HttpResponse]]:
    """Hand the view a dossier that readers may see and one of its editions, the current one where none is named.

    `place` is the name of the address that a merged topic's readers are sent to.
    """

    def decorate(show: Show) -> Callable[..., HttpResponse]:
        @require_safe
        @wraps(show)
        def find(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
            status = find_status(slug)
            if status is None:
                return _send_on(slug, place)
            if status.is_withdrawn:
                return _answer_withdrawn(status, place)
            return show(request, status, _choose_edition(status, number))

        return find

    return decorate


def _choose_edition(status: PublicStatus, number: int | None) -> EditionHead:
    current = status.current_edition
    assert current is not None  # noqa: S101  the query asks for it
    if number in (None, current.number):
        return EditionHead(current.pk, current.number, current.sha256, current.published_at)
    edition = find_edition(status.topic_id, number) if number else None
    if edition is None:
        raise Http404(f"There is no edition {number} of this dossier.")
    return edition


def _send_on(slug: str, place: str) -> HttpResponse:
    target = find_redirect(slug)
    if not target:
        raise Http404("No dossier is published here.")
    response = HttpResponsePermanentRedirect(reverse(place, args=[target]))
    response["Cache-Control"] = CACHING
    return response


def _answer_withdrawn(status: PublicStatus, place: str) -> HttpResponse:
    """Answer 410 Gone (RFC 9110) with the reason, in the form that was asked for."""
    response: HttpResponse
    if place == "read:json":
        state: dict[str, Any] = {"state": "withdrawn", "reason": status.withdrawal_reason}
        response = JsonResponse(state, status=410)
    else:
        known = {"title": status.title, "reason": status.withdrawal_reason, "at": status.updated_at}
        response = HttpResponse(render_to_string("410.html", known), status=410)
    response["Cache-Control"] = CACHING
    return response
