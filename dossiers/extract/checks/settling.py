"""Take an editor's answers to which entity a topic is; leave which captures they settle, and which they rule out.

Outcomes of a question: `suggested` (one candidate fits best), `ambiguous` (several fit, or several are there and none
does), `none` (the only one does not fit); an answer makes it `confirmed`, whatever it was.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from dossiers.extract.assembly.inputs import CaptureText, TopicText
from dossiers.extract.checks.entities import KINDS_WITH_PLACE

NONE = "none"
Outcome = Literal["suggested", "ambiguous", "none"]
_ITEM = "wikidata:"
_ITEM_FEATURES = ("wikibase_item", "wikidata")


@dataclass(frozen=True)
class AnswerCandidate:
    """A candidate of a question: every external id it goes by, its item in the knowledge base, its text's source."""

    key: str
    title: str
    keys: frozenset[str]
    item: str = ""
    source: Hashable = None


@dataclass(frozen=True)
class Answer:
    """A question of one role with its candidates; `choice` is a candidate's key, "none", or empty while open.

    `outcome` says what a machine makes of the candidates, empty where it was not judged.
    """

    role: str
    choice: str
    candidates: tuple[AnswerCandidate, ...] = ()
    outcome: str = ""

    @cached_property
    def chosen(self) -> AnswerCandidate | None:
        return next((entry for entry in self.candidates if entry.key == self.choice), None)

    @cached_property
    def refused(self) -> tuple[AnswerCandidate, ...]:
        """The candidates that the answer rules out: others than the chosen one, and none of them while it is open."""
        chosen = self.chosen
        if not self.choice or (chosen is None and self.choice != NONE):
            return ()
        return tuple(entry for entry in self.candidates if chosen is None or not _is_same(entry, chosen))


@dataclass(frozen=True)
class Settled:
    """What answers leave: the captures they settle, those they rule out and, of open questions, those that wait for an
    answer; the latter two each with the reason in a sentence.
    """

    resolved: frozenset[Hashable] = frozenset()
    refused: Mapping[Hashable, str] = field(default_factory=dict)
    doubtful: Mapping[Hashable, str] = field(default_factory=dict)


NOTHING_SETTLED = Settled()


def read_item(key: str, features: Mapping[str, Any]) -> str:
    """Read which item of the knowledge base an entity is ("wikidata:Q1"); empty where nothing says so."""
    if key.startswith(_ITEM):
        return key
    named = next((value for name in _ITEM_FEATURES if isinstance(value := features.get(name), str) and value), "")
    return named if not named or named.startswith(_ITEM) else f"{_ITEM}{named}"


def read_outcome(features: Sequence[Mapping[str, Any]]) -> Outcome:
    """Read from the candidates' features whether one is suggested, or an editor has to tell."""
    fitting = sum(bool(told.get("fits")) for told in features)
    if fitting == 1:
        return "suggested"
    return "ambiguous" if fitting or len(features) > 1 else "none"


def settle_captures(topic: TopicText, captures: Sequence[CaptureText], answers: Sequence[Answer]) -> Settled:
    """Apply the answers of all roles to captures: an answer about an entity counts wherever that entity turns up."""
    resolved: set[Hashable] = set()
    refused: dict[Hashable, str] = {}
    doubtful: dict[Hashable, str] = {}
    for capture in captures:
        verdict = _judge(topic, capture, answers)
        if verdict is True:
            resolved.add(capture.key)
        elif verdict:
            refused[capture.key] = verdict
        elif doubt := _describe_open(topic, capture, answers):
            doubtful[capture.key] = doubt
    return Settled(frozenset(resolved), refused, doubtful)


def _judge(topic: TopicText, capture: CaptureText, answers: Sequence[Answer]) -> bool | str:
    """Tell whether an answer settles a capture (True), rules it out (the reason), or says nothing of it (False)."""
    own = next((answer for answer in answers if answer.role == capture.provider and answer.choice), None)
    item = read_item(capture.entity, capture.features)
    if own:
        return _judge_by_own(capture, item, own)
    if capture.is_place:
        return topic.kind in KINDS_WITH_PLACE and _is_chosen(item, answers)
    return _is_chosen(item, answers) or _describe_other_item(capture, item, answers)


def _describe_open(topic: TopicText, capture: CaptureText, answers: Sequence[Answer]) -> str:
    """Say that nobody knows yet whether a capture is of the topic, where its role's question leaves that open.

    Of places nothing is said: none is approved before it is chosen.
    """
    if capture.is_place:
        return ""
    own = next((answer for answer in answers if answer.role == capture.provider and not answer.choice), None)
    item = read_item(capture.entity, capture.features)
    if own is None or own.outcome in ("", "suggested") or not any(_is_of(capture, item, e) for e in own.candidates):
        return ""
    if own.outcome == "none":
        return f"“{capture.title}” may be another subject than “{topic.title}”; an editor has to say."
    return f"Several subjects may be “{topic.title}”, and “{capture.title}” is one of them; an editor has to say which."


def _judge_by_own(capture: CaptureText, item: str, own: Answer) -> bool | str:
    chosen = own.chosen
    item = "" if capture.is_place and not own.choice.startswith(_ITEM) else item
    if chosen and _is_of(capture, item, chosen):
        return True
    if any(_is_of(capture, item, entry) for entry in own.refused) or (chosen and _is_other(capture, item, chosen)):
        return _describe_refused(capture, chosen)
    return False


def _is_same(one: AnswerCandidate, other: AnswerCandidate) -> bool:
    """Tell whether two candidates are one entity; two places of one item stay two."""
    same_source = one.source is not None and one.source == other.source
    is_place = any(key.startswith("osm:") for key in one.keys | other.keys)
    same_item = bool(one.item) and one.item == other.item and not is_place
    return bool(one.keys & other.keys) or same_source or same_item


def _is_of(capture: CaptureText, item: str, entry: AnswerCandidate) -> bool:
    if capture.entity and capture.entity in entry.keys:
        return True
    return (bool(item) and item == entry.item) or (capture.source is not None and capture.source == entry.source)


def _is_other(capture: CaptureText, item: str, chosen: AnswerCandidate) -> bool:
    """Tell whether a capture is of a known entity that is not the chosen one; ids of two catalogues tell nothing."""
    if item and chosen.item:
        return item != chosen.item
    scheme = _read_scheme(capture.entity)
    theirs = {key for key in chosen.keys if _read_scheme(key) == scheme}
    return bool(scheme) and bool(theirs) and capture.entity not in theirs


def _read_scheme(key: str) -> tuple[str, ...]:
    """Read the catalogue of an external id: ("wikipedia", "en"), ("osm",), ("wikidata",)."""
    return tuple(key.split(":", 2)[:-1])


def _is_chosen(item: str, answers: Sequence[Answer]) -> bool:
    return bool(item) and any(answer.chosen and answer.chosen.item == item for answer in answers)


def _describe_other_item(capture: CaptureText, item: str, answers: Sequence[Answer]) -> str:
    """Say that an answer of another role was about another item, or ruled this one out."""
    for answer in answers:
        if item and answer.chosen and answer.chosen.item:
            return _describe_refused(capture, answer.chosen)
        if item and any(entry.item == item for entry in answer.refused):
            return _describe_refused(capture, None)
    return ""


def _describe_refused(capture: CaptureText, chosen: AnswerCandidate | None) -> str:
    if chosen:
        return f"An editor said that the topic is “{chosen.title}”; “{capture.title}” is another subject."
    return f"An editor said that “{capture.title}” is not this topic."
