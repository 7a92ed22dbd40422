"""Find changes "from 5% to 9%", whose they are and when; the last value of each is a statement of its own."""

from collections.abc import Iterator, Sequence

from dossiers.extract.dates import find_periods
from dossiers.extract.rules.amounts import read_amount
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.ends import Change, read_change
from dossiers.extract.rules.labels import make_label
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.properties import describe_rest, find_measure, name_unit
from dossiers.extract.rules.reading import Reading
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.subjects import Span, find_quantity_owner, is_anaphoric, list_names, span_of
from dossiers.extract.rules.timing import list_dates
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.words import base_of, words


def find_changes(parsed: Parsed, reading: Reading) -> Iterator[Statement]:
    """Find the changes of a sentence, each with its end point."""
    tokens = parsed.tokens
    if not _speaks_of_change(tokens):
        return
    found = [change for place in range(len(tokens)) if (change := read_change(tokens, place))]
    for change in found:
        if owner := _find_owner(change, found, parsed):
            yield from _state(change, owner, found, parsed, reading)


def is_in_change(parsed: Parsed, token: Token) -> bool:
    """Tell whether a number is an end of a change."""
    tokens = parsed.tokens
    changes = (change for place in range(len(tokens)) if (change := read_change(tokens, place)))
    return any(change.place[0] <= token.start < change.place[1] for change in changes)


def _speaks_of_change(tokens: Sequence[Token]) -> bool:
    listed = words("verbs", "changing") | {"up", "down"}
    return any(t.low == "from" for t in tokens) and any(
        base_of(t.low) in listed or t.low in words("verbs", "change_nouns") for t in tokens if t.is_word
    )


def _find_owner(change: Change, found: Sequence[Change], parsed: Parsed) -> Span | None:
    """Find whose change it is: the name before its bracket, the name of its turn, or the clause's subject."""
    clause = find_clause(parsed, change.first)
    if paired := _pair(change, found, parsed):
        return paired
    if change.first.depth and (name := find_name_before_bracket(parsed, change.first)):
        return name
    return find_antecedent(parsed, clause) if clause else None


def find_antecedent(parsed: Parsed, clause: Clause) -> Span | None:
    """Find whose a clause's number is; "its rate" is that of the clause before it in the sentence."""
    if not clause.subject or clause.subject[0].low not in words("words", "possessives"):
        return find_quantity_owner(clause, parsed)
    place = parsed.clauses.index(clause)
    before = [c for c in parsed.clauses[:place] if c.kind == "main" and c.subject and not is_anaphoric(c.subject)]
    names = list_names(before[-1].subject, parsed) if before else []
    names = names or [c.subject for c in before[-1:] if len(c.subject) == 1]
    return span_of(names[0]) if len(names) == 1 else None


def find_clause(parsed: Parsed, token: Token) -> Clause | None:
    """Find the main clause of a token; of one in brackets, that of the words before them."""
    place = token.start
    if token.depth:
        outer = [t for t in parsed.flat if t.end <= place]
        place = outer[-1].start if outer else -1
    inside = [c for c in parsed.clauses if any(t.start == place for t in c.tokens) and c.kind == "main"]
    return inside[0] if inside else None


def find_name_before_bracket(parsed: Parsed, token: Token) -> Span | None:
    """Find the name right before the bracket that a token stands in."""
    outer = [t for t in parsed.tokens if t.depth == 0 and t.end <= token.start and t.text not in "()[]"]
    tail: list[Token] = []
    for before in reversed(outer):
        if not (before.is_word and (before.is_name or before.low in ("of", "the", "and"))):
            break
        tail.insert(0, before)
    names = list_names(tail, parsed)
    if not names or names[-1][-1] is not tail[-1]:
        return None
    start, end = span_of(names[-1])
    return min([start, *(m.start for m in parsed.sentence.mentions if m.start < start < end == m.end)]), end


def _pair(change: Change, found: Sequence[Change], parsed: Parsed) -> Span | None:
    """Pair a change with its name in "A and B rose (from ... and from ..., respectively)"."""
    if not any(t.low == "respectively" and t.start >= change.last.end for t in parsed.tokens):
        return None
    mates = [c for c in found if c.first.depth == change.first.depth and _are_joined(parsed, c, change)]
    clause = find_clause(parsed, mates[0].first)
    names = list_names(clause.subject, parsed) if clause else []
    return span_of(names[mates.index(change)]) if len(names) == len(mates) > 1 else None


def _are_joined(parsed: Parsed, one: Change, other: Change) -> bool:
    start, end = sorted((one.first.start, other.first.start))
    return not any(t.depth < one.first.depth or t.text == ";" for t in parsed.tokens if start < t.start < end)


