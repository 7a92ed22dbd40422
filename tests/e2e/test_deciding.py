"""An editor at the keyboard, and two editors at the same claim, in a real browser."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from dossiers.models.claim import ClaimStatus
from dossiers.models.decision import Decision
from tests.builders import make_capture, make_check, make_claim, make_topic, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claims():
    topic = make_topic()
    capture = make_capture(
        topic, "Before it. Sample Observatory has three domes. It has four doors, all of oak. After it."
    )
    return [
        make_claim(topic, value, label=f"Number {value}", capture=capture) for value in ("three domes", "four doors")
    ]


def sign_in(page, live_server, editor):
    client = Client()
    client.force_login(editor)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page.goto(f"{live_server.url}/review/")


def heading(page):
    return page.get_by_role("heading", level=1)


def test_a_walk_with_single_keys(page, live_server, claims, assert_axe_clean):
    make_check(claims[0].newest_proposal, "paraphrase", "warning")
    sign_in(page, live_server, make_user())
    page.keyboard.press("j")
    expect(heading(page)).to_have_text("Number three domes")
    assert_axe_clean(page)
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Approve all the same")).to_be_focused()
    assert_axe_clean(page)
    page.keyboard.press("a")
    expect(heading(page)).to_have_text("Number four doors")
    expect(heading(page)).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("Approved: Number three domes")
    assert page.url.endswith(f"/review/claims/{claims[1].pk}/")
    page.keyboard.press("u")
    expect(heading(page)).to_have_text("Number three domes")
    expect(page.locator(".notice")).to_contain_text("Undone")
    page.keyboard.press("r")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("The value")
    page.keyboard.press("Tab")
    page.keyboard.type("a j r u: these are words, not keys")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Number four doors")
    assert [d.action for d in Decision.objects.order_by("id")] == ["approve", "undo", "reject"]
    assert Decision.objects.latest("id").note == "a j r u: these are words, not keys"


def test_a_sentence_is_picked_with_the_keyboard_and_cited_exactly(page, live_server, claims):
    sign_in(page, live_server, make_user())
    page.goto(f"{live_server.url}/review/claims/{claims[1].pk}/")
    page.keyboard.press("e")
    expect(page.get_by_label("Value", exact=True)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("four doors, all of oak")
    page.get_by_role("button", name="It has four doors, all of oak.").press("Enter")
    page.get_by_role("button", name="Save the amendment").press("Enter")
    expect(page.locator(".notice")).to_contain_text("Amended: Number four doors: four doors, all of oak")
    claims[1].refresh_from_db()
    row = claims[1].incumbent.evidence.get()
    assert (row.exact, row.method) == ("It has four doors, all of oak.", "picked")
    assert row.capture.text[row.start : row.end] == row.exact


def test_two_browsers_decide_the_same_claim(page, browser, live_server, claims, assert_axe_clean):
    second = browser.new_context().new_page()
    for window in (page, second):
        sign_in(window, live_server, make_user())
        window.goto(f"{live_server.url}/review/claims/{claims[0].pk}/")
    page.keyboard.press("a")
    expect(heading(page)).to_have_text("Number four doors")
    second.keyboard.press("e")
    second.get_by_label("Value", exact=True).fill("three domes and a half")
    second.get_by_label("No source says it").check()
    second.get_by_label("Note (optional)").locator("visible=true").fill("I measured it.")
    second.get_by_role("button", name="Save the amendment").click()
    expect(second.get_by_role("heading", name="What is there now")).to_be_visible()
    expect(second.locator("#announcer")).to_contain_text("This claim changed while you looked at it")
    assert_axe_clean(second)
    expect(second.get_by_label("Value", exact=True)).to_have_value("three domes and a half")
    expect(second.get_by_label("Note (optional)").locator("visible=true")).to_have_value("I measured it.")
    second.get_by_role("button", name="Apply it to what is there now").click()
    expect(second.locator(".notice")).to_contain_text("Amended: Number three domes: three domes and a half")
    claims[0].refresh_from_db()
    assert (claims[0].status, claims[0].incumbent.value) == (ClaimStatus.APPROVED, "three domes and a half")
    second.context.close()


def test_the_whole_walk_without_scripts(browser, live_server, claims):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server, make_user())
    page.get_by_role("link", name="Number three domes: three domes").click()
    page.get_by_role("button", name="Approve").click()
    expect(heading(page)).to_have_text("Number four doors")
    page.locator("summary", has_text="Reject").click()
    page.get_by_label("Reason").select_option("wrong_value")
    page.get_by_role("button", name="Reject the claim").click()
    expect(page.get_by_role("heading", name="Nothing waits here")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(heading(page)).to_have_text("Number four doors")
    context.close()
