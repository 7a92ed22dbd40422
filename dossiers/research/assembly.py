"""Takes a topic's words; leaves the words that a web search is asked with. Knows neither Django nor the database."""

import re

MOST_CHARACTERS, MOST_NAMES = 200, 2
_NAME = re.compile(r"\b[^\W\d_a-zà-þ][\w’'-]+(?:\s+[^\W\d_a-zà-þ][\w’'-]+)*")
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
        is_first = _SENTENCE_START.search(text[: match.start()])
        if not is_first or " " in match[0]:
            found.append(" ".join(match[0].split()))
    return list(dict.fromkeys(found))
