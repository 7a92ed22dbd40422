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
        return [t for t in self.tokens if t.depth == 0 and t.text not in '()[]"“”.!']

    @cached_property
    def clauses(self) -> list[Clause]:
        return find_clauses(self.flat)

    @cached_property
    def topic_places(self) -> list[tuple[int, int]]:
        """The places of the topic's names."""
        return [(m.start, m.end) for m in self.sentence.mentions if m.key == TOPIC_KEY]

    @property
    def text(self) -> str:
        return self.sentence.text

    @cached_property
    def opening(self) -> int:
        """The place of the first word."""
        return next((token.start for token in self.tokens if token.is_word), 0)

    def is_known(self, token: Token) -> bool:
        """Tell whether a word is a name elsewhere in the captures, or a known subject here."""
        mention = next((m for m in self.sentence.mentions if m.start <= token.start < m.end), None)
        if mention and (mention.key == WORLD or (not mention.text.istitle() and " " in mention.text)):
            return False
        return mention is not None or fold_name(token.text) in self.library.known

    def is_topic(self, start: int, end: int) -> bool:
        """Tell whether words are a name of the topic."""
        return any(m.key == TOPIC_KEY and (m.start, m.end) == (start, end) for m in self.sentence.mentions)

    def is_named(self, start: int, end: int) -> bool:
        """Tell whether words are a full name of the topic or the last word of its title: an alias may share its own."""
        topic, words_here = self.library.topic, self.text[start:end]
        last = topic.title.split("(")[0].split()[-1:]
        is_full = any(fold_name(words_here) == fold_name(name) for name in topic.names)
        return self.is_topic(start, end) and (is_full or [words_here] == last)
