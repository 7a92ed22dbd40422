"""A sentence of a capture, with what grounding asks of it read once and kept."""

from dataclasses import dataclass
from functools import cached_property

from dossiers.extract.assembly.inputs import LONGEST_SENTENCE, CaptureText
from dossiers.extract.dates import Period, find_periods
from dossiers.extract.matching import Gazetteer, Mention, find_stems
from dossiers.extract.numbers import Number, find_numbers
from dossiers.extract.passages import Passage


@dataclass
class Sentence:
    """A passage of a capture; `piece` counts the stretches between joints, so that neighbours share one."""

    number: int
    capture: CaptureText
    passage: Passage
    piece: int
    begins_piece: bool
    gazetteer: Gazetteer

    @property
    def text(self) -> str:
        """The passage as far as it is read."""
        return self.passage.text[:LONGEST_SENTENCE]

    @property
    def span(self) -> tuple[int, int]:
        """The place in the capture of what is read."""
        return self.passage.start, self.passage.start + len(self.text)

    @property
    def is_cut(self) -> bool:
        """Tell whether a joint, or the end of the snippet, runs through this sentence."""
        return self.passage.fragment

    @cached_property
    def stems(self) -> frozenset[str]:
        return find_stems(self.text)

    @cached_property
    def numbers(self) -> list[Number]:
        return find_numbers(self.text)

    @cached_property
    def mentions(self) -> list[Mention]:
        return self.gazetteer.find_mentions(self.text)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(mention.key for mention in self.mentions)

    @cached_property
    def periods(self) -> list[Period]:
        anchor = self.capture.published_at
        return find_periods(self.text, anchor)
