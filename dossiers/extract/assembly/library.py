"""Take a topic's captures; leave their sentences prepared once for grounding many claims."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from functools import cached_property

from dossiers.extract.assembly.inputs import CaptureText, Span, TopicText
from dossiers.extract.assembly.results import Basis, Method, Quote, Role
from dossiers.extract.assembly.sentences import Sentence
from dossiers.extract.matching import Gazetteer, find_known_names
from dossiers.extract.matching.words import strip_accents
from dossiers.extract.passages import crosses_joint, find_joints, split_lines, split_passages
from dossiers.extract.quotes import selector
from dossiers.extract.support import PassageIndex

LISTS = frozenset({"knowledge_base"})  # providers whose captures hold one statement a line
IMPORTED = re.compile(r"\s*\[imported from Wikipedia\]\s*$", re.IGNORECASE)  # ends such a line

_MOST_SENTENCES = 1_000  # enough to learn which words are names


def _list_tokens(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", strip_accents(text).casefold()))


class Library:
    """The captures of a topic as sentences; place captures have none, for an address supports no statement."""

    def __init__(self, topic: TopicText, captures: Sequence[CaptureText]) -> None:
        self.topic = topic
        self.captures = list(captures)
        self.gazetteer = Gazetteer(topic.names, topic.surnames)
        self.sentences: list[Sentence] = []
        self._places: dict[Hashable, tuple[list[int], list[Sentence]]] = {}
        self._by_key = {capture.key: capture for capture in self.captures}
        self._words: dict[Hashable, frozenset[str]] = {}
        for capture in self.captures:
            if not capture.is_place:
                self._add(capture)

    @cached_property
    def index(self) -> PassageIndex:
        return PassageIndex([sentence.text for sentence in self.sentences])

    @cached_property
    def known(self) -> frozenset[str]:
        """The names that stand inside sentences of the captures, and those of the topic."""
        texts = (sentence.text for sentence in self.sentences[:_MOST_SENTENCES])
        return find_known_names([*texts, self.topic.description], self.gazetteer)

    def list_holders(self, value: str, *, is_place: bool) -> list[CaptureText]:
        """List the captures that hold at least half the words of a value: only there can it stand, or nearly stand."""
        words = _list_tokens(value)
        captures = [capture for capture in self.captures if capture.is_place == is_place]
        return [c for c in captures if 2 * len(words & self._list_words(c)) >= len(words) > 0]

    def _list_words(self, capture: CaptureText) -> frozenset[str]:
        if capture.key not in self._words:
            self._words[capture.key] = _list_tokens(capture.text)
        return self._words[capture.key]

    def find_sentence(self, capture: Hashable, start: int) -> Sentence | None:
        """Find the sentence of a capture that holds an offset."""
        starts, sentences = self._places.get(capture, ([], []))
        place = bisect_right(starts, start) - 1
        return sentences[place] if place >= 0 and start < sentences[place].passage.end else None

    def read(self, span: Span | None) -> tuple[CaptureText, str] | None:
        """Read the words at a place that somebody names; None where there are none, or a joint runs through them."""
        capture = self._by_key.get(span.capture) if span else None
        if span is None or capture is None or not 0 <= span.start < span.end <= len(capture.text):
            return None
        if crosses_joint(find_joints(capture.text), span.start, span.end):
            return None
        return capture, capture.text[span.start : span.end]

    def before(self, sentence: Sentence) -> Sentence | None:
        """Give the sentence before this one in the same piece; None at a joint or the beginning."""
        return None if sentence.begins_piece else self.sentences[sentence.number - 1]

    def after(self, sentence: Sentence) -> Sentence | None:
        """Give the sentence after this one in the same piece."""
        following = self.sentences[sentence.number + 1 : sentence.number + 2]
        return following[0] if following and not following[0].begins_piece else None

    def quote(
        self,
        capture: CaptureText,
        span: tuple[int, int],
        role: Role,
        method: Method,
        *,
        covers: tuple[int, int] | None = None,
        basis: Basis = "",
        sentence: int = -1,
    ) -> Quote:
        """Quote a span of a capture."""
        prefix, exact, suffix = selector(capture.text, *span)
        return Quote(capture.key, role, *span, exact, prefix, suffix, method, covers, basis, sentence)

    def _add(self, capture: CaptureText) -> None:
        joints = [start for start, _ in find_joints(capture.text)]
        own: list[Sentence] = []
        split = split_lines if capture.provider in LISTS else split_passages
        for passage in split(capture.text):
            piece = bisect_left(joints, passage.start)
            begins = not own or own[-1].piece != piece
            number = len(self.sentences) + len(own)
            own.append(Sentence(number, capture, passage, piece, begins, self.gazetteer))
        self.sentences += own
        self._places[capture.key] = ([sentence.passage.start for sentence in own], own)