def _state(
    change: Change, owner: Span, found: Sequence[Change], parsed: Parsed, reading: Reading
) -> Iterator[Statement]:
    clause = find_clause(parsed, change.first)
    name = _name_property(change, clause, owner, parsed, reading)
    subject = parsed.text[slice(*owner)]
    date = None if change.is_dated else _find_period(clause, parsed)
    shown = _choose_shown(change, owner, found, parsed)
    place = (date.start, date.end) if date else None
    label = make_label(subject, name)
    yield Statement("change", parsed.sentence, change.place, owner, place, label, shown)
    yield _state_end(change, owner, (subject, name), date, parsed, reading)


def _name_property(change: Change, clause: Clause | None, owner: Span, parsed: Parsed, reading: Reading) -> str:
    rest = describe_rest(clause.subject, owner) if clause and not change.first.depth else ""
    if rest.split() and rest.split()[0].lower() in words("words", "possessives"):
        rest = " ".join(rest.split()[1:])
    is_share = change.other.number is not None and change.other.number.unit == "%"
    measure = find_measure(parsed, change.first.start, reading) if is_share and not rest else ""
    is_whole = clause is not None and bool(clause.subject) and owner == span_of(clause.subject)
    return rest or ("" if is_whole else measure or name_unit(change.other.number.unit if change.other.number else ""))


def _find_period(clause: Clause | None, parsed: Parsed) -> Token | None:
    dates = list_dates(clause.tokens if clause else parsed.flat) or list_dates(parsed.flat)
    return dates[0] if dates else None


def _choose_shown(change: Change, owner: Span, found: Sequence[Change], parsed: Parsed) -> Span:
    """Choose the words that show a change: its sentence, else its name with the bracket, else the change alone."""
    if len(found) == 1:
        return whole_sentence(parsed)
    if (
        parsed.text[owner[1] : change.first.start].strip() == "("
        and parsed.text[change.last.end : change.last.end + 1] == ")"
    ):
        return owner[0], change.last.end + 1
    return change.place


def whole_sentence(parsed: Parsed) -> Span:
    """Give a sentence without its list sign and final stop."""
    text = parsed.text
    end = len(text.rstrip(" .!\n\t"))
    start = next((token.start for token in parsed.tokens if token.text not in "-–—*•+#)"), 0)
    return start, end


def _state_end(
    change: Change, owner: Span, said: tuple[str, str], date: Token | None, parsed: Parsed, reading: Reading
) -> Statement:
    """State the last value of a change, at the end of its period."""
    tokens = parsed.tokens
    amount = read_amount(tokens, next(i for i, token in enumerate(tokens) if token is change.other), parsed)
    value = (change.other.start, amount.end if amount else change.other.end)
    place, words_of_date = _find_end(change, date, parsed, reading)
    label = make_label(*said, words_of_date)
    return Statement("endpoint", parsed.sentence, value, owner, place, label, date_text=words_of_date)


def _find_end(change: Change, date: Token | None, parsed: Parsed, reading: Reading) -> tuple[Span | None, str]:
    """Find the words of the end of a period: "2022" in "between 2003 and 2022", or what "the same period" ends with."""
    end = change.ended or change.last
    if change.is_dated and end.period is not None:
        return (end.start, end.end), end.text
    if date is None or date.period is None:
        return None, ""
    if date.period.basis == "anaphoric":
        earlier = next(iter(reading.walk_back(parsed)), None)
        ends = [d for d in list_dates(earlier.flat) if d.period and d.period.value.latest] if earlier else []
        return None, _last_point(ends[-1].text) if ends else ""
    point = _last_point(date.text)
    start = date.start + date.text.rindex(point) if point else date.start
    return (start, start + len(point)) if point else (date.start, date.end), point or date.text


def _last_point(text: str) -> str:
    """Give the last point of a stretch of time: "2022" of "2003–2022"; a single point is its own."""
    for start in sorted({0, *(i + 1 for i, sign in enumerate(text) if sign in " –-—")}, reverse=True):
        part = text[start:]
        found = find_periods(part)
        if found and found[0].start == 0 and found[0].end == len(part):
            return _widen(text, start)
    return text


def _widen(text: str, start: int) -> str:
    """Take the month and day before a year along: "June 2009" of "December 2007 to June 2009"."""
    best = text[start:]
    for earlier in range(start - 1, -1, -1):
        if text[earlier : earlier + 1].strip() and (earlier == 0 or not text[earlier - 1].isalnum()):
            found = find_periods(text[earlier:])
            if (
                found
                and (found[0].start, found[0].end) == (0, len(text) - earlier)
                and "/" not in (found[0].value.edtf or "/")
            ):
                best = text[earlier:]
    return best
