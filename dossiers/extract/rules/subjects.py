"""Take the words of a grammatical subject; leave the name that owns what is said, or the words as they are."""

from collections.abc import Sequence

from dossiers.extract.matching import TOPIC_KEY
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.words import demonyms, words

Span = tuple[int, int]
_OWNING = frozenset(("'s", "’s", "'", "’"))
_LINKS = frozenset("of for de del della di da du des la le van von der den & the".split())
_RATES = frozenset("rate rates share shares percentage proportion".split())
_PREPOSITIONS = frozenset("of in for at from on by across within among throughout".split())


def span_of(tokens: Sequence[Token]) -> Span:
    """Give the place of a run of tokens in the sentence."""
    return tokens[0].start, tokens[-1].end


def is_anaphoric(tokens: Sequence[Token]) -> bool:
    """Tell whether a subject only points back: "it", "its population", "these"."""
    low = tokens[0].low if tokens else "it"
    if low in words("words", "possessives") or low in words("words", "demonstratives"):
        return True
    return (len(tokens) == 1 and low in words("words", "pronouns")) or low in (
        "it",
        "they",
        "he",
        "she",
        "there",
        "what",
    )


def find_owner(tokens: Sequence[Token], parsed: Parsed) -> Span | None:
    """Find whose the subject is: a name wins over the common noun that it owns or qualifies."""
    if not tokens or is_anaphoric(tokens):
        return None
    owned = next((i for i, token in enumerate(tokens) if token.low in _OWNING), 0)
    runs = [run for run in list_names(tokens, parsed) if not owned or run[-1].end <= tokens[owned].start]
    runs = [run for run in runs if any(token.is_name for token in run)] or runs
    if owned and runs:
        own = list_names(tokens[owned + 1 :], parsed)
        return span_of(own[-1] if own and _is_apposition(tokens, own[-1]) else runs[-1])
    if not runs:
        return span_of(_skip_counter(tokens))
    return span_of(_choose_run(tokens, runs))


def is_clear(tokens: Sequence[Token], parsed: Parsed) -> bool:
    """Tell whether it is clear what a subject is about: one name or thing, and no name that only places it."""
    if any(token.low in _OWNING for token in tokens):
        return tokens[0].low not in ("world", "globe", "earth")
    runs = list_names(tokens, parsed)
    if runs and runs[0][0] is tokens[0] and all(_is_part(token) for token in tokens):
        return True
    links = {token.low for token in tokens if token.low in words("words", "prepositions")}
    is_measure = any(token.low in words("words", "measures") for token in tokens)
    if not runs:
        return is_measure or links <= {"of"}
    if runs[0][0] is tokens[0] and len(runs[0]) < len(tokens) and tokens[len(runs[0])].text.islower():
        after = tokens[len(runs[0])]
        return is_measure or after.low in words("words", "places") | _PREPOSITIONS | {"and"} or not after.is_word
    return is_measure or links <= {"of"}


def _is_part(token: Token) -> bool:
    """Tell whether a token may stand in a name."""
    return token.is_name or token.low in _LINKS | {"and", "to"} or token.number is not None


def list_names(tokens: Sequence[Token], parsed: Parsed) -> list[list[Token]]:
    """List the names among tokens: runs of capitalised words with the small words and bare numbers inside them."""
    runs: list[list[Token]] = []
    last = -2
    for place, token in enumerate(tokens):
        if not _is_name_word(tokens, place, parsed):
            continue
        between = tokens[last + 1 : place]
        if runs and last >= 0 and len(between) <= 2 and _may_join(between):
            runs[-1] += [*between, token]
        else:
            runs.append([token])
        last = place
    return _join_institutions(runs, tokens)


def _may_join(between: Sequence[Token]) -> bool:
    return all(token.low in _LINKS for token in between) and not (between and between[0].low in ("the", "in"))


def _join_institutions(runs: list[list[Token]], tokens: Sequence[Token]) -> list[list[Token]]:
    """Join "American Recovery" and "Reinvestment Act", which "and" makes one name."""
    joined: list[list[Token]] = []
    for run in runs:
        is_end = len(run) > 1 and run[-1].low in words("words", "institutions")
        gap = [t for t in tokens if joined and joined[-1][-1].end <= t.start < run[0].start]
        if is_end and [t.low for t in gap] == ["and"] and joined[-1][-1].low not in words("words", "institutions"):
            joined[-1] += [*gap, *run]
        else:
            joined.append(run)
    return joined


def _is_name_word(tokens: Sequence[Token], place: int, parsed: Parsed) -> bool:
    token = tokens[place]
    if token.low == "the" and token.start <= parsed.opening:
        return False
    if place and parsed.topic_places and _is_topic_behind(tokens, place, parsed):
        return True
    if token.number is not None and token.text[0].isupper():
        return place + 1 < len(tokens) and tokens[place + 1].is_name
    if token.number is not None:
        return place > 0 and tokens[place - 1].is_name and is_bare_digits(token)
    if token.low in demonyms() and place + 1 < len(tokens) and tokens[place + 1].text.islower():
        return False
    return token.is_name and not _only_opens(tokens, place, parsed)


