"""Take a topic and what a provider found for it; leave whether that is another subject."""

import re

from dossiers.extract.assembly.inputs import CaptureText, TopicText
from dossiers.extract.matching import TOPIC_KEY, Gazetteer, Name, find_names, fold_name, has_name

KINDS_WITH_PLACE = frozenset({"place", "event", "organization", "work"})

_FEW = 0.25
# It must also make sense after an editor has answered that none of the candidates is the place.
_PLACE_ADVICE = "choose it on the topic's page if it is the right one, or reject it."
_DETERMINERS = ("the ", "a ", "an ")


def describe_wrong_place(topic: TopicText, printed: str) -> str:
    """Say why a geocoder's hit is not the topic's place; empty where it may be."""
    name = printed.split(",", 1)[0].strip()
    if topic.kind not in KINDS_WITH_PLACE:
        kind = f"“{topic.title}” is of kind {topic.kind}, which has no place"
        return f"The place found is “{name}”, but {kind}: {_PLACE_ADVICE}"
    if not any(is_name_of(topic, part) for part in re.split(r"[/(;]|\s[-–—]\s", name)):
        return f"The place found is “{name}”, not “{topic.title}”: {_PLACE_ADVICE}"
    return ""


def describe_wrong_page(topic: TopicText, capture: CaptureText) -> str:
    """Say why a page of an encyclopedia is no article about the topic; empty where it may be one."""
    if capture.features.get("is_disambiguation"):
        return f"“{capture.title}” only lists the subjects that a name may mean; it is about none of them."
    if section := capture.features.get("section"):
        named = f"the section “{section}” of “{capture.title}”"
        return f"“{topic.title}” leads to {named}: an article about another, wider subject."
    return describe_wrong_article(topic, capture)


def describe_wrong_article(topic: TopicText, capture: CaptureText) -> str:
    """Say why an encyclopedia article is about another subject; empty where it may be the topic's.

    Both must hold: its title is none of the topic's names, and the names of the topic's description are not in it.
    """
    if is_name_of(topic, capture.title) or is_name_of(topic, capture.title.split("(")[0]):
        return ""
    gazetteer = Gazetteer(topic.names)
    names = _list_names(topic)
    found = [name for name in names if has_name(name, capture.text, gazetteer)]
    is_named = any(f" {fold_name(name)} " in f" {fold_name(capture.text)} " for name in topic.names)
    if is_named and (not names or len(found) >= _FEW * len(names)):
        return ""
    if found and len(found) >= _FEW * len(names):
        return ""
    return _describe(topic, capture, len(names))


def names_description(topic: TopicText, capture: CaptureText) -> bool:
    """Tell whether a text holds a good share of the names in the topic's description."""
    gazetteer, names = Gazetteer(topic.names), _list_names(topic)
    found = sum(has_name(name, capture.text, gazetteer) for name in names)
    return found > 0 and found >= _FEW * len(names)


def describe_features(topic: TopicText, capture: CaptureText) -> dict[str, object]:
    """List what tells whether an article or place is the topic's, for the editor who chooses."""
    names = _list_names(topic)
    gazetteer = Gazetteer(topic.names)
    found = [name.text for name in names if has_name(name, capture.text, gazetteer)]
    features: dict[str, object] = {"title_is_the_topics": is_name_of(topic, capture.title.split(",")[0])}
    if not capture.is_place:
        features |= {"names_of_the_description": [name.text for name in names], "names_found": found}
    return features


def _list_names(topic: TopicText) -> list[Name]:
    """List the names of a topic's description, the topic's own aside."""
    gazetteer = Gazetteer(topic.names)
    return [name for name in find_names(topic.description, gazetteer) if name.key != TOPIC_KEY]


def _describe(topic: TopicText, capture: CaptureText, names: int) -> str:
    reason = f"none of the {names} names in the topic's description is in it" if names else "it never names the topic"
    return f"The article “{capture.title}” seems to be about another subject than “{topic.title}”: {reason}."


def is_name_of(topic: TopicText, text: str) -> bool:
    """Tell whether words are one of the topic's names, articles aside."""
    return _strip(text) in {_strip(name) for name in topic.names}


def _strip(text: str) -> str:
    folded = fold_name(text)
    return next((folded.removeprefix(word) for word in _DETERMINERS if folded.startswith(word)), folded)
