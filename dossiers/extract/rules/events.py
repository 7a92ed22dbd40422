"""Find dated happenings, and among them the founding, birth and death of the topic."""

from collections.abc import Iterator, Sequence

from dossiers.extract.matching import TOPIC_KEY
from dossiers.extract.rules.changes import is_in_change, whole_sentence
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.reading import Reading
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.subjects import Span, is_anaphoric, list_names, span_of
from dossiers.extract.rules.timing import list_happenings
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import BE, is_participle, is_past, is_verb, skip_adverbs
from dossiers.extract.rules.words import base_of, words

_FARTHEST = 5
_ESTIMATED = frozenset("put estimate measure value count price".split())
_COUNTING = frozenset("kill".split())
_MULTIPLYING = frozenset("halve double triple quadruple".split())


def find_events(parsed: Parsed, reading: Reading) -> Iterator[Statement]:
    """Find the dated happenings of a sentence; each date gives one."""
    seen: set[int] = set()
    for clause in parsed.clauses:
        if clause.kind != "main" or not _is_happening(clause, parsed):
            continue
        subject = _find_subject(clause, reading)
        if subject is None or _is_lived(clause, parsed):
            continue
        for date in _choose_dates(clause):
            if date.start not in seen:
                seen.add(date.start)
                yield _state(parsed, subject, date)


def _state(parsed: Parsed, subject: Span, date: Token) -> Statement:
    owner = subject if subject[1] else None
    return Statement("event", parsed.sentence, whole_sentence(parsed), owner, (date.start, date.end))


def _choose_dates(clause: Clause) -> list[Token]:
    """Choose the date of a clause, and further ones that "and" joins to it."""
    dates = list_happenings(clause.tokens)
    chosen = dates[:1]
    for date in dates[1:]:
        between = [t.low for t in clause.tokens if chosen[-1].end <= t.start < date.start]
        if "and" in between[:1] or not between:
            chosen.append(date)
    return chosen


def _find_subject(clause: Clause, reading: Reading) -> Span | None:
    """Find the grammatical subject; (0, 0) for a "she" that can only be the topic."""
    tokens = clause.subject
    if len(tokens) == 1 and tokens[0].low in words("words", "persons"):
        return (0, 0) if reading.is_person else None
    if not tokens or is_anaphoric(tokens) or not any(token.is_word for token in tokens):
        return None
    if tokens[-1].low in words("skip", "pages") and any(t.low in words("skip", "edits") for t in clause.predicate[:3]):
        return None
    return span_of(tokens)


def _is_happening(clause: Clause, parsed: Parsed) -> bool:
    """Tell whether a clause says that something happened: a past tense of a verb of doing, no state, no measurement."""
    tokens = clause.predicate
    if not tokens or not clause.subject:
        return False
    low = tokens[0].low
    if low == "had":
        following = skip_adverbs(tokens, 1)
        return following < len(tokens) and _is_passive(tokens, following) and tokens[following].low != "been"
    if low in ("has", "have") or (not is_past(low) and low not in BE):
        return False
    if low in BE:
        following = skip_adverbs(tokens, 1)
        return low in ("was", "were") and following < len(tokens) and _is_passive(tokens, following)
    return base_of(low) not in words("verbs", "states") and not _is_measurement(clause, parsed)


def _is_passive(tokens: Sequence[Token], place: int) -> bool:
    low = tokens[place].low
    is_counted = any(t.number is not None and t.period is None for t in tokens)
    if is_counted and {base_of(low), base_of(low) + "e"} & _ESTIMATED:
        return False
    return (
        is_participle(low)
        and tokens[place].is_word
        and base_of(low) not in words("verbs", "states") | {"base", "locate"}
    )


