"""A stand-in for Wikibase's part of the Action API, and makers of the JSON that its statements are.

    WikidataStub([item("Q7", "lamp", "source of light", P571=[claim(time("+1879-00-00T00:00:00Z", 9))])])
    WikidataStub(invents=True)   # an item for every name and number

The API is at `stub.api`; labels of properties and items that nobody gave come from `LABELS`, else there are none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.stubs.inventing import ITEMS, invent, number_item
from tests.stubs.mediawiki import api_error
from tests.stubs.server import Asked, Reply, StubServer, json_reply

GREGORIAN = "http://www.wikidata.org/entity/Q1985727"
JULIAN = "http://www.wikidata.org/entity/Q1985786"
ENTITY = "http://www.wikidata.org/entity/"
LABELS = {
    "P31": "instance of",
    "P112": "founded by",
    "P276": "location",
    "P571": "inception",
    "P585": "point in time",
    "P625": "coordinate location",
    "P1082": "population",
    "P2067": "mass",
    "P2124": "member count",
    "Q43229": "organization",
    "Q11570": "kilogram",
}


def item(key: str, label: str = "", description: str = "", **claims: list[dict[str, Any]]) -> dict[str, Any]:
    """Return an item in English; claims are given by property."""
    for name, given in claims.items():
        for number, made in enumerate(given):
            made["mainsnak"]["property"] = name
            made["id"] = f"{key}${name}-{number}"
    return {
        "type": "item",
        "id": key,
        "lastrevid": 77,
        "modified": "2026-04-01T08:30:00Z",
        "labels": {"en": {"language": "en", "value": label}} if label else {},
        "descriptions": {"en": {"language": "en", "value": description}} if description else {},
        "aliases": {},
        "sitelinks": {},
        "claims": claims,
    }


def claim(
    snak: dict[str, Any],
    *,
    rank: str = "normal",
    qualifiers: dict[str, list[dict[str, Any]]] | None = None,
    references: Iterable[dict[str, list[dict[str, Any]]]] = (),
) -> dict[str, Any]:
    """Return a statement. Qualifiers and references are given by property."""
    made: dict[str, Any] = {"type": "statement", "rank": rank, "mainsnak": snak}
    if qualifiers:
        made |= {"qualifiers": qualifiers, "qualifiers-order": list(qualifiers)}
    given = list(references)
    if given:
        made["references"] = [{"hash": str(number), "snaks": snaks} for number, snaks in enumerate(given)]
    return made


def snak(datatype: str, kind: str, value: Any) -> dict[str, Any]:
    """Return a value as Wikibase wraps it."""
    return {"snaktype": "value", "datatype": datatype, "datavalue": {"type": kind, "value": value}}


def no_snak(snaktype: str, datatype: str) -> dict[str, Any]:
    """Return a snak without a value: somevalue or novalue."""
    return {"snaktype": snaktype, "datatype": datatype}


def link(key: str) -> dict[str, Any]:
    """Return an item value."""
    return snak("wikibase-item", "wikibase-entityid", {"entity-type": "item", "id": key, "numeric-id": int(key[1:])})


def time(text: str, precision: int = 11, calendar: str = GREGORIAN) -> dict[str, Any]:
    """Return a time value."""
    value = {"time": text, "timezone": 0, "before": 0, "after": 0, "precision": precision, "calendarmodel": calendar}
    return snak("time", "time", value)


def quantity(amount: str, unit: str = "", **bounds: str) -> dict[str, Any]:
    """Return a quantity value; `unit` is an item."""
    return snak("quantity", "quantity", {"amount": amount, "unit": f"{ENTITY}{unit}" if unit else "1", **bounds})


def place(latitude: float, longitude: float, globe: str = "Q2") -> dict[str, Any]:
    """Return a coordinate value."""
    value = {"latitude": latitude, "longitude": longitude, "altitude": None, "precision": 0.0001}
    return snak("globe-coordinate", "globecoordinate", {**value, "globe": f"{ENTITY}{globe}"})


def words(text: str, language: str = "en") -> dict[str, Any]:
    """Return a text value in a language."""
    return snak("monolingualtext", "monolingualtext", {"text": text, "language": language})


def string(text: str, datatype: str = "string") -> dict[str, Any]:
    """Return a bare text value: a string, an external-id, a url, a file."""
    return snak(datatype, "string", text)


class WikidataStub(StubServer):
    """A knowledge base. `merged`: item -> the item it was merged into; `hits`: what a search for a name gives."""

    def __init__(
        self,
        items: Iterable[dict[str, Any]] = (),
        *,
        labels: dict[str, str] | None = None,
        merged: dict[str, str] | None = None,
        hits: dict[str, list[dict[str, Any]]] | None = None,
        invents: bool = False,
    ) -> None:
        super().__init__(self.answer)
        self.items = {entity["id"]: entity for entity in items}
        self.labels = LABELS | (labels or {})
        self.merged, self.hits, self.invents, self.edition = merged or {}, hits or {}, invents, 1
        self.api = f"{self.url}/w/api.php"

    def answer(self, asked: Asked) -> Reply:
        """Answer wbsearchentities, wbgetentities and siteinfo."""
        params = asked.params
        if params.get("meta") == "siteinfo":
            return json_reply({"query": {"general": {"sitename": "Stand-in"}}})
        if params.get("action") == "wbsearchentities":
            found = self.search(params["search"])[: int(params["limit"])]
            return json_reply({"searchinfo": {"search": params["search"]}, "search": found, "success": 1})
        keys = params.get("ids", "").split("|")
        if len(keys) > 50:
            return api_error("toomanyvalues")
        if any(key[:1] not in {"P", "Q"} or not key[1:].isdigit() for key in keys):
            return api_error("no-such-entity")
        if params.get("props") == "labels":
            return json_reply({"entities": {key: self.show_label(key) for key in keys}, "success": 1})
        return json_reply({"entities": dict(self.show(key) for key in keys), "success": 1})

    def search(self, name: str) -> list[dict[str, Any]]:
        """Return the hits for a name: those that were given, else the items of that label, else a made-up one."""
        if name in self.hits:
            return self.hits[name]
        named = [(key, self.find_label(entity)) for key, entity in self.items.items()]
        found = [hit(key, label) for key, label in named if label.casefold().startswith(name.casefold())]
        return found or ([hit(number_item(name), name)] if self.invents else [])

    def find_label(self, entity: dict[str, Any]) -> str:
        """Return an item's English label."""
        return str(entity["labels"].get("en", {}).get("value", ""))

    def show(self, key: str) -> tuple[str, dict[str, Any]]:
        """Return an item, the one it was merged into, or that it is missing."""
        target = self.merged.get(key, key)
        entity = self.items.get(target) or (self.make_up(target) if self.invents else None)
        if entity is None:
            return key, {"id": key, "missing": ""}
        return target, entity if target == key else {**entity, "redirects": {"from": key, "to": target}}

    def show_label(self, key: str) -> dict[str, Any]:
        """Return what something is called."""
        entity = self.items.get(key)
        label = self.labels.get(key) or (self.find_label(entity) if entity else "") or ITEMS.get(key, "")
        labels = {"en": {"language": "en", "value": label}} if label else {}
        return {"type": "property" if key.startswith("P") else "item", "id": key, "labels": labels}

    def make_up(self, key: str) -> dict[str, Any]:
        """Return the item of a number: of the name that was asked for before, else of one made up from the number."""
        title = ITEMS.get(key, f"Thing {key[1:]}")
        known = invent(title, self.edition)
        founder, where = number_item(known.founder), number_item(known.place)
        copied = [{"P143": [link("Q328")]}]
        made = item(
            key,
            title,
            f"organization in {known.place}",
            P31=[claim(link("Q43229"))],
            P112=[claim(link(founder), references=[{"P854": [string("https://example.org/a", "url")]}])],
            P276=[claim(link(where), references=copied)],
            P571=[claim(time(f"+{known.year}-00-00T00:00:00Z", 9))],
            P625=[claim(place(known.latitude, known.longitude))],
            P2124=[claim(quantity(f"+{known.members}"), qualifiers={"P585": [time("+2020-00-00T00:00:00Z", 9)]})],
        )
        made["lastrevid"] = self.edition
        made["sitelinks"] = {"enwiki": {"site": "enwiki", "title": title}}
        return made


def hit(key: str, label: str, description: str = "", match: str = "label", text: str = "") -> dict[str, Any]:
    """Return a search's hit."""
    found = {"id": key, "title": key, "match": {"type": match, "language": "en", "text": text or label}}
    found |= {"label": label} if label else {}
    return found | ({"description": description} if description else {})
