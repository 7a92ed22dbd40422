"""Policies: how each research service may be asked, and how often topics are refreshed. Nothing is ever deleted."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin import register
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.forms import CharField, ChoiceField, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dossiers.admin.curated import IntervalForm, OneLine
from dossiers.admin.site import LightAdmin, site
from dossiers.models.capture import Grade
from dossiers.models.provider import ProviderPolicy, RefreshPolicy
from dossiers.refresh.actions import set_interval
from dossiers.refresh.assembly import spell_interval

LONGEST_SPACING, LONGEST_TIMEOUT, MOST_IN_FLIGHT = 3600.0, 120.0, 20


class NeverDeleted:
    """Refuses to delete: what a policy allowed is named by the records of what was done under it."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class ProviderForm(ModelForm):
    """A service's address and limits. Its key is given by the environment, and stands in no form."""

    client = ChoiceField(choices=lambda: [(name, name) for name in settings.RESEARCH_CLIENTS])
    grade = ChoiceField(choices=Grade.choices, help_text="Whose words its texts are.")
    contact = CharField(required=False, widget=AdminTextInputWidget, max_length=200)

    def clean_base_url(self) -> str:
        url = self.cleaned_data["base_url"]
        parts = urlsplit(url)
        if url and parts.scheme not in {"http", "https"}:
            raise ValidationError("Begin with https:// (or http:// for a service of your own).")
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise ValidationError("Give the address alone: no name, key, question mark or # belongs here.")
        return url

    def clean_contact(self) -> str:
        contact = self.cleaned_data["contact"].strip()
        if contact and "@" not in contact and not contact.startswith(("http://", "https://")):
            raise ValidationError("Give an e-mail address or a web address.")
        return contact

    def clean_spacing(self) -> float:
        return self._check("spacing", 0.0, LONGEST_SPACING)

    def clean_timeout(self) -> float:
        return self._check("timeout", 1.0, LONGEST_TIMEOUT)

    def clean_in_flight(self) -> int:
        return int(self._check("in_flight", 1, MOST_IN_FLIGHT))

    def _check(self, name: str, least: float, most: float) -> float:
        value: float = self.cleaned_data[name]
        if not least <= value <= most:
            raise ValidationError(f"Give a number from {least:g} to {most:g}.")
        return value


@register(ProviderPolicy, site=site)
class ProviderPolicyAdmin(NeverDeleted, OneLine, LightAdmin):
    """Switching on and off, and clearing a stop, is done on the research page, where its effect is seen."""

    form = ProviderForm
    one_line = ("title", "licence", "attribution")
    list_display = ["title", "role", "is_enabled", "spacing", "daily_budget", "stopped_at"]
    list_filter = ["role", "is_enabled"]
    search_fields = ["name", "title"]
    fields = [
        "name", "title", "role", "client", "base_url", "needs_contact", "contact", "needs_key", "has_key", "spacing",
        "in_flight", "daily_budget", "timeout", "grade", "licence", "attribution", "terms_url", "is_enabled",
        "stopped_at", "stopped_reason", "switches", "updated_at",
    ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: ProviderPolicy | None = None) -> list[str]:  # noqa: ARG002
        fixed = ["is_enabled", "stopped_at", "stopped_reason", "has_key", "switches", "updated_at"]
        return [*fixed, *(["name", "role"] if obj else [])]

    def has_key(self, row: ProviderPolicy) -> str:
        """Say whether the environment gives a key, never which."""
        return "set in the environment" if settings.RESEARCH_KEYS.get(row.name) else "not set"

    def switches(self, row: ProviderPolicy) -> SafeString:  # noqa: ARG002
        """Lead to where it is switched."""
        address = f"{reverse('refresh:fleet')}#providers-title"
        return format_html('<a href="{}">Switch it on or off, or clear a stop, on the research page</a>', address)


class RefreshForm(IntervalForm):
    """How often topics of a kind are refreshed."""

    interval_field = "interval"


@register(RefreshPolicy, site=site)
class RefreshPolicyAdmin(NeverDeleted, LightAdmin):
    """The same act as on the research page: topics are due anew with each change. The kinds are given."""

    form = RefreshForm
    list_display = ["kind", "how_often", "updated_at"]
    fields = ["kind", "interval", "updated_at"]
    readonly_fields = ["kind", "updated_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def how_often(self, row: RefreshPolicy) -> str:
        return spell_interval(row.interval)

    def save_model(self, request: HttpRequest, obj: RefreshPolicy, form: Any, change: bool) -> None:  # noqa: ARG002
        set_interval(obj, interval=obj.interval, by=request.user)  # type: ignore[arg-type]
