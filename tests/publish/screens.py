"""Opens the publisher's screens and presses their buttons, as a browser without scripts would."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from tests.publish.dossiers import Dossier
from tests.reading import Element, read_page


def enter(user: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def look(client: Client, dossier: Dossier, query: str = "") -> Element:
    answer = client.get(f"/publish/{dossier.topic.slug}/{query}")
    assert answer.status_code == 200
    return read_page(answer)


def press(client: Client, page: Element, button: str, **fields: Any) -> Any:
    """Press a submit button as a browser without JavaScript does, with what the form holds and what was typed."""
    buttons = [(form, found) for form in page.find_all("form") for found in form.find_all("button")]
    form, pressed = next(pair for pair in buttons if pair[1].text.startswith(button))
    data: dict[str, Any] = {}
    for field in form.find_all("input"):
        if field.attributes.get("type") != "checkbox" or "checked" in field.attributes:
            data.setdefault(field.attributes["name"], []).append(field.attributes["value"])
    data |= {area.attributes["name"]: area.text for area in form.find_all("textarea")}
    if "name" in pressed.attributes:
        data[pressed.attributes["name"]] = pressed.attributes["value"]
    address = pressed.attributes.get("formaction", form.attributes["action"])
    method = pressed.attributes.get("formmethod", form.attributes["method"])
    return getattr(client, method)(address, {**data, **fields})
