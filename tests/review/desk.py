"""Opens the desk and sends its forms, as a browser without scripts would."""

from django.test import Client
from django.urls import reverse

from tests.builders import make_user
from tests.review.pages import parse


def sign_in(user=None):
    client = Client()
    client.force_login(user or make_user())
    client.user = user
    return client


def open_card(client, claim, query=""):
    response = client.get(reverse("review:claim", args=[claim.pk]) + query)
    assert response.status_code == 200
    return parse(response)


def send(client, claim, name, page, *, query="", headers=None, **typed):
    fields = page.form(f"{name}-form") | typed
    return client.post(reverse(f"review:{name}", args=[claim.pk]) + query, fields, **(headers or {}))
