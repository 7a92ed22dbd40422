"""The admin: entered by a right, curated rows to edit, records to look at, and no way to more rights."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.admin.site import RecordAdmin, site
from dossiers.models.check import CheckDismissal
from dossiers.models.claim import ClaimHealth
from dossiers.models.document import Document, Mention
from dossiers.models.edition import Edition
from dossiers.models.proposal import Sighting
from dossiers.models.run import Retrieval
from dossiers.models.source import Source
from dossiers.models.statement import ImportedStatement
from dossiers.models.status import PublicStatus
from dossiers.models.suppression import Suppression
from dossiers.models.topic import RESERVED_SLUGS, Topic
from tests.builders import (
    decide,
    make_capture,
    make_check,
    make_claim,
    make_question,
    make_run,
    make_topic,
    make_user,
)
from tests.models.rows import digest, spell

pytestmark = pytest.mark.django_db
MODELS = sorted(site._registry, key=lambda model: model._meta.model_name or "")
RECORDS = [model for model in MODELS if isinstance(site._registry[model], RecordAdmin)]
HEAVY = ('"dossiers_capture"."text"', '"dossiers_document"."text"', '"payload"', '"canonical"', '"candidates"')
CURATED = {"topic", "topicalias", "document", "source", "user"}


def sign_in(group: str, **fields: object) -> Client:
    client = Client()
    client.force_login(make_user(group=group, **fields))
    return client


@pytest.fixture
def administrator() -> Client:
    return sign_in("administrator")


@pytest.fixture
def curator() -> Client:
    return sign_in("curator")


def fill_everything(editor: User) -> None:
    """Leave one more row of every model that the admin shows, each with rows of its own behind it."""
    topic = make_topic(title=f"Topic {uuid4().hex[:6]}")
    topic.aliases.create(text="Another name")
    document = Document.objects.create(title="A document")
    Mention.objects.create(document=document, topic=topic)
    capture = make_capture(topic)
    claim = make_claim(topic)
    proposal = claim.newest_proposal
    assert proposal is not None
    run = make_run(topic)
    ImportedStatement.objects.create(run=run, kind="summary", position=0, value="Words.")
    Retrieval.objects.create(run=run, provider="web_search", outcome="ok", capture=capture)
    Sighting.objects.create(proposal=proposal, run=run)
    make_check(proposal, "ungrounded")
    make_check(capture, "no-url", "info")
    CheckDismissal.objects.create(proposal=proposal, code="ungrounded", reason="It does.", editor=editor)
    decide(claim, editor)
    Suppression.objects.create(claim=claim, value_hash="0" * 64, quote_hash="0" * 64)
    ClaimHealth.objects.create(claim=claim, checked_at=topic.created_at)
    make_question(topic, capture)
    publish_empty(topic, editor)


def publish_empty(topic: Topic, editor: User) -> Edition:
    """Publish an edition without facts."""
    correction = {"fact": "fact-1", "kind": "removed", "before": "x", "after": "", "reason": "Wrong."}
    body = spell({"edition": 1, "previous_sha256": "", "facts": [], "corrections": [correction]})
    edition = Edition.objects.create(
        topic=topic, number=1, canonical=body, sha256=digest(body), published_by=editor, published_at=topic.created_at
    )
    edition.corrections.create(ordinal=1, **correction)
    PublicStatus.objects.create(topic=topic, slug=topic.slug, title=topic.title, current_edition=edition)
    return edition


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


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


class TestAccounts:
    """Administrators make accounts; nobody gives more than they have."""

    @pytest.fixture
    def member(self) -> User:
        return make_user("member")

    def change(self, client: Client, user: User, **fields: object) -> int:
        data: dict[str, object] = {
            "username": user.username, "first_name": "", "last_name": "", "email": "", "is_active": "on",
            "groups": [group.pk for group in user.groups.all()], **fields,
        }  # fmt: skip
        answer = client.post(address(User, "change", user.pk), {k: v for k, v in data.items() if v is not None})
        user.refresh_from_db()
        return answer.status_code

    def test_administrator_makes_an_account(self, administrator: Client) -> None:
        words = "seven-sample-words"
        fields = {"username": "newcomer", "password1": words, "password2": words, "usable_password": "true"}
        assert administrator.post(address(User, "add"), fields).status_code == 302
        assert User.objects.get(username="newcomer").check_password(words)

    def test_administrator_moves_people_between_groups_and_switches_them_off(
        self, administrator: Client, member: User
    ) -> None:
        publisher = Group.objects.get(name="publisher")
        assert self.change(administrator, member, groups=[publisher.pk], is_active=None) == 302
        assert (member.is_active, [group.name for group in member.groups.all()]) == (False, ["publisher"])

    def test_flags_and_single_permissions_are_not_taken(self, administrator: Client, member: User) -> None:
        permission = Permission.objects.get(codename="publish_dossier")
        posted = {"is_superuser": "on", "is_staff": "on", "user_permissions": [permission.pk]}
        assert self.change(administrator, member, **posted) == 302
        assert (member.is_superuser, member.is_staff, member.user_permissions.count()) == (False, False, 0)

    def test_nobody_gives_a_group_that_holds_more_than_they_do(self, member: User) -> None:
        client = sign_in("curator")
        own = User.objects.get(groups__name="curator")
        own.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "change_user"]))
        above, beside = Group.objects.get(name="administrator"), Group.objects.get(name="reader")
        member.groups.clear()
        assert self.change(client, member, groups=[above.pk]) == 200
        assert self.change(client, member, groups=[beside.pk]) == 302
        assert [group.name for group in member.groups.all()] == ["reader"]

    def test_account_above_ones_own_is_out_of_reach(self, administrator: Client) -> None:
        root = User.objects.create_superuser("root", password="seven-sample-words")
        assert self.change(administrator, root, username="mine") == 403
        password = {"password1": "other-sample-words", "password2": "other-sample-words"}
        page = reverse("admin:auth_user_password_change", args=[root.pk])
        assert administrator.post(page, password).status_code == 403
        root.refresh_from_db()
        assert root.check_password("seven-sample-words")

    def test_own_account_is_not_switched_off_by_a_slip(self, administrator: Client) -> None:
        own = User.objects.get(groups__name="administrator")
        assert self.change(administrator, own, is_active=None) == 200
        assert own.is_active

    def test_accounts_are_never_deleted(self, administrator: Client, member: User) -> None:
        member.user_permissions.clear()
        own = User.objects.get(groups__name="administrator")
        own.user_permissions.set(Permission.objects.filter(codename="delete_user"))
        assert administrator.post(address(User, "delete", member.pk), {"post": "yes"}).status_code == 403

    def test_curator_sees_no_accounts(self, curator: Client, member: User) -> None:
        assert curator.get(address(User, "changelist")).status_code == 403
        assert self.change(curator, member, username="mine") == 403