def _is_measurement(clause: Clause, parsed: Parsed) -> bool:
    """Tell whether a verb of measuring or change only tells an amount."""
    tokens = clause.predicate
    base = base_of(tokens[0].low)
    if any(t.number and t.number.unit == "%" for t in tokens):
        return True
    is_measure = any(token.low in words("words", "measures") for token in clause.subject)
    if base in _MULTIPLYING or (is_measure and base in words("verbs", "changing")):
        return True
    if base not in words("verbs", "measuring") and base not in words("verbs", "changing"):
        turned = any(is_in_change(parsed, token) for token in tokens if token.number is not None)
        return turned or (base in _COUNTING and _is_of_year(clause))
    if any(is_in_change(parsed, token) for token in parsed.tokens if token.number is not None):
        return True
    near = [i for i in range(1, min(6, len(tokens))) if tokens[i].number is not None]
    return bool(near) and _is_direct(tokens, near[0])


def _is_of_year(clause: Clause) -> bool:
    """Tell whether a clause counts what went on over a whole year or more."""
    dates = list_happenings(clause.tokens)
    near = next((i for i, t in enumerate(clause.predicate) if t.number is not None and t.period is None), 0)
    return bool(dates) and dates[0].text[:4].isdecimal() and 0 < near <= 4 and _is_direct(clause.predicate, near)


def _is_direct(tokens: Sequence[Token], place: int) -> bool:
    allowed = words("words", "approximators") | words("words", "measures") | {"by", "to", "at"}
    return all(token.low in allowed for token in tokens[1:place])


def find_lives(parsed: Parsed, reading: Reading) -> Iterator[Statement]:
    """Find when the topic was founded or born, and when it died: in a clause, a participle or brackets."""
    found = [*_find_in_clauses(parsed, reading), *_find_in_participles(parsed), *_find_in_brackets(parsed, reading)]
    seen: set[str] = set()
    for statement in found:
        if statement.relation not in seen:
            seen.add(statement.relation)
            yield statement


def read_life(tokens: Sequence[Token]) -> str:
    """Read which date of a life a verb gives: `inception`, `birth` or `death`; "" for none."""
    low = tokens[0].low if tokens else ""
    if low in BE and len(tokens) > 1:
        tokens = tokens[skip_adverbs(tokens, 1) :]
        low = tokens[0].low if tokens else ""
        if low == "born":
            return "birth"
        if low == "set" and len(tokens) > 1 and tokens[1].low == "up":
            return "inception"
        return "inception" if base_of(low) in _founding() and is_participle(low) else ""
    if low == "came" and [t.low for t in tokens[1:3]] in (["into", "existence"], ["into", "being"]):
        return "inception"
    return "death" if low == "died" else ""


def _founding() -> frozenset[str]:
    return words("verbs", "founding")


def _is_lived(clause: Clause, parsed: Parsed) -> bool:
    """Tell whether a clause is about the topic's own founding, birth or death, which is no event beside."""
    relation = read_life(clause.predicate)
    if not relation:
        return _find_founded(clause, parsed) is not None
    tokens = clause.subject
    return parsed.is_named(*span_of(tokens)) or (len(tokens) == 1 and tokens[0].low in words("words", "persons"))


def _find_in_clauses(parsed: Parsed, reading: Reading) -> Iterator[Statement]:
    for clause in parsed.clauses:
        if clause.kind != "main" or not clause.subject:
            continue
        founded = None if reading.is_person else _find_founded(clause, parsed)
        for date in list_happenings(clause.tokens)[:1] if founded else ():
            yield _state_life("inception", parsed, founded, date)
        relation = read_life(clause.predicate)
        if not relation or (relation != "inception" and not reading.is_person):
            continue
        if (relation == "inception" and reading.is_person) or not _is_lived(clause, parsed):
            continue
        for date in list_happenings(clause.tokens)[:1]:
            is_pronoun = clause.subject[0].low in words("words", "persons")
            yield _state_life(relation, parsed, None if is_pronoun else span_of(clause.subject), date)


def _find_founded(clause: Clause, parsed: Parsed) -> Span | None:
    """Find the topic where it is what the clause says somebody founded: "Two brothers founded X in 1901"."""
    tokens = clause.predicate
    if not tokens or not is_past(tokens[0].low) or base_of(tokens[0].low) not in _founding():
        return None
    rest = tokens[2:] if [t.low for t in tokens[1:2]] == ["the"] else tokens[1:]
    names = list_names(rest, parsed)
    is_object = bool(names) and names[0][0] is rest[0] and parsed.is_named(*span_of(names[0]))
    return span_of(names[0]) if is_object else None


