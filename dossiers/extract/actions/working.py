"""One extraction under way: what it works on, and what it has stored so far."""

from dataclasses import dataclass, field
from functools import cached_property

from dossiers.extract.actions.drafting import Origin
from dossiers.extract.actions.words import Texts
from dossiers.extract.assembly import Grounded, Library, TopicText
from dossiers.extract.queries import Brought, KnownClaim, Prior
from dossiers.models.capture import Capture
from dossiers.models.claim import Claim
from dossiers.models.evidence import Evidence
from dossiers.models.proposal import Proposal, hash_value
from dossiers.models.run import Run, RunKind
from dossiers.models.topic import Topic


@dataclass
class Statement:
    """What a run says once: the places where it says it, the best first; `value_hash` is one for all."""

    place: int
    occurrences: list[Grounded]
    value_hash: str

    @property
    def best(self) -> Grounded:
        return self.occurrences[0]


@dataclass
class Seen:
    """A claim that an extraction gave, on the words of one place: the proposal it made, or the one it saw again."""

    claim: Claim
    entry: KnownClaim | None
    statement: Statement
    grounded: Grounded
    made: Proposal | None = None
    sighted: int | None = None
    is_challenging: bool = False

    @property
    def proposal_id(self) -> int:
        return self.made.pk if self.made else self.sighted or 0

    @property
    def gives_standing(self) -> bool:
        """Tell whether it is the value that stands, or that nothing stands."""
        incumbent = self.claim.incumbent if self.claim.incumbent_id else None
        return incumbent is None or incumbent.value_hash == self.statement.value_hash


@dataclass
class Work:
    """One extraction under way."""

    topic: Topic
    run: Run
    origin: Origin
    words: TopicText
    brought: Brought
    captures: dict[int, Capture]
    library: Library
    known: dict[int, KnownClaim]
    statements: list[Statement] = field(default_factory=list)
    priors: dict[tuple[int, str], list[Prior]] = field(default_factory=dict)
    suppressed: set[tuple[int, str, str]] = field(default_factory=set)
    given: dict[int, set[str]] = field(default_factory=dict)  # the values that this run gives of each claim
    seen: list[Seen] = field(default_factory=list)
    proposals: list[tuple[Proposal, list[Evidence]]] = field(default_factory=list)

    @property
    def is_research(self) -> bool:
        return self.run.kind == RunKind.RESEARCH

    @cached_property
    def texts(self) -> Texts:
        return Texts(list(self.captures.values()), self.brought.gone)


def hash_grounded(claim: Grounded) -> str:
    """Return the hash of what a statement says: its value and date."""
    return hash_value(claim.draft.value, claim.dating.value.verbatim)
