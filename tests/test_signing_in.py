"""Signing in and out: who gets in, how often one may try, where one lands, and what the cookies allow."""

from itertools import count

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.builders import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "seven-sample-words"
SIGN_IN = "/accounts/login/"
REFUSAL = "Too many failed login attempts"
_addresses = count(1)


@pytest.fixture(autouse=True)
def _hash_quickly(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def editor() -> User:
    return make_user(password=PASSWORD)


@pytest.fixture
def here() -> str:
    """Return an address of the network that nobody has tried from."""
    return f"2001:db8:{next(_addresses):x}:{id(object()) % 65535:x}::1"


def sign_in(client: Client, name: str, password: str = PASSWORD, *, address: str = "", **fields: str) -> HttpResponse:
    extra = {"REMOTE_ADDR": address} if address else {}
    return client.post(SIGN_IN, {"login": name, "password": password, **fields}, **extra)


def is_signed_in(client: Client) -> bool:
    return client.get("/review/").status_code == 200


def test_editor_signs_in_and_lands_on_the_queue(client: Client, editor: User, here: str) -> None:
    answer = sign_in(client, editor.username, address=here)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/review/")
    assert is_signed_in(client)


def test_wrong_password_and_unknown_name_are_told_alike(client: Client, editor: User, here: str) -> None:
    answers = [sign_in(client, name, "wrong", address=here).content.decode() for name in (editor.username, "nobody")]
    errors = [answer[answer.index("error") :].replace(editor.username, "nobody") for answer in answers]
    assert "not correct" in errors[0]
    assert [error.count("not correct") for error in errors] == [errors[0].count("not correct")] * 2
    assert not is_signed_in(client)


def test_switched_off_account_gets_in_no_more_and_falls_out(client: Client, editor: User, here: str) -> None:
    sign_in(client, editor.username, address=here)
    editor.is_active = False
    editor.save()
    assert not is_signed_in(client)
    sign_in(client, editor.username, address=here)
    assert not is_signed_in(client)


def test_fifth_failure_locks_the_account_for_that_address_and_no_other(editor: User, here: str) -> None:
    stranger, owner = Client(), Client()
    for _ in range(5):
        assert REFUSAL not in sign_in(stranger, editor.username, "wrong", address=here).content.decode()
    refused = sign_in(stranger, editor.username, address=here)
    assert REFUSAL in refused.content.decode()
    assert not is_signed_in(stranger)
    assert sign_in(stranger, editor.username.upper(), address=here).status_code == 200
    assert sign_in(owner, editor.username, address="192.0.2.77").status_code == 302


def test_address_that_tries_many_names_is_refused(editor: User, here: str) -> None:
    client = Client()
    answers = [sign_in(client, f"name-{n}", "wrong", address=here).content.decode() for n in range(21)]
    assert [REFUSAL in answer for answer in answers] == [False] * 20 + [True]
    sign_in(client, editor.username, address=here)
    assert not is_signed_in(client)


def test_address_that_hammers_is_told_to_wait(here: str) -> None:
    client = Client()
    answers = [sign_in(client, "somebody", "wrong", address=here) for _ in range(31)]
    assert answers[29].status_code == 200
    assert answers[30].status_code == 429
    assert "Wait a few minutes" in answers[30].content.decode()


def test_forwarded_address_is_not_believed_without_a_proxy(editor: User, here: str) -> None:
    client = Client()
    for number in range(5):
        forged = {"X-Forwarded-For": f"198.51.100.{number}"}
        client.post(SIGN_IN, {"login": editor.username, "password": "wrong"}, REMOTE_ADDR=here, headers=forged)
    assert REFUSAL in sign_in(client, editor.username, address=here).content.decode()


def test_forwarded_address_counts_behind_ones_own_proxy(editor: User, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client, number = Client(), next(_addresses)
    forwarded = [f"1.2.3.4, 2001:db8:ffff:{number:x}:{n:x}::1" for n in range(6)]
    for address in forwarded:
        body = {"login": editor.username, "password": "wrong"}
        answer = client.post(SIGN_IN, body, headers={"X-Forwarded-For": address})
        assert REFUSAL not in answer.content.decode()


def test_session_dies_at_sign_out(client: Client, editor: User, here: str) -> None:
    sign_in(client, editor.username, address=here)
    stolen = Client()
    stolen.cookies["dossiers_session"] = client.cookies["dossiers_session"].value
    assert is_signed_in(stolen)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)
    assert not is_signed_in(stolen)


def test_signing_out_takes_a_post(client: Client, editor: User, here: str) -> None:
    sign_in(client, editor.username, address=here)
    client.get("/accounts/logout/")
    assert is_signed_in(client)


def test_signing_in_changes_the_session(client: Client, editor: User, here: str) -> None:
    client.cookies["dossiers_session"] = planted = "p" * 32
    sign_in(client, editor.username, address=here)
    assert client.cookies["dossiers_session"].value != planted


def test_changing_the_password_ends_the_other_sessions(editor: User, here: str) -> None:
    mine, other = Client(), Client()
    for client in (mine, other):
        sign_in(client, editor.username, address=here)
    new = "eight-other-sample-words"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert mine.post("/accounts/password/change/", fields).status_code == 302
    assert not is_signed_in(other)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/", "//example.com/", "/\\example.com/", "///example.com", "javascript:alert(1)",
        "http:example.com", "https://testserver.example.com/", " https://example.com/", "\thttps://example.com",
    ],
)  # fmt: skip
def test_sign_in_leads_nowhere_else(client: Client, editor: User, here: str, elsewhere: str) -> None:
    assert sign_in(client, editor.username, address=here, next=elsewhere).headers["Location"] == "/review/"
    assert client.get(SIGN_IN, {"next": elsewhere}).headers["Location"] == "/review/"


def test_sign_in_leads_back(client: Client, editor: User, here: str) -> None:
    back = "/review/topics/?state=open"
    assert sign_in(client, editor.username, address=here, next=back).headers["Location"] == back


def test_nobody_signs_up(client: Client) -> None:
    fields = {"username": "newcomer", "password1": PASSWORD, "password2": PASSWORD}
    answer = client.post("/accounts/signup/", fields)
    assert not User.objects.filter(username="newcomer").exists()
    for page in (answer, client.get("/accounts/signup/")):
        assert "administrator" in page.content.decode()
        assert b"password1" not in page.content


@pytest.mark.parametrize(
    "page", ["email/", "confirm-email/", "password/reset/", "login/code/confirm/", "signup/passkey/"]
)
def test_pages_that_would_send_mail_are_not_there(client: Client, page: str) -> None:
    assert client.post(f"/accounts/{page}", {"email": "a@example.org"}).status_code == 404


def test_cookies_are_kept_from_scripts_and_other_sites(client: Client, editor: User, here: str) -> None:
    client.get(SIGN_IN)
    sign_in(client, editor.username, address=here)
    session, token = client.cookies["dossiers_session"], client.cookies["csrftoken"]
    assert (session["httponly"], session["samesite"], token["samesite"]) == (True, "Lax", "Lax")
    assert session["expires"] == ""  # ends with the browser


def test_forged_form_is_refused_with_a_word_of_help(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    answer = client.post("/accounts/logout/")
    assert answer.status_code == 403
    assert is_signed_in(client)
