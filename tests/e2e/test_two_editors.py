"""Two editors at one claim, with scripts and without: one is first, the other is told and loses no typing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from dossiers.models.claim import Claim, ClaimStatus
from dossiers.models.decision import Decision
from tests.builders import make_capture, make_claim, make_topic, make_user
from tests.e2e.keyboard import assert_focus_lands
from tests.e2e.sessions import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
WITH_AND_WITHOUT = pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
AT_ONCE = 10
Windows = tuple[Page, Page]


@pytest.fixture
def claim() -> Claim:
    topic = make_topic()
    capture = make_capture(topic, "Before it. Sample Observatory has three domes. The roof is of oak. After it.")
    first = make_claim(topic, "three domes", label="Domes", capture=capture)
    make_claim(topic, "of oak", label="Roof", capture=capture)
    return first


@pytest.fixture
def windows(open_window: Callable[..., Page], live_server: LiveServer, claim: Claim, has_scripts: bool) -> Windows:
    """Open the claim in the browsers of two editors."""
    first, second = (open_window(java_script_enabled=has_scripts) for _ in range(2))
    for page, name in ((first, "Ada"), (second, "Ben")):
        sign_in(page, live_server.url, make_user(f"two-{name}", first_name=name, last_name="Editor"))
        page.goto(f"{live_server.url}/review/claims/{claim.pk}/")
    return first, second


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def read_word(page: Page, name: str) -> Locator:
    """Find a field of the form that is open."""
    return page.get_by_label(name, exact=True).locator("visible=true")


def open_form(page: Page, verb: str) -> None:
    page.locator("summary.button", has_text=verb).press("Enter")


def send_late(page: Page, name: str, verb: str) -> None:
    """Send the open form of an editor who was second: 409, and the three sides of it."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        button(page, name).press("Enter")
    assert sent.value.status == 409
    for side in ("What you saw", "What is there now", "What you were about to say"):
        expect(page.get_by_role("heading", name=side, exact=True)).to_be_visible()
    expect(page.locator(".conflict .is-now")).to_contain_text("Ada Editor")
    expect(page.locator(".conflict .is-yours")).to_contain_text(verb)


def apply(page: Page, has_scripts: bool) -> None:
    """Say the same about what is there now: with scripts it is one Tab away from where the focus was put."""
    again = button(page, "Apply it to what is there now")
    if has_scripts:
        assert_focus_lands(page, page.get_by_role("alert"))
        page.keyboard.press("Tab")
        assert_focus_lands(page, again)
        page.keyboard.press("Enter")
    else:
        again.press("Enter")


@WITH_AND_WITHOUT
def test_a_late_rejection_keeps_its_reason_and_its_note(windows: Windows, claim: Claim, has_scripts: bool):
    first, second = windows
    open_form(second, "Reject")
    read_word(second, "Reason").select_option("wrong_value")
    read_word(second, "Note (optional)").fill("I counted them: <b>two</b> & a half.")
    button(first, "Approve").press("Enter")
    expect(first.locator(".notice")).to_contain_text("Approved: Domes: three domes")
    send_late(second, "Reject the claim", "Reject it: The value is wrong")
    assert Decision.objects.count() == 1
    expect(read_word(second, "Reason")).to_have_value("wrong_value")
    expect(read_word(second, "Note (optional)")).to_have_value("I counted them: <b>two</b> & a half.")
    apply(second, has_scripts)
    expect(second.locator(".notice").first).to_contain_text("Rejected: Domes: three domes")
    last = Decision.objects.latest("id")
    assert (last.reason_code, last.note) == ("wrong_value", "I counted them: <b>two</b> & a half.")
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.REJECTED


@WITH_AND_WITHOUT
def test_a_late_amendment_keeps_every_field(windows: Windows, claim: Claim, has_scripts: bool):
    first, second = windows
    typed = {
        "Label": "Number of domes",
        "Value": "Sample Observatory has three domes",
        "Date, as the source prints it": "1907",
        "Quote that holds the value": "Sample Observatory has three domes.",
        "Note (optional)": "The whole sentence.",
    }
    open_form(second, "Amend")
    for name, words in typed.items():
        read_word(second, name).fill(words)
    open_form(first, "Escalate")
    read_word(first, "What should someone else settle? (optional)").fill("Who counted?")
    button(first, "Escalate the claim").press("Enter")
    expect(first.locator(".notice")).to_contain_text("Escalated")
    send_late(second, "Save the amendment", "Amend it")
    for name, words in typed.items():
        expect(read_word(second, name)).to_have_value(words)
    apply(second, has_scripts)
    expect(second.locator(".notice").first).to_contain_text("Amended: Number of domes: Sample Observatory has three")
    claim.refresh_from_db()
    assert (claim.status, claim.incumbent.value) == (ClaimStatus.APPROVED, "Sample Observatory has three domes")
    assert claim.incumbent.date_text == "1907"
    assert claim.incumbent.evidence.get(role="value").exact == "Sample Observatory has three domes."


@WITH_AND_WITHOUT
def test_a_late_approval_has_nothing_left_to_do(windows: Windows, claim: Claim, has_scripts: bool):
    first, second = windows
    button(first, "Approve").press("Enter")
    expect(first.locator(".notice")).to_contain_text("Approved")
    send_late(second, "Approve", "Approve it")
    expect(button(second, "Apply it to what is there now")).to_have_count(0)
    second.get_by_role("link", name="Leave it as it is").press("Enter")
    expect(second.get_by_role("heading", level=1)).to_have_text("Roof")
    assert Decision.objects.count() == 1


def post(address: str, fields: dict[str, str], cookies: str, start: Barrier) -> tuple[int, str]:
    """Send a form on a connection of its own, when everyone is ready; return the status and where it leads."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    start.wait(timeout=60)
    connection.request("POST", parts.path, urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("verb", "status_after"),
    [("approve", "approved"), ("amend", "approved"), ("reject", "rejected"), ("escalate", "escalated")],
)
def test_the_same_request_sent_ten_times_at_once_decides_once(
    page: Page, live_server: LiveServer, claim: Claim, verb: str, status_after: str
):
    sign_in(page, live_server.url, make_user())
    page.goto(f"{live_server.url}/review/claims/{claim.pk}/")
    form = page.locator(f"#{verb}-form")
    fields = form.evaluate("form => Object.fromEntries(new FormData(form))")
    fields |= {"amend": {"value": "domes"}, "reject": {"reason_code": "duplicate"}}.get(verb, {})
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
    address = f"{live_server.url}{form.get_attribute('action')}"
    start = Barrier(AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = [pool.submit(post, address, fields, cookies, start) for _ in range(AT_ONCE)]
        answers = {future.result() for future in sent}
    assert {status for status, _ in answers} == {303}
    decision = Decision.objects.get()
    assert (decision.action, str(decision.idempotency_key)) == (verb, fields["key"])
    assert len(answers) == 1
    [(_, location)] = answers
    assert location.endswith(f"?done={decision.pk}")
    claim.refresh_from_db()
    assert claim.status == status_after
