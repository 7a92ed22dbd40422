"""Take a library; leave the prompts that show its passages to a model, the same bytes for the same texts."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from dossiers.extract.assembly import Library, Sentence, TopicText
from dossiers.extract.prompts.fencing import fence, write_line
from dossiers.extract.prompts.schema import INSTRUCTIONS, SCHEMA, VERSION, WITH_SUMMARY, WITHOUT_SUMMARY

LONGEST_PROMPT = 16_000  # characters of passages
_LONGEST_DESCRIPTION, _LONGEST_TITLE, _MOST_ALIASES = 1_000, 200, 10
_BYTES_PER_TOKEN = 3  # cautious: English has about four, other scripts about three
_BESIDE_TEXT = 30  # characters of a line that are not the passage's


@dataclass(frozen=True)
class Prompt:
    """A question to a model: its messages, and the passages that stand in it as P1, P2, ..."""

    model: str
    messages: tuple[dict[str, str], ...]
    passages: tuple[Sentence, ...]
    has_summary: bool = False

    @cached_property
    def sha256(self) -> str:
        """The hash of all that decides the answer: version, schema, model and messages."""
        asked = [VERSION, SCHEMA, self.model, list(self.messages)]
        content = json.dumps(asked, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def tokens(self) -> int:
        """About how many tokens the messages are, rather too many than too few."""
        size = sum(len(message["content"].encode()) for message in self.messages)
        return -(-size // _BYTES_PER_TOKEN)

    def find_passage(self, name: str) -> Sentence | None:
        """Find the passage of an id as it was shown ("P3")."""
        number = name[1:]
        if name[:1] != "P" or not (number.isascii() and number.isdecimal()) or number[0] == "0":
            return None
        place = int(number) - 1
        return self.passages[place] if place < len(self.passages) else None


def build_prompts(library: Library, *, model: str, longest: int = LONGEST_PROMPT) -> list[Prompt]:
    """Build the prompts that show every passage once, whole, in order; the first one asks for a summary too.

    Captures of different providers never share a prompt: where one provider's texts change between two runs, the
    others' prompts stay what they were, and so do their hashes. `longest` counts characters of passages; a single
    passage that is longer stands alone.
    """
    batches = [
        batch
        for _, sentences in groupby(library.sentences, key=lambda sentence: sentence.capture.provider)
        for batch in _pack(_list_captures(sentences), longest)
    ]
    return [_build(library.topic, batch, model, has_summary=place == 0) for place, batch in enumerate(batches)]


def _list_captures(sentences: Iterable[Sentence]) -> list[list[Sentence]]:
    return [list(own) for _, own in groupby(sentences, key=lambda sentence: sentence.capture.key)]


def _pack(captures: Sequence[Sequence[Sentence]], longest: int) -> list[list[Sentence]]:
    """Fill prompts with whole passages, and with whole captures where one fits."""
    batches: list[list[Sentence]] = [[]]
    room = longest
    for capture in captures:
        size = sum(map(_measure, capture))
        if batches[-1] and room < size <= longest:
            batches, room = [*batches, []], longest
        for sentence in capture:
            if batches[-1] and room < _measure(sentence):
                batches, room = [*batches, []], longest
            batches[-1].append(sentence)
            room -= _measure(sentence)
    return [batch for batch in batches if batch]


def _measure(sentence: Sentence) -> int:
    return len(sentence.text) + _BESIDE_TEXT


def _build(topic: TopicText, passages: Sequence[Sentence], model: str, *, has_summary: bool) -> Prompt:
    system = f"{INSTRUCTIONS}{WITH_SUMMARY if has_summary else WITHOUT_SUMMARY}"
    user = (
        f"The topic, which is no evidence:\n{fence([_describe(topic)])}\n\n"
        f"The passages:\n{fence(_list_lines(passages))}"
    )
    messages = ({"role": "system", "content": system}, {"role": "user", "content": user})
    return Prompt(model, messages, tuple(passages), has_summary)


def _describe(topic: TopicText) -> str:
    """Write the topic's words in a line; they tell its subject from others of that name."""
    words: dict[str, Any] = {"title": topic.title[:_LONGEST_TITLE], "kind": topic.kind}
    if topic.aliases:
        words["other_names"] = [alias[:_LONGEST_TITLE] for alias in topic.aliases[:_MOST_ALIASES]]
    if topic.description:
        words["mentioned_as"] = topic.description[:_LONGEST_DESCRIPTION]
    return write_line(words)


def _list_lines(passages: Sequence[Sentence]) -> list[str]:
    """List one line for each passage, with one that names the source before those of a capture."""
    lines: list[str] = []
    for number, passage in enumerate(passages, 1):
        before = passages[number - 2] if number > 1 else None
        is_first = before is None or before.capture.key != passage.capture.key
        if is_first:
            lines.append(write_line({"source": passage.capture.title[:_LONGEST_TITLE]}))
        line: dict[str, Any] = {"id": f"P{number}", "text": passage.text}
        if not is_first and passage.begins_piece:
            line["words_missing_before"] = True
        lines.append(write_line(line))
    return lines
