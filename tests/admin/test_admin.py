"""The admin: entered by a right, curated rows to edit, records to look at."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.admin.site import RecordAdmin, site
from dossiers.models.document import Document
from dossiers.models.source import Source
from dossiers.models.topic import RESERVED_SLUGS, Topic
from tests.admin.pages import address, fill_everything, publish_empty, sign_in
from tests.builders import make_capture, make_topic, make_user
from tests.models.rows import digest

pytestmark = pytest.mark.django_db
MODELS = sorted(site._registry, key=lambda model: model._meta.model_name or "")
RECORDS = [model for model in MODELS if isinstance(site._registry[model], RecordAdmin)]
HEAVY = (
    '"answer"',
    '"dossiers_capture"."text"',
    '"dossiers_document"."text"',
    '"payload"',
    '"canonical"',
    '"candidates"',
)
CURATED = {"topic", "topicalias", "document", "source", "user", "providerpolicy", "refreshpolicy"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_list_opens_and_reads_no_more_for_more_rows(administrator: Client, model: type[Model]) -> None:
    editor = make_user()
    fill_everything(editor)
    administrator.get(address(model, "changelist"))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = administrator.get(address(model, "changelist"))
        assert answer.status_code == 200
        counts.append(len(queries))
        assert not any(column in query["sql"] for query in queries for column in HEAVY)
        for _ in range(3):
            fill_everything(editor)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_every_row_opens(administrator: Client, model: type[Model]) -> None:
    fill_everything(make_user())
    row = model._default_manager.first()
    assert row is not None
    answer = administrator.get(address(model, "change", row.pk))
    assert answer.status_code == 200
    if model._meta.model_name not in CURATED:
        assert b'name="_save"' not in answer.content
        assert b"deletelink" not in answer.content


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.model_name)
def test_records_are_only_looked_at(administrator: Client, model: type[Model]) -> None:
    user = User.objects.get(groups__name="administrator")
    names = [f"{verb}_{model._meta.model_name}" for verb in ("add", "change", "delete")]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    fill_everything(make_user())
    row = model._default_manager.first()
    assert row is not None
    before = list(model._default_manager.values())
    pages = [address(model, "add"), address(model, "change", row.pk), address(model, "delete", row.pk)]
    assert [administrator.post(page, {"post": "yes"}).status_code for page in pages] == [403, 403, 403]
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    administrator.post(address(model, "changelist"), chosen)
    assert list(model._default_manager.values()) == before


def test_every_model_that_machines_or_editors_write_is_a_record() -> None:
    assert {model._meta.model_name for model in MODELS} - {model._meta.model_name for model in RECORDS} == CURATED


@pytest.mark.parametrize(
    ("group", "status"),
    [("reader", 403), ("editor", 403), ("publisher", 403), ("curator", 200), ("administrator", 200)],
)
def test_right_opens_the_admin_and_the_staff_flag_does_not(group: str, status: int) -> None:
    for is_staff in (False, True):
        client = sign_in(group, is_staff=is_staff)
        assert client.get("/admin/", follow=True).status_code == status
        assert client.get(address(Topic, "add"), follow=True).status_code == status


def test_stranger_is_sent_to_the_one_sign_in(client: Client) -> None:
    answer = client.get("/admin/dossiers/topic/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/admin/dossiers/topic/"


def test_leaving_the_admin_ends_the_session(curator: Client) -> None:
    curator.post(reverse("admin:logout"))
    assert curator.get("/admin/").status_code == 302


def test_password_is_changed_on_the_desks_own_page(curator: Client) -> None:
    assert curator.get(reverse("admin:password_change")).headers["Location"] == "/accounts/password/change/"


class TestTopics:
    """Titles and addresses."""

    def change(self, client: Client, topic: Topic, **fields: str) -> list[str]:
        """Post the topic's form; return the errors it shows."""
        data = {
            "title": topic.title, "slug": topic.slug, "kind": topic.kind, "description": "", "language": "en",
            "approvals_needed": "1", "refresh_interval": "", "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0",
            **fields,
        }  # fmt: skip
        answer = client.post(address(Topic, "change", topic.pk), data)
        topic.refresh_from_db()
        if answer.status_code == 302:
            return []
        errors = answer.context["adminform"].form.errors
        return [message for messages in errors.values() for message in messages]

    def test_curator_renames_a_topic_and_adds_an_alias(self, curator: Client) -> None:
        topic = make_topic()
        aliases = {"aliases-TOTAL_FORMS": "1", "aliases-0-text": "The Dome", "aliases-0-topic": str(topic.pk)}
        assert self.change(curator, topic, title="  Sample   Dome ", slug="sample-dome", **aliases) == []
        assert (topic.title, topic.slug) == ("Sample Dome", "sample-dome")
        assert [alias.text for alias in topic.aliases.all()] == ["The Dome"]

    @pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
    def test_words_of_the_site_are_no_slugs(self, curator: Client, slug: str) -> None:
        assert "the site's own addresses" in self.change(curator, make_topic(), slug=slug)[0]

    def test_address_of_a_published_dossier_stays(self, curator: Client) -> None:
        topic = make_topic(slug="known")
        publish_empty(topic, make_user())
        assert "known to readers" in self.change(curator, topic, slug="other")[0]
        assert topic.slug == "known"
        assert self.change(curator, topic, title="Another title") == []

    def test_title_is_not_blank(self, curator: Client) -> None:
        assert self.change(curator, make_topic(), title=" \u00a0 ") != []

    def test_topic_is_found_by_its_alias_and_filtered_by_kind(self, curator: Client) -> None:
        make_topic(title="Found here", kind="place").aliases.create(text="Hidden name")
        make_topic(title="Something else")
        page = curator.get(address(Topic, "changelist"), {"q": "hidden", "kind__exact": "place"}).content.decode()
        assert "Found here" in page
        assert "Something else" not in page

    def test_topic_is_not_deleted(self, administrator: Client) -> None:
        topic = make_topic()
        assert administrator.post(address(Topic, "delete", topic.pk), {"post": "yes"}).status_code == 403


