"""The admin site: entered by a right, not by the staff flag, through the one sign-in of the product."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from dossiers.access import Right


class DeskAdminSite(AdminSite):
    """Django's admin for those who hold `Right.ENTER_ADMIN`; each model asks its own permission besides."""

    site_header = "Dossiers administration"
    site_title = "Dossiers"
    index_title = "Records"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may enter; `is_staff` opens nothing."""
        return request.user.is_active and request.user.has_perm(Right.ENTER_ADMIN)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """Send strangers to the desk's own sign-in, with its limits and second factor; refuse everyone else."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        if request.user.is_authenticated:
            raise PermissionDenied("Your account does not have the right to enter the administration.")
        wanted = request.GET.get("next") or reverse("admin:index", current_app=self.name)
        return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?next={quote(wanted)}")

    def password_change(  # type: ignore[override]
        self,
        request: HttpRequest,  # noqa: ARG002
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """Send to the desk's own form, which has a rate limit."""
        return HttpResponseRedirect(reverse("account_change_password"))


site = DeskAdminSite(name="admin")


class LightAdmin(ModelAdmin):
    """Lists that read no more than they show: heavy columns deferred, relations joined, no second count."""

    show_full_result_count = False
    list_per_page = 50
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    heavy: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer(*self.heavy)


class RecordAdmin(LightAdmin):
    """A record is looked at and nothing else, whatever permissions somebody was given."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False
