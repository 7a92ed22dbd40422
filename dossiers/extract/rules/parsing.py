"""Take a sentence; leave it read once for all rules: tokens, clauses, the words it skips."""

from dataclasses import dataclass
from functools import cached_property

from dossiers.extract.assembly import Library, Sentence
from dossiers.extract.matching import TOPIC_KEY, fold_name
from dossiers.extract.rules.clauses import Clause, find_clauses
from dossiers.extract.rules.tokens import Token, tokenise


WORLD = "territory:001"


@dataclass
class Parsed:
    """A sentence with its tokens. `flat` are those outside of brackets, without quotation marks and the final stop."""

    sentence: Sentence
    library: Library

    @cached_property
    def tokens(self) -> list[Token]:
        return tokenise(self.sentence)

    @cached_property
    def flat(self) -> list[Token]:
        return [t for t in self.tokens if t.depth == 0 and t.text not in "()[]\"“”.!"]

    @cached_property
    def clauses(self) -> list[Clause]:
        return find_clauses(self.flat)

    @property
    def text(self) -> str:
        return self.sentence.text

    @cached_property
    def opening(self) -> int:
        """The place of the first word."""
        return next((token.start for token in self.tokens if token.is_word), 0)

    def is_known(self, token: Token) -> bool:
        """Tell whether a word is a name elsewhere in the captures, or a known subject here."""
        keys = {m.key for m in self.sentence.mentions if m.start <= token.start < m.end}
        if WORLD in keys:
            return False
        return bool(keys) or fold_name(token.text) in self.library.known

    def is_topic(self, start: int, end: int) -> bool:
        """Tell whether words are a name of the topic."""
        return any(m.key == TOPIC_KEY and (m.start, m.end) == (start, end) for m in self.sentence.mentions)

    def find_topic_at(self, start: int) -> tuple[int, int] | None:
        """Find the topic's name that begins at an offset."""
        return next(((m.start, m.end) for m in self.sentence.mentions if m.key == TOPIC_KEY and m.start == start), None)
