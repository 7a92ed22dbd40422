"""From an export to the reader's page with the keyboard alone: three people, one browser, every page clean."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from dossiers.models.decision import Decision
from dossiers.models.edition import Edition
from tests.builders import make_user
from tests.e2e.keyboard import assert_focus_is_seen, assert_focus_lands, follow, tab_to

pytestmark = pytest.mark.django_db(transaction=True)
SLUG, TITLE = "international-collaboration-sample", "International Collaboration (sample)"
PASSWORD = "a walk by keyboard alone"
MANY = 60  # claims after which a walk counts as endless


class Desk:
    """A person at the keyboard: every page is looked at by axe the first time it is met under a name."""

    def __init__(self, page: Page, own: str, assert_axe_clean: Callable[[Page], None]) -> None:
        self.page, self.own, self.assert_axe_clean = page, own, assert_axe_clean
        self.met: set[str] = set()

    def look(self, name: str) -> None:
        """See that a page met for the first time is clean."""
        if name not in self.met:
            self.assert_axe_clean(self.page)
            self.met.add(name)

    def link(self, name: str, **options: bool) -> Locator:
        return self.page.get_by_role("link", name=name, **options)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def title(self) -> Locator:
        return self.page.get_by_role("heading", level=1).first

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def sign_in(self, name: str) -> None:
        """Come from the readers' pages and type name and password."""
        follow(self.page, self.link("For editors"))
        expect(self.title()).to_have_text("Sign in")
        self.look("sign in")
        tab_to(self.page, self.page.get_by_label("Username"))
        self.page.keyboard.type(name)
        tab_to(self.page, self.page.get_by_label("Password"))
        self.page.keyboard.type(PASSWORD)
        self.press("Enter")
        expect(self.title()).to_contain_text("Queue")

    def sign_out(self, name: str) -> None:
        """Open the menu and leave."""
        follow(self.page, self.page.locator("details.menu summary"))
        follow(self.page, self.button("Sign out"))
        expect(self.title()).to_have_text("Dossiers")


@pytest.fixture
def desk(page: Page, live_server: LiveServer, assert_axe_clean: Callable[[Page], None]) -> Desk:
    for group in ("editor", "publisher"):
        make_user(f"{group}-at-keys", group, password=PASSWORD, first_name="Ada", last_name=group.title())
    path = settings.BASE_DIR / "seeds" / "international-collaboration.txt"
    call_command("load_seeds", str(path), stdout=StringIO())
    page.goto(live_server.url)
    return Desk(page, live_server.url, assert_axe_clean)


def test_from_an_export_to_the_reader_by_keyboard(desk: Desk):
    desk.look("empty index")
    desk.sign_in("editor-at-keys")
    read_the_help(desk)
    answer_the_questions(desk)
    decide_in_every_way(desk)
    walk_to_the_end(desk)
    desk.sign_out("Ada Editor")
    desk.sign_in("publisher-at-keys")
    publish_without_what_waits(desk)
    desk.sign_out("Ada Publisher")
    read_as_anyone(desk)


def read_the_help(desk: Desk) -> None:
    desk.look("queue")
    desk.press("?")
    dialog = desk.page.get_by_role("dialog", name="Keys on this page")
    expect(dialog).to_be_visible()
    expect(dialog.locator("dd", has_text="Open the first claim")).to_be_visible()
    desk.look("help")
    desk.press("Escape")
    expect(dialog).not_to_be_visible()
    assert_focus_is_seen(desk.page)


def answer_the_questions(desk: Desk) -> None:
    """The article and the building are of other subjects: none of these, twice."""
    follow(desk.page, desk.link("Topics"))
    expect(desk.title()).to_have_text("Topics")
    desk.look("topics")
    follow(desk.page, desk.link(TITLE))
    expect(desk.title()).to_have_text(TITLE)
    desk.look("topic")
    for left in (1, 0):
        panel = desk.page.locator("details.panel[open]", has=desk.button("Answer")).first
        tab_to(desk.page, panel.get_by_role("radio").first)
        desk.press("ArrowUp")
        none = panel.get_by_role("radio", name="None of these")
        expect(none).to_be_checked()
        follow(desk.page, panel.get_by_role("button", name="Answer"))
        expect(desk.page.locator("#notices")).to_contain_text("Answered")
        expect(desk.button("Answer")).to_have_count(left)
    desk.look("answered topic")


