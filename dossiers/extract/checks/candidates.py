"""Take what a provider offers as the topic's entity; leave which offers fit, and whether an editor has to choose."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from dossiers.extract.assembly.inputs import CaptureText, TopicText
from dossiers.extract.checks.entities import (
    describe_features,
    describe_wrong_page,
    describe_wrong_place,
    is_name_of,
    names_description,
)
from dossiers.extract.checks.settling import Outcome, read_item, read_outcome

ROLES = ("encyclopedia", "knowledge_base", "geocoder")  # in the order of asking: the first one says most
_LONGEST = 300

_OUT, _MAYBE, _LIKELY, _TIED = range(4)


@dataclass
class Offer:
    """One entity that a provider offers, with the text it gave of it, if any; `fit` grows with what speaks for it."""

    role: str
    key: str
    title: str
    description: str = ""
    features: dict[str, Any] = field(default_factory=dict)
    text: CaptureText | None = None
    fit: int = _OUT

    @property
    def item(self) -> str:
        return read_item(self.key, self.features)


def list_offers(
    role: str, texts: Sequence[CaptureText], candidates: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[Offer]:
    """List what a role offers: the texts it gave first, then the candidates it only named; each key once."""
    offers: dict[str, Offer] = {}
    for text in texts:
        if text.provider == role:
            key = text.entity or f"capture:{text.key}"
            offers.setdefault(key, Offer(role, key, text.title, features=dict(text.features), text=text))
    for of_role, entry in candidates:
        key = str(entry.get("key") or "")
        if of_role != role or not key or entry.get("capture"):
            continue
        features = entry.get("features")
        told = Offer(role, key, str(entry.get("title") or key), features=dict(features) if features else {})
        offer = offers.setdefault(key, told)
        offer.description = offer.description or str(entry.get("description") or "")[:_LONGEST]
        offer.features = {**told.features, **offer.features}
    return list(offers.values())


def judge_offers(topic: TopicText, offers: Sequence[Offer], items: Set[str] = frozenset()) -> Outcome:
    """Set each offer's fit and what an editor is shown of it; `items` are those that a fitting article is about."""
    for offer in offers:
        offer.fit = _judge_fit(topic, offer, items)
        shown = describe_features(topic, offer.text) if offer.text else {"title_is_the_topics": _is_named(topic, offer)}
        offer.features = {**shown, **offer.features}
        if items and offer.role != "encyclopedia":
            offer.features["same_item_as_the_article"] = offer.item in items
    best = max((offer.fit for offer in offers), default=_OUT)
    fitting = [offer for offer in offers if offer.fit == best > _OUT]
    for offer in offers:
        offer.features["fits"] = offer in fitting
    return read_outcome([offer.features for offer in offers])


def _judge_fit(topic: TopicText, offer: Offer, items: Set[str]) -> int:
    if offer.features.get("is_disambiguation") or offer.features.get("section"):
        return _OUT
    if offer.role == "encyclopedia":
        return _judge_article(topic, offer)
    if offer.role == "geocoder" and describe_wrong_place(topic, str(offer.features.get("name") or offer.title)):
        return _OUT
    if offer.item and offer.item in items:
        return _TIED
    return _LIKELY if offer.role == "geocoder" or _is_named(topic, offer) else _OUT


def _judge_article(topic: TopicText, offer: Offer) -> int:
    """A title that needs a word in brackets to tell it from others is the topic's only if the description says so."""
    if offer.text and describe_wrong_page(topic, offer.text):
        return _OUT
    if _is_named(topic, offer):
        return _LIKELY
    if offer.text and names_description(topic, offer.text):
        return _LIKELY
    return _MAYBE if offer.text or is_name_of(topic, offer.title.split("(")[0]) else _OUT


def _is_named(topic: TopicText, offer: Offer) -> bool:
    return is_name_of(topic, offer.title)
