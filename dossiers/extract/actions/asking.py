"""Ask an editor which article, entry or place is the topic's; after an answer nothing is asked again."""

from collections.abc import Mapping, Sequence
from typing import Any

from dossiers.extract.assembly import CaptureText, TopicText
from dossiers.extract.checks import (
    ROLES,
    Answer,
    Offer,
    judge_offers,
    list_offers,
    read_item,
    read_outcome,
    settle_captures,
)
from dossiers.extract.checks.captures import ENCYCLOPEDIAS
from dossiers.extract.checks.entities import describe_features, describe_wrong_page
from dossiers.extract.queries import describe_answers, read_answers
from dossiers.models.resolution import EntityResolution
from dossiers.models.topic import Topic

_MOST_CANDIDATES = 20

Entry = dict[str, Any]


def ask_about_printed(topic: Topic, words: TopicText, texts: Sequence[CaptureText]) -> None:
    """Ask about every place that an export prints, and about articles that seem to be another subject's."""
    wanted: dict[str, list[Entry]] = {}
    for text in texts:
        if text.is_place or (text.provider in ENCYCLOPEDIAS and describe_wrong_page(words, text)):
            features = describe_features(words, text)
            entry = {"key": f"capture:{text.key}", "title": text.title, "capture": text.key, "features": features}
            wanted.setdefault(text.provider, []).append(entry)
    asked = read_answers(topic)
    rows = []
    for provider, candidates in wanted.items():
        newest = asked.get(provider)
        if newest is None or (newest.editor_id is None and newest.candidates != candidates):
            rows.append(EntityResolution(topic=topic, provider=provider, candidates=candidates))
    EntityResolution.objects.bulk_create(rows)


def ask_about_found(
    topic: Topic, words: TopicText, texts: Sequence[CaptureText], candidates: Sequence[tuple[str, Mapping[str, Any]]]
) -> None:
    """Ask of each role once which of its candidates the topic is, unless an answer or the article's question covers it.

    A question is asked anew, with what was offered before, only where something is offered that was not, or where it
    now fits otherwise.
    """
    offered = {role: offers for role in ROLES if (offers := list_offers(role, texts, candidates))}
    if not offered:
        return
    asked = read_answers(topic)
    answers = {answer.role: answer for answer in describe_answers(asked.values())}
    items = _list_suggested(asked.get(ROLES[0]))
    rows = []
    for role, found in offered.items():
        offers = _name_offers(found, answers.get(role))
        outcome = judge_offers(words, offers, items)
        if role == ROLES[0] and outcome == "suggested":
            items |= {offer.item for offer in offers if offer.features["fits"]} - {""}
        if not _is_covered(words, offers, items, answers):
            rows += _ask(topic, role, offers, asked.get(role))
    EntityResolution.objects.bulk_create(rows)


def _list_suggested(row: EntityResolution | None) -> frozenset[str]:
    """List the item that the open question about the article suggests."""
    if row is None or row.editor_id is not None or read_outcome(_list_features(row.candidates)) != "suggested":
        return frozenset()
    fitting = (entry for entry in row.candidates if entry.get("features", {}).get("fits"))
    return frozenset({read_item(str(entry["key"]), entry["features"]) for entry in fitting} - {""})


def _is_covered(
    words: TopicText, offers: Sequence[Offer], items: frozenset[str], answers: Mapping[str, Answer]
) -> bool:
    """Tell whether nothing is left to ask: an answer speaks of what is offered, or the article's question does."""
    role, texts = offers[0].role, [offer.text for offer in offers if offer.text]
    if role in answers and answers[role].choice:
        return True
    given = [answer for answer in answers.values() if answer.choice]
    settled = settle_captures(words, texts, given)
    if settled.resolved or (texts and len(settled.refused) == len(texts)):
        return True
    return role == "knowledge_base" and any(offer.text and offer.item in items for offer in offers)


def _ask(topic: Topic, role: str, offers: Sequence[Offer], newest: EntityResolution | None) -> list[EntityResolution]:
    before: list[Entry] = newest.candidates if newest else []
    entries = [_describe_offer(offer) for offer in offers]
    keys, known = {entry["key"] for entry in entries}, {str(entry["key"]) for entry in before}
    merged = [*entries, *(entry for entry in before if entry["key"] not in keys)][:_MOST_CANDIDATES]
    if keys <= known and read_outcome(_list_features(merged)) == read_outcome(_list_features(before)):
        return []
    return [EntityResolution(topic=topic, provider=role, candidates=merged)]


def _describe_offer(offer: Offer) -> Entry:
    entry: Entry = {"key": offer.key, "title": offer.title, "description": offer.description, "item": offer.item}
    return entry | ({"capture": offer.text.key} if offer.text else {}) | {"features": offer.features}


def _name_offers(offers: list[Offer], asked: Answer | None) -> list[Offer]:
    """Name a text that has no external id as the first text of its source was named."""
    names = {entry.source: entry.key for entry in asked.candidates} if asked else {}
    for offer in offers:
        if offer.text and not offer.text.entity:
            offer.key = names.get(offer.text.source, offer.key)
    return offers


def _list_features(candidates: Sequence[Entry]) -> list[Mapping[str, Any]]:
    return [entry.get("features") or {} for entry in candidates]
