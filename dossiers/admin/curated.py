"""Curated rows: topics and their aliases, documents and their mentions, sources."""

from hashlib import sha256
from typing import Any

from django.contrib.admin import TabularInline, register
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import Field
from django.forms import ModelForm
from django.http import HttpRequest

from dossiers.admin.site import LightAdmin, site
from dossiers.models.document import Document, Mention
from dossiers.models.source import Source
from dossiers.models.status import PublicStatus
from dossiers.models.topic import RESERVED_SLUGS, Topic, TopicAlias
from dossiers.refresh.actions import RefreshRefused, set_topic_interval
from dossiers.refresh.actions.policies import check_interval


class OneLine:
    """Gives names a field of one line: a title has no line break."""

    one_line: tuple[str, ...] = ("title", "provider", "publisher", "licence")

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest | None, **kwargs: Any) -> Any:
        if db_field.name in self.one_line:
            kwargs["widget"] = AdminTextInputWidget()
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class IntervalForm(ModelForm):
    """A form with an interval of refreshing, refused where the act would refuse it."""

    interval_field = "refresh_interval"

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        try:
            check_interval(fields.get(self.interval_field))
        except RefreshRefused as refusal:
            self.add_error(self.interval_field, str(refusal))
        return fields


class TopicForm(IntervalForm):
    """A topic's title and address; the address of a published dossier never changes here."""

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if not title:
            raise ValidationError("A topic needs a title.")
        return title

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS:
            raise ValidationError(f"“{slug}” is a word of the site's own addresses. Choose another.")
        if "slug" in self.changed_data and PublicStatus.objects.filter(topic=self.instance.pk).exists():
            raise ValidationError("This dossier is published: its address is known to readers and stays.")
        return slug


class AliasInline(OneLine, TabularInline):
    model = TopicAlias
    one_line = ("text",)
    extra = 0


@register(Topic, site=site)
class TopicAdmin(OneLine, LightAdmin):
    form = TopicForm
    list_display = ["title", "kind", "slug", "last_updated_at", "research_retrieved_at"]
    list_filter = ["kind"]
    search_fields = ["title", "slug", "aliases__text"]
    inlines = [AliasInline]
    fields = [
        "title", "slug", "kind", "description", "language", "approvals_needed", "refresh_interval",
        "first_mentioned_at", "last_updated_at", "research_retrieved_at", "redirect_to", "redirect_reason",
    ]  # fmt: skip
    readonly_fields = [
        "first_mentioned_at", "last_updated_at", "research_retrieved_at", "redirect_to", "redirect_reason",
    ]  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        """Write what was changed and nothing else: a decision may move the topic's times meanwhile.

        When it is due follows from its interval and its kind, and is set by the act that the research page does.
        """
        if change:
            obj.save(update_fields=[name for name in form.changed_data if name != "refresh_interval"])
        else:
            super().save_model(request, obj, form, change)
        if not change or {"refresh_interval", "kind"} & set(form.changed_data):
            set_topic_interval(obj, interval=form.cleaned_data["refresh_interval"], by=request.user)  # type: ignore[arg-type]


@register(TopicAlias, site=site)
class TopicAliasAdmin(OneLine, LightAdmin):
    one_line = ("text",)
    list_display = ["text", "topic"]
    list_select_related = ["topic"]
    search_fields = ["text", "topic__title"]
    raw_id_fields = ["topic"]


class MentionForm(ModelForm):
    """A mention's words stand in the document where it says."""

    def clean(self) -> dict[str, Any]:
        fields = super().clean() or self.cleaned_data
        start, end, exact = fields.get("start"), fields.get("end"), fields.get("exact", "")
        text = fields["document"].text if "document" in fields else ""
        if (start, end, exact) != (None, None, "") and text[start or 0 : end or 0] != exact:
            raise ValidationError("The document does not have these words at these places.")
        return fields


class MentionInline(TabularInline):
    model = Mention
    form = MentionForm
    fields = ["topic", "exact", "start", "end"]
    raw_id_fields = ["topic"]
    extra = 0


@register(Document, site=site)
class DocumentAdmin(OneLine, LightAdmin):
    """A document's text is given once: mentions count its characters."""

    list_display = ["title", "url", "is_held", "created_at"]
    list_filter = ["is_held"]
    search_fields = ["title", "url"]
    fields = ["title", "url", "text", "text_sha256", "is_held", "created_at"]
    inlines = [MentionInline]
    heavy = ("text",)

    def get_readonly_fields(self, request: HttpRequest, obj: Document | None = None) -> list[str]:  # noqa: ARG002
        return ["text_sha256", "is_held", "created_at", *(["text"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        if not change:
            obj.is_held = bool(obj.text)
            obj.text_sha256 = sha256(obj.text.encode()).hexdigest() if obj.text else ""
        super().save_model(request, obj, form, change)


@register(Source, site=site)
class SourceAdmin(OneLine, LightAdmin):
    list_display = ["title", "provider", "topic", "publisher", "licence", "url"]
    list_select_related = ["topic"]
    list_filter = ["provider"]
    search_fields = ["title", "url", "publisher", "topic__title"]
    fields = ["topic", "provider", "title", "url", "publisher", "licence", "created_at"]
    raw_id_fields = ["topic"]

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> list[str]:  # noqa: ARG002
        return ["created_at", *(["topic", "provider"] if obj else [])]
