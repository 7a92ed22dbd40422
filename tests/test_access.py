"""Who may open what: every address there is, asked by everyone there is; and what every page sends along."""

from collections.abc import Iterator
from enum import Enum
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from dossiers.access import MATRIX, Right
from dossiers.models.provider import ProviderPolicy
from tests.builders import make_capture, make_claim, make_topic, make_user
from tests.refresh.screens.rows import make_research, make_step

pytestmark = pytest.mark.django_db


class Open(Enum):
    """What an address asks for that is no right."""

    ANYONE = "anyone"
    MEMBER = "whoever is signed in"
    NOBODY = "a step of signing in, reached from no other place"


# Every address outside the admin. A new one fails the test below until it is written here.
ADDRESSES: dict[str, Open | Right] = {
    "healthz": Open.ANYONE,
    "readyz": Open.ANYONE,
    "accounts/login/": Open.ANYONE,
    "accounts/logout/": Open.ANYONE,
    "accounts/inactive/": Open.ANYONE,
    "accounts/signup/": Open.ANYONE,
    "accounts/reauthenticate/": Open.MEMBER,
    "accounts/password/set/": Open.MEMBER,
    "accounts/password/change/": Open.MEMBER,
    "accounts/2fa/": Open.MEMBER,
    "accounts/2fa/authenticate/": Open.NOBODY,
    "accounts/2fa/reauthenticate/": Open.MEMBER,
    "accounts/2fa/totp/activate/": Open.MEMBER,
    "accounts/2fa/totp/deactivate/": Open.MEMBER,
    "accounts/2fa/recovery-codes/": Open.MEMBER,
    "accounts/2fa/recovery-codes/generate/": Open.MEMBER,
    "accounts/2fa/recovery-codes/download/": Open.MEMBER,
    "review/": Right.SEE_DESK,
    "review/topics/": Right.SEE_DESK,
    "review/topics/<slug:slug>/": Right.SEE_DESK,
    "review/topics/<slug:slug>/resolve/": Right.DECIDE,
    "review/claims/<int:claim_id>/": Right.SEE_DESK,
    "review/claims/<int:claim_id>/approve/": Right.DECIDE,
    "review/claims/<int:claim_id>/amend/": Right.DECIDE,
    "review/claims/<int:claim_id>/reject/": Right.DECIDE,
    "review/claims/<int:claim_id>/escalate/": Right.DECIDE,
    "review/claims/<int:claim_id>/undo/": Right.DECIDE,
    "review/claims/<int:claim_id>/dismiss/": Right.DECIDE,
    "research/": Right.SEE_DESK,
    "research/topics/<slug:slug>/": Right.SEE_DESK,
    "research/topics/<slug:slug>/refresh/": Right.REFRESH,
    "research/topics/<slug:slug>/interval/": Right.MANAGE_RESEARCH,
    "research/runs/<int:run_id>/": Right.SEE_DESK,
    "research/runs/<int:run_id>/progress/": Right.SEE_DESK,
    "research/runs/<int:run_id>/cancel/": Right.REFRESH,
    "research/retrievals/<int:retrieval_id>/retry/": Right.REFRESH,
    "research/captures/<int:capture_id>/": Right.SEE_DESK,
    "research/providers/<slug:name>/switch/": Right.MANAGE_RESEARCH,
    "research/providers/<slug:name>/clear/": Right.MANAGE_RESEARCH,
    "research/kinds/<slug:kind>/interval/": Right.MANAGE_RESEARCH,
    "publish/": Right.SEE_DESK,
    "publish/<slug:slug>/": Right.SEE_DESK,
    "publish/<slug:slug>/publish/": Right.PUBLISH,
    "publish/<slug:slug>/withdraw/": Right.PUBLISH,
    "": Open.ANYONE,
    "<slug:slug>.json": Open.ANYONE,
    "<slug:slug>/": Open.ANYONE,
    "<slug:slug>/editions/<int:number>/": Open.ANYONE,
    "<slug:slug>/editions/<int:number>.json": Open.ANYONE,
}
PEOPLE = [None, *MATRIX]
SIGN_IN = "/accounts/login/"


