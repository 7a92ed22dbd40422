"""The knowledge base: takes a name or a pinned item, leaves its statements as lines of text, or the items it may be.

Speaks Wikibase's part of the Action API. One exact name among the hits is followed; two are a question for a person.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from dossiers.clients.base import Candidate, Context, FetchResult, Found, Health, Outcome, Policy, Query
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Client, ask, check_health
from dossiers.clients.labels import find_labels, list_languages, pick_label
from dossiers.clients.shapes import as_dict, as_line, as_list, as_text, as_time, is_set, list_dicts
from dossiers.clients.wikidata_statements import (
    COORDINATES,
    INSTANCE_OF,
    Statements,
    list_names,
    read_statements,
    write_lines,
)
from dossiers.clients.wikidata_values import EARTH, ITEM, Speller, find_item_of, read_coordinate, read_item
from dossiers.clients.wikimedia import call_api, check_api, clean_language

PIN = re.compile(r"wikidata:(Q[1-9]\d{0,14})")
DISAMBIGUATION = "Q4167410"  # the class of pages that only list meanings
SEARCHED = 20  # hits among which a name must stand alone
ALIASES = 10


class Wikidata:
    """Adapter to Wikidata or another Wikibase."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def fetch(self, query: Query, context: Context) -> FetchResult:
        """Answer kind "search" with candidates, kind "entity" with a text where it is clear which item is meant."""
        if query.kind not in {"entity", "search"}:
            return FetchResult(Outcome.BAD_REQUEST, message=f"{self.policy.name} is not asked for {query.kind}.")
        return ask(self.policy, context, lambda client: Lookup(client, query, context).run())

    def health(self) -> Health:
        """Ask for the site's name."""
        return check_health(self.policy, check_api)


class Lookup:
    """One question to the knowledge base."""

    def __init__(self, client: Client, query: Query, context: Context) -> None:
        self.client, self.query, self.is_urgent = client, query, context.is_urgent
        self.policy, self.language = client.policy, clean_language(query.language)

    def run(self) -> FetchResult:
        """Ask, and say what was found."""
        if self.query.kind == "search":
            candidates = self._search(max(1, min(self.query.limit, 50)))
            return FetchResult(Outcome.OK if candidates else Outcome.EMPTY, candidates=candidates)
        if self.query.key:
            pinned = PIN.fullmatch(self.query.key)
            if not pinned:
                message = f"{self.policy.name} has no item {self.query.key!r}."
                return FetchResult(Outcome.BAD_REQUEST, message=message)
            return self._fetch_item(pinned[1], "key")
        return self._choose(self._search(SEARCHED))

    def _call(self, params: dict[str, str | int]) -> dict[str, Any]:
        return call_api(self.client, self.policy.base_url, params, is_urgent=self.is_urgent)

    def _search(self, limit: int) -> tuple[Candidate, ...]:
        if not self.query.text.strip():
            return ()
        wanted = {"search": self.query.text.strip(), "language": self.language, "uselang": self.language}
        data = self._call({"action": "wbsearchentities", "type": "item", "limit": limit, **wanted})
        return tuple(_read_hit(hit) for hit in list_dicts(data.get("search")) if ITEM.fullmatch(as_text(hit.get("id"))))

    def _choose(self, candidates: tuple[Candidate, ...]) -> FetchResult:
        """Follow the only item of that very name; leave every other case to a person."""
        exact = [candidate for candidate in candidates if _is_exact(candidate, self.query.text)]
        if len(exact) == 1 and exact[0].title.casefold() == self.query.text.strip().casefold():
            return self._fetch_item(exact[0].key.removeprefix("wikidata:"), "label", candidates)
        if not candidates:
            message = f"{self.policy.name} has no item named “{self.query.text}”."
            return FetchResult(Outcome.EMPTY, message=message)
        what = "several items are" if len(exact) > 1 else "no item alone is"
        message = f"At {self.policy.name} {what} named “{self.query.text}”."
        return FetchResult(Outcome.PARTIAL, candidates=(tuple(exact) or candidates)[:10], message=message)

    def _fetch_item(self, item: str, chosen_by: str, candidates: tuple[Candidate, ...] = ()) -> FetchResult:
        languages = list_languages(self.language)
        wanted = {"props": "info|labels|descriptions|aliases|claims|sitelinks", "languages": "|".join(languages)}
        data = self._call({"action": "wbgetentities", "ids": item, **wanted, "sitefilter": self._name_site()})
        entity = _find_entity(data, item)
        if entity is None or is_set(entity, "missing"):
            return FetchResult(Outcome.EMPTY, message=f"{self.policy.name} has no item {item}.")
        return self._write(entity, item, chosen_by, candidates)

    def _name_site(self) -> str:
        return f"{self.language.replace('-', '_')}wiki"

    def _write(
        self, entity: dict[str, Any], asked: str, chosen_by: str, candidates: tuple[Candidate, ...]
    ) -> FetchResult:
        """Return an item as text; one that only lists meanings, or says nothing, is none."""
        statements = read_statements(entity)
        classes = [item for snak in _list_values(statements, INSTANCE_OF) if (item := read_item(snak))]
        if DISAMBIGUATION in classes:
            message = f"{entity['id']} of {self.policy.name} only lists meanings."
            return FetchResult(Outcome.PARTIAL, candidates=candidates, message=message)
        labels = find_labels(self.client, list_names(statements.kept), self.language, is_urgent=self.is_urgent)
        lines = write_lines(statements.kept, Speller(self.language, labels))
        if not lines:
            message = f"{self.policy.name} says nothing of {entity['id']}."
            return FetchResult(Outcome.EMPTY, candidates=candidates, message=message)
        features = {
            **self._list_features(entity, statements),
            "instance_of": [labels.get(item, item) for item in classes],
            "instance_of_ids": classes,
            "redirected_from": "" if asked == entity["id"] else f"wikidata:{asked}",
            "chosen_by": chosen_by,
        }
        found = self._make_found(entity, statements, lines, {name: value for name, value in features.items() if value})
        left = f"{statements.left_out} more statements of {entity['id']} are left out." if statements.left_out else ""
        return FetchResult(Outcome.OK, found=(found,), candidates=candidates, message=left)

    def _make_found(
        self, entity: dict[str, Any], statements: Statements, lines: list[str], features: dict[str, Any]
    ) -> Found:
        item = as_text(entity["id"])
        label = pick_label(as_dict(entity.get("labels")), self.language) or item
        description = pick_label(as_dict(entity.get("descriptions")), self.language)
        base = urlsplit(self.policy.base_url)
        url = f"{base.scheme}://{base.netloc}/wiki/{item}"
        revision = as_text(entity.get("lastrevid"))
        permanent = f"{url}?oldid={revision}" if revision else url
        return Found(
            title=label,
            text="\n".join([": ".join(filter(None, [label, description])), *lines]),
            url=url,
            publisher=base.hostname or "",
            entity=f"wikidata:{item}",
            payload=self._pick_payload(entity, statements) | {"permanent_url": permanent},
            published_at=as_time(entity.get("modified")),
            revision_id=revision,
            licence=self.policy.licence,
            attribution=", ".join(filter(None, [self.policy.attribution, f"“{label}”", permanent])),
            grade=self.policy.grade,
            features=features,
        )

    def _pick_payload(self, entity: dict[str, Any], statements: Statements) -> dict[str, Any]:
        """Return the item as it came, with the statements of the properties that were kept."""
        used = {statement.property for statement in statements.kept}
        claims = {name: claims for name, claims in as_dict(entity.get("claims")).items() if name in used}
        return {**entity, "claims": claims}

    def _list_features(self, entity: dict[str, Any], statements: Statements) -> dict[str, Any]:
        link = as_dict(as_dict(entity.get("sitelinks")).get(self._name_site()))
        aliases = as_list(as_dict(entity.get("aliases")).get(self.language))
        return {
            "description": pick_label(as_dict(entity.get("descriptions")), self.language),
            "aliases": sorted({as_line(alias.get("value")) for alias in list_dicts(aliases)} - {""})[:ALIASES],
            "coordinates": _find_coordinates(statements),
            "sitelink": as_line(link.get("title")),
            "left_out": statements.left_out,
        }


