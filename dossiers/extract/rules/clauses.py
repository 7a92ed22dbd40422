"""Take the tokens of a sentence; leave its clauses, with subject and verb, and what only stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from dossiers.extract.rules.leads import skip_lead
from dossiers.extract.rules.segments import split_segments
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import (
    AUXILIARIES,
    find_verb,
    is_adverb,
    is_participle,
    is_verb,
    skip_adverbs,
)
from dossiers.extract.rules.words import any_of, words

Kind = Literal["main", "relative", "participle", "aside"]
_COMPARING = frozenset("while whereas".split())
_DATING = frozenset("in on by since between from during at".split())
_LONGEST_SUBJECT = 14
Segment = tuple[str, list[Token]]


@dataclass
class Clause:
    """A clause: `subject` are the words of its grammatical subject, `verb` its verb and what follows from there.

    Asides (appositions, set-off participles and relative clauses) point to the clause beside which they stand.
    """

    kind: Kind
    tokens: list[Token] = field(default_factory=list)
    subject: list[Token] = field(default_factory=list)
    predicate: list[Token] = field(default_factory=list)
    parent: "Clause | None" = None

    @property
    def verb(self) -> Token | None:
        return self.predicate[0] if self.predicate else None

    @property
    def lead(self) -> list[Token]:
        """What stands before the subject, which all predicates share: "In 2015 ..."."""
        begin = self.subject[0].start if self.subject else 0
        return [token for token in self.tokens if token.end <= begin]


def find_clauses(flat: Sequence[Token]) -> list[Clause]:
    """Find the clauses among tokens that stand outside of brackets."""
    builder = _Builder()
    segments = list(split_segments(flat))
    for place, (sign, tokens) in enumerate(segments):
        builder.add(sign, tokens, segments[place + 1 :])
    return builder.clauses


class _Builder:
    """Reads segments in order; `current` is the main clause that goes on."""

    def __init__(self) -> None:
        self.clauses: list[Clause] = []
        self.current = Clause("main")
        self.lead: list[Token] = []

    def add(self, sign: str, tokens: list[Token], rest: Sequence[Segment]) -> None:
        first = tokens[0]
        if first.low in words("words", "relatives") or _is_relative_that(tokens) or _opens_of_which(tokens):
            self._add_aside(_make_relative(tokens))
        elif sign != "and" and _is_participle_phrase(tokens) and not self._completes(tokens, rest):
            self._add_aside(Clause("participle", tokens))
        elif (
            sign != ";" and self.current.subject and is_verb(tokens, skip := skip_adverbs(tokens, _skip_joint(tokens)))
        ):
            self._go_on(tokens, skip)
        else:
            self._add_rest(sign, tokens)

    def _completes(self, tokens: list[Token], rest: Sequence[Segment]) -> bool:
        """Tell whether a form in -ed is the verb that the subject waits for: no later segment has one."""
        is_waiting = bool(self.current.subject) and not self.current.predicate
        later = [segment for sign, segment in rest if sign != "and"]
        if (
            later
            and len(tokens) > 1
            and (tokens[1].period is not None or tokens[1].low in words("words", "prepositions"))
        ):
            return False
        return is_waiting and is_verb(tokens, 0) and not any(is_verb(s, skip_adverbs(s, 0) % len(s)) for s in later)

    def _go_on(self, tokens: list[Token], verb: int) -> None:
        """Add a predicate to the subject that is waiting for one, or a further one to a whole clause."""
        if self.current.predicate:
            self.current = Clause("main", list(self.current.lead), self.current.subject)
            self.clauses.append(self.current)
        self.current.tokens += tokens
        self.current.predicate = tokens[verb:]

    def _add_rest(self, sign: str, tokens: list[Token]) -> None:
        begin = _skip_joint(tokens)
        lead = skip_lead(tokens, begin)
        verb = find_verb(tokens, lead)
        if verb > lead and verb - lead <= _LONGEST_SUBJECT:
            self._start(tokens, lead, verb)
        elif not self.current.subject:
            self._wait(tokens, lead)
        elif not self.current.predicate or (sign in ",–—" and _opens_aside(tokens)):
            self._add_aside(Clause("aside", tokens))
        else:
            self.current.tokens += tokens
            self.current.predicate += tokens

    def _start(self, tokens: list[Token], lead: int, verb: int) -> None:
        clause = Clause("main", [*self.lead, *tokens], trim_subject(tokens[lead:verb]), tokens[verb:])
        if self.current.predicate and not any(token.period for token in tokens):
            shared = self.current.tokens if tokens[0].low in _COMPARING else self.current.lead
            clause.tokens = [*(token for token in shared if token.period or token.low in _DATING), *clause.tokens]
        self.lead = []
        if self.current.subject and not self.current.predicate:
            self._demote(clause)
        self.current = clause
        self.clauses.append(clause)

    def _demote(self, clause: Clause) -> None:
        """A phrase that waited for a verb and got none: a heading, or the first names of a row that goes on."""
        self.current.kind = "aside"
        is_row = any(token.low == "and" for token in clause.subject) and clause.subject[0] is clause.tokens[0]
        if is_row and all(token.is_name for token in (self.current.subject[0], clause.subject[0])):
            clause.subject = [*self.current.subject, *clause.subject]
            clause.tokens = [*self.current.tokens, *clause.tokens]

    def _wait(self, tokens: list[Token], lead: int) -> None:
        """Keep what opens a sentence: an adverbial, or a subject whose verb comes behind an apposition."""
        if lead >= len(tokens):
            self.lead += tokens
            return
        self.current = Clause("main", [*self.lead, *tokens], trim_subject(tokens[lead:]))
        self.lead = []
        self.clauses.append(self.current)

    def _add_aside(self, clause: Clause) -> None:
        clause.parent = self.current if self.current.subject else None
        self.clauses.append(clause)


def _skip_joint(tokens: Sequence[Token]) -> int:
    """Skip the conjunction that joins a clause to what stands before it."""
    joints = any_of("conjunctions", "subordinators")
    return int(tokens[0].low in joints and len(tokens) > 1)


def _is_relative_that(tokens: Sequence[Token]) -> bool:
    return tokens[0].low == "that" and len(tokens) > 1 and is_verb(tokens[1:3], 0)


def _opens_of_which(tokens: Sequence[Token]) -> bool:
    return len(tokens) > 2 and tokens[1].low in words("words", "relatives") and tokens[1].low != "when"


def _make_relative(tokens: list[Token]) -> Clause:
    """Read a relative clause; only behind a preposition ("of which ...") has it a subject of its own."""
    if not _opens_of_which(tokens):
        return Clause("relative", tokens)
    verb = find_verb(tokens, 2)
    if verb <= 2:
        return Clause("relative", tokens)
    return Clause("relative", tokens, trim_subject(tokens[2:verb]), tokens[verb:])


def _is_participle_phrase(tokens: Sequence[Token]) -> bool:
    """Tell whether a segment opens with a participle: "Founded in 1948", "killing 35 people"."""
    low = tokens[0].low
    following = tokens[1] if len(tokens) > 1 else None
    if low.endswith("ing") and len(low) > 5 and tokens[0].text[0].islower():
        return True
    if not is_participle(low) or low in AUXILIARIES or following is None:
        return False
    opens = following.low in words("words", "prepositions") or following.period is not None or is_adverb(following)
    return opens or (low.endswith("ed") and following.low in words("words", "articles"))


def _opens_aside(tokens: Sequence[Token]) -> bool:
    """Tell whether a phrase behind a clause explains something in it: "a package worth ...", "about 5 km from ..."."""
    if tokens[0].low in words("words", "articles"):
        return True
    place = skip_adverbs(tokens, 0)
    return place < len(tokens) and tokens[place].number is not None and any(t.low in ("from", "off") for t in tokens)


def trim_subject(tokens: Sequence[Token]) -> list[Token]:
    """Cut adverbs, dates and articles off the ends of a subject."""
    kept = list(tokens)
    while kept and (is_adverb(kept[-1]) or kept[-1].period is not None or _is_dangling(kept)):
        kept.pop()
    while kept and kept[0].low in words("words", "articles") | {"both"}:
        kept.pop(0)
    return kept


def _is_dangling(tokens: Sequence[Token]) -> bool:
    last = tokens[-1]
    return last.low in words("words", "prepositions") or last.low in words("words", "conjunctions")
