"""Take the tokens of a sentence; leave its clauses, each with its subject and verb, and what only stands beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import AUXILIARIES, find_verb, is_adverb, is_participle, is_present, is_verb, skip_adverbs
from dossiers.extract.rules.words import words

Kind = Literal["main", "relative", "participle", "aside"]
_STOPS = frozenset(", ; : – — ( )".split())
_QUALIFYING = frozenset("about around over under above below near nearly almost roughly approximately some only".split())
_NO_LEAD = frozenset("there worldwide overall".split())
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
        elif sign != ";" and self.current.subject and is_verb(tokens, skip := skip_adverbs(tokens, _skip_joint(tokens))):
            self._go_on(sign, tokens, skip)
        else:
            self._add_rest(sign, tokens)

    def _completes(self, tokens: list[Token], rest: Sequence[Segment]) -> bool:
        """Tell whether a form in -ed is the verb that the subject waits for: no later segment has one."""
        is_waiting = bool(self.current.subject) and not self.current.predicate
        later = [segment for sign, segment in rest if sign != "and"]
        if later and len(tokens) > 1 and (tokens[1].period is not None or tokens[1].low in words("words", "prepositions")):
            return False
        return is_waiting and is_verb(tokens, 0) and not any(is_verb(s, skip_adverbs(s, 0) % len(s)) for s in later)

    def _go_on(self, sign: str, tokens: list[Token], verb: int) -> None:
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
        elif not self.current.predicate:
            self._add_aside(Clause("aside", tokens))
        elif sign in ",–—" and _opens_aside(tokens):
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


def split_segments(flat: Sequence[Token]) -> Iterator[Segment]:
    """Split at the signs between phrases, before subordinate clauses, and where "and" opens another predicate."""
    sign, segment = "", list[Token]()
    for place, token in enumerate(flat):
        splits = segment and (_opens_clause(flat, place) or _joins_predicate(segment, flat, place))
        if (token.low in _STOPS and not _joins_numbers(flat, place)) or splits:
            if segment:
                yield sign, segment
            sign, segment = (token.low, []) if token.low in _STOPS else ("and", [token])
        else:
            segment.append(token)
    if segment:
        yield sign, segment


def _joins_numbers(flat: Sequence[Token], place: int) -> bool:
    """Tell whether a dash joins the ends of a spread: "25–30"."""
    around = flat[place - 1 : place + 2] if place else []
    is_dash = len(around) == 3 and around[1].text in "–—" and around[0].end == around[1].start
    return is_dash and around[0].number is not None and around[2].number is not None


def _opens_clause(flat: Sequence[Token], place: int) -> bool:
    token = flat[place]
    if token.low in words("words", "subordinators") or token.low in words("words", "relatives"):
        return flat[place - 1].low not in words("words", "prepositions")
    return token.low == "that" and place + 1 < len(flat) and is_verb(flat[place + 1 : place + 3], 0)


def _joins_predicate(segment: list[Token], flat: Sequence[Token], place: int) -> bool:
    """Tell whether "and" joins a second predicate or clause rather than two nouns."""
    if flat[place].low not in words("words", "conjunctions") | {"but"}:
        return False
    rest = list(flat[place + 1 : place + 16])
    end = next((i for i, token in enumerate(rest) if token.low in _STOPS), len(rest))
    rest = rest[:end]
    begin = skip_adverbs(rest, 0)
    has_verb = find_verb(segment) >= 0
    if begin < len(rest) and is_verb(rest, begin) and not _is_noun_list(segment, rest, begin):
        return has_verb or not is_present(rest[begin].low)
    if not has_verb:
        return False
    verb = find_verb(rest)
    return 0 < verb <= 8 and not any(token.low in ("and", "or") for token in rest[:verb]) and _is_finite(rest[verb])


def _is_noun_list(segment: list[Token], rest: list[Token], begin: int) -> bool:
    """Tell whether the word behind "and" is rather an adjective in -ed: "Polish and naturalised French"."""
    following = rest[begin + 1] if begin + 1 < len(rest) else None
    is_form = is_participle(rest[begin].low) and rest[begin].low not in AUXILIARIES
    return is_form and (following is None or following.is_name) and find_verb(segment) < 0 or (
        is_form and following is not None and following.is_name and following.text.endswith(("ish", "ench", "an", "ese"))
    )


def _is_finite(token: Token) -> bool:
    return token.low in AUXILIARIES or not token.low.endswith("s")


def _skip_joint(tokens: Sequence[Token]) -> int:
    """Skip the conjunction that joins a clause to what stands before it."""
    joints = words("words", "conjunctions") | words("words", "subordinators")
    return int(tokens[0].low in joints and len(tokens) > 1)


def _is_relative_that(tokens: Sequence[Token]) -> bool:
    return tokens[0].low == "that" and len(tokens) > 1 and is_verb(tokens[1:3], 0)


def _opens_of_which(tokens: Sequence[Token]) -> bool:
    return len(tokens) > 2 and tokens[1].low in words("words", "relatives") and not tokens[1].low == "when"


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


def skip_lead(tokens: Sequence[Token], place: int) -> int:
    """Skip the dates, adverbs and phrases with a preposition that stand before a subject."""
    while place < len(tokens):
        token = tokens[place]
        is_plain = is_adverb(token) and token.low not in _NO_LEAD and not _counts(tokens, place)
        if token.period is not None or is_plain:
            place += 1
        elif token.low in words("words", "prepositions") and not _counts(tokens, place):
            place = _skip_phrase(tokens, place + 1)
        else:
            return place
    return place


def _counts(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a word only qualifies a number: "about 15", "over two"."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    return following is not None and following.number is not None and tokens[place].low in _QUALIFYING


def _skip_phrase(tokens: Sequence[Token], place: int) -> int:
    """Find where the noun phrase of a preposition ends and the next begins, by a determiner or a name."""
    if place < len(tokens) and tokens[place].period is not None:
        return place + 1
    for here in range(place + 1, len(tokens)):
        before, token = tokens[here - 1], tokens[here]
        is_open = before.low in words("words", "prepositions") | words("words", "determiners") or before.low == "and"
        if is_open or not before.is_word:
            continue
        if token.low in words("words", "determiners") | words("words", "pronouns"):
            return here
        if before.is_name and _opens_noun(tokens, here):
            return here
        if token.is_name and not before.is_name and not tokens[place].is_name and before.low not in ("'s", "’s"):
            return here
    return len(tokens)


def _opens_noun(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a small word behind a name opens the subject: "In Sweden infant mortality"."""
    token = tokens[place]
    closed = words("words", "prepositions") | words("words", "conjunctions") | words("words", "places")
    is_small = token.is_word and token.text.islower() and token.low not in closed and token.low not in ("'s", "’s")
    return is_small and not is_adverb(token) and not is_verb(tokens, place)


def _opens_aside(tokens: Sequence[Token]) -> bool:
    """Tell whether a phrase behind a clause explains something in it: "a package worth ...", "about 5 km from ..."."""
    if tokens[0].low in words("words", "articles"):
        return True
    place = skip_adverbs(tokens, 0)
    return place < len(tokens) and tokens[place].number is not None and any(t.low in ("from", "off") for t in tokens)


def trim_subject(tokens: Sequence[Token]) -> list[Token]:
    """Cut adverbs, dates and articles off the ends of a subject."""
    kept = [token for token in tokens]
    while kept and (is_adverb(kept[-1]) or kept[-1].period is not None or _is_dangling(kept)):
        kept.pop()
    while kept and kept[0].low in words("words", "articles") | {"both"}:
        kept.pop(0)
    return kept


def _is_dangling(tokens: Sequence[Token]) -> bool:
    last = tokens[-1]
    return last.low in words("words", "prepositions") or last.low in words("words", "conjunctions")