def _read_hit(hit: dict[str, Any]) -> Candidate:
    """Return a hit; labels and descriptions may be absent, and stand in another place in newer answers."""
    shown = as_dict(hit.get("display"))
    label = as_line(hit.get("label")) or as_line(as_dict(shown.get("label")).get("value"))
    description = as_line(hit.get("description")) or as_line(as_dict(shown.get("description")).get("value"))
    match = as_dict(hit.get("match"))
    features = {
        "match": as_line(match.get("type")),
        "match_text": as_line(match.get("text")),
        "match_language": as_line(match.get("language")),
    }
    key = as_text(hit.get("id"))
    return Candidate(
        f"wikidata:{key}", label or key, description, {name: text for name, text in features.items() if text}
    )


def _is_exact(candidate: Candidate, text: str) -> bool:
    names = {candidate.title.casefold(), str(candidate.features.get("match_text", "")).casefold()}
    return text.strip().casefold() in names


def _find_entity(data: dict[str, Any], item: str) -> dict[str, Any] | None:
    """Return the item that was asked for or that it was merged into; None where the answer has neither."""
    for entity in list_dicts(data.get("entities")):
        merged = as_text(as_dict(entity.get("redirects")).get("from"))
        if ITEM.fullmatch(as_text(entity.get("id"))) and item in {entity["id"], merged}:
            return entity
    if as_dict(data.get("entities")):
        raise ServiceError(Outcome.INVALID, f"Another item came than {item}.")
    return None


def _list_values(statements: Statements, name: str) -> list[dict[str, Any]]:
    """Return the values of a property among the kept statements."""
    kept = [statement.value for statement in statements.kept if statement.property == name]
    return [as_dict(as_dict(snak.get("datavalue")).get("value")) for snak in kept]


def _find_coordinates(statements: Statements) -> list[str]:
    """Return latitude and longitude where the item has exactly one place on Earth."""
    places = [
        [read_coordinate(value, "latitude"), read_coordinate(value, "longitude")]
        for value in _list_values(statements, COORDINATES)
        if find_item_of(value.get("globe")) in {"", EARTH}
    ]
    return places[0] if len(places) == 1 and all(places[0]) else []
