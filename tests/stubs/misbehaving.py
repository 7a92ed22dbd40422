"""Answers that no service should give and every client has to survive."""

from __future__ import annotations

import gzip
import io

from tests.stubs.server import Reply, drip

JSON = {"Content-Type": "application/json"}
CHALLENGE = b"<!doctype html><title>Just a moment</title><p>Enable JavaScript and cookies to continue."


def challenge_page(status: int = 200) -> Reply:
    """Return a page for browsers where JSON was asked for."""
    return Reply(status, {"Content-Type": "text/html; charset=utf-8"}, CHALLENGE)


def challenge_page_as_json() -> Reply:
    """Return a page for browsers that says it is JSON."""
    return Reply(200, dict(JSON), CHALLENGE)


def malformed_json() -> Reply:
    """Return JSON that ends in the middle."""
    return Reply(200, dict(JSON), b'{"query": {"pages": [')


def wrong_type(kind: str = "text/plain") -> Reply:
    """Return good JSON under another type."""
    return Reply(200, {"Content-Type": kind}, b"{}")


def slow_body(pause: float = 0.05) -> Reply:
    """Return a body that comes drop by drop, each sooner than any single wait would notice."""
    return Reply(200, dict(JSON), parts=drip(b'{"text": "', b"a", pause))


def slow_headers(pause: float = 0.05) -> Reply:
    """Return headers that come drop by drop and never end."""
    return Reply(raw=drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a", pause))


def endless_body() -> Reply:
    """Return a body that comes as fast as it is taken and never ends."""
    return Reply(200, dict(JSON), parts=drip(b'{"text": "', b"a" * 65536, 0.0))


def gzip_bomb(size: int = 200_000_000) -> Reply:
    """Return a small body that unpacks to a large one."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream:
        for _ in range(size // 1_000_000):
            stream.write(b" " * 1_000_000)
    return Reply(200, {**JSON, "Content-Encoding": "gzip"}, packed.getvalue())


def not_gzip() -> Reply:
    """Return a plain body that says it is packed."""
    return Reply(200, {**JSON, "Content-Encoding": "gzip"}, b'{"a": 1}')


def huge_headers(size: int = 300_000) -> Reply:
    """Return more headers than anybody needs."""
    return Reply(200, {**JSON, "X-Large": "a" * size}, b"{}")


def cut_body() -> Reply:
    """Return less than the length that was announced, and hang up."""
    return Reply(raw=[b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"])


def no_answer() -> Reply:
    """Hang up without a word."""
    return Reply(raw=[])


def not_http() -> Reply:
    """Answer in another protocol."""
    return Reply(raw=[b"SSH-2.0-OpenSSH_9.2\r\n"])


def redirect(location: str, status: int = 302) -> Reply:
    """Send the client elsewhere."""
    return Reply(status, {"Location": location})
