"""Who may do what: the permission matrix, the doorways of the views, closed sign-up, and the pages that say no."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.db.utils import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from dossiers.htmx import go_to
from dossiers.models.topic import Topic


class Right(StrEnum):
    """What a view can ask for; each is a Django permission."""

    SEE_DESK = "dossiers.see_desk"
    DECIDE = "dossiers.decide_claim"
    PUBLISH = "dossiers.publish_dossier"
    ENTER_ADMIN = "dossiers.enter_admin"
    REFRESH = "dossiers.refresh_topic"
    MANAGE_RESEARCH = "dossiers.manage_research"


# The groups' rights as the documentation states them; the migration that makes the groups is tested against this.
MATRIX: dict[str, frozenset[Right]] = {
    "reader": frozenset(),
    "editor": frozenset({Right.SEE_DESK, Right.DECIDE, Right.REFRESH}),
    "publisher": frozenset({Right.SEE_DESK, Right.PUBLISH}),
    "curator": frozenset({Right.SEE_DESK, Right.ENTER_ADMIN, Right.REFRESH, Right.MANAGE_RESEARCH}),
    "administrator": frozenset(Right),
}

View = Callable[..., HttpResponse]


def requires(right: Right) -> Callable[[View], View]:
    """Let a view be reached only with a right: a stranger is asked to sign in, a member without it gets 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return go_to(request, f"{reverse(settings.LOGIN_URL)}?next={quote(_page_of(request))}")
            if not request.user.has_perm(right.value):
                raise PermissionDenied(
                    f"Your account does not have the right to do this ({right.value.split('.')[1]})."
                )
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]
        return guarded

    return decorate


def _page_of(request: HttpRequest) -> str:
    """Return the page to come back to after signing in: never the address of a POST."""
    if request.method == "GET":
        return request.get_full_path()
    return getattr(getattr(request, "htmx", None), "current_url_abs_path", None) or reverse("review:queue")


def get_topic(slug: str) -> Topic:
    """Return the topic that the desk shows under a slug, or 404."""
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        raise Http404(f"There is no topic “{slug}”.")
    return topic


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed: an administrator makes the accounts. Failed sign-ins lock an account for one address only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failed attempts by account and address: from elsewhere the owner of the account still gets in."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}@{self.get_client_ip(request)}"


def show_health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer that the process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


def show_readiness(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer whether the database is reachable, with this instance's token for the supervisor."""
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
        state, status = "ready", 200
    except DatabaseError:
        state, status = "the database does not answer", 503
    return JsonResponse({"state": state}, status=status, headers={"X-Instance": settings.INSTANCE_TOKEN})


def show_bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "400.html", status=400)


def show_forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def show_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "404.html", status=404)


def keep_own_not_found(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: show our own page for what is not there with DEBUG=1 too, where Django's lists every address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return show_not_found(request) if settings.DEBUG and response.status_code == 404 else response

    return middleware


def refuse_unreadable(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a null byte in the address, which no text of the database can hold, or a form that is not UTF-8."""

    def middleware(request: HttpRequest) -> HttpResponse:
        has_null = "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        charset = (request.content_params or {}).get("charset", "utf-8")
        is_readable = not has_null and charset.lower() in {"utf-8", "utf8"}
        return get_response(request) if is_readable else show_bad_request(request)

    return middleware


def show_server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def show_csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Say that the form has expired (Django's CSRF check), and that going back keeps what was typed."""
    return render(request, "403_csrf.html", status=403)
