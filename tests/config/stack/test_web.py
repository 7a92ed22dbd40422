"""The readiness probe: only our own instance counts as ready."""

import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config.stack.errors import StackError
from config.stack.options import Options
from config.stack.processes import Child
from config.stack.web import probe, wait_for_web


class Answer(BaseHTTPRequestHandler):
    """Answers every request like an instance, and remembers what it was asked."""

    token, status = "another", 200
    asked: dict[str, str] = {}

    def do_GET(self) -> None:
        type(self).asked = {"path": self.path, **self.headers}
        self.send_response(self.status)
        self.send_header("X-Instance", self.token)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def instance() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def child(tmp_path) -> Iterator[Child]:
    child = Child(
        "web", [sys.executable, "-c", "import time; time.sleep(60)"], dict(os.environ), tmp_path / "l", tmp_path
    )
    child.start()
    yield child
    child.kill()


def test_our_own_instance_is_ready(instance, child, tmp_path):
    options = Options(tmp_path, port=instance.server_port)
    wait_for_web(child, options, "another", 5.0)
    assert Answer.asked["path"] == "/readyz"


def test_another_instance_on_the_port_is_not_taken_for_ours(instance, child, tmp_path):
    with pytest.raises(StackError, match=f"port {instance.server_port} is in use by another instance; set PORT="):
        wait_for_web(child, Options(tmp_path, port=instance.server_port), "ours", 5.0)


def test_the_probe_comes_as_the_site_it_is(instance, tmp_path):
    options = Options(tmp_path, host="0.0.0.0", port=instance.server_port, site_url="https://dossiers.example.org")  # noqa: S104
    assert probe(options) == (200, "another")
    assert (Answer.asked["Host"], Answer.asked["X-Forwarded-Proto"]) == ("dossiers.example.org", "https")


def test_a_web_server_that_ends_is_shown_with_its_log(tmp_path):
    child = Child("web", [sys.executable, "-c", "print('no settings')"], dict(os.environ), tmp_path / "log", tmp_path)
    child.start()
    with pytest.raises(StackError, match=r"(?s)ended while starting \(exit status 0\).*no settings"):
        wait_for_web(child, Options(tmp_path, port=1), "ours", 20.0)


def test_a_web_server_that_never_gets_ready_is_given_up(child, tmp_path):
    with pytest.raises(StackError, match=r"not ready within 0 s \(no answer\)"):
        wait_for_web(child, Options(tmp_path, port=1), "ours", 0.2)