def _is_topic_behind(tokens: Sequence[Token], place: int, parsed: Parsed) -> bool:
    """Tell whether a word is of the topic's own name behind a preposition: "inflation in the euro area"."""
    token = tokens[place]
    mention = next((m for m in parsed.sentence.mentions if m.start <= token.start < m.end and m.key == TOPIC_KEY), None)
    first = next((i for i, t in enumerate(tokens) if mention and t.start >= mention.start), 0)
    before = [t.low for t in tokens[max(0, first - 2) : first]]
    last = next((i for i, t in enumerate(tokens) if mention and t.end >= mention.end), place)
    behind = tokens[last + 1 : last + 2]
    if mention and mention.text.islower() and any(t.text.islower() and t.low not in _PREPOSITIONS for t in behind):
        return False
    return bool(before) and (before[-1] in _PREPOSITIONS or (before[-1] == "the" and before[0] in _PREPOSITIONS))


def is_bare_digits(token: Token) -> bool:
    """Tell whether a number has only a few digits, as those in names have: "Ariane 5"."""
    return token.text.isdecimal() and len(token.text) <= 4


def _only_opens(tokens: Sequence[Token], place: int, parsed: Parsed) -> bool:
    """Tell whether a word has its capital only because it opens the sentence."""
    token = tokens[place]
    if token.start > parsed.opening or sum(letter.isupper() for letter in token.text) > 1:
        return False
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if following and (
        following.is_name or following.low in _OWNING or (following.number and is_bare_digits(following))
    ):
        return False
    return not parsed.is_known(token)


def _choose_run(tokens: Sequence[Token], runs: list[list[Token]]) -> Sequence[Token]:
    """Choose the name that counts: the whole subject if it is one, else the one that leads, owns or closes it."""
    first = runs[0]
    if len(runs) > 1 and _is_apposition(tokens, runs[-1]):
        return runs[-1]
    if first[0] is tokens[0]:
        after = tokens[len(first) : len(first) + 1]
        if all(_is_part(token) for token in tokens):
            return tokens
        return [*first, *after] if after and after[0].low in words("words", "places") else first
    return _with_place(tokens, first) if _is_owning(tokens, first) else tokens


def is_divided(tokens: Sequence[Token], parsed: Parsed) -> bool:
    """Tell whether two names may own a subject: one opens it, another places it ("Acme sales in Peru")."""
    runs = list_names(tokens, parsed)
    if len(runs) < 2 or runs[0][0] is not tokens[0] or any(token.low in _OWNING for token in tokens):
        return False
    between = [t for t in tokens if runs[0][-1].end <= t.start < runs[1][0].start]
    has_noun = any(t.is_word and t.text.islower() and t.low not in _PREPOSITIONS | _LINKS for t in between)
    return has_noun and between[-1].low in _PREPOSITIONS | {"the"}


def _is_owning(tokens: Sequence[Token], run: list[Token]) -> bool:
    """Tell whether a name inside a subject owns or places it: "of", "in" and no "between", "to" or "with" before it."""
    begin = next(i for i, token in enumerate(tokens) if token is run[0])
    before = [token.low for token in tokens[:begin] if token.low in words("words", "prepositions")]
    return not before or before[-1] in _PREPOSITIONS


def _is_apposition(tokens: Sequence[Token], run: list[Token]) -> bool:
    """Tell whether a name closes a subject right behind the noun that says what it is: "astronaut Peggy Whitson"."""
    place = next(i for i, token in enumerate(tokens) if token is run[0])
    before = tokens[place - 1] if place else None
    is_noun = (
        before is not None and before.is_word and before.text.islower() and before.low not in _LINKS | _PREPOSITIONS
    )
    return run[-1] is tokens[-1] and is_noun and before is not None and before.low not in ("and", "or", "to")


def _with_place(tokens: Sequence[Token], run: list[Token]) -> list[Token]:
    end = next(i for i, token in enumerate(tokens) if token is run[-1]) + 1
    after = tokens[end : end + 1]
    return [*run, *after] if after and after[0].low in words("words", "places") else run


def _skip_counter(tokens: Sequence[Token]) -> Sequence[Token]:
    """Leave "number of" out: what is counted is the subject."""
    place = next((i for i, token in enumerate(tokens) if token.low == "of"), 0)
    if 0 < place < len(tokens) - 1 and tokens[place - 1].low in words("words", "counters"):
        rest = tokens[place + 1 :]
        return rest[1:] if len(rest) > 1 and rest[0].low in words("words", "articles") else rest
    return tokens


def find_place_before(clause: Clause, parsed: Parsed) -> Span | None:
    """Find the territory in a phrase that stands before the subject: "Across the world, the rate ..."."""
    begin = clause.subject[0].start if clause.subject else 0
    before = [m for m in parsed.sentence.mentions if m.key.startswith("territory:") and m.end <= begin]
    lead = [token for token in clause.tokens if token.end <= begin]
    is_phrase = bool(lead) and lead[0].low in _PREPOSITIONS
    return (before[-1].start, before[-1].end) if before and is_phrase and before[-1].start >= lead[0].start else None


def find_quantity_owner(clause: Clause, parsed: Parsed) -> Span | None:
    """Find whose a number is: the owner of the subject, or the territory said before a subject that only measures."""
    owner = None if is_divided(clause.subject, parsed) else find_owner(clause.subject, parsed)
    if owner is None or list_names(clause.subject, parsed):
        return owner
    heads = [t.low for t in clause.subject if t.low in words("words", "measures")]
    if not heads:
        return owner
    first = next((m for m in parsed.sentence.mentions if m.start == clause.subject[0].start), None)
    if first and heads[0] in _RATES and len(clause.subject) > 1:
        return first.start, first.end
    return find_place_before(clause, parsed) or owner
