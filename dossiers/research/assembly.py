"""Takes a topic's words; leaves the words that a web search is asked with. Knows neither Django nor the database."""

import re

MOST_CHARACTERS, MOST_NAMES = 200, 2
_NAME = re.compile(r"\b[^\W\d_a-zà-þ][\w’'-]+(?:\s+[^\W\d_a-zà-þ][\w’'-]+)*")
# Words that open a sentence and are no part of the name after them.
_OPENERS = frozenset(
    "a after an and as at before but by during for from he her his if in it its of on she since that the their these "
    "they this those to under when while with".split()
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|\n\s*)[\"“‘'(\[]*$")


def phrase_search(title: str, description: str = "") -> str:
    """Return the title, and the names beside it that tell which of its namesakes is meant."""
    names = [name for name in list_names(description) if name.casefold() not in title.casefold()]
    names = [name for name in names if title.casefold() not in name.casefold()]
    words = " ".join([title, *names[:MOST_NAMES]])
    return words if len(words) <= MOST_CHARACTERS else title[:MOST_CHARACTERS]


def list_names(text: str) -> list[str]:
    """List the capitalised names in `text` in order, each once; one word that opens a sentence says nothing."""
    found = []
    for match in _NAME.finditer(text[:2000]):
        words = match[0].split()
        if _SENTENCE_START.search(text[: match.start()]):
            words = words[1:] if words[0].casefold() in _OPENERS else words if len(words) > 1 else []
        found.append(" ".join(words))
    return list(dict.fromkeys(name for name in found if name))
