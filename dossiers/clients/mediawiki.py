"""The encyclopedia: takes a title, a pinned page or search words, leaves an introduction, or what may be meant.

Speaks the Action API of MediaWiki with TextExtracts and PageProps. A page of meanings is never a text.
"""

import re
from typing import Any

from dossiers.clients.base import Context, FetchResult, Health, Outcome, Policy, Query
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Client, ask, check_health
from dossiers.clients.mediawiki_pages import (
    Page,
    find_title_of,
    make_candidate,
    make_found,
    read_hits,
    read_links,
    read_page,
)
from dossiers.clients.wikimedia import call_api, check_api, clean_language, localise

PAGE: dict[str, str | int] = {
    "action": "query",
    "redirects": 1,
    "prop": "extracts|info|revisions|pageprops|coordinates",
    "exintro": 1,
    "explaintext": 1,
    "inprop": "url",
    "rvprop": "ids|timestamp",
    "ppprop": "disambiguation|wikibase_item|wikibase-shortdesc",
}
PROPERTIES: dict[str, str | int] = {"prop": "pageprops", "ppprop": PAGE["ppprop"], "redirects": 1}
NO_TITLE = re.compile(r"[|<>\[\]{}\x00-\x1f\x7f]")  # signs that no title has; the first would make two of one
ITEM = re.compile(r"wikidata:(Q[1-9]\d{0,14})")
LINKS: dict[str, str | int] = {"generator": "links", "gplnamespace": 0, "gpllimit": 50}
HITS = 10
GAPS = {
    "missing": "{name} has no page “{title}”.",
    "foreign": "“{title}” leads to another wiki.",
    "other": "“{title}” is not an article of {name}.",
    "blank": "The page “{title}” of {name} has no introduction to read.",
    "disambiguation": "“{title}” has several meanings at {name}.",
}


class MediaWiki:
    """Adapter to one wiki, or to the wikis of all languages of Wikipedia."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def fetch(self, query: Query, context: Context) -> FetchResult:
        """Answer kind "page" with a text or candidates, kind "search" with candidates."""
        if query.kind not in {"page", "search"}:
            return FetchResult(Outcome.BAD_REQUEST, message=f"{self.policy.name} is not asked for {query.kind}.")
        return ask(self.policy, context, lambda client: Lookup(client, query, context).run())

    def health(self) -> Health:
        """Ask for the wiki's name."""
        return check_health(self.policy, check_api)


class Lookup:
    """One question to one wiki."""

    def __init__(self, client: Client, query: Query, context: Context) -> None:
        self.client, self.query, self.is_urgent = client, query, context.is_urgent
        self.policy = client.policy
        self.language, self.title = _read_pin(query)
        self.url = localise(self.policy.base_url, self.language)

    def run(self) -> FetchResult:
        """Ask, and say what was found."""
        if self.query.kind == "search":
            candidates = read_hits(self._call(self._search("list", "sr")), self.language)
            return FetchResult(Outcome.OK if candidates else Outcome.EMPTY, candidates=candidates)
        pinned = ITEM.fullmatch(self.query.key)
        page = self._find(self.title)
        if pinned and page.item != pinned[1]:
            page = self._find_item(pinned[1]) or page
            if page.item != pinned[1]:
                return self._report_other(page, pinned[1])
        return self._conclude(page)

    def _call(self, params: dict[str, str | int]) -> dict[str, Any]:
        return call_api(self.client, self.url, {"action": "query", **params}, is_urgent=self.is_urgent)

    def _search(self, place: str, prefix: str, most: int = 0) -> dict[str, str | int]:
        limit = most or max(1, min(self.query.limit, 50))
        return {place: "search", f"{prefix}search": self.query.text, f"{prefix}limit": limit, f"{prefix}namespace": 0}

    def _find(self, title: str) -> Page:
        """Ask for one title. Raises ServiceError where the answer says nothing of it."""
        if not title or NO_TITLE.search(title) or len(title.encode()) > 255:
            return Page("missing", title)
        page = read_page(self._call({**PAGE, "titles": title}), title)
        if page is None:
            raise ServiceError(Outcome.INVALID, f"{self.policy.name} did not say whether it has “{title}”.")
        return page

    def _find_item(self, item: str) -> Page | None:
        """Look for the page of an item among the hits for the words: the wiki itself has no index of items."""
        data = self._call({**self._search("generator", "gsr", HITS), **PROPERTIES})
        title = find_title_of(data, item)
        return self._find(title) if title else None

    def _conclude(self, page: Page) -> FetchResult:
        if page.kind == "text":
            return FetchResult(Outcome.OK, found=(make_found(page, self.policy, self.language, self.url),))
        message = GAPS[page.kind].format(name=self.policy.name, title=page.title or self.title)
        if page.kind == "disambiguation":
            links = self._call({**PROPERTIES, **LINKS, "titles": page.title})
            candidates = read_links(links, page.title, self.language, max(self.query.limit, 1))
            return FetchResult(Outcome.PARTIAL, candidates=candidates, message=message)
        if page.kind == "blank":
            return FetchResult(Outcome.PARTIAL, candidates=(make_candidate(page, self.language),), message=message)
        return FetchResult(Outcome.EMPTY, message=message)

    def _report_other(self, page: Page, wanted: str) -> FetchResult:
        """Say that the page is about something else than what an editor chose; its text is not kept."""
        if page.kind not in {"text", "blank"}:
            message = f"{self.policy.name} shows no page of {wanted} under “{self.query.text}”."
            return FetchResult(Outcome.EMPTY, message=message)
        message = f"The page “{page.title}” of {self.policy.name} is about {page.item or 'no item'}, not {wanted}."
        return FetchResult(Outcome.PARTIAL, candidates=(make_candidate(page, self.language),), message=message)


def _read_pin(query: Query) -> tuple[str, str]:
    """Return the language and the title to ask for: those of a pinned page, else the question's own."""
    parts = query.key.split(":", 2)
    if len(parts) == 3 and parts[0] == "wikipedia":
        return clean_language(parts[1]), parts[2].strip()
    return clean_language(query.language), query.text.partition("#")[0].strip()
