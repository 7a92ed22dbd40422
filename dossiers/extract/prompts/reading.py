"""Take what a model answered; leave drafts whose words stand where they say, and the problems with the rest."""

import re
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from json import JSONDecodeError
from typing import Any, Literal

from dossiers.extract.assembly import Draft, Library
from dossiers.extract.matching import fold_name
from dossiers.extract.prompts.building import Prompt
from dossiers.extract.prompts.items import list_unknown_fields, read_item
from dossiers.extract.prompts.problems import Problem, Unusable
from dossiers.extract.prompts.schema import LONGEST_ANSWER, MOST_ITEMS, MOST_SENTENCES
from dossiers.ingest.parsing.jsontree import DECODER, Members

AnswerOutcome = Literal["ok", "empty", "truncated", "invalid"]
_FENCE = re.compile(r"```[a-zA-Z]{0,10}[ \t]*\n")


@dataclass(frozen=True)
class Answer:
    """What an answer gives: `empty` says that the model found nothing, `invalid` that it kept to no agreement.

    A `truncated` answer gives no drafts: what its end would have said nobody knows. In an `ok` one the items with a
    problem are left out.
    """

    drafts: tuple[Draft, ...] = ()
    problems: tuple[Problem, ...] = ()
    outcome: AnswerOutcome = "empty"


@dataclass
class _Reading:
    """An answer under way."""

    prompt: Prompt
    library: Library
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: set[Hashable] = field(default_factory=set)


class _Unreadable(Exception):
    """The answer as a whole cannot be read."""

    def __init__(self, outcome: AnswerOutcome, code: str, message: str) -> None:
        super().__init__(message)
        self.outcome, self.problem = outcome, Problem(code, message)


def read_answer(text: str, prompt: Prompt, library: Library) -> Answer:
    """Read an answer to a prompt over the library it was built from; never raises for what a model wrote."""
    reading = _Reading(prompt, library)
    try:
        items = _find_items(text, reading.problems)
    except _Unreadable as error:
        return Answer((), (*reading.problems, error.problem), error.outcome)
    for number, raw in enumerate(items[:MOST_ITEMS], 1):
        _read_one(reading, number, raw)
    if len(items) > MOST_ITEMS:
        reading.problems.append(Problem("too-many", f"It lists {len(items):,} items; {MOST_ITEMS} are read."))
    outcome: AnswerOutcome = "ok" if reading.drafts else ("invalid" if items else "empty")
    return Answer(tuple(reading.drafts), tuple(reading.problems), outcome)


def _read_one(reading: _Reading, number: int, raw: Any) -> None:
    """Read one item, keep its draft, and note what is wrong with it."""
    reading.problems += [replace(problem, item=number) for problem in list_unknown_fields(raw)]
    try:
        draft = read_item(raw, reading.prompt, reading.library)
        _refuse_surplus(reading, draft)
    except Unusable as error:
        reading.problems.append(Problem(error.code, error.message, number))
        return
    reading.drafts.append(replace(draft, position=len(reading.drafts)))


def _refuse_surplus(reading: _Reading, draft: Draft) -> None:
    """Refuse what was said before, and more of a summary than was asked for."""
    key = _describe_sameness(draft)
    if key in reading.seen:
        raise Unusable("duplicate", "It says what an item before it says.")
    if draft.kind == "summary" and sum(other.kind == "summary" for other in reading.drafts) >= MOST_SENTENCES:
        raise Unusable("too-many", f"It is a sentence too many; the summary has at most {MOST_SENTENCES}.")
    reading.seen.add(key)


def _describe_sameness(draft: Draft) -> Hashable:
    """Give what two drafts share that say the same of the same words; other words that say it are more evidence."""
    said = draft.kind, fold_name(draft.label), " ".join(draft.value.casefold().split()), fold_name(draft.date_text)
    return *said, draft.at


def _find_items(text: str, problems: list[Problem]) -> list[Any]:
    """Find the list of items in an answer: JSON alone as agreed, or JSON in a fence or among prose, which is noted."""
    if len(text) > LONGEST_ANSWER:
        size = f"{len(text):,} characters; {LONGEST_ANSWER:,} are the most"
        raise _Unreadable("invalid", "too-long", f"The answer has {size}.")
    if not text.strip():
        raise _Unreadable("invalid", "blank", "The answer is blank.")
    text = _open_fence(_skip_thoughts(text.strip(), problems), problems)
    root = _parse(text, problems)
    if root.twice is not None:
        raise _Unreadable("invalid", "not-as-agreed", "The answer gives the same field twice.")
    if not isinstance(root.get("items"), list):
        raise _Unreadable("invalid", "not-as-agreed", "The answer has no list of items.")
    if len(root) > 1:
        problems.append(Problem("unknown-field", "Beside the items the answer has fields that nobody asked for."))
    return root["items"]


def _skip_thoughts(text: str, problems: list[Problem]) -> str:
    """Leave out what some models think aloud before they answer."""
    thoughts, mark, rest = text.partition("</think>")
    if not mark or not thoughts.startswith("<think>"):
        return text
    problems.append(Problem("prose", "The model thought aloud before its answer, which was not read."))
    return rest.strip()


def _open_fence(text: str, problems: list[Problem]) -> str:
    opening = _FENCE.match(text)
    if not opening or not text.endswith("```"):
        return text
    problems.append(Problem("fenced", "The answer stands in a code fence; what is inside was read."))
    return text[opening.end() : -3]


def _parse(text: str, problems: list[Problem]) -> Members:
    """Parse the one JSON object of an answer."""
    begin = text.find("{")
    if begin < 0:
        raise _Unreadable("invalid", "no-json", "The answer holds no JSON object.")
    root, end = _decode(text, begin)
    before, after = text[:begin].strip(), text[end:].strip()
    if "{" in after:
        raise _Unreadable("invalid", "not-as-agreed", "The answer holds more than one JSON object.")
    if before or after:
        problems.append(Problem("prose", "There is text around the JSON of the answer, which was not read."))
    return root


def _decode(text: str, begin: int) -> tuple[Members, int]:
    try:
        root, end = DECODER.raw_decode(text, begin)
    except JSONDecodeError as error:
        if _breaks_off(text, error):
            raise _Unreadable("truncated", "truncated", "The answer breaks off before its end.") from None
        raise _Unreadable("invalid", "no-json", f"The answer is no JSON ({error.msg}).") from None
    except RecursionError:
        raise _Unreadable("invalid", "too-deep", "The answer is nested too deeply.") from None
    except ValueError:
        raise _Unreadable("invalid", "no-json", "The answer is no JSON: it holds a number that JSON has not.") from None
    return root, end


def _breaks_off(text: str, error: JSONDecodeError) -> bool:
    """Tell whether the text ends before the JSON does: at the end, or within a string that nothing closes."""
    return error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
