"""Run all rules over a library, and make drafts of what they find."""

from collections.abc import Iterable, Iterator

from dossiers.extract.assembly import Draft, Library, Sentence
from dossiers.extract.rules.admitting import is_admitted
from dossiers.extract.rules.changes import find_changes
from dossiers.extract.rules.definitions import find_definition, may_define
from dossiers.extract.rules.etymologies import find_etymology
from dossiers.extract.rules.events import find_events, find_lives
from dossiers.extract.rules.knowledge import is_list, read_line
from dossiers.extract.rules.lists import find_bracketed, find_compared, find_gapped, find_respective
from dossiers.extract.rules.quantities import find_quantities
from dossiers.extract.rules.reading import Reading
from dossiers.extract.rules.statements import Statement
from dossiers.extract.rules.summaries import find_summary
from dossiers.extract.rules.superlatives import find_superlatives, has_superlative

_PROVIDERS = ("encyclopedia", "knowledge_base", "web_search")
_MOST = 400


def propose(library: Library) -> list[Draft]:
    """Propose what a library's sentences state; the order of its captures makes no difference."""
    statements = [*find_summary(library), *find_statements(library)]
    unique: dict[tuple[str, str, str, str], Statement] = {}
    for statement in sorted(statements, key=_order):
        draft = statement.make_draft()
        unique.setdefault((draft.kind, draft.label, draft.value, draft.date_text), statement)
    return [statement.make_draft(place) for place, statement in enumerate(list(unique.values())[:_MOST])]


def find_statements(library: Library) -> list[Statement]:
    """Find the statements of all sentences, in order."""
    reading = Reading(library)
    return [statement for sentence in library.sentences for statement in _find_in(sentence, reading)]


def _find_in(sentence: Sentence, reading: Reading) -> Iterable[Statement]:
    if is_list(sentence):
        return read_line(sentence)
    return _apply(sentence, reading) if is_admitted(sentence) else ()


def _apply(sentence: Sentence, reading: Reading) -> Iterator[Statement]:
    """Apply the rules in the order of their certainty; a number is stated once."""
    parsed = reading.parse(sentence)
    if may_define(sentence):
        yield from find_definition(parsed)
    yield from find_etymology(parsed)
    if sentence.periods:
        yield from find_lives(parsed, reading)
    if sentence.numbers:
        yield from find_changes(parsed, reading)
        yield from _once(
            [
                *find_bracketed(parsed, reading),
                *find_respective(parsed),
                *find_gapped(parsed),
                *find_compared(parsed),
                *find_quantities(parsed),
            ]
        )
    if sentence.periods:
        yield from find_events(parsed, reading)
    if has_superlative(sentence.text):
        yield from find_superlatives(parsed)


def _once(statements: Iterable[Statement]) -> Iterator[Statement]:
    taken: set[int] = set()
    for statement in statements:
        if statement.value[0] not in taken:
            taken.add(statement.value[0])
            yield statement


def _order(statement: Statement) -> tuple[bool, int, str, str, tuple[int, int], str]:
    """Order by kind of source, then by the text itself, so that the order of captures does not count."""
    capture = statement.sentence.capture
    rank = _PROVIDERS.index(capture.provider) if capture.provider in _PROVIDERS else len(_PROVIDERS)
    is_summary = statement.relation == "summary"
    place = (statement.sentence.passage.start + statement.value[0], statement.value[1])
    return not is_summary, rank, capture.text, str(capture.key), place, statement.label