def decide_in_every_way(desk: Desk) -> None:
    """Reject, escalate, state, quote, approve, take back: each time the next claim is there, with the focus on it."""
    desk.press("j")
    expect(desk.page.locator("article.claim")).to_be_visible()
    desk.look("card")
    reject(desk, "It is about", "The article is about any collaboration.")
    leave_card(desk, lambda: send(desk, "s", "What should someone else settle?", "Look it up.", "Escalate the claim"))
    state(desk, "Many telescopes are shared between countries.")
    quote_first_sentence(desk)
    number = read_number(desk)
    approve(desk)
    desk.press("u")
    expect(desk.page.locator(f"#card-{number}")).to_be_visible()
    expect(desk.page.locator(".notice")).to_contain_text("Undone")
    assert_focus_lands(desk.page, desk.title())
    approve(desk)
    actions = ["reject", "escalate", "amend", "amend", "approve", "undo", "approve"]
    assert list(Decision.objects.order_by("id").values_list("action", flat=True)) == actions


def read_number(desk: Desk) -> str:
    """Return which claim the card on the screen is of."""
    return (desk.page.locator("[id^=card-]").get_attribute("id") or "").removeprefix("card-")


def leave_card(desk: Desk, act: Callable[[], None]) -> None:
    """Decide; the next card takes the place of this one, with the focus on its heading."""
    number = read_number(desk)
    act()
    expect(desk.page.locator(f"#card-{number}")).to_have_count(0)
    expect(desk.page.locator("[id^=card-]")).to_have_count(1)
    assert_focus_lands(desk.page, desk.title())


def approve(desk: Desk) -> None:
    """Press the key; where there are warnings, once more on the button that asks for it."""

    def act() -> None:
        has_warnings = desk.page.locator(".check[data-severity=warning]").count() > 0
        desk.press("a")
        if has_warnings:
            assert_focus_lands(desk.page, desk.page.get_by_role("button", name="Approve all the same"))
            desk.look("warnings")
            desk.press("a")

    leave_card(desk, act)


def reject(desk: Desk, reason: str, note: str = "") -> None:
    """Choose a reason by its first letters, say more, send."""

    def act() -> None:
        desk.press("r")
        assert_focus_lands(desk.page, desk.page.get_by_label("Reason"))
        desk.look("rejecting")
        desk.page.keyboard.type(reason)
        desk.press("Tab")
        desk.page.keyboard.type(note)
        desk.press("Tab")
        assert_focus_lands(desk.page, desk.button("Reject the claim"))
        desk.press("Enter")

    leave_card(desk, act)


def send(desk: Desk, key: str, label: str, words: str, button: str) -> None:
    """Open a form with its key, type into its first field, and send it."""
    desk.press(key)
    assert_focus_lands(desk.page, desk.page.get_by_label(label))
    desk.page.keyboard.type(words)
    follow(desk.page, desk.button(button))


def begin_amending(desk: Desk, value: str) -> None:
    desk.press("e")
    assert_focus_lands(desk.page, desk.page.get_by_label("Value", exact=True))
    desk.press("Control+a")
    desk.page.keyboard.type(value)


def state(desk: Desk, value: str) -> None:
    """Put own words in the place of what no source says."""

    def act() -> None:
        begin_amending(desk, value)
        tab_to(desk.page, desk.page.get_by_label("No source says it"))
        desk.press("Space")
        desk.look("amending")
        follow(desk.page, desk.button("Save the amendment"))

    leave_card(desk, act)
    expect(desk.page.locator(".notice")).to_contain_text(f"Amended: {value}")


