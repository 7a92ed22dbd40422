"""Pages that the stand-ins of web searches find: written by a test, or made up for any question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.stubs.inventing import invent

HOSTS = ("www.gazette.example", "archive.example", "notes.gallery.example")


@dataclass(frozen=True)
class WebPage:
    """One page with the pieces of its text that a search shows; `at` is a time as the service writes it."""

    title: str
    url: str
    pieces: tuple[str, ...] = ()
    at: str | None = None


def invent_pages(question: str, edition: int = 1) -> list[WebPage]:
    """Make up what a search finds: the same question gives the same pages, a later edition changes one in ten."""
    known = invent(question, edition)
    told = [
        (f"{question} was founded in {known.year}.", f"It has {known.members} members."),
        ("since then more of them came.", f"{known.founder} opened the hall of {question} in {known.year + 3}."),
        (f"{question} moved to {known.place} in {known.year + 8}.",),
    ]
    slug = "-".join("".join(c if c.isalnum() else " " for c in question.lower()).split())[:80] or "page"
    return [
        WebPage(f"{question} ({host})", f"https://{host}/{slug}", pieces, f"{known.year + 30}-05-04T10:00:00")
        for host, pieces in zip(HOSTS, told, strict=True)
    ]


def find_pages(pages: Sequence[WebPage] | None, question: str, edition: int) -> Iterable[WebPage]:
    """Return the written pages, or made-up ones where none were."""
    return invent_pages(question, edition) if pages is None else pages
