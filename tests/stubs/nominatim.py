"""A stand-in for Nominatim: /search, /lookup and /status, in format jsonv2.

    NominatimStub([make_hit("Lamp Hill", "node", 7, "natural", "peak")])
    NominatimStub()   # one made-up place for every name

Refusals for `stub.play(...)`: `error(code)`, `blocked()`, and those of misbehaving.py.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence
from typing import Any

from tests.stubs.inventing import invent
from tests.stubs.server import Asked, Reply, StubServer, json_reply, status_reply

PLACE_IDS = itertools.count(200_000_001)  # never the same twice, as the service warns
POI = frozenset({"shop", "office", "amenity", "tourism"})


class NominatimStub(StubServer):
    """A geocoder that finds every place whose name holds the question."""

    def __init__(self, hits: Sequence[dict[str, Any]] | None = None) -> None:
        super().__init__(self.answer)
        self.hits, self.status, self.edition = hits, 0, 1

    def answer(self, asked: Asked) -> Reply:
        """Answer a search, a look-up by ids, or how the service is."""
        params = asked.params
        if asked.path == "/status":
            return json_reply({"status": self.status, "message": "OK" if self.status == 0 else "Query failed"})
        if params.get("format") != "jsonv2":
            return error(400)
        if asked.path == "/lookup":
            ids = params["osm_ids"].split(",")
            return json_reply([show(hit) for hit in self.hits or () if make_id(hit) in ids])
        if asked.path == "/search":
            return json_reply([show(hit) for hit in self.search(params)][: int(params.get("limit", 10))])
        return json_reply({"error": "Not found"}, 404)

    def search(self, params: dict[str, str]) -> list[dict[str, Any]]:
        """Find what bears the name, in the layers that are asked for."""
        question, layers = params["q"], params.get("layer", "address,poi,natural,manmade,railway").split(",")
        hits = [invent_hit(question)] if self.hits is None else self.hits
        found = [hit for hit in hits if question.casefold() in hit["display_name"].casefold()]
        return [hit for hit in found if "poi" in layers or hit["category"] not in POI]


def make_hit(name: str, kind: str, number: int, category: str, type_: str, **more: Any) -> dict[str, Any]:
    """Return a hit of the search; `name` may be a whole address."""
    hit = {
        "osm_type": kind, "osm_id": number, "lat": "49.2619970", "lon": "-123.1223816", "category": category,
        "type": type_, "place_rank": 30, "importance": 9.99999999995449e-06, "addresstype": category,
        "name": name.split(",")[0], "display_name": name, "address": {"country_code": "xx"}, "extratags": None,
        "boundingbox": ["49.26", "49.27", "-123.13", "-123.12"],
        "licence": "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright",
    }  # fmt: skip
    return hit | more


def show(hit: dict[str, Any]) -> dict[str, Any]:
    """Return a hit as the service shows it, under an id that is another every time."""
    return {**hit, "place_id": next(PLACE_IDS)}


def make_id(hit: dict[str, Any]) -> str:
    """Return the id that a look-up asks for, as "W123"."""
    return f"{hit['osm_type'][0].upper()}{hit['osm_id']}"


def invent_hit(name: str) -> dict[str, Any]:
    """Make up the place of a name: the same name is always in the same place."""
    known, number = invent(name), 1 + zlib.crc32(name.casefold().encode())
    where = {"lat": f"{known.latitude:.7f}", "lon": f"{known.longitude:.7f}"}
    tags = {"extratags": {"wikidata": known.item}}
    return make_hit(f"{name}, {known.place}", "node", number, "place", "town", **where, **tags)


def error(code: int, message: str = "Why not.", status: int | None = None) -> Reply:
    """Return a refusal; with `status` 200 it hides behind a success."""
    return json_reply({"error": {"code": code, "message": message}}, code if status is None else status)


def blocked() -> Reply:
    """Refuse whoever asked too much, with a page for browsers."""
    return Reply(403, {"Content-Type": "text/html"}, b"<title>Access blocked</title><p>Usage limit reached")


def too_many(retry_after: str = "0.5") -> Reply:
    """Ask for fewer requests."""
    return status_reply(429, {"Retry-After": retry_after})
