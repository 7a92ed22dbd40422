"""A stand-in for MediaWiki's Action API with TextExtracts, in both format versions.

    MediaWikiStub([WikiPage("Lamp", "A lamp gives light.", item="Q7")], redirects={"Lamps": ("Lamp", "")})
    MediaWikiStub(invents=True)   # a page for every title

The API is at `stub.api`. Refusals for `stub.play(...)`: `maxlag()`, `api_error(code)`, and those of misbehaving.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.stubs.inventing import invent, number_item, write_introduction
from tests.stubs.server import Asked, Reply, StubServer, json_reply


@dataclass(frozen=True)
class WikiPage:
    """One page of the wiki."""

    title: str
    extract: str = ""
    item: str = ""
    is_disambiguation: bool = False
    links: tuple[str, ...] = ()
    coordinates: tuple[float, float] | None = None
    globe: str = "earth"
    revision: int = 1001
    at: str = "2026-05-02T10:00:00Z"
    ns: int = 0
    description: str = ""


class MediaWikiStub(StubServer):
    """A wiki. `redirects`: name -> (title, section); `foreign`: titles of other wikis; `version` forces a format."""

    def __init__(
        self,
        pages: Iterable[WikiPage] = (),
        *,
        redirects: dict[str, tuple[str, str]] | None = None,
        foreign: Iterable[str] = (),
        invents: bool = False,
        version: int | None = None,
    ) -> None:
        super().__init__(self.answer)
        self.pages = {page.title: page for page in pages}
        self.redirects, self.foreign, self.invents = redirects or {}, set(foreign), invents
        self.version, self.edition = version, 1
        self.api = f"{self.url}/w/api.php"

    def answer(self, asked: Asked) -> Reply:
        """Answer action=query: one title, the links of one, a search, or the wiki's name."""
        params = asked.params
        if params.get("meta") == "siteinfo":
            return json_reply({"query": {"general": {"sitename": "Stand-in"}}})
        version = self.version or int(params.get("formatversion", 1))
        if params.get("list") == "search":
            return json_reply({"batchcomplete": True, "query": self.list_hits(params["srsearch"], params["srlimit"])})
        if params.get("generator") == "search":
            found = [page for page in self.pages.values() if is_hit(page, params["gsrsearch"])]
            return json_reply({"query": {"pages": self.shape([self.show(page, version) for page in found], version)}})
        if params.get("generator") == "links":
            linked = [self.show_title(title, version) for title in self.pages[params["titles"]].links]
            return json_reply({"query": {"pages": self.shape(linked, version)}})
        return json_reply({"batchcomplete": True, "query": self.query_title(params.get("titles", ""), version)})

    def list_hits(self, words: str, limit: str) -> dict[str, Any]:
        """Return the pages that hold a word, as a search shows them."""
        found = [page for page in self.pages.values() if is_hit(page, words)]
        mark = f'<span class="searchmatch">{words}</span> &amp; more'
        hits = [{"ns": 0, "title": page.title, "snippet": mark, "wordcount": 12, "size": 99} for page in found]
        return {"searchinfo": {"totalhits": len(found)}, "search": hits[: int(limit)]}

    def query_title(self, asked: str, version: int) -> dict[str, Any]:
        """Return what the API says of one title."""
        query: dict[str, Any] = {}
        title = asked.replace("_", " ")
        title = title[:1].upper() + title[1:]
        if title != asked:
            query["normalized"] = [{"from": asked, "to": title}]
        steps = []
        while title in self.redirects and len(steps) < 5:
            target, section = self.redirects[title]
            steps.append({"from": title, "to": target} | ({"tofragment": section} if section else {}))
            title = target
        if steps:
            query["redirects"] = steps
        if title in self.foreign:
            return query | {"interwiki": [{"title": title, "iw": "fr"}]}
        return query | {"pages": self.shape([self.show_title(title, version)], version)}

    def show_title(self, title: str, version: int) -> dict[str, Any]:
        """Return a page by its title, or that it is missing."""
        page = self.pages.get(title) or (self.make_up(title) if self.invents else None)
        flag: Any = True if version == 2 else ""
        return self.show(page, version) if page else {"ns": 0, "title": title, "missing": flag}

    def make_up(self, title: str) -> WikiPage:
        """Return the page of a title that nobody wrote."""
        known = invent(title, self.edition)
        place = (known.latitude, known.longitude)
        return WikiPage(title, write_introduction(known), number_item(title), coordinates=place, revision=self.edition)

    def show(self, page: WikiPage, version: int) -> dict[str, Any]:
        """Return a page as prop=extracts|info|revisions|pageprops|coordinates shows it."""
        flag: Any = True if version == 2 else ""
        url = f"{self.url}/wiki/{quote(page.title.replace(' ', '_'))}"
        shown: dict[str, Any] = {
            "pageid": 1 + sum(page.title.encode()),
            "ns": page.ns,
            "title": page.title,
            "extract": page.extract,
            "pagelanguage": "en",
            "fullurl": url,
            "canonicalurl": url,
            "lastrevid": page.revision,
            "revisions": [{"revid": page.revision, "parentid": 1, "timestamp": page.at}],
            "pageprops": self.list_properties(page),
        }
        if page.coordinates:
            latitude, longitude = page.coordinates
            place = {"lat": latitude, "lon": longitude, "primary": flag, "globe": page.globe}
            shown["coordinates"] = [place]
        return shown

    def list_properties(self, page: WikiPage) -> dict[str, str]:
        """Return a page's properties."""
        known = {"wikibase_item": page.item, "wikibase-shortdesc": page.description}
        return {name: value for name, value in known.items() if value} | (
            {"disambiguation": ""} if page.is_disambiguation else {}
        )

    def shape(self, pages: list[dict[str, Any]], version: int) -> Any:
        """Return pages as the format version lists them."""
        return pages if version == 2 else {str(page.get("pageid", -1 - at)): page for at, page in enumerate(pages)}


def is_hit(page: WikiPage, words: str) -> bool:
    """Say whether a page holds the words."""
    return words.casefold() in f"{page.title} {page.extract}".casefold()


def api_error(code: str, headers: dict[str, str] | None = None, **more: Any) -> Reply:
    """Return a refusal as the API gives it: with HTTP 200."""
    body = {"error": {"code": code, "info": f"Why {code}", "docref": "See the API's page", **more}, "servedby": "mw1"}
    return json_reply(body, headers={"MediaWiki-API-Error": code, **(headers or {})})


def maxlag(seconds: float, retry_after: str | None = None) -> Reply:
    """Return the refusal of a wiki whose databases lag."""
    info = f"Waiting for 10.64.32.115: {seconds} seconds lagged"
    headers = {"Retry-After": retry_after} if retry_after else {}
    return api_error("maxlag", headers, info=info, lag=seconds, type="db", host="10.64.32.115")
