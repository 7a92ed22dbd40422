"""Tell whether the words that a proposal rests on still stand in their source's newest texts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

from dossiers.extract.queries import Prior
from dossiers.extract.quotes import fold
from dossiers.models.capture import Capture
from dossiers.models.evidence import Evidence

Words = tuple[int, str, str, str]

_SENTENCE_ENDS = re.compile(r"[.!?…]['\"’”)]*\s+|\n+|\]\s*")
_IS_WHOLE = re.compile(r"[.!?…]['\"’”)]*\s*$")
_ENDS_SENTENCE = re.compile(r"[.!?…](?=\s|$)|\n|\s*\[")


class Standing(IntEnum):
    """How much is left of quoted words: nothing, the words in other surroundings, or their sentence as it was."""

    GONE = 0
    ELSEWHERE = 1
    SAME = 2


class Texts:
    """The newest texts of the sources that a run retrieved; a page that is gone has none."""

    def __init__(self, captures: Sequence[Capture], gone: Iterable[int] = ()) -> None:
        self._texts: dict[int, list[str]] = {source: [] for source in gone}
        self._folded: dict[str, str] = {}
        for capture in captures:
            self._texts.setdefault(capture.source_id, []).append(capture.text)

    def __contains__(self, source: object) -> bool:
        return source in self._texts

    def judge(self, words: Iterable[Words]) -> Standing:
        """Judge all words of a value, each in its own source: the worst counts. No words at all stand."""
        return min((self._judge(*said) for said in words), default=Standing.SAME)

    def _judge(self, source: int, exact: str, prefix: str, suffix: str) -> Standing:
        texts = self._texts.get(source, [])
        if self._holds(texts, _cut_sentence(exact, prefix, suffix)):
            return Standing.SAME
        return Standing.ELSEWHERE if self._holds(texts, exact) else Standing.GONE

    def _holds(self, texts: Sequence[str], words: str) -> bool:
        if any(words in text for text in texts):
            return True
        folded = fold(words).text
        return any(folded in self._fold(text) for text in texts)

    def _fold(self, text: str) -> str:
        if text not in self._folded:
            self._folded[text] = fold(text).text
        return self._folded[text]


def list_words(rows: Iterable[Evidence], captures: Mapping[int, Capture] | None = None) -> list[Words]:
    """List the words of evidence rows with their source, which is read from `captures` where rows are not yet saved."""
    return [
        ((captures[row.capture_id] if captures else row.capture).source_id, row.exact, row.prefix, row.suffix)
        for row in rows
    ]


def find_standing(priors: Iterable[Prior], evidence_hash: str, sources: set[int], texts: Texts) -> list[Prior]:
    """Find the proposals whose words are these, or still stand beside them in the same source, newest first."""
    return [prior for prior in priors if prior.evidence_hash == evidence_hash or _stands(prior, sources, texts)]


def _stands(prior: Prior, sources: set[int], texts: Texts) -> bool:
    return sources <= {source for source, *_ in prior.words} and texts.judge(prior.words) == Standing.SAME


def _cut_sentence(exact: str, prefix: str, suffix: str) -> str:
    """Give quoted words with what is known of their own sentence, and nothing of the ones beside it."""
    starts = [match.end() for match in _SENTENCE_ENDS.finditer(prefix)]
    before = prefix[starts[-1] if starts else 0 :]
    if _IS_WHOLE.search(exact):
        return before + exact
    end = _ENDS_SENTENCE.search(suffix)
    return before + exact + (suffix[: end.start()] if end else suffix)
