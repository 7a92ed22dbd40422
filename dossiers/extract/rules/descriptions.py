"""Find what the topic is ("X is a ..."), where a name comes from, and what stands above all others of its kind."""

import re
from collections.abc import Iterator, Sequence

from dossiers.extract.matching import TOPIC_KEY, fold_name
from dossiers.extract.rules.clauses import Clause
from dossiers.extract.rules.labels import make_label, titled
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.subjects import Span, find_owner, list_names, span_of
from dossiers.extract.rules.timing import list_dates
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import AUXILIARIES, BE, is_adverb, is_plural, is_verb, skip_adverbs
from dossiers.extract.rules.words import base_of, is_regular_past, phrases, superlatives, words

_ENCYCLOPEDIA = "encyclopedia"
_SHORTEST = 3
_LEADING = frozenset("among by far been at the time with then".split())


def find_definition(parsed: Parsed) -> Iterator[Statement]:
    """Find "X is a ..." of the topic; in an encyclopedia, of what its article is about."""
    for subject, verb in _list_defined(parsed):
        value = _read_definition(parsed, verb)
        if value and len(parsed.text[slice(*value)].split()) >= _SHORTEST:
            yield Statement("definition", parsed.sentence, value, subject, None, "Definition")
            return


def _list_defined(parsed: Parsed) -> Iterator[tuple[Span, int]]:
    """List the names that open the sentence with the place in `flat` of what follows them."""
    flat = parsed.flat
    begin = 1 if flat and flat[0].low in words("words", "articles") else 0
    if begin >= len(flat):
        return
    start = flat[begin].start
    end = _find_end_of_name(parsed, start, begin)
    place = next((i for i, token in enumerate(flat) if token.start >= end), -1)
    if place >= 0 and flat[place].text == ",":
        place = _find_verb_of(parsed, start)
    if end > start and place >= 0:
        yield (start, end), place
    for clause in parsed.clauses:
        verb = clause.verb if clause.kind == "main" and clause.subject else None
        if verb and parsed.is_topic(*span_of(clause.subject)):
            yield span_of(clause.subject), next(i for i, token in enumerate(flat) if token is verb)


def _find_verb_of(parsed: Parsed, start: int) -> int:
    """Find the verb of a subject with an apposition behind it: "X, also called Y, is a ..."."""
    clause = next((c for c in parsed.clauses if c.kind == "main" and c.subject and c.subject[0].start == start), None)
    verb = clause.verb if clause else None
    return next((i for i, token in enumerate(parsed.flat) if token is verb), -1)


def _find_end_of_name(parsed: Parsed, start: int, begin: int) -> int:
    for mention in parsed.sentence.mentions:
        if mention.key == TOPIC_KEY and mention.start in (start, parsed.flat[0].start):
            return mention.end
    run = next(iter(list_names(parsed.flat[begin : begin + 8], parsed)), [])
    ends = {m.end for m in parsed.sentence.mentions if m.key == TOPIC_KEY}
    names = {name.split()[0] for name in parsed.library.topic.names if name.split()}
    if run and run[0].start == start and run[-1].end in ends and run[0].text in names:
        return run[-1].end
    capture = parsed.sentence.capture
    title = capture.title.split("(")[0].strip()
    is_lead = capture.provider == _ENCYCLOPEDIA and parsed.sentence.passage.start == 0 and bool(title)
    words_here = parsed.text[start : start + len(title)]
    return start + len(title) if is_lead and fold_name(words_here) == fold_name(title) else 0


def _read_definition(parsed: Parsed, place: int) -> Span | None:
    """Read the description behind "is", or behind "means" and "happens when"."""
    flat = parsed.flat
    first = flat[place]
    if first.low in words("definition", "means"):
        return _cut(parsed, flat, place + 1)
    if first.low == "happens" and flat[place + 1 : place + 2] and flat[place + 1].low == "when":
        return _cut(parsed, flat, place + 2)
    if first.low == "refers" and [t.low for t in flat[place + 1 : place + 2]] == ["to"]:
        return _cut(parsed, flat, place + 2)
    if first.low not in words("definition", "verbs"):
        return None
    here = skip_adverbs(flat, place + 1)
    if here + 1 >= len(flat) or not _opens_description(flat, here):
        return None
    return _cut(parsed, flat, here)


