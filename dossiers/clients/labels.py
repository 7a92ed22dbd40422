"""Labels of properties, items and units: takes ids, leaves what they are called, asked for by the batch.

Topics share most of them, so they are kept for a week in Redis, beside the limiter. Without what was kept, everything
is asked for.
"""

import contextlib
import time
from collections.abc import Iterable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import redis

from dossiers.clients.http import Client
from dossiers.clients.limiter import connect_redis
from dossiers.clients.shapes import as_dict, as_line, list_dicts
from dossiers.clients.wikimedia import call_api

BATCH = 50  # what one call may ask for
WEEK = 7 * 86400
MOST_KEPT = 50_000


def list_languages(language: str) -> list[str]:
    """Return the languages to look for a name in, the wanted one first; "mul" is what is the same in all of them."""
    return list(dict.fromkeys([language, language.partition("-")[0], "mul", "en"]))


def pick_label(texts: Mapping[str, Any], language: str) -> str:
    """Return the text in the first language that has one, "" where none has."""
    found = [as_line(as_dict(texts.get(code)).get("value")) for code in list_languages(language)]
    return next(filter(None, found), "")


def find_labels(client: Client, ids: list[str], language: str, *, is_urgent: bool) -> dict[str, str]:
    """Return the labels of ids; what has none is left out. Raises ServiceError."""
    place = _name_place(client.policy.base_url, language)
    labels = _recall(place, ids)
    missing = [key for key in ids if key not in labels]
    for start in range(0, len(missing), BATCH):
        asked = missing[start : start + BATCH]
        fresh = _ask(client, asked, language, is_urgent=is_urgent)
        _keep(place, {key: fresh.get(key, "") for key in asked})
        labels |= fresh
    return {key: label for key, label in labels.items() if label}


def _ask(client: Client, ids: list[str], language: str, *, is_urgent: bool) -> dict[str, str]:
    params = {"action": "wbgetentities", "ids": "|".join(ids), "props": "labels"}
    languages = {"languages": "|".join(list_languages(language))}
    data = call_api(client, client.policy.base_url, params | languages, is_urgent=is_urgent)
    entities = list(_list_entities(data))
    return {key: label for key, entity in entities if (label := pick_label(as_dict(entity.get("labels")), language))}


def _list_entities(data: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield each entity under the id that was asked for, also where it was merged into another."""
    for entity in list_dicts(data.get("entities")):
        asked = as_line(as_dict(entity.get("redirects")).get("from")) or as_line(entity.get("id"))
        yield asked, entity


def _name_place(base_url: str, language: str) -> str:
    return f"labels:{urlsplit(base_url).netloc}:{language}:{int(time.time() // WEEK)}"


def _recall(place: str, ids: list[str]) -> dict[str, str]:
    with contextlib.suppress(redis.RedisError):
        kept = cast("list[str | None]", connect_redis().hmget(place, ids)) if ids else []
        return {key: label for key, label in zip(ids, kept, strict=True) if label is not None}
    return {}


def _keep(place: str, labels: dict[str, str]) -> None:
    with contextlib.suppress(redis.RedisError):
        connection = connect_redis()
        if cast(int, connection.hlen(place)) < MOST_KEPT:
            connection.hset(place, mapping=cast(Any, labels))
            connection.expire(place, 2 * WEEK)