class TestDocuments:
    """A document's text is given once, and mentions point into it."""

    def post(self, client: Client, page: str, **fields: str) -> int:
        data = {"title": "A visit", "url": "", "mentions-TOTAL_FORMS": "0", "mentions-INITIAL_FORMS": "0", **fields}
        return client.post(page, data).status_code

    def test_added_document_has_its_hash_and_keeps_its_text(self, curator: Client) -> None:
        assert self.post(curator, address(Document, "add"), text="The dome.") == 302
        document = Document.objects.get()
        assert (document.text_sha256, document.is_held) == (digest("The dome."), True)
        assert self.post(curator, address(Document, "change", document.pk), text="Other words.") == 302
        document.refresh_from_db()
        assert document.text == "The dome."

    @pytest.mark.parametrize(("end", "status"), [("8", 302), ("9", 200)])
    def test_mention_stands_where_it_says(self, curator: Client, end: str, status: int) -> None:
        document, topic = Document.objects.create(title="A visit", text="The dome."), make_topic()
        mention = {
            "mentions-TOTAL_FORMS": "1", "mentions-0-topic": str(topic.pk), "mentions-0-document": str(document.pk),
            "mentions-0-exact": "dome", "mentions-0-start": "4", "mentions-0-end": end,
        }  # fmt: skip
        assert self.post(curator, address(Document, "change", document.pk), **mention) == status
        assert document.mentions.count() == (status == 302)


def test_source_stays_with_its_topic_and_provider(curator: Client) -> None:
    source = make_capture(make_topic()).source
    fields = {"title": "Better title", "url": "", "publisher": "", "licence": "CC BY 4.0", "provider": "geocoder"}
    assert curator.post(address(Source, "change", source.pk), fields).status_code == 302
    source.refresh_from_db()
    assert (source.title, source.licence, source.provider) == ("Better title", "CC BY 4.0", "web_search")


@pytest.mark.parametrize(
    ("model", "names"),
    [(Topic, ["title", "aliases-0-text"]), (Source, ["title", "publisher", "licence"]), (Document, ["title"])],
)
def test_names_are_typed_in_one_line(administrator: Client, model: type[Model], names: list[str]) -> None:
    fill_everything(make_user())
    page = administrator.get(address(model, "change", model.objects.order_by("pk")[0].pk)).content.decode()
    assert [name for name in names if f'<textarea name="{name}"' in page] == []
    assert [name for name in names if f'name="{name}"' in page] == names
