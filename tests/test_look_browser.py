"""The desk's scripts in a real browser, under the product's content security policy, on pages of their own."""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox --disable-quic --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run --disable-dev-shm-usage --disable-gpu"
)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not CHROMIUM and os.environ.get("E2E") != "1", reason="there is no Chromium here"),
]

# 𝒯 is two UTF-16 units and one code point; the joint stands for five characters of the capture.
CAPTURE = "The 𝒯 dome was closed. Rain fell.[...]It opened in May."
PASSAGE = (
    '<blockquote id="passage" data-pickable data-capture="7" data-passage-start="100">The 𝒯 dome <mark>was closed'
    '</mark>. Rain fell.<span class="joint" data-skip="5">cut</span>It opened in May.</blockquote>'
)


def make_form(address: str, *, key: str = "amend") -> str:
    return (
        f'<form id="{key}" method="post" action="{address}" hx-post="{address}" hx-target="#card" data-draft="{key}">'
        '<input name="note" aria-label="Note"><textarea name="exact" aria-label="Quote" data-quote="exact"></textarea>'
        '<input type="hidden" name="capture" data-quote="capture"><input type="hidden" name="start" data-quote="start">'
        '<input type="hidden" name="end" data-quote="end"><div data-pick-list></div><button>Save</button></form>'
    )


def make_page(body: str) -> str:
    frame = (ROOT / "templates" / "base.html").read_text()
    config = re.search(r"<meta name=\"htmx-config\".*?>", frame)
    dialog = re.sub(r"{#.*?#}", "", (ROOT / "templates" / "_keys_help.html").read_text())
    assert config is not None
    scripts = "".join(f'<script src="/{name}" defer></script>' for name in ("htmx-2.js", "app.js", "quotes.js"))
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Test</title>{config[0]}{scripts}</head>'
        f'<body data-user="1" data-sign-in="/sign-in"><div id="notices" role="status"></div>{body}'
        f'<button data-open-dialog="keys-help" data-key="?" data-key-label="Show this help">Keys</button>'
        f'<div id="announcer" role="status"></div>{dialog}</body></html>'
    )


