"""A stand-in for Brave Search: GET /res/v1/web/search.

    BraveStub([WebPage("Lamp", "https://lamp.example/", ("A lamp gives light.", "It is &quot;old&quot;."))])
    BraveStub()   # made-up pages for every question

Refusals for `stub.play(...)`: `too_fast()`, `month_used_up()`, `bad_key()`, `refusal(status)`, and misbehaving.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.stubs.pages import WebPage, find_pages
from tests.stubs.server import Asked, Reply, StubServer, json_reply

KEY = "BSA-not-a-real-key"
LIMITS = {"X-RateLimit-Limit": "1, 15000", "X-RateLimit-Policy": "1;w=1, 15000;w=2592000"}


class BraveStub(StubServer):
    """A search that takes what the service documents, and nothing else."""

    def __init__(self, pages: Sequence[WebPage] | None = None) -> None:
        super().__init__(self.answer)
        self.pages, self.edition = pages, 1

    def answer(self, asked: Asked) -> Reply:
        """Answer a search for its key."""
        params = asked.params
        if asked.path != "/res/v1/web/search":
            return refusal(404, "NOT_FOUND")
        if asked.headers.get("x-subscription-token") != KEY:
            return bad_key()
        question = params.get("q", "")
        is_short = 0 < len(question) <= 400 and len(question.split()) <= 50
        if not is_short or not 1 <= int(params.get("count", 20)) <= 20 or not 0 <= int(params.get("offset", 0)) <= 9:
            return refusal(422, "VALIDATION")
        pages = list(find_pages(self.pages, question, self.edition))[: int(params.get("count", 20))]
        is_decorated = params.get("text_decorations", "true") == "true"
        results = [show(page, is_decorated=is_decorated) for page in pages]
        web = {"web": {"type": "search", "results": results}} if results else {}
        answer = {"type": "search", "query": {"original": question, "more_results_available": False}, **web}
        return json_reply(
            answer, headers={**LIMITS, "X-RateLimit-Remaining": "0, 14999", "X-RateLimit-Reset": "1, 99999"}
        )


def show(page: WebPage, *, is_decorated: bool) -> dict[str, Any]:
    """Return a page as a result: its first piece as the description, the rest as further snippets."""
    description = page.pieces[0] if page.pieces else ""
    shown: dict[str, Any] = {
        "type": "search_result",
        "title": page.title,
        "url": page.url,
        "description": f"<strong>{description}</strong>" if is_decorated else description,
        "age": "May 4, 2020",
    }
    more = {"extra_snippets": list(page.pieces[1:])} if len(page.pieces) > 1 else {}
    return {**shown, **more, **({"page_age": page.at} if page.at else {})}


def refusal(status: int, code: str, detail: str = "Why not.", headers: dict[str, str] | None = None) -> Reply:
    """Return a refusal as the service words it."""
    error = {"id": "made-up", "status": status, "code": code, "detail": detail, "meta": {}}
    return json_reply({"type": "ErrorResponse", "error": error, "time": 1}, status, headers)


def too_fast(reset: str = "1, 1419704", remaining: str = "0, 14523", limit: str = "1, 15000") -> Reply:
    """Refuse for this second only."""
    headers = {**LIMITS, "X-RateLimit-Limit": limit, "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset}
    return refusal(429, "RATE_LIMITED", "Request rate limit exceeded for plan", headers)


def month_used_up(seconds: int = 1_419_704) -> Reply:
    """Refuse until the month ends."""
    return too_fast(f"1, {seconds}", "0, 0")


def bad_key() -> Reply:
    """Refuse a key as this service does: as a request that it cannot process."""
    return refusal(422, "SUBSCRIPTION_TOKEN_INVALID", "The provided subscription token is invalid.")
