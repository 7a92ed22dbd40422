"""A stand-in for SearXNG: GET /search?format=json.

    SearxngStub([WebPage("Lamp", "https://lamp.example/", ("A lamp gives light.",))], silent=[["one", "timeout"]])
    SearxngStub()   # made-up pages for every question

`has_json = False` is how it is installed: answers for browsers only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from tests.stubs.pages import WebPage, find_pages
from tests.stubs.server import Asked, Reply, StubServer, json_reply


class SearxngStub(StubServer):
    """A search over made-up engines; `silent` are those that do not answer, each with its reason."""

    def __init__(self, pages: Sequence[WebPage] | None = None, *, silent: Sequence[Any] = ()) -> None:
        super().__init__(self.answer)
        self.pages, self.silent, self.has_json, self.edition = pages, list(silent), True, 1
        self.searches = 0

    def answer(self, asked: Asked) -> Reply:
        """Answer a search, if there are words to search for."""
        if asked.path != "/search" or not self.has_json or asked.params.get("format") != "json":
            status = 404 if asked.path != "/search" else 403
            return Reply(status, {"Content-Type": "text/html"}, b"<title>Forbidden</title>")
        if not asked.params.get("q"):
            return json_reply({"error": "No query"}, 400)
        self.searches += 1
        pages = find_pages(self.pages, asked.params["q"], self.edition)
        found = {"query": asked.params["q"], "number_of_results": 0, "results": [show(page) for page in pages]}
        rest = {"answers": [], "corrections": [], "infoboxes": [], "suggestions": []}
        return json_reply({**found, **rest, "unresponsive_engines": self.silent})


def show(page: WebPage) -> dict[str, Any]:
    """Return a page as a result of an engine."""
    shown = {"url": page.url, "title": page.title, "content": " ".join(page.pieces), "publishedDate": page.at}
    engine = {"engine": "one", "engines": ["one"], "positions": [1], "score": 1.0, "category": "general"}
    return {**shown, **engine, "template": "default.html", "parsed_url": list(urlsplit(page.url)), "thumbnail": ""}