class Desk(ThreadingHTTPServer):
    """A stand-in for the server: every POST is noted, and its path says how it is answered."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.pages: dict[str, str] = {}
        self.posts: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Desk

    def log_message(self, *args: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        name = self.path.split("?")[0]
        if name.endswith(".js"):
            self.send(200, find_script(name[1:]), kind="text/javascript")
        elif name in self.server.pages:
            self.send(200, self.server.pages[name])
        else:
            self.send(404, "")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append(self.path)
        self.server.gate.wait(10)
        if self.path == "/ok":
            self.send(200, '<div id="card" data-announce="Next: claim 2"><h2 tabindex="-1">Claim 2</h2></div>')
        elif self.path == "/conflict":
            self.send(409, f'<div id="card"><h2 tabindex="-1">Changed meanwhile</h2>{make_form("/conflict")}</div>')
        elif self.path == "/signed-out":
            self.send(200, "", redirect="/sign-in?next=/")
        else:
            self.send(500, "<main><p data-notice>The server made a mistake.</p></main>")

    def send(self, status: int, body: str, *, kind: str = "text/html", redirect: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'self'")
        if redirect:
            self.send_header("HX-Redirect", redirect)
        self.end_headers()
        self.wfile.write(body.encode())


def find_script(name: str) -> str:
    package = find_spec("django_htmx")
    assert package is not None
    assert package.origin is not None
    own = ROOT / "dossiers" / "static" / "dossiers" / name
    return (own if own.is_file() else Path(package.origin).parent / "static" / "django_htmx" / name).read_text()


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
    yield browser
    browser.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    server = Desk()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.gate.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def tab(chromium: Browser, desk: Desk) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert faults == []


def open_desk(tab: Page, desk: Desk, body: str) -> None:
    desk.pages["/"] = make_page(body)
    tab.goto(desk.url + "/")


def read_quote(tab: Page) -> tuple[str, str, str, str]:
    return tuple(
        tab.eval_on_selector(f'[data-quote="{name}"]', "e => e.value") for name in ("exact", "capture", "start", "end")
    )


KEYED = '<a id="go" href="#gone" data-key="a" data-key-label="Approve">Approve</a><input aria-label="Words">'


def test_a_single_key_acts_but_not_while_typing(tab: Page, desk: Desk) -> None:
    open_desk(tab, desk, KEYED)
    tab.get_by_label("Words").press("a")
    assert tab.evaluate("location.hash") == ""
    tab.evaluate("document.activeElement.blur()")
    tab.keyboard.press("Control+a")
    assert tab.evaluate("location.hash") == ""
    tab.keyboard.press("a")
    expect(tab).to_have_url(f"{desk.url}/#gone")


def test_the_help_lists_keys_and_can_switch_them_off(tab: Page, desk: Desk) -> None:
    open_desk(tab, desk, KEYED)
    tab.keyboard.press("?")
    assert tab.locator("[data-keys-list] dd").all_inner_texts() == ["Approve", "Show this help"]
    tab.get_by_label("Single-key shortcuts are on").uncheck()
    tab.get_by_role("button", name="Close").click()
    tab.reload()
    tab.keyboard.press("a")
    assert tab.evaluate("location.hash") == ""
    tab.get_by_role("button", name="Keys").click()
    tab.get_by_label("Single-key shortcuts are on").check()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_be_hidden()
    tab.keyboard.press("a")
    expect(tab).to_have_url(f"{desk.url}/#gone")


def test_opening_a_decision_puts_the_keyboard_into_its_form(tab: Page, desk: Desk) -> None:
    form = '<summary data-key="r">Reject</summary><select aria-label="Reason"></select>'
    action = f'<details class="action"{{}}>{form}</details>'
    open_desk(tab, desk, action.format(""))
    tab.keyboard.press("r")
    expect(tab.get_by_label("Reason")).to_be_focused()
    open_desk(tab, desk, action.format(" open"))
    tab.wait_for_timeout(100)
    expect(tab.get_by_label("Reason")).not_to_be_focused()


SELECT = """([from, to]) => {
  const texts = []; const walker = document.createTreeWalker(document.getElementById("passage"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode);
  const find = (words, atEnd) => {
    const text = texts.find((one) => one.data.includes(words));
    return [text, text.data.indexOf(words) + (atEnd ? words.length : 0)];
  };
  const range = document.createRange(); range.setStart(...find(from, false)); range.setEnd(...find(to, true));
  getSelection().removeAllRanges(); getSelection().addRange(range); }"""


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("dome", "closed", "dome was closed"),
        ("𝒯", "𝒯", "𝒯"),
        (" Rain", "fell.", "Rain fell."),
        ("Rain", "opened", "Rain fell."),  # A quote never crosses a joint.
        ("It", "May", "It opened in May"),
    ],
)
def test_selecting_words_fills_a_quote_with_code_point_offsets(
    tab: Page, desk: Desk, first: str, last: str, expected: str
) -> None:
    open_desk(tab, desk, PASSAGE + make_form("/ok"))
    tab.evaluate(SELECT, [first, last])
    expect(tab.get_by_label("Quote", exact=True)).not_to_have_value("")
    exact, capture, start, end = read_quote(tab)
    assert (exact, capture) == (expected, "7")
    assert CAPTURE[int(start) - 100 : int(end) - 100] == expected


def test_sentences_can_be_picked_with_the_keyboard_and_typing_forgets_offsets(tab: Page, desk: Desk) -> None:
    open_desk(tab, desk, PASSAGE + make_form("/ok"))
    buttons = tab.locator("[data-pick-list] button")
    assert buttons.all_inner_texts() == ["The 𝒯 dome was closed.", "Rain fell.", "It opened in May."]
    buttons.nth(2).press("Enter")
    exact, _, start, end = read_quote(tab)
    assert CAPTURE[int(start) - 100 : int(end) - 100] == exact == "It opened in May."
    tab.get_by_label("Quote", exact=True).press_sequentially("x")
    assert read_quote(tab)[1:] == ("", "", "")


def test_typing_survives_a_reload_until_it_is_discarded(tab: Page, desk: Desk) -> None:
    open_desk(tab, desk, make_form("/ok"))
    tab.get_by_label("Note").press_sequentially("half a sentence")
    tab.reload()
    expect(tab.get_by_label("Note")).to_have_value("half a sentence")
    tab.get_by_role("button", name="Discard it").click()
    tab.reload()
    expect(tab.get_by_label("Note")).to_have_value("")


def test_a_draft_never_puts_back_what_nobody_touched(tab: Page, desk: Desk) -> None:
    form = make_form("/ok").replace("<textarea", '<input name="value" aria-label="Value" value="three"><textarea')
    open_desk(tab, desk, form)
    tab.get_by_label("Note").press_sequentially("mine")
    open_desk(tab, desk, form.replace("three", "four"))
    expect(tab.get_by_label("Note")).to_have_value("mine")
    expect(tab.get_by_label("Value")).to_have_value("four")


def test_typing_survives_a_conflict_and_a_lost_session(tab: Page, desk: Desk) -> None:
    open_desk(tab, desk, f'<div id="card">{make_form("/conflict")}</div>')
    tab.get_by_label("Note").press_sequentially("mine")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("heading", name="Changed meanwhile").wait_for()
    expect(tab.get_by_label("Note")).to_have_value("mine")
    expect(tab.get_by_role("heading", name="Changed meanwhile")).to_be_focused()
    open_desk(tab, desk, f'<div id="card">{make_form("/signed-out")}</div>')
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("link", name="Sign in again").wait_for()
    expect(tab.get_by_label("Note")).to_have_value("mine")
    assert "session has ended" in tab.locator("#notices").inner_text()


def test_success_moves_on_announces_and_forgets_the_draft(tab: Page, desk: Desk) -> None:
    open_desk(tab, desk, f'<div id="card">{make_form("/ok")}</div>')
    tab.get_by_label("Note").press_sequentially("said")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("heading", name="Claim 2").wait_for()
    expect(tab.get_by_role("heading", name="Claim 2")).to_be_focused()
    expect(tab.locator("#announcer")).to_have_text("Next: claim 2")
    tab.reload()
    expect(tab.get_by_label("Note")).to_have_value("")


def test_a_form_is_sent_once_while_its_answer_is_awaited(tab: Page, desk: Desk) -> None:
    open_desk(tab, desk, f'<div id="card">{make_form("/ok")}</div>')
    desk.gate.clear()
    with tab.expect_request("**/ok"):
        tab.evaluate("for (let n = 0; n < 5; n += 1) document.querySelector('#amend button').click()")
    desk.gate.set()
    tab.get_by_role("heading", name="Claim 2").wait_for()
    assert desk.posts == ["/ok"]


def test_a_failure_becomes_a_notice_and_the_form_stays(tab: Page, desk: Desk) -> None:
    open_desk(tab, desk, f'<div id="card">{make_form("/broken")}</div>')
    tab.get_by_label("Note").press_sequentially("kept")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_text("The server made a mistake.").wait_for()
    expect(tab.get_by_label("Note")).to_have_value("kept")
    expect(tab.locator("#amend")).not_to_have_attribute("aria-busy", "true")
