"""Choose two to four whole sentences that tell what the topic is, in the words of one capture."""

from collections.abc import Sequence

from dossiers.extract.assembly import Library, Sentence
from dossiers.extract.matching import TOPIC_KEY
from dossiers.extract.rules.admitting import is_admitted
from dossiers.extract.rules.knowledge import is_list
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.words import any_of

_FEWEST, _MOST = 2, 4
_MOST_NUMBERS = 3
_SHORTEST, _LONGEST = 40, 400
_ENCYCLOPEDIA = "encyclopedia"


def find_summary(library: Library) -> list[Statement]:
    """Find the sentences of a summary, the first of the capture first; none where a capture has not two of them."""
    chosen: dict[object, list[Sentence]] = {}
    for sentence in library.sentences:
        if _is_fit(sentence):
            chosen.setdefault(sentence.capture.key, []).append(sentence)
    best = max((row for row in chosen.values() if len(row) >= _FEWEST), key=_rank, default=[])
    return [_state(sentence) for sentence in best[:_MOST]]


def _rank(sentences: Sequence[Sentence]) -> tuple[bool, int, str]:
    capture = sentences[0].capture
    return capture.provider == _ENCYCLOPEDIA, min(len(sentences), _MOST), capture.text


def _is_fit(sentence: Sentence) -> bool:
    """Tell whether a sentence names the topic, stands for itself and is whole."""
    text = sentence.text
    if not _SHORTEST <= len(text) <= _LONGEST or is_list(sentence) or not text[0].isupper() or text[-1] not in '.!”"':
        return False
    if TOPIC_KEY not in sentence.keys or len(sentence.numbers) > _MOST_NUMBERS or not is_admitted(sentence):
        return False
    first = text.split(maxsplit=1)[0].rstrip(",").lower()
    return first not in _anaphoric()


def _anaphoric() -> frozenset[str]:
    """Openers that need what was said before."""
    opening = any_of("demonstratives", "pronouns", "conjunctions")
    return opening | frozenset(
        "however therefore thus moreover meanwhile similarly likewise also then instead conversely so".split()
    )


def _state(sentence: Sentence) -> Statement:
    return Statement("summary", sentence, (0, len(sentence.text)))
