"""Find what the topic is: "X is a ...", "X happens when ..."."""

from collections.abc import Iterator, Sequence

from dossiers.extract.assembly import Sentence
from dossiers.extract.matching import TOPIC_KEY, fold_name
from dossiers.extract.rules.parsing import Parsed
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.subjects import Span, list_names, span_of
from dossiers.extract.rules.superlatives import is_superlative, opens_other
from dossiers.extract.rules.tokens import Token
from dossiers.extract.rules.verbs import is_adverb, is_participle, is_plural, is_verb, skip_adverbs
from dossiers.extract.rules.words import is_regular_past, words

_ENCYCLOPEDIA = "encyclopedia"
_SHORTEST = 3


def may_define(sentence: Sentence) -> bool:
    """Tell whether a sentence names the topic, or opens an article of an encyclopedia."""
    is_lead = sentence.capture.provider == _ENCYCLOPEDIA and sentence.passage.start == 0
    return is_lead or TOPIC_KEY in sentence.keys


def find_definition(parsed: Parsed) -> Iterator[Statement]:
    """Find "X is a ..." of the topic; in an encyclopedia, of what its article is about."""
    for subject, verb in list_defined(parsed):
        value = _read_definition(parsed, verb)
        if value and len(parsed.text[slice(*value)].split()) >= _SHORTEST:
            yield Statement("definition", parsed.sentence, value, subject, None, "Definition")
            return


def list_defined(parsed: Parsed) -> Iterator[tuple[Span, int]]:
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
        return (
            bool(near)
            and (near[0].number is None or near[0].number.is_ordinal)
            and not any(is_superlative(near, i) or t.low in words("definition", "ordinals") for i, t in enumerate(near))
        )
    return _is_bare_plural(flat, place)


def _is_bare_plural(flat: Sequence[Token], place: int) -> bool:
    """Tell whether a bare plural with a description follows: "are proteins that ..."."""
    for here in range(place, min(place + 3, len(flat) - 1)):
        token = flat[here]
        if (
            not token.is_word
            or token.low in words("words", "prepositions")
            or is_regular_past(token.low)
            or is_adverb(token)
        ):
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
        if token.low in ("and", "but", "while", "whereas") and opens_other(flat, here, place):
            end = flat[here - 1].end
            break
    return flat[place].start, _keep_quote(parsed.text, end)


def _keep_quote(text: str, end: int) -> int:
    """Take along a closing quotation mark."""
    return end + 1 if text[end : end + 1] in '"”' and text[end : end + 1] else end


def _ends_at_comma(flat: Sequence[Token], place: int) -> bool:
    following = flat[place + 1] if place + 1 < len(flat) else None
    if following is None or following.period is not None:
        return True
    low = following.low
    if is_participle(flat[place - 1].low) and is_participle(low):
        return False  # "directed, written and produced by"
    return low in words("definition", "ends") or low.endswith("ing") or is_verb(flat[place + 1 :], 0)
