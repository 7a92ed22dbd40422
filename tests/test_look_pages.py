"""Pages of the look itself, rendered by Django and read by axe in Chromium: both schemes, wide screen and phone."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import include, path

from tests.test_look_browser import CHROMIUM, FLAGS, pytestmark  # noqa: F401  (the marks hold here too)


def view(request: object) -> HttpResponse:
    return HttpResponse()


def name_all(namespace: str, *names: str) -> object:
    return include(([path(f"{name}/", view, name=name) for name in names], namespace))


# The addresses that the frames link to, so that they are tested without the stages behind them.
urlpatterns = [
    path("read/", name_all("read", "index")),
    path("review/", name_all("review", "queue", "topics")),
    path("publish/", name_all("publish", "list")),
    path("research/", name_all("refresh", "fleet")),
    path("admin/", name_all("admin", "index")),
    *(path(f"{name}/", view, name=name) for name in ("account_login", "account_logout", "account_change_password")),
]
USER = SimpleNamespace(
    pk=1, is_authenticated=True, is_staff=True, get_full_name=lambda: "Sample editor", get_username=lambda: "sample"
)
PERMS = {"dossiers": {"see_desk": True, "publish_dossier": True}}
PAGES = ("style", "400", "403", "403_csrf", "404", "409", "410", "429", "500")


class Answers(BaseHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        static = finders.find(self.path.removeprefix("/static/")) if self.path.startswith("/static/") else None
        body = open(static, "rb").read() if static else self.server.pages.get(self.path, "").encode()  # noqa: SIM115
        kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", f"{kinds.get(self.path.rsplit('.')[-1], 'text/html')}; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site(settings) -> Iterator[str]:
    settings.ROOT_URLCONF = __name__
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    context = {"user": USER, "perms": PERMS, "section": "queue"}
    server.pages = {f"/{page}": render_to_string(f"{page}.html", context) for page in PAGES}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_overflows(playwright, site: str, scheme: str, width: int) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
    tab = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("response", lambda answer: faults.append(answer.url) if answer.status >= 400 else None)
    for page in PAGES:
        tab.goto(f"{site}/{page}")
        tab.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
        found = Axe().run(tab).response["violations"]
        faults += [f"{page}: {each['id']}: {each['nodes'][0]['html']}" for each in found]
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, page
    browser.close()
    assert faults == []


def test_the_desk_frame_shows_only_what_the_visitor_may_do(site: str) -> None:
    stranger = SimpleNamespace(pk=None, is_authenticated=False, is_staff=False)
    page = render_to_string("base.html", {"user": stranger, "perms": {}})
    assert "/publish/list/" not in page
    assert "/review/topics/" not in page
    assert "/research/fleet/" not in page
    assert "/admin/index/" not in page
    assert "/account_login/" in page
