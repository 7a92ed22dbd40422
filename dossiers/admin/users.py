"""Accounts and groups: administrators make accounts and put them into groups, whose rights come from migrations."""

from typing import Any

from django.contrib.admin import register
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db.models import ManyToManyField, Model, QuerySet
from django.forms import ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest

from dossiers.admin.site import RecordAdmin, site


def list_grantable(user: Any) -> QuerySet[Group]:
    """Return the groups that hold no right which the user does not hold."""
    groups = Group.objects.prefetch_related("permissions__content_type")
    return Group.objects.filter(pk__in=[group.pk for group in groups if _holds_all(user, group)]).order_by("name")


def _holds_all(user: Any, group: Group) -> bool:
    return all(user.has_perm(f"{p.content_type.app_label}.{p.codename}") for p in group.permissions.all())


@register(User, site=site)
class AccountAdmin(UserAdmin):
    """Nobody gives more than they have: no staff or superuser flag, no single permissions, no group beyond theirs."""

    list_display = ["username", "first_name", "last_name", "is_active", "last_login", "list_groups"]
    list_filter = ["is_active", "groups"]
    show_full_result_count = False
    actions = None
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["first_name", "last_name", "email"]}),
        ("Rights", {"fields": ["is_active", "groups"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def list_groups(self, row: User) -> str:
        return ", ".join(sorted(group.name for group in row.groups.all()))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse an account that holds more than one's own: its password would be a way to its rights."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or request.user.is_superuser or request.user.has_perms(obj.get_all_permissions())

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """Refuse: decisions name their editors for ever. An account is switched off instead."""
        return False

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        if db_field.name == "groups":
            kwargs["queryset"] = list_grantable(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        return _forbid_switching_off(form) if obj is not None and obj.pk == request.user.pk else form


def _forbid_switching_off(form: type[ModelForm]) -> type[ModelForm]:
    """Return the form for one's own account: one cannot lock oneself out by a slip."""

    class OwnAccountForm(form):  # type: ignore[valid-type,misc]
        def clean_is_active(self) -> bool:
            if not self.cleaned_data["is_active"]:
                raise ValidationError("You cannot switch off your own account.")
            return True

    return OwnAccountForm


@register(Group, site=site)
class RightsAdmin(RecordAdmin, GroupAdmin):
    """Groups are looked at; migrations say what they may do."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).prefetch_related("permissions__content_type")
