"""What a rule looks at, and what it finds."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from dossiers.extract.assembly.inputs import CaptureText, TopicText
from dossiers.extract.assembly.results import Grounded
from dossiers.extract.checks.facts import Figure, read_figure
from dossiers.extract.checks.settling import NOTHING_SETTLED, Settled
from dossiers.extract.matching import base_key, fold_name

Severity = Literal["error", "warning", "info"]
Target = Literal["proposal", "claim", "capture"]


@dataclass(frozen=True)
class Finding:
    """One finding. `subject` is a claim's place in the list of claims (target proposal or claim), or a capture's key;
    `related` is another claim's place.
    """

    code: str
    severity: Severity
    message: str
    target: Target
    subject: Hashable
    related: int | None = None


@dataclass(frozen=True)
class Case:
    """A topic with its claims and captures, on the day of the check.

    `settled` says which captures an editor's answers settle or rule out.
    """

    topic: TopicText
    claims: Sequence[Grounded]
    captures: Sequence[CaptureText]
    today: date | None = None
    settled: Settled = NOTHING_SETTLED

    @cached_property
    def alone(self) -> Counter[Hashable]:
        """How many claims rest on each source alone."""
        sources = {capture.key: capture.source or capture.key for capture in self.captures}
        cited = ({sources.get(q.capture) for q in c.support.quotes} for c in self.claims if c.support.is_grounded)
        return Counter(next(iter(found)) for found in cited if len(found) == 1)

    @cached_property
    def figures(self) -> list[Figure | None]:
        """The figures that the claims state, in their order."""
        return [read_figure(claim) for claim in self.claims]

    @cached_property
    def groups(self) -> dict[Hashable, list[int]]:
        """The places of claims that can be alike: of one subject and unit, of one text, or of one slot."""
        groups: dict[Hashable, list[int]] = {}
        for place in range(len(self.claims)):
            for key in self.list_group_keys(place):
                groups.setdefault(key, []).append(place)
        return groups

    def list_group_keys(self, place: int) -> list[Hashable]:
        """List the groups that a claim is in."""
        claim, figure = self.claims[place], self.figures[place]
        keys: list[Hashable] = [(claim.draft.kind, fold_name(claim.draft.text))]
        if number := figure and (figure.value or figure.last):
            keys.append((figure.subject, number.unit))
        if claim.typed.type == "date":
            keys.append((claim.draft.kind, base_key(claim.key).split(" #")[0]))
        return keys


def shorten(text: str, limit: int = 80) -> str:
    """Show a text in a message: on one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + "…"


def join_words(words: Sequence[str], limit: int = 4) -> str:
    """Join quoted words: “a”, “b” and “c”."""
    quoted = [f"“{shorten(word, 60)}”" for word in words[:limit]]
    if len(words) > limit:
        quoted.append(f"{len(words) - limit} more")
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