def _state_life(relation: str, parsed: Parsed, subject: Span | None, date: Token) -> Statement:
    labels = {"inception": "Founded", "birth": "Born", "death": "Died"}
    value = (date.start, date.end)
    return Statement(relation, parsed.sentence, value, subject, None, labels[relation])  # type: ignore[arg-type]


def _find_in_participles(parsed: Parsed) -> Iterator[Statement]:
    """Find "Founded in 1948, WHO ..." and "WHO, founded in 1948, ..."."""
    mains = [c for c in parsed.clauses if c.kind == "main" and c.subject]
    for clause in parsed.clauses:
        low = clause.tokens[0].low if clause.kind == "participle" else ""
        if clause.kind == "relative" and clause.tokens[0].low == "which":
            low = clause.tokens[2].low if len(clause.tokens) > 2 and clause.tokens[1].low in BE else ""
        owner = clause.parent or (mains[0] if mains else None)
        if owner is None or base_of(low) not in _founding() or not parsed.is_topic(*span_of(owner.subject)):
            continue
        is_beside = (
            clause.parent is None or not clause.parent.predicate or clause.tokens[0].start < owner.predicate[0].start
        )
        for date in list_happenings(clause.tokens)[:1] if is_beside else ():
            yield _state_life("inception", parsed, span_of(owner.subject), date)


def _find_in_brackets(parsed: Parsed, reading: Reading) -> Iterator[Statement]:
    """Find "NAME (born 7 November 1867; died 4 July 1934)", "NAME (1867 – 1934)" and "NAME (founded 1948)"."""
    topic = next((m for m in parsed.sentence.mentions if m.key == TOPIC_KEY), None)
    opening = next((t for t in parsed.tokens if t.text == "(" and topic and t.start >= topic.end), None)
    if topic is None or opening is None or len(parsed.text[topic.end : opening.start].split()) > _FARTHEST:
        return
    if any(is_verb(parsed.flat, i) for i, t in enumerate(parsed.flat) if topic.end <= t.start < opening.start):
        return
    run = next((r for r in list_names(parsed.flat, parsed) if r[-1].end == topic.end), [])
    start = min(topic.start, run[0].start) if run else topic.start
    begins = start <= parsed.opening or parsed.text[:start].strip().lower() in words("words", "articles")
    is_own = reading.is_own_name(parsed.text[start : topic.end]) if start < topic.start else True
    if not is_own or not begins or not (start < topic.start or parsed.is_named(topic.start, topic.end)):
        return
    inside: list[Token] = []
    for token in parsed.tokens:
        if token.start > opening.start and token.depth == 0:
            break
        if token.depth and token.start > opening.start:
            inside.append(token)
    yield from _read_brackets(inside, (start, topic.end), parsed, reading)


def _read_brackets(inside: list[Token], subject: Span, parsed: Parsed, reading: Reading) -> Iterator[Statement]:
    relation = ""
    for token in inside:
        if token.low in ("born", "b", "died", "d") and reading.is_person:
            relation = "birth" if token.low.startswith("b") else "death"
        elif base_of(token.low) in _founding() and not reading.is_person:
            relation = "inception"
        elif token.period is not None and reading.is_person and _split_at(token):
            yield from _split_life(token, subject, parsed)
            relation = ""
        elif token.period is not None and relation:
            yield _state_life(relation, parsed, subject, token)
            relation = ""


def _split_at(token: Token) -> tuple[str, str] | None:
    """Split the dates of a life, "7 November 1867 – 4 July 1934"."""
    for sign in ("–", "—", "-"):
        first, found, last = token.text.partition(sign)
        if found and first.strip()[-4:].isdecimal() and last.strip()[-4:].isdecimal():
            return first.strip(), last.strip()
    return None


def _split_life(token: Token, subject: Span, parsed: Parsed) -> Iterator[Statement]:
    first, last = _split_at(token) or ("", "")
    yield Statement("birth", parsed.sentence, (token.start, token.start + len(first)), subject, None, "Born")
    yield Statement("death", parsed.sentence, (token.end - len(last), token.end), subject, None, "Died")