def walk(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Yield the pattern of every address."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from walk(pattern, route)


def fill(route: str) -> str:
    """Return an address of the pattern, of rows that are there."""
    topic = make_topic()
    claim = make_claim(topic)
    step = make_step(make_research(topic))
    places = {
        "<slug:slug>": topic.slug, "<int:claim_id>": claim.pk, "<int:number>": 1, "<int:run_id>": step.run_id,
        "<int:retrieval_id>": step.pk, "<int:capture_id>": make_capture(topic).pk, "<slug:name>": step.provider,
        "<slug:kind>": topic.kind,
    }  # fmt: skip
    for place, value in places.items():
        route = route.replace(place, str(value))
    return f"/{route}"


def sign_in(group: str | None) -> Client:
    client = Client()
    if group is not None:
        client.force_login(make_user(group=group, password="seven-sample-words"))
    return client


def follow(client: Client, address: str) -> HttpResponseBase:
    """Get a page, or the one that it sends on to."""
    answer = client.get(address)
    while answer.status_code in (301, 302, 303):
        answer = client.get(answer.headers["Location"])
    return answer


@pytest.fixture(autouse=True)
def _hash_quickly(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def is_sent_to_sign_in(answer: HttpResponseBase) -> bool:
    return answer.status_code in (302, 303) and answer.headers["Location"].startswith(SIGN_IN)


def is_allowed(asks: Open | Right, group: str | None) -> bool:
    if isinstance(asks, Right):
        return group is not None and asks in MATRIX[group]
    return asks is Open.ANYONE or (asks is Open.MEMBER and group is not None)


def test_every_address_has_an_expectation() -> None:
    assert {route for route in walk(get_resolver()) if not route.startswith("admin/")} == set(ADDRESSES)


@pytest.mark.parametrize("group", PEOPLE)
@pytest.mark.parametrize("route", ADDRESSES)
def test_address_opens_to_those_with_its_right_alone(route: str, group: str | None) -> None:
    address = fill(route)
    client = sign_in(group)
    answers = [answer for answer in (client.post(address), client.get(address)) if answer.status_code != 405]
    assert answers
    for answer in answers:
        assert answer.status_code < 500
        if is_allowed(ADDRESSES[route], group):
            assert answer.status_code != 403
            assert not is_sent_to_sign_in(answer)
        elif group is None:
            assert is_sent_to_sign_in(answer)
        elif ADDRESSES[route] is Open.NOBODY:
            assert answer.status_code == 302
        else:
            assert answer.status_code == 403
            assert b"does not have the right" in answer.content


@pytest.mark.parametrize("group", [None, "publisher"])
def test_admin_is_closed_at_every_address_to_those_without_its_right(group: str | None) -> None:
    client = sign_in(group)
    routes = [route for route in walk(get_resolver()) if route.startswith("admin/") and "(?P" not in route]
    assert len(routes) > 60
    for route in routes:
        if route in ("admin/login/", "admin/logout/", "admin/jsi18n/"):
            continue
        address = "/" + route.replace("<path:object_id>", "1").replace("<id>", "1")
        answer = client.get(address)
        assert answer.headers["Location"].startswith("/admin/login/?next="), address
        onward = client.get(answer.headers["Location"])
        assert is_sent_to_sign_in(onward) if group is None else onward.status_code == 403, address


def test_groups_hold_what_the_matrix_says() -> None:
    rights = {right.value.split(".")[1]: right for right in Right}
    made = {
        group.name: frozenset(rights[p.codename] for p in group.permissions.all() if p.codename in rights)
        for group in Group.objects.prefetch_related("permissions")
    }
    assert made == MATRIX


def test_only_administrators_reach_accounts_and_nobody_deletes_or_edits_records() -> None:
    def list_codes(name: str) -> set[str]:
        return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))

    assert {name for name in MATRIX if list_codes(name) & {"add_user", "change_user"}} == {"administrator"}
    written = {code for name in MATRIX for code in list_codes(name) if code.startswith(("add", "change", "delete"))}
    curated = {f"{verb}_{model}" for verb in ("add", "change") for model in CURATED}
    policies = {"add_providerpolicy", "change_providerpolicy", "change_refreshpolicy"}
    assert written == curated | policies | {"delete_topicalias", "add_user", "change_user"}


