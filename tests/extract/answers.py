"""Answers of a model about the made-up dossier, and the prompt they answer."""

import json
from typing import Any

from dossiers.extract.assembly import Draft, Library
from dossiers.extract.prompts import Answer, Prompt, build_prompts, read_answer
from tests.extract.samples import CAPTURES, TOPIC, make_capture

LIBRARY = Library(TOPIC, CAPTURES)
ARTICLE_PROMPT, WEB_PROMPT = build_prompts(LIBRARY, model="sample")


def find_id(words: str, prompt: Prompt = WEB_PROMPT) -> str:
    """Find the id of the passage that holds some words."""
    return next(f"P{number}" for number, passage in enumerate(prompt.passages, 1) if words in passage.text)


def make_item(kind: str, passage: str, quote: str, value: str, **more: Any) -> dict[str, Any]:
    """Make an item as agreed; `passage` is words of it or an id."""
    name = passage if passage[:1] == "P" and passage[1:].isdecimal() else find_id(passage)
    return {
        "kind": kind,
        "passage": name,
        "quote": quote,
        "value": value,
        "label": "",
        "subject": "",
        "date": "",
    } | more


def write(*items: Any) -> str:
    return json.dumps({"items": list(items)})


def read(*items: Any, prompt: Prompt = WEB_PROMPT) -> Answer:
    return read_answer(write(*items), prompt, LIBRARY)


def read_alone(text: str, item: dict[str, Any]) -> Answer:
    """Read one item about a page of its own."""
    library = Library(TOPIC, [make_capture("one", "web_search", "A page", text)])
    return read_answer(write(item), build_prompts(library, model="sample")[0], library)


def read_at(draft: Draft) -> str:
    """Read what stands in the captures where a draft says its value stands."""
    assert draft.at is not None
    capture, start, end = draft.at
    return next(c.text for c in CAPTURES if c.key == capture)[start:end]


def list_codes(answer: Answer) -> list[str]:
    return [problem.code for problem in answer.problems]


RATE = make_item(
    "attribute", "In 2021, the worldwide", "In 2021, the worldwide household recycling rate was 17%", "17%",
    label="Recycling rate", subject="worldwide", date="2021",
)  # fmt: skip
SPAIN = make_item(
    "attribute", "Turkey and Spain", "Turkey and Spain both gained between 2010 and 2021 (from 5% to 12% and from 30%"
    " to 37%, respectively)", "37%", label="Recycling rate", subject="Spain", date="2021",
)  # fmt: skip
BERGEN = make_item(
    "event", "Bergen opened", "Bergen opened its first kerbside scheme in 1974.",
    "Bergen opened its first kerbside scheme in 1974", subject="Bergen", date="1974",
)  # fmt: skip
