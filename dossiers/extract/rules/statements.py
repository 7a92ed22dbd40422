"""What a rule finds in one sentence, and the draft it becomes."""

from dataclasses import dataclass
from typing import Literal

from dossiers.extract.assembly import Draft, Sentence, Span

Relation = Literal[
    "definition", "etymology", "quantity", "change", "endpoint", "event", "inception", "birth", "death", "superlative",
    "statement", "summary",
]  # fmt: skip
Place = tuple[int, int]


@dataclass(frozen=True)
class Statement:
    """One find: places are offsets in the sentence. `value` is the core ("from 5% to 9%"), `shown` the words that an
    editor is shown for it, where they are more. A date may stand in an earlier sentence (`date_sentence`).
    """

    relation: Relation
    sentence: Sentence
    value: Place
    subject: Place | None = None
    date: Place | None = None
    label: str = ""
    shown: Place | None = None
    date_sentence: Sentence | None = None
    date_text: str = ""

    @property
    def value_text(self) -> str:
        return self.sentence.text[slice(*self.value)]

    @property
    def subject_text(self) -> str:
        return self.sentence.text[slice(*self.subject)] if self.subject else ""

    @property
    def date_words(self) -> str:
        sentence = self.date_sentence or self.sentence
        return sentence.text[slice(*self.date)] if self.date else self.date_text

    @property
    def kind(self) -> str:
        if self.relation in ("event", "change"):
            return "event"
        return "summary" if self.relation == "summary" else "attribute"

    def make_draft(self, position: int = 0) -> Draft:
        """Make the draft that the common grounding takes."""
        place = self.shown or self.value
        at = span_in(self.sentence, place)
        subject_at = span_in(self.sentence, self.subject) if self.subject else None
        date_at = span_in(self.date_sentence or self.sentence, self.date) if self.date else None
        value = self.sentence.text[slice(*place)]
        return Draft(
            self.kind,
            value,
            self.label,
            self.date_words,
            position=position,
            at=at,
            subject_at=subject_at,
            date_at=date_at,
        )


def span_in(sentence: Sentence, place: Place) -> Span:
    """Give a place in a sentence as a span of its capture."""
    offset = sentence.passage.start
    return Span(sentence.capture.key, offset + place[0], offset + place[1])
