"""Take the claims that a topic has and those an extraction gives; leave which is which, never by their wording."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from dossiers.extract.matching.keys import Signature, base_key

_MARGIN = 0.05
NO_SIGNATURE = Signature()
_KEYED = ("attribute", "place")
_Key = Callable[["Candidate"], Hashable]


@dataclass(frozen=True, slots=True)
class QuoteSpan:
    """Where a value stands: the source, its capture, and the quoted words with their place."""

    source: Hashable
    capture: Hashable
    start: int
    end: int
    exact: str


@dataclass(frozen=True)
class Candidate:
    """One claim to match. `value_hash` is equal for equal values whatever their spelling.

    An old claim tells its other values too: the one that an editor let stand, the earlier ones, and those rejected.
    """

    id: Hashable
    kind: str
    key: str
    value_hash: str
    signature: Signature = NO_SIGNATURE
    spans: tuple[QuoteSpan, ...] = ()
    standing: str = ""
    earlier: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()

    @cached_property
    def sources(self) -> frozenset[Hashable]:
        return frozenset(span.source for span in self.spans)


@dataclass
class Matches:
    """`pairs` holds (old, new), `ambiguous` a new one with the old ones it may be, `lost` the old ones not seen.

    A decided claim can be in several pairs: its own value beside others that an editor knows of.
    """

    pairs: list[tuple[Candidate, Candidate]] = field(default_factory=list)
    ambiguous: list[tuple[Candidate, list[Candidate]]] = field(default_factory=list)
    new: list[Candidate] = field(default_factory=list)
    lost: list[Candidate] = field(default_factory=list)


_VALUES: tuple[Callable[[Candidate], Iterable[str]], ...] = (
    lambda c: {c.standing} - {""},
    lambda c: {c.value_hash},
    lambda c: c.earlier,
)


def match_claims(old: Sequence[Candidate], new: Sequence[Candidate]) -> Matches:
    """Match claims across extractions; what an editor has to tell apart comes out as ambiguous."""
    matches = Matches()
    for kind in dict.fromkeys(candidate.kind for candidate in [*old, *new]):
        olds, news = [c for c in old if c.kind == kind], [c for c in new if c.kind == kind]
        every = list(olds)
        _pair_known_values(every, olds, news, matches)
        if kind in _KEYED:
            _pair_sources(olds, news, matches)
            _pair_changed_sources([old for old in every if old not in olds], news, matches)
            _pair_keys(olds, news, matches)
        else:
            _pair_likes(olds, news, matches)
        matches.new += news
        matches.lost += olds
    return matches


def _pair_known_values(
    every: Sequence[Candidate], olds: list[Candidate], news: list[Candidate], matches: Matches
) -> None:
    """Pair what has the same key and a value of the claim: the standing one, the latest, an earlier one, in this order.

    Events and sentences that are left are paired by the value alone.
    """
    keys: list[_Key] = [lambda c: base_key(c.key)]
    if every and every[0].kind not in _KEYED:
        keys.append(lambda _: "")
    for key in keys:
        for list_values in _VALUES:
            _pair_by(every, olds, news, matches, key, list_values)


def _pair_by(
    every: Sequence[Candidate], olds: list[Candidate], news: list[Candidate], matches: Matches, key: _Key,
    list_values: Callable[[Candidate], Iterable[str]],
) -> None:  # fmt: skip
    waiting: dict[Hashable, list[Candidate]] = defaultdict(list)
    for candidate in every:
        for value in list_values(candidate):
            waiting[key(candidate), value].append(candidate)
    for new in list(news):
        known = waiting.get((key(new), new.value_hash), [])
        free = [old for old in known if old in olds] or [old for old in known if _may_share(old, new)]
        if free:
            _take(free[0], new, olds, news, matches)


def _may_share(old: Candidate, new: Candidate) -> bool:
    """Tell whether a claim that has its pair takes another value: one that its editor knows of, or turned away."""
    return bool(old.standing) or new.value_hash in old.rejected


def _take(one: Candidate, other: Candidate, olds: list[Candidate], news: list[Candidate], matches: Matches) -> None:
    if one in olds:
        olds.remove(one)
    news.remove(other)
    matches.pairs.append((one, other))


def _pair_sources(olds: list[Candidate], news: list[Candidate], matches: Matches) -> None:
    """Pair attributes of one slot that rest on the same source, where it has one of them before and after."""
    for new in list(news):
        slot = base_key(new.key)
        ours = [c for c in olds if base_key(c.key) == slot and c.sources & new.sources]
        theirs = [c for c in news if base_key(c.key) == slot and ours and c.sources & ours[0].sources]
        if len(ours) == len(theirs) == 1:
            _take(ours[0], new, olds, news, matches)


def _pair_keys(olds: list[Candidate], news: list[Candidate], matches: Matches) -> None:
    """Pair attributes of one slot whose value changed; several values on a side are for an editor to tell apart."""
    for key in dict.fromkeys(base_key(candidate.key) for candidate in news):
        ours = [c for c in olds if base_key(c.key) == key]
        theirs = [c for c in news if base_key(c.key) == key]
        if len(ours) == 1 and len(theirs) == 1:
            _take(ours[0], theirs[0], olds, news, matches)
        elif ours:
            _set_apart(theirs, ours, news, matches)


def _pair_changed_sources(taken: Sequence[Candidate], news: list[Candidate], matches: Matches) -> None:
    """Pair another value with the decided claim, given by other sources, whose own source now gives that instead.

    Where the source still gives the standing value too, or never did, the other value is a claim of its own.
    """
    given: dict[Hashable, frozenset[Hashable]] = defaultdict(frozenset)
    for old, new in matches.pairs:
        given[old.id] |= new.sources
    for new in list(news):
        slot = base_key(new.key)
        ours = [c for c in taken if c.standing and base_key(c.key) == slot and new.sources & (c.sources - given[c.id])]
        if len(ours) == 1:
            _take(ours[0], new, [], news, matches)
            given[ours[0].id] |= new.sources


def _set_apart(theirs: Iterable[Candidate], ours: list[Candidate], news: list[Candidate], matches: Matches) -> None:
    for candidate in theirs:
        news.remove(candidate)
        matches.ambiguous.append((candidate, ours))


def _pair_likes(olds: list[Candidate], news: list[Candidate], matches: Matches) -> None:
    """Pair events and sentences by their quotes, then by numbers, names and period; the likest first."""
    scored = [(likeness(one, other), one, other) for one in olds for other in news]
    ranked = sorted((row for row in scored if row[0] > 0), key=lambda row: -row[0])
    for score, one, other in ranked:
        if one not in olds or other not in news:
            continue
        rivals = [r for r in ranked if r[0] > score - _MARGIN and (r[1] == one) != (r[2] == other)]
        rivals = [r for r in rivals if r[1] in olds and r[2] in news]
        if rivals:
            _set_apart([other], [one, *(r[1] for r in rivals if r[2] == other and r[1] != one)], news, matches)
        else:
            _take(one, other, olds, news, matches)


def likeness(one: Candidate, other: Candidate) -> float:
    """Score from 0 to 1 how likely two events or sentences are the same claim; 0 where they cannot be."""
    a, b = one.signature, other.signature
    names, numbers = _overlap_of_sets(a.names, b.names), _overlap_of_sets(a.numbers, b.numbers)
    overlap, same_period = _overlap_of_spans(one.spans, other.spans), a.period == b.period
    on_same_words = overlap >= 0.5 and names >= 0.5 and (same_period or numbers == 1)
    says_the_same = names == 1 and same_period and bool(a.names) and len(a.numbers) == len(b.numbers)
    if not (on_same_words or says_the_same):
        return 0.0
    return 0.35 * overlap + 0.25 * names + 0.2 * numbers + 0.2 * same_period


def _overlap_of_sets(one: Set[Hashable], other: Set[Hashable]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


def _overlap_of_spans(ones: Sequence[QuoteSpan], others: Sequence[QuoteSpan]) -> float:
    return max((_overlap(one, other) for one in ones for other in others), default=0.0)


def _overlap(one: QuoteSpan, other: QuoteSpan) -> float:
    """Compare places in the same capture, words in two captures of the same source."""
    if one.source != other.source:
        return 0.0
    if one.capture != other.capture:
        return float(one.exact in other.exact or other.exact in one.exact)
    common = min(one.end, other.end) - max(one.start, other.start)
    return max(0, common) / min(one.end - one.start, other.end - other.start)
