"""The desk without scripts: an editor decides in every way, a publisher publishes, a reader opens the words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from dossiers.models.decision import Decision
from tests.builders import make_capture, make_check, make_claim, make_question, make_topic, make_user
from tests.e2e.sessions import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Before it. Sample Observatory has three domes. The roof is of oak. Its library opened in 1931. After it."
SLUG, TITLE = "sample-observatory", "Sample Observatory"


@pytest.fixture
def _topic() -> None:
    topic = make_topic(TITLE, slug=SLUG)
    capture = make_capture(topic, TEXT)
    domes, *_ = (
        make_claim(topic, value, label=label, capture=capture)
        for label, value in (("Domes", "three domes"), ("Roof", "of oak"), ("Library", "opened in 1931"))
    )
    make_check(domes.newest_proposal, "paraphrase", "warning")
    stairs = make_claim(topic, "forty staircases", label="Staircases", quotes=())
    make_check(stairs.newest_proposal)
    make_claim(topic, "After it", label="Nonsense", capture=capture)
    hill = make_topic("Sample Hill", slug="sample-hill")
    make_question(hill, make_capture(hill, "A house called Sample.", provider="geocoder"))


@pytest.mark.usefixtures("_topic")
def test_deciding_publishing_and_reading_without_scripts(open_window: Callable[..., Page], live_server: LiveServer):
    page = open_window(java_script_enabled=False)
    sign_in(page, live_server.url, make_user("editor-plain", first_name="Ada", last_name="Editor"))
    page.goto(f"{live_server.url}/review/topics/")
    answer_the_question(page)
    decide_every_claim(page)
    sign_in(page, live_server.url, make_user("publisher-plain", "publisher"))
    page.goto(f"{live_server.url}/publish/")
    publish(page)
    page.context.clear_cookies()
    page.goto(live_server.url)
    read(page)


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1).first


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).locator("visible=true").click()


def open_form(page: Page, verb: str) -> None:
    page.locator("summary.button", has_text=verb).click()


def answer_the_question(page: Page) -> None:
    page.get_by_role("link", name="Sample Hill").click()
    press(page, "Answer")
    expect(page.get_by_role("alert")).to_contain_text("Choose one of the candidates")
    page.get_by_role("radio", name="None of these").check()
    press(page, "Answer")
    expect(page.locator("#notices")).to_contain_text("Answered")


def decide_every_claim(page: Page) -> None:
    """Approve on the second press, take it back, amend on a typed quote, state, escalate, reject."""
    page.get_by_role("link", name="Queue").click()
    page.get_by_role("link", name="Domes: three domes").click()
    press(page, "Approve")
    expect(page.locator("#approve-why")).to_contain_text("There are warnings")
    press(page, "Approve all the same")
    expect(title(page)).to_have_text("Roof")
    press(page, "Undo")
    expect(title(page)).to_have_text("Domes")
    press(page, "Approve")
    press(page, "Approve all the same")
    open_form(page, "Amend")
    page.get_by_label("Value", exact=True).fill("The roof is of oak")
    page.get_by_label("Quote that holds the value").fill("The roof is of pine.")
    press(page, "Save the amendment")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Value", exact=True)).to_have_value("The roof is of oak")
    page.get_by_label("Quote that holds the value").fill("The roof is of oak.")
    press(page, "Save the amendment")
    expect(title(page)).to_have_text("Library")
    open_form(page, "Escalate")
    press(page, "Escalate the claim")
    expect(title(page)).to_have_text("Staircases")
    open_form(page, "Amend")
    page.get_by_label("No source says it").check()
    press(page, "Save the amendment")
    expect(title(page)).to_have_text("Nonsense")
    open_form(page, "Reject")
    page.get_by_label("Reason").select_option(label="True, but does not belong here")
    press(page, "Reject the claim")
    expect(title(page)).to_have_text("Library")
    actions = ["approve", "undo", "approve", "amend", "escalate", "amend", "reject"]
    assert list(Decision.objects.order_by("id").values_list("action", flat=True)) == actions


def publish(page: Page) -> None:
    """Be held up by what is escalated, leave it out, publish, and find that there is nothing more to publish."""
    page.get_by_role("link", name=TITLE).click()
    press(page, "Publish edition 1")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Leave out all that is not decided").click()
    expect(page.get_by_role("checkbox", name="opened in 1931")).to_be_checked()
    press(page, "Publish edition 1")
    expect(page.locator("#notices")).to_contain_text("Edition 1 is published")
    page.get_by_role("button", name="Leave out all that is not decided").click()
    expect(page.get_by_text("Nothing has changed since edition 1")).to_be_visible()


def read(page: Page) -> None:
    page.get_by_role("link", name=TITLE).click()
    row = page.locator("dl.attributes > div").filter(has_text="Roof")
    row.locator("summary").click()
    expect(row.locator("blockquote mark", has_text="The roof is of oak")).to_be_visible()
    expect(row.locator("dl.fact-meta")).to_contain_text("Ada Editor")
    stated = page.locator("dl.attributes > div").filter(has_text="Staircases")
    stated.locator("summary").click()
    expect(stated).to_contain_text("No source is quoted for this fact.")
    expect(page.get_by_text("opened in 1931")).to_have_count(0)