CURATED = ("topic", "topicalias", "document", "mention", "source")


def test_after_signing_in_one_comes_back_but_never_to_a_post(client: Client) -> None:
    assert client.get("/review/?status=pending").headers["Location"] == f"{SIGN_IN}?next=/review/%3Fstatus%3Dpending"
    assert client.post("/review/claims/1/approve/").headers["Location"] == f"{SIGN_IN}?next=/review/"


def test_htmx_is_sent_to_sign_in_as_a_whole_page(client: Client) -> None:
    answer = client.post("/review/claims/1/approve/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith(SIGN_IN)


class InlineCollector(HTMLParser):
    """Counts a page's elements, and keeps those with script or style of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.elements = 0
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += 1
        given = dict(attrs)
        is_data = given.get("type") == "application/json"
        is_script = tag == "script" and "src" not in given and not is_data
        if tag == "style" or is_script or any(name == "style" or name.startswith("on") for name in given):
            self.inline.append(self.get_starttag_text() or tag)


def list_pages() -> list[str]:
    topic = make_topic()
    claim = make_claim(topic)
    step = make_step(make_research(topic), "auth", "tavily", message="It does not take our key.")
    capture = make_capture(topic)
    admin = ["", "dossiers/topic/", f"dossiers/topic/{topic.pk}/change/", "auth/user/add/", "dossiers/claim/"]
    admin += ["dossiers/providerpolicy/", f"dossiers/providerpolicy/{ProviderPolicy.objects.first().pk}/change/"]
    return [
        "/", "/nowhere/", "/review/", "/review/topics/", f"/review/topics/{topic.slug}/", f"/review/claims/{claim.pk}/",
        "/publish/", f"/publish/{topic.slug}/", "/research/", f"/research/topics/{topic.slug}/",
        f"/research/runs/{step.run_id}/", f"/research/captures/{capture.pk}/", "/accounts/logout/",
        "/accounts/password/change/", "/accounts/2fa/", "/accounts/inactive/", "/accounts/reauthenticate/",
        *(f"/admin/{page}" for page in admin),
    ]  # fmt: skip


@pytest.mark.parametrize("group", [None, "reader", "administrator"])
def test_every_page_forbids_and_avoids_inline_script_and_style(group: str | None) -> None:
    client = sign_in(group)
    for page in [*list_pages(), SIGN_IN, "/accounts/signup/"]:
        answer = follow(client, page)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy, page
        assert "unsafe" not in policy, page
        assert "frame-ancestors 'none'" in policy, page
        assert answer.headers["X-Frame-Options"] == "DENY", page
        assert answer.headers["X-Content-Type-Options"] == "nosniff", page
        collector = InlineCollector()
        collector.feed(answer.content.decode())
        assert collector.elements > 10, page
        assert collector.inline == [], page


@pytest.mark.parametrize("path", ["/never-heard-of/", "/a/b/c/", "/review/claims/404/"])
def test_what_is_not_there_is_said_in_our_own_words_while_developing_too(
    client: Client, settings: Settings, path: str
) -> None:
    settings.DEBUG = True
    client.force_login(make_user("editor"))
    response = client.get(path)
    assert response.status_code == 404
    assert "There is no page here" in response.content.decode()


@pytest.mark.parametrize("query", ["?topic=%00", "?after=a%00b&id=1", "?kind=%00", "?x=%00"])
@pytest.mark.parametrize(
    "address", ["/", "/review/", "/review/topics/", "/publish/", "/admin/dossiers/claim/", "/a%00b/"]
)
def test_an_address_with_a_null_byte_is_a_bad_request(client: Client, address: str, query: str) -> None:
    client.force_login(make_user("administrator"))
    assert client.get(address + query).status_code == 400


@pytest.mark.parametrize("charset", ["utf-7", "latin-1", "utf-16"])
def test_a_form_that_is_not_utf_8_is_a_bad_request(client: Client, charset: str, settings: Settings) -> None:
    settings.DEBUG = True
    client.force_login(make_user())
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    claim = make_claim(make_topic())
    assert client.post(f"/review/claims/{claim.pk}/reject/", b"note=a", content_type=kind).status_code == 400
