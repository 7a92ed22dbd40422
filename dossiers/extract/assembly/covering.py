"""Take a value that stands nowhere word for word; leave the passages that together carry it, and what none does."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dossiers.extract.assembly.library import Library
from dossiers.extract.assembly.occurrences import find_clear_owner
from dossiers.extract.assembly.sentences import Sentence
from dossiers.extract.matching import TOPIC_KEY, Name, find_names, find_words, has_name
from dossiers.extract.numbers import Number, find_numbers, is_same_number
from dossiers.extract.support import support_score

MOST_PASSAGES = 4
THRESHOLD = 0.4

_TOP = 8
_MOST_CANDIDATES = 24
_MOST_RANKED = 300
_STRONG, _WEAK = 2.5, 1.0
_LEAST_WORDS, _LEAST_SHARE = 3, 0.2
_LONGEST_GAP = 2


@dataclass(frozen=True)
class Item:
    """A word, number or name of the value that a passage may carry; `is_topic` words are the topic's own name."""

    start: int
    end: int
    weight: float
    stem: str = ""
    number: Number | None = None
    name: Name | None = None
    is_topic: bool = False


@dataclass
class Cover:
    """The chosen passages with the items each carries; `missing` are the names and numbers that none carries."""

    items: list[Item]
    chosen: list[tuple[Sentence, frozenset[int]]] = field(default_factory=list)
    score: float = 0.0

    @property
    def carried(self) -> frozenset[int]:
        return frozenset().union(*(carried for _, carried in self.chosen))

    @property
    def missing(self) -> list[Item]:
        return [item for i, item in enumerate(self.items) if item.weight == _STRONG and i not in self.carried]

    @property
    def is_enough(self) -> bool:
        return bool(self.chosen) and not self.missing and self.score >= THRESHOLD


def cover_value(value: str, library: Library, subject: str = "") -> Cover:
    """Choose the passages that carry a value: the best first, then those that add a name, a number or several words."""
    cover = Cover(list_items(value, library))
    keys = (library.gazetteer.find_keys(value) | {subject}) - {TOPIC_KEY, ""}
    ranked = [row.index for row in library.index.rank(value)[:_MOST_RANKED]]
    candidates = _list_candidates(cover.items, ranked, library)
    carried = {sentence.number: _carry(cover.items, sentence, library, keys) for sentence in candidates}
    while len(cover.chosen) < MOST_PASSAGES:
        best = max(candidates, key=lambda s: _gain(cover, carried[s.number], ranked, s.number), default=None)
        if best is None or not _is_worth(cover, carried[best.number]):
            break
        cover.chosen.append((best, carried[best.number]))
        candidates.remove(best)
    chosen = [sentence.text for sentence, _ in cover.chosen]
    cover.score = support_score(value, chosen)
    if _says_enough(cover):
        cover.score = max(cover.score, support_score(_strike_topic(value, library), chosen))
    return cover


def _says_enough(cover: Cover) -> bool:
    """Tell whether the passages carry more beside the topic's name than a word or two: "was a doctor"."""
    carried = [cover.items[place] for place in cover.carried if not cover.items[place].is_topic]
    return len(carried) >= _LEAST_WORDS or any(item.weight == _STRONG for item in carried)


def _strike_topic(value: str, library: Library) -> str:
    """Leave the topic's own name out of a value: where sources go on about their subject they do not repeat it."""
    for mention in reversed(library.gazetteer.find_mentions(value)):
        if mention.key == TOPIC_KEY:
            value = f"{value[: mention.start]} {value[mention.end :]}"
    return value


def list_items(value: str, library: Library) -> list[Item]:
    """List what a value says: names (the topic's own aside), numbers, and the other content words."""
    names = [n for n in find_names(value, library.gazetteer, library.known) if n.key != TOPIC_KEY]
    numbers = [n for n in find_numbers(value) if not any(name.start <= n.start < name.end for name in names)]
    taken = [*((n.start, n.end) for n in names), *((n.start, n.end) for n in numbers)]
    words = [w for w in find_words(value) if not any(start < w.end and w.start < end for start, end in taken)]
    items = [Item(n.start, n.end, _STRONG, name=n) for n in names]
    items += [Item(n.start, n.end, _STRONG, number=n) for n in numbers]
    own = [(m.start, m.end) for m in library.gazetteer.find_mentions(value) if m.key == TOPIC_KEY]
    own_words = {w.start for w in words if any(start <= w.start < end for start, end in own)}
    items += [Item(w.start, w.end, _WEAK, stem=w.stem, is_topic=w.start in own_words) for w in words]
    return sorted(items, key=lambda item: item.start)