def quote_first_sentence(desk: Desk) -> None:
    """Take the passage's first sentence as value and as quote."""

    def act() -> None:
        passage = desk.page.locator("[data-pickable]").first.inner_text()
        value = passage.split(". ")[0].strip(" .") + "."
        begin_amending(desk, value)
        choice = desk.page.locator(".pick-list button", has_text=value).first
        tab_to(desk.page, choice)
        desk.press("Space")
        expect(choice).to_have_attribute("aria-pressed", "true")
        expect(desk.page.get_by_label("Quote that holds the value")).to_have_value(value)
        desk.look("quoting")
        follow(desk.page, desk.button("Save the amendment"))

    leave_card(desk, act)
    row = Decision.objects.latest("id").proposal.evidence.get(role="value")
    assert row.method == "picked"
    assert row.capture.text[row.start : row.end] == row.exact


def walk_to_the_end(desk: Desk) -> None:
    """Approve what has no error, reject what has one, until only the escalated claim is left."""
    for _ in range(MANY):
        if desk.page.locator(".claim-head [data-status=escalated]").count():
            break
        if desk.page.locator("#why-not").count():
            reject(desk, "The source does")
        else:
            approve(desk)
    follow(desk.page, desk.link("1 in this topic"))
    expect(desk.title()).to_have_text(TITLE)
    expect(desk.page.locator("#claims-title")).to_contain_text("1")


def publish_without_what_waits(desk: Desk) -> None:
    """The list, the preview with its one blocker, the choice to leave it out, the edition."""
    follow(desk.page, desk.link("Publish"))
    expect(desk.title()).to_have_text("Publish")
    desk.look("list of dossiers")
    follow(desk.page, desk.link(TITLE))
    expect(desk.title()).to_have_text(f"{TITLE}: edition 1")
    desk.look("preview")
    follow(desk.page, desk.button("Publish edition 1"))
    assert_focus_lands(desk.page, desk.page.get_by_role("alert"))
    desk.look("refused")
    tab_to(desk.page, desk.page.get_by_role("checkbox", name="Leave out").first)
    desk.press("Space")
    follow(desk.page, desk.button("Preview with these choices"))
    expect(desk.page).to_have_url(re.compile("leave_out="))
    expect(desk.page.get_by_role("checkbox", name="Leave out").first).to_be_checked()
    follow(desk.page, desk.button("Publish edition 1"))
    expect(desk.page.locator("#notices")).to_contain_text("Edition 1 is published")
    desk.look("published")


def read_as_anyone(desk: Desk) -> None:
    """Open the dossier and one fact of it: its words, its source, who approved it and when; then the record."""
    desk.look("index")
    follow(desk.page, desk.link(TITLE))
    expect(desk.title()).to_have_text(TITLE)
    desk.look("dossier")
    row = desk.page.locator("dl.attributes > div").filter(has_text="China Collaboration Rate").first
    tab_to(desk.page, row.locator("summary"))
    desk.press("Enter")
    expect(row.locator("blockquote mark", has_text="19%")).to_be_visible()
    expect(row.locator(".row-meta", has_text="Source ")).to_contain_text("retrieved")
    approval = row.locator("dl.fact-meta")
    expect(approval).to_contain_text("Ada Editor")
    expect(approval.locator("time").first).to_have_attribute("datetime", re.compile(r"^\d{4}-\d\d-\d\dT.*(Z|\+00:00)$"))
    desk.look("opened fact")
    follow(desk.page, desk.link("This edition as JSON"))
    expect(desk.page).to_have_url(f"{desk.own}/{SLUG}/editions/1.json")
    record = json.loads(desk.page.locator("pre").inner_text())
    assert record["topic"]["title"] == TITLE
    assert record["edition"] == 1
    assert {fact["kind"] for fact in record["facts"]} == {"attribute", "event", "summary"}
    assert Edition.objects.get().number == 1
