"""A stand-in for Tavily: POST /search and GET /usage.

    TavilyStub([WebPage("Lamp", "https://lamp.example/", ("A lamp gives light.",))])
    TavilyStub()   # made-up pages for every question

Refusals for `stub.play(...)`: `refusal(status)`, `keyless()`, and those of misbehaving.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.stubs.pages import WebPage, find_pages
from tests.stubs.server import Asked, Reply, StubServer, json_reply

KEY = "tvly-not-a-real-key"
REASONS = {
    400: "Invalid request.",
    401: "Unauthorized: missing or invalid API key.",
    403: "This key may not use this endpoint.",
    429: "Your request has been blocked due to excessive requests.",
    432: "This request exceeds your plan's set usage limit.",
    433: "This request exceeds the pay-as-you-go limit.",
    500: "Internal server error.",
}


class TavilyStub(StubServer):
    """A search. `depth` is what it says that it searched with by itself; `usage` what it says is used."""

    def __init__(self, pages: Sequence[WebPage] | None = None, *, depth: str = "") -> None:
        super().__init__(self.answer)
        self.pages, self.depth, self.edition = pages, depth, 1
        self.usage: dict[str, Any] = {
            "key": {"usage": 150, "limit": None},
            "account": {"current_plan": "Researcher", "plan_usage": 150, "plan_limit": 1000},
        }

    def answer(self, asked: Asked) -> Reply:
        """Answer a search, or say how much of the plan is used; only for its key."""
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return refusal(401)
        if asked.path == "/usage":
            return json_reply(self.usage)
        if asked.path != "/search" or asked.method != "POST":
            return json_reply({"detail": "Not Found"}, 404)
        question = asked.json()
        if not question.get("query") or len(question["query"]) > 400:
            return refusal(400)
        pages = list(find_pages(self.pages, question["query"], self.edition))[: question.get("max_results", 5)]
        chosen = {"auto_parameters": {"search_depth": self.depth}} if self.depth else {}
        results = [show(page, place) for place, page in enumerate(pages)]
        head = {"query": question["query"], "follow_up_questions": None, "answer": None, "images": []}
        return json_reply({**head, "results": results, "response_time": 0.5, "request_id": "made-up", **chosen})


def show(page: WebPage, place: int) -> dict[str, Any]:
    """Return a page as a result; its pieces are joined where they were cut."""
    shown = {"title": page.title, "url": page.url, "content": " [...] ".join(page.pieces), "raw_content": None}
    dated = {"published_date": page.at} if page.at else {}
    return {**shown, "score": round(0.9 - place / 10, 2), **dated}


def refusal(status: int, headers: dict[str, str] | None = None, error: str = "") -> Reply:
    """Return a refusal as the service words it."""
    return json_reply({"detail": {"error": error or REASONS[status]}}, status, headers)


def keyless(status: int = 429, seconds: float | None = 30.0, code: str = "rate_limited") -> Reply:
    """Return the envelope of those who ask without a key."""
    error = {"code": code, "message": "Keyless use is over for now.", "window": "day", "next_actions": ["Get a key"]}
    return json_reply({"error": error | ({"retry_after_seconds": seconds} if seconds is not None else {})}, status)