def list_stretches(items: Sequence[Item], carried: frozenset[int]) -> list[tuple[int, int]]:
    """List the stretches of a value whose words are carried, joining those that few other words part."""
    stretches: list[tuple[int, int, int]] = []
    for place in sorted(carried):
        item = items[place]
        if stretches and place - stretches[-1][2] - 1 <= _LONGEST_GAP:
            stretches[-1] = (stretches[-1][0], item.end, place)
        else:
            stretches.append((item.start, item.end, place))
    return [(start, end) for start, end, _ in stretches]


def list_uncovered(items: Sequence[Item], carried: frozenset[int]) -> list[tuple[int, int]]:
    """List the stretches of a value whose words stand in no quote; the topic's own name needs none."""
    stretches: list[tuple[int, int]] = []
    last = -2
    for place, item in enumerate(items):
        if place in carried or item.is_topic:
            continue
        if last == place - 1:
            stretches[-1] = (stretches[-1][0], item.end)
        else:
            stretches.append((item.start, item.end))
        last = place
    return stretches


def _list_candidates(items: Sequence[Item], ranked: Sequence[int], library: Library) -> list[Sentence]:
    """List the best-ranked passages, and those that hold a name or number."""
    chosen = list(ranked[:_TOP])
    strong = [item for item in items if item.weight == _STRONG]
    for place in ranked[_TOP:_MOST_RANKED]:
        if len(chosen) >= _MOST_CANDIDATES:
            break
        if any(_is_carried(item, library.sentences[place], library) for item in strong):
            chosen.append(place)
    return [library.sentences[place] for place in chosen]


def _carry(items: Sequence[Item], sentence: Sentence, library: Library, keys: frozenset[str]) -> frozenset[int]:
    """Find what a passage carries; a number counts only where the passage does not give it to another subject."""
    carried = {place for place, item in enumerate(items) if _is_carried(item, sentence, library)}
    names = [item.name for item in items if item.name]
    if not names and not keys:
        return frozenset(carried)
    if _speaks_of_others(sentence, names, keys, library):
        return frozenset(place for place in carried if items[place].number is None)
    return frozenset(place for place in carried if not _is_of_another(items[place].number, sentence, keys))


def _is_of_another(number: Number | None, sentence: Sentence, keys: frozenset[str]) -> bool:
    """Tell whether a passage clearly gives a number to another subject, wherever it has it: "India (24%)"."""
    if number is None or not keys:
        return False
    starts = [sentence.passage.start + n.start for n in sentence.numbers if is_same_number(n, number)]
    owners = [find_clear_owner(sentence, start) for start in starts]
    return bool(owners) and all(owner and owner.key not in keys for owner in owners)


def _speaks_of_others(sentence: Sentence, names: Sequence[Name], keys: frozenset[str], library: Library) -> bool:
    """Tell whether a passage names other subjects and none of the value's, or has lost its subject to a joint."""
    if keys & sentence.keys or any(has_name(name, sentence.text, library.gazetteer) for name in names):
        return False
    return sentence.is_cut or bool(sentence.keys - {TOPIC_KEY})


def _is_carried(item: Item, sentence: Sentence, library: Library) -> bool:
    if item.number:
        return any(is_same_number(item.number, number) for number in sentence.numbers)
    if item.name:
        return has_name(item.name, sentence.text, library.gazetteer)
    return item.stem in sentence.stems


def _gain(cover: Cover, carried: frozenset[int], ranked: Sequence[int], number: int) -> float:
    """Weigh what a passage adds; a better rank breaks ties."""
    fresh = sum(cover.items[place].weight for place in carried - cover.carried)
    return fresh + 1 / (2 + ranked.index(number))


def _is_worth(cover: Cover, carried: frozenset[int]) -> bool:
    """Tell whether a passage adds enough to be quoted: a name, a number, or a good share of the words."""
    fresh = carried - cover.carried
    if not cover.chosen or any(cover.items[place].weight == _STRONG for place in fresh):
        return bool(fresh)
    return len(fresh) >= max(min(_LEAST_WORDS, len(cover.items) / 2), _LEAST_SHARE * len(cover.items))