def _opens_description(flat: Sequence[Token], place: int) -> bool:
    """Tell whether words describe a kind: an article with a noun, or a bare plural."""
    article, rest = flat[place], flat[place + 1 : place + 8]
    if any(token.low in words("definition", "opinions") for token in flat[place : place + 4]):
        return False
    if article.low in ("a", "an", "any"):
        return not any(is_superlative(rest, i) for i in range(min(3, len(rest))))
    if article.low == "the":
        near = rest[:3]
        return bool(near) and (near[0].number is None or near[0].number.is_ordinal) and not any(
            is_superlative(near, i) or t.low in words("definition", "ordinals") for i, t in enumerate(near)
        )
    return _is_bare_plural(flat, place)


def _is_bare_plural(flat: Sequence[Token], place: int) -> bool:
    """Tell whether a bare plural with a description follows: "are proteins that ..."."""
    for here in range(place, min(place + 3, len(flat) - 1)):
        token = flat[here]
        if not token.is_word or token.low in words("words", "prepositions") or is_regular_past(token.low) or is_adverb(token):
            return False
        if is_plural(token.low):
            return flat[here + 1].low in ("that", "which", "of", "used", "made", "in", "designed", "whose")
    return False


def _cut(parsed: Parsed, flat: Sequence[Token], place: int) -> Span | None:
    """Cut a description at the comma, bracket or "and" that ends it."""
    if place >= len(flat):
        return None
    end = flat[-1].end
    for here in range(place + 1, len(flat)):
        token = flat[here]
        if token.low in (";", ":", "–", "—") or (token.low == "," and here - place > 2 and _ends_at_comma(flat, here)):
            end = flat[here - 1].end
            break
        if token.low in ("and", "but", "while", "whereas") and _opens_other(flat, here, place):
            end = flat[here - 1].end
            break
    return flat[place].start, _keep_quote(parsed.text, end)


def _keep_quote(text: str, end: int) -> int:
    """Take along a closing quotation mark."""
    return end + 1 if text[end : end + 1] in "\"”" and text[end : end + 1] else end


def _ends_at_comma(flat: Sequence[Token], place: int) -> bool:
    following = flat[place + 1] if place + 1 < len(flat) else None
    if following is None or following.period is not None:
        return True
    low = following.low
    return low in words("definition", "ends") or low.endswith("ing") or is_verb(flat[place + 1 :], 0)


def _opens_other(flat: Sequence[Token], place: int, begin: int) -> bool:
    """Tell whether "and" opens a superlative or another statement about the subject rather than more of the description."""
    rest = flat[place + 1 : place + 8]
    if not rest:
        return False
    if rest[0].low in ("the", "one") and any(is_superlative(rest, i) for i in range(min(5, len(rest)))):
        return True
    if is_superlative(rest, 0):
        return True
    is_relative = any(t.low in ("that", "which", "who", "when", "where") for t in flat[begin:place])
    return rest[0].low in AUXILIARIES and not is_relative


_NAMED = r"(?:(?:the\s+)?(?:word|term|name|noun)\s+)?"
_ENDS = re.compile(
    r"[,;:()]|\s+(?:which|who|whose|where|meaning|because|while|when|as\s+(?:it|he|she|they))\b|\.\s*$|\s[–—]\s",
    re.IGNORECASE,
)
_NAMED_BY = re.compile(r"\s+by\s+(?:the|an?|his|her|[A-Z])")
_AND_CLAUSE = re.compile(r"\s+and\s+(?=(?:was|is|has|had|means|refers|first|became|came|dates)\b)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\((?:from\s+(?:the\s+)?)?(?P<value>(?:Old |Middle |Late |Medieval |Ancient |New |Classical )?(?P<tongue>[A-Z]\w+)\s[^()]*)\)")


def find_etymology(parsed: Parsed) -> Iterator[Statement]:
    """Find where a name comes from: "the word X comes from ...", "X was named after ...", "X (from Latin ...)"."""
    found = phrases("etymology", "namings").search(parsed.text)
    if found is None:
        found = phrases("etymology", "sources").search(parsed.text)
        if found and not _is_about_word(parsed, found.start()):
            found = None
    if found is None:
        yield from _find_in_brackets(parsed)
        return
    subject = _find_named(parsed, found.start())
    value = _trim_value(parsed, found.end(), is_named="named" in found[0].lower())
    if subject and value and not _is_anaphor(parsed.text[slice(*value)]):
        yield _state_etymology(parsed, value, subject)


def _is_anaphor(words_here: str) -> bool:
    """Tell whether a name goes back to somebody who is only pointed at: "named after her"."""
    first = words_here.split()[0].lower()
    return first in words("words", "pronouns") | words("words", "possessives")


