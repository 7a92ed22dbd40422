"""Nominatim: takes the name of a place, leaves the things on the map that bear it, each for an editor to choose or not.

No hit is taken for the place by itself. Ids of places change there; the type and id of OpenStreetMap stay.
https://nominatim.org/release-docs/latest/api/Search/
"""

import re
from dataclasses import replace
from typing import Any

from dossiers.clients.base import Context, FetchResult, Found, Health, Outcome, Policy, Query
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Answer, Client, ask, check_health
from dossiers.clients.refusals import Refusal, judge_refusal, quote_reason
from dossiers.clients.results import Unreadable, collect, read_list, read_text
from dossiers.clients.snippets import cut_query, cut_title

ATTRIBUTION = "© OpenStreetMap contributors"
MOST_RESULTS, LONGEST_QUERY = 40, 300
PLACELESS_KINDS = frozenset({"topic", "person"})
# A shop or an office may bear the name of an idea or of a person, and is never it: points of interest are left out.
PLACELESS_LAYERS = "address,natural,manmade,railway"
TYPES = {"node": "N", "way": "W", "relation": "R"}
BLOCKED = "refuses us: its usage limit is reached or it has blocked us. Read its policy before it is asked again"
OWN = {403: Refusal(Outcome.QUOTA, BLOCKED, needs_person=True)}
COMMON: dict[str, str | int] = {"format": "jsonv2", "addressdetails": 1, "extratags": 1}
FEATURES = ("name", "category", "type", "addresstype", "place_rank", "importance", "boundingbox")


class Nominatim:
    """Looks places up by Nominatim."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def fetch(self, query: Query, context: Context) -> FetchResult:
        """Search for a place, or look up the one that is pinned (key "osm:way/1"); each hit is a text of its own."""
        if query.key:
            return self._fetch_pinned(query, context)
        return ask(self._policy, context, lambda client: self._search(client, query, context))

    def health(self) -> Health:
        """Ask for the state of the service, which looks nothing up."""
        return check_health(self._policy, self._check_status)

    def _fetch_pinned(self, query: Query, context: Context) -> FetchResult:
        pin = re.fullmatch(rf"osm:({'|'.join(TYPES)})/([1-9]\d{{0,18}})", query.key)
        if not pin:
            message = f"“{query.key}” is no thing of OpenStreetMap such as osm:way/1; nothing was sent."
            return FetchResult(Outcome.BAD_REQUEST, message=message)
        return ask(self._policy, context, lambda client: self._look_up(client, query, pin[1], pin[2]))

    def _search(self, client: Client, query: Query, context: Context) -> FetchResult:
        params: dict[str, str | int] = {
            **COMMON,
            "q": cut_query(query.text, characters=LONGEST_QUERY),
            "limit": max(1, min(query.limit, MOST_RESULTS)),
            "accept-language": query.language,
        }
        if context.kind in PLACELESS_KINDS:
            params["layer"] = PLACELESS_LAYERS
        return self._collect(client.get_json(self._find_url("search"), params=params, judge=self._judge))

    def _look_up(self, client: Client, query: Query, kind: str, number: str) -> FetchResult:
        params = {**COMMON, "osm_ids": f"{TYPES[kind]}{number}", "accept-language": query.language}
        result = self._collect(client.get_json(self._find_url("lookup"), params=params, judge=self._judge))
        if any(text.entity != query.key for text in result.found):
            message = f"{self._policy.name} answered with another thing than {query.key}."
            raise ServiceError(Outcome.INVALID, message, 200)
        return result

    def _collect(self, answer: Answer) -> FetchResult:
        return collect(read_list(answer.data, name=self._policy.name), self._read, name=self._policy.name)

    def _read(self, item: Any) -> Found:
        thing, name = _read_thing(item), read_text(item, "display_name")
        lat, lon = _read_degrees(item, "lat", 90), _read_degrees(item, "lon", 180)
        kind = read_text(item, "type") or read_text(item, "category")
        if not name:
            raise Unreadable
        tags = item.get("extratags")
        features = {key: item[key] for key in FEATURES if item.get(key) is not None}
        features |= {"lat": lat, "lon": lon, "coordinates": [lat, lon]}
        if isinstance(tags, dict) and isinstance(tags.get("wikidata"), str):
            features["wikidata"] = tags["wikidata"]
        return Found(
            title=cut_title(name),
            text=name,
            url=f"https://www.openstreetmap.org/{thing}",
            publisher="OpenStreetMap",
            entity=f"osm:{thing}",
            payload={"name": name, "category": kind, "lat": lat, "lon": lon, "hit": item},
            licence=self._policy.licence,
            attribution=self._policy.attribution or ATTRIBUTION,
            grade=self._policy.grade,
            features=features,
        )

    def _check_status(self, client: Client) -> None:
        data = client.get_json(self._find_url("status"), params={"format": "json"}, judge=self._judge).data
        if not isinstance(data, dict) or data.get("status") != 0:
            reason = quote_reason(str(data.get("message", "")) if isinstance(data, dict) else "", self._policy)
            raise ServiceError(Outcome.UNAVAILABLE, f"{self._policy.name} says that it is not in order.{reason}", 200)

    def _find_url(self, what: str) -> str:
        return f"{self._policy.base_url.rstrip('/')}/{what}"

    def _judge(self, answer: Answer) -> None:
        code, reason = _read_error(answer.data)
        if reason and answer.status == 200:
            answer = replace(answer, status=code)
        judge_refusal(self._policy, answer, own=OWN, reason=reason)


def _read_error(data: Any) -> tuple[int, str]:
    """Return the code (400 where it has none) and the message of an error, an object or plain words; else ""."""
    error = data.get("error") if isinstance(data, dict) else None
    if not isinstance(error, dict):
        return 400, str(error or "")
    code, message = error.get("code"), str(error.get("message") or "no reason")
    return (code, message) if isinstance(code, int) and 400 <= code < 600 else (400, message)


def _read_thing(item: Any) -> str:
    """Return what of the map a hit is, as "way/1". Raises Unreadable."""
    kind, number = read_text(item, "osm_type"), item.get("osm_id")
    if kind not in TYPES or not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**63:
        raise Unreadable
    return f"{kind}/{number}"


def _read_degrees(item: Any, key: str, most: int) -> str:
    """Return a coordinate as it is written, so that no digit is lost. Raises Unreadable."""
    value = item.get(key)
    text = value if isinstance(value, str) else repr(value)
    if not re.fullmatch(r"-?\d{1,3}(\.\d{1,20})?", text) or abs(float(text)) > most:
        raise Unreadable
    return text
