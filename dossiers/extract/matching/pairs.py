"""Take the claims that a topic has and those an extraction gives; leave which is which, never by their wording."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence, Set
from dataclasses import dataclass, field

from dossiers.extract.matching.keys import Signature, base_key

_MARGIN = 0.05
NO_SIGNATURE = Signature()
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
    """One claim to match. `value_hash` is equal for equal values whatever their spelling."""

    id: Hashable
    kind: str
    key: str
    value_hash: str
    signature: Signature = NO_SIGNATURE
    spans: tuple[QuoteSpan, ...] = ()


@dataclass
class Matches:
    """`pairs` holds (old, new), `ambiguous` a new one with the old ones it may be, `lost` the old ones not seen."""

    pairs: list[tuple[Candidate, Candidate]] = field(default_factory=list)
    ambiguous: list[tuple[Candidate, list[Candidate]]] = field(default_factory=list)
    new: list[Candidate] = field(default_factory=list)
    lost: list[Candidate] = field(default_factory=list)


def match_claims(old: Sequence[Candidate], new: Sequence[Candidate]) -> Matches:
    """Match claims across extractions; what an editor has to tell apart comes out as ambiguous."""
    matches = Matches()
    for kind in dict.fromkeys(candidate.kind for candidate in [*old, *new]):
        olds, news = [c for c in old if c.kind == kind], [c for c in new if c.kind == kind]
        _pair_equal_values(olds, news, matches)
        if kind in ("attribute", "place"):
            _pair_keys(olds, news, matches)
        else:
            _pair_likes(olds, news, matches)
        matches.new += news
        matches.lost += olds
    return matches


def _pair_equal_values(olds: list[Candidate], news: list[Candidate], matches: Matches) -> None:
    """Pair what has the same key and value, then, for events and sentences, the same value alone."""
    _pair_by(olds, news, matches, lambda c: (base_key(c.key), c.value_hash))
    if olds and olds[0].kind not in ("attribute", "place"):
        _pair_by(olds, news, matches, lambda c: c.value_hash)


def _pair_by(olds: list[Candidate], news: list[Candidate], matches: Matches, key: _Key) -> None:
    waiting: dict[Hashable, list[Candidate]] = defaultdict(list)
    for candidate in olds:
        waiting[key(candidate)].append(candidate)
    for candidate in list(news):
        if waiting[key(candidate)]:
            _take(waiting[key(candidate)].pop(0), candidate, olds, news, matches)


def _take(one: Candidate, other: Candidate, olds: list[Candidate], news: list[Candidate], matches: Matches) -> None:
    olds.remove(one)
    news.remove(other)
    matches.pairs.append((one, other))


def _pair_keys(olds: list[Candidate], news: list[Candidate], matches: Matches) -> None:
    """Pair attributes of one slot whose value changed; several values on a side are for an editor to tell apart."""
    for key in dict.fromkeys(base_key(candidate.key) for candidate in news):
        ours = [c for c in olds if base_key(c.key) == key]
        theirs = [c for c in news if base_key(c.key) == key]
        if len(ours) == 1 and len(theirs) == 1:
            _take(ours[0], theirs[0], olds, news, matches)
        elif ours:
            _set_apart(theirs, ours, news, matches)


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