def _state_etymology(parsed: Parsed, value: Span, subject: Span) -> Statement:
    name = parsed.text[slice(*subject)]
    label = "Etymology" if not name or _names_topic(parsed, subject) else f"Etymology of {titled(name)}"
    return Statement("etymology", parsed.sentence, value, subject if name else None, None, label)


def _is_about_word(parsed: Parsed, before: int) -> bool:
    """Tell whether "comes from" speaks of a word: "the name X", or with a language behind it."""
    lead = parsed.text[:before].lower()
    if any(re.search(rf"\b{word}\b", lead) for word in words("etymology", "names")):
        return True
    rest = parsed.text[before:]
    return re.search(r"\bfrom\s+(?:the\s+)?(?:Old |Middle |Late |Medieval |Ancient )?([A-Z]\w+)", rest) is not None and any(
        tongue in rest for tongue in list_tongues()
    ) and "deriv" in rest[:20]


def list_tongues() -> frozenset[str]:
    """List the English names of languages."""
    from babel import Locale

    return frozenset(str(name) for name in Locale.parse("en").languages.values() if " " not in str(name))


def _find_named(parsed: Parsed, before: int) -> Span | None:
    """Find the name that is explained: behind "the word", else the subject."""
    tokens = [t for t in parsed.flat if t.end <= before]
    if any(t.low in ("its", "their", "his", "her") for t in tokens):
        return None
    place = next((i for i, t in enumerate(tokens) if t.low in words("etymology", "names")), -1)
    if place > 0 and tokens[place - 1].low in ("'s", "’s"):
        tokens, place = tokens[: place - 1], -1
    tail = tokens[place + 1 :] if place >= 0 else tokens
    tail = [t for t in tail if t.low not in ("itself", "also", "probably")]
    while tail and (tail[0].low in words("words", "articles") | {"of"}):
        tail = tail[1:]
    cut = next((i for i, t in enumerate(tail) if t.text in ",;:"), len(tail))
    tail = tail[:cut]
    if not tail:
        return (0, 0) if place >= 0 else None
    is_known = tail[0].low not in words("words", "pronouns") and len(tail) <= 8
    return find_owner(tail, parsed) if is_known else None


def _trim_value(parsed: Parsed, start: int, *, is_named: bool) -> Span | None:
    """Give the words from here to the comma, clause or date that ends them."""
    text = parsed.text
    while start < len(text) and text[start] == " ":
        start += 1
    rest = text[start:]
    patterns = [_ENDS, _AND_CLAUSE, *([_NAMED_BY] if is_named else [])]
    ends = [match.start() for pattern in patterns if (match := pattern.search(rest))]
    ends += [period.start - start for period in parsed.sentence.periods if period.start > start]
    value = re.sub(r"\s+(?:in|on|since|during|from|of)\s*$", "", rest[: min(ends, default=len(rest))]).rstrip(" .")
    return (start, start + len(value)) if value else None


def _find_in_brackets(parsed: Parsed) -> Iterator[Statement]:
    for subject, _ in _list_defined(parsed):
        match = _IN_BRACKETS.match(parsed.text, subject[1])
        if match and match["tongue"] in list_tongues() and any(sign in match["value"] for sign in "\"“'‘+"):
            yield _state_etymology(parsed, match.span("value"), subject)


