"""A library read by the rules: each sentence parsed once, with what went before it in its piece."""

from collections.abc import Iterator

from dossiers.extract.assembly import Library, Sentence
from dossiers.extract.rules.parsing import Parsed

_LOOK_BACK = 3


class Reading:
    """Parses the sentences of a library as they are asked for, and keeps them."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._parsed: dict[int, Parsed] = {}

    @property
    def is_person(self) -> bool:
        return self.library.topic.kind == "person"

    def is_own_name(self, name: str) -> bool:
        """Tell whether a longer name is the topic's: it begins as one of the topic's names does."""
        return any(own.split()[:1] == name.split()[:1] for own in self.library.topic.names)

    def parse(self, sentence: Sentence) -> Parsed:
        """Parse a sentence, once."""
        if sentence.number not in self._parsed:
            self._parsed[sentence.number] = Parsed(sentence, self.library)
        return self._parsed[sentence.number]

    def walk_back(self, parsed: Parsed) -> Iterator[Parsed]:
        """Go back through the sentences before this one in its piece, the nearest first."""
        current = self.library.before(parsed.sentence)
        for _ in range(_LOOK_BACK):
            if current is None:
                return
            yield self.parse(current)
            current = self.library.before(current)
