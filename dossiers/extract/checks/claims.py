"""The rules between claims: what says the same twice, follows from another claim, or contradicts it."""

from collections.abc import Iterable

from dossiers.extract.checks.case import Case, Finding, shorten
from dossiers.extract.checks.facts import Figure, is_date_value
from dossiers.extract.dates import does_exclude, is_same_period, is_within, read_date
from dossiers.extract.matching import base_key, fold_name
from dossiers.extract.numbers import Number, is_same_number

_HALF = 0.5
_LIKE = 0.6
_MOST = 10
_MOST_COMPARED = 1_000


def check_relations(case: Case, place: int) -> Iterable[Finding]:
    """Compare a claim with those it can be like: `duplicate`, else `implied-by`; `conflict`; ten of each at most."""
    figure = case.figures[place]
    others = sorted({o for key in case.list_group_keys(place) for o in case.groups[key][:_MOST_COMPARED]} - {place})
    twins = [other for other in others if _is_twin(case, place, other, figure)]
    conflicts = [other for other in others if _is_conflict(case, place, other, figure, case.figures[other])]
    changes = [] if twins else [other for other in others if _is_implied(figure, case.figures[other])]
    for code, found in (("duplicate", twins), ("implied-by", changes), ("conflict", conflicts)):
        for other in found[:_MOST]:
            yield _make(case, place, other, code)


def _is_twin(case: Case, place: int, other: int, figure: Figure | None) -> bool:
    """Tell whether two claims say the same: one subject, value and period, of one property; or the same words."""
    one, two = case.claims[place], case.claims[other]
    if one.draft.kind == two.draft.kind and fold_name(one.draft.text) == fold_name(two.draft.text):
        return base_key(one.key).split(" #")[0] == base_key(two.key).split(" #")[0]
    theirs = case.figures[other]
    if not (figure and theirs and figure.value and theirs.value and figure.subject == theirs.subject):
        return False
    same = is_same_number(figure.value, theirs.value) and is_same_period(figure.period, theirs.period)
    return same and _is_same_property(figure, theirs, share=_HALF)


def _is_implied(one: Figure | None, change: Figure | None) -> bool:
    """Tell whether one figure is an end point of the change that the other claim states."""
    if not (one and change and one.value and change.last and change.first and one.subject == change.subject):
        return False
    if not _is_same_property(one, change, share=_HALF) or not is_within(one.period, change.period):
        return False
    at_end = one.period.latest == change.period.latest and is_same_number(one.value, change.last)
    at_start = one.period.earliest == change.period.earliest and is_same_number(one.value, change.first)
    return at_end or at_start


def _is_conflict(case: Case, place: int, other: int, one: Figure | None, two: Figure | None) -> bool:
    if _are_dates_apart(case, place, other):
        return True
    if not (one and two and one.subject == two.subject and _is_same_property(one, two, share=1.0)):
        return False
    if one.value and two.value:
        return _is_other_value(one.value, two.value) and _may_overlap(one, two)
    if one.last and two.last:
        return is_same_period(one.period, two.period) and not _is_same_change(one, two)
    return _misses_end_point(one, two) or _misses_end_point(two, one)


def _is_same_change(one: Figure, two: Figure) -> bool:
    pairs = ((one.first, two.first), (one.last, two.last))
    return all(a and b and (a.unit != b.unit or a.value == b.value) for a, b in pairs)


def _misses_end_point(one: Figure, change: Figure) -> bool:
    """Tell whether a figure gives another value than a change does for its last or first year."""
    if not (one.value and change.last and change.first) or not is_within(one.period, change.period):
        return False
    if one.period.earliest == change.period.earliest and one.period.latest == change.period.latest:
        return False
    at_end = one.period.latest == change.period.latest and _is_other_value(one.value, change.last)
    at_start = one.period.earliest == change.period.earliest and _is_other_value(one.value, change.first)
    return at_end or at_start


def _is_other_value(one: Number, other: Number) -> bool:
    return one.unit == other.unit and one.value != other.value


def _may_overlap(one: Figure, two: Figure) -> bool:
    """Tell whether two figures speak of one time: periods that overlap, or two attributes without any."""
    if one.period.edtf and two.period.edtf:
        return not does_exclude(one.period, two.period)
    is_undated = not one.period.verbatim.strip() and not two.period.verbatim.strip()
    return is_undated and one.kind == two.kind == "attribute"


def _are_dates_apart(case: Case, place: int, other: int) -> bool:
    """Tell whether two attributes of one label give dates that exclude each other."""
    one, two = case.claims[place], case.claims[other]
    if not (is_date_value(one) and is_date_value(two)):
        return False
    same = base_key(one.key).split(" #")[0] == base_key(two.key).split(" #")[0]
    return same and does_exclude(read_date(one.draft.text), read_date(two.draft.text))


def _is_same_property(one: Figure, two: Figure, *, share: float) -> bool:
    """Compare properties: attributes by the words of the label, an event by how many of them it holds."""
    if one.kind == two.kind == "attribute":
        smaller, larger = sorted((one.stems, two.stems), key=len)
        return smaller == larger if share == 1.0 else bool(smaller) and smaller <= larger
    if one.kind == two.kind:
        both = one.stems | two.stems
        return bool(both) and len(one.stems & two.stems) / len(both) >= _LIKE
    attribute, event = (one, two) if one.kind == "attribute" else (two, one)
    if not attribute.stems:
        return False
    return len(attribute.stems & event.stems) / len(attribute.stems) >= share


def _make(case: Case, place: int, other: int, code: str) -> Finding:
    claim = case.claims[other]
    named = f"{claim.draft.label}: {claim.draft.text}" if claim.draft.label else claim.draft.text
    words = f"“{shorten(named)}”"
    if code == "duplicate":
        return Finding(code, "warning", f"Says the same as {words}.", "claim", place, other)
    if code == "implied-by":
        return Finding(code, "info", f"Follows from {words}, which gives it as an end point.", "claim", place, other)
    return Finding(code, "warning", f"Contradicts {words}: another value for the same time.", "claim", place, other)