def is_superlative(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a word is in -est or follows "most" or "least"."""
    low = tokens[place].low
    if low in superlatives() or any(part in superlatives() for part in low.split("-")):
        return True
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    return low in ("most", "least") and following is not None and following.is_word and following.low not in ("of", "in")


def find_superlatives(parsed: Parsed) -> Iterator[Statement]:
    """Find "the largest river in the world" said of a subject, as a predicate or in apposition."""
    for clause in parsed.clauses:
        if clause.kind == "aside" and clause.parent and (found := _find_named_beside(clause, clause.parent, parsed)):
            yield found
        elif clause.kind == "main" and clause.predicate and base_of(clause.predicate[0].low) in words("superlative", "verbs"):
            yield from _find_superlative(clause, clause.predicate, clause, parsed)
        elif clause.kind == "aside" and clause.parent and _is_before_verb(clause, clause.parent):
            yield from _find_superlative(clause, [clause.tokens[0], *clause.tokens], clause.parent, parsed)


def _find_named_beside(aside: Clause, clause: Clause, parsed: Parsed) -> Statement | None:
    """Find the name beside a superlative subject: "The world's largest solar park, Bhadla in India, covers ..."."""
    is_beside = clause.verb is not None and aside.tokens[0].start < clause.verb.start
    whole = [t for t in clause.tokens if clause.subject and t.end <= clause.subject[-1].end]
    names = list_names(aside.tokens, parsed) if is_beside else []
    place = _find_opening([whole[0], *whole]) - 1 if names and whole else -2
    if place < 0 or names[0][0] is not aside.tokens[0]:
        return None
    value = _read_scope(whole, place)
    return _state_superlative(value, span_of(names[0]), aside, parsed) if value else None


def _is_before_verb(aside: Clause, clause: Clause) -> bool:
    """Tell whether an aside speaks of the subject: it stands before the verb, or the verb only measures."""
    verb = clause.verb
    is_measuring = verb is not None and base_of(verb.low) in ("be", "stand", "total", "measure", "reach")
    return verb is None or is_measuring or aside.tokens[0].start < verb.start


def _find_superlative(
    clause: Clause, tokens: Sequence[Token], owner: Clause, parsed: Parsed
) -> Iterator[Statement]:
    place = _find_opening(tokens)
    subject = find_owner(owner.subject, parsed)
    if place < 0 or subject is None:
        return
    if any(t.low not in _LEADING and not is_adverb(t) for t in tokens[1:place]):
        return
    if any(t.low in words("superlative", "opinions") for t in tokens[place : place + 6]):
        return
    value = _read_scope(tokens, place)
    if value is not None:
        yield _state_superlative(value, subject, clause, parsed)
    further = next((i for i, t in enumerate(tokens) if i > place and t.low == "and" and _opens_other(tokens, i, i)), -1)
    second = _read_scope(tokens, further + 1) if further > 0 and tokens[further + 1].low in ("the", "one") else None
    if second is not None:
        yield _state_superlative(second, subject, clause, parsed)


def _state_superlative(value: Span, subject: Span, clause: Clause, parsed: Parsed) -> Statement:
    dates = [date for date in list_dates(clause.tokens) if not value[0] <= date.start < value[1]]
    date = dates[0] if dates else None
    name = "" if _names_topic(parsed, subject) else parsed.text[slice(*subject)]
    label = make_label(name, "Distinction", date.text if date else "")
    place = (date.start, date.end) if date else None
    return Statement("superlative", parsed.sentence, value, subject, place, label)


def _names_topic(parsed: Parsed, subject: Span) -> bool:
    return any(m.key == TOPIC_KEY and m.start == subject[0] for m in parsed.sentence.mentions)


def _find_opening(tokens: Sequence[Token]) -> int:
    """Find where the superlative phrase begins: "the", "one of the", "the world's", a possessive name."""
    mark = next((i for i in range(1, len(tokens)) if is_superlative(tokens, i)), -1)
    if mark < 1:
        return -1
    for here in range(mark - 1, max(0, mark - 6), -1):
        low = tokens[here].low
        if low == "the" or low in ("'s", "’s"):
            return _widen(tokens, here)
        if not (low in ("second", "third", "fourth", "fifth", "single", "two", "three", "by", "far") or tokens[here].is_word):
            return -1
    return -1


def _widen(tokens: Sequence[Token], place: int) -> int:
    if tokens[place].low != "the":
        place -= 1
        while place > 1 and (tokens[place - 1].is_name or tokens[place - 1].low == "the"):
            place -= 1
    is_one = place >= 3 and [t.low for t in tokens[place - 2 : place]] == ["one", "of"]
    return place - 2 if is_one else place


def _read_scope(tokens: Sequence[Token], place: int) -> Span | None:
    """Read a superlative up to the end of its clause, without its date; None where it has no scope."""
    kept: list[Token] = []
    for here in range(place, len(tokens)):
        token = tokens[here]
        if _ends_superlative(tokens, here) and kept:
            break
        kept.append(token)
    while kept and (kept[-1].low in words("words", "prepositions") | {"and"} or kept[-1].period is not None):
        kept.pop()
    is_one_of_only = [t.low for t in kept[:3]] == ["one", "of", "the"]
    rest = kept[3:] if is_one_of_only else kept
    has_scope = bool({t.low for t in rest} & words("superlative", "scopes")) or any(t.low in ("'s", "’s") for t in kept)
    return span_of(kept) if has_scope and len(kept) > 2 else None


def _ends_superlative(tokens: Sequence[Token], place: int) -> bool:
    token = tokens[place]
    between_clauses = token.text in ",;:–—" or token.low in ("which", "who", "while", "with", "after", "when", "but", "at")
    if token.low == "and":
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        is_other = following is None or following.low in ("the", "one", "a") or following.number is not None
        return is_other or is_verb(tokens, place + 1)
    return between_clauses or (token.period is not None and token.lead == "")
