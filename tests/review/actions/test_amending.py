"""An amendment cites words that hold its value, or says that it is the editor's statement."""

from uuid import uuid4

import pytest

from dossiers.models.claim import ClaimStatus
from dossiers.models.decision import Decision
from dossiers.models.evidence import DateBasis, Method, Role
from dossiers.models.proposal import AuthorKind, Proposal, ValueType
from dossiers.review.actions import (
    KeyReused,
    NothingAmended,
    PlaceNotChosen,
    Quote,
    QuoteNotFound,
    ValueNotQuoted,
    amend_claim,
)
from dossiers.review.queries import read_seen
from tests.builders import make_capture, make_claim, make_proposal, make_topic, make_user

pytestmark = pytest.mark.django_db
TEXT = "The dome was built in 1907. Sample Observatory has three domes on Sample Hill [...] and a library since 1931."


@pytest.fixture
def capture():
    return make_capture(make_topic(), TEXT)


@pytest.fixture
def claim(capture):
    return make_claim(capture.source.topic, "domes", capture=capture)


def amend(claim, value, *quotes, **fields):
    claim.refresh_from_db()
    fields = {"editor": fields.pop("editor", None) or make_user(), "seen": read_seen(claim), "key": uuid4()} | fields
    return amend_claim(claim, value=value, label=fields.pop("label", "Domes"), quotes=quotes, **fields).proposal


def test_a_picked_quote_keeps_its_offsets(claim, capture):
    start = TEXT.index("has three domes")
    proposal = amend(claim, "three domes", Quote("has three domes", capture.pk, start, start + 15))
    row = proposal.evidence.get()
    assert (row.exact, row.start, row.end, row.method) == ("has three domes", start, start + 15, Method.PICKED)
    assert (row.covers_start, row.covers_end, row.role) == (0, len("three domes"), Role.VALUE)
    assert (proposal.author_kind, proposal.is_statement, claim.status) == (
        AuthorKind.EDITOR,
        False,
        ClaimStatus.APPROVED,
    )
    assert claim.incumbent == proposal


def test_a_typed_quote_is_located_whatever_its_spaces_and_case(claim, capture):
    row = amend(claim, "three domes", Quote("Has  THREE domes", capture.pk)).evidence.get()
    assert (row.exact, row.method) == ("has three domes", Method.FOLDED)


def test_a_typed_quote_without_a_capture_is_looked_for_in_the_topics_captures(claim, capture):
    other = make_capture(capture.source.topic, "Elsewhere they count four domes.")
    assert amend(claim, "four domes", Quote("count four domes")).evidence.get().capture == other


@pytest.mark.parametrize(
    "quote",
    [
        Quote("has thirty domes"),
        Quote("has three domes", None, 0, 15),
        Quote("Sample Hill [...] and a library"),
        Quote("", -1, 0, 5),
    ],
)
def test_words_that_do_not_stand_there_are_refused(claim, quote):
    with pytest.raises(QuoteNotFound):
        amend(claim, "three domes", quote)
    assert claim.status == ClaimStatus.PENDING
    assert not Proposal.objects.filter(author_kind=AuthorKind.EDITOR).exists()


@pytest.mark.parametrize(("start", "end"), [(0, 10_000), (5, 5), (-1, 4), (TEXT.index("Hill"), TEXT.index("library"))])
def test_offsets_outside_the_text_or_across_a_cut_are_refused(claim, capture, start, end):
    with pytest.raises(QuoteNotFound):
        amend(claim, "three domes", Quote("", capture.pk, start, end))


def test_a_capture_of_another_topic_is_refused(claim):
    foreign = make_capture(make_topic(), "It has three domes.")
    with pytest.raises(QuoteNotFound):
        amend(claim, "three domes", Quote("three domes", foreign.pk, 7, 18))


@pytest.mark.parametrize("value", ["four domes", "3 libraries", "three hundred domes", "–"])
def test_a_quote_that_does_not_hold_the_value_is_refused(claim, capture, value):
    with pytest.raises(ValueNotQuoted):
        amend(claim, value, Quote("has three domes", capture.pk))


def test_numbers_and_words_may_stand_apart_in_the_quote(claim, capture):
    proposal = amend(claim, "3 domes", Quote("has three domes on Sample Hill", capture.pk))
    assert proposal.evidence.count() == 1


def test_without_a_quote_the_old_evidence_stays_if_it_holds_the_value(claim):
    assert amend(claim, "Domes", label="What it has").evidence.get().exact == "domes"
    with pytest.raises(ValueNotQuoted):
        amend(claim, "three domes")


def test_an_amendment_that_changes_nothing_is_refused(claim):
    shown = claim.newest_proposal
    with pytest.raises(NothingAmended):
        amend(claim, f" {shown.value} ", label=shown.label, date_text=shown.date_text)
    assert not Decision.objects.exists()


def test_an_editors_statement_needs_no_quote_and_says_so(claim):
    proposal = amend(claim, "more domes than one would think", is_statement=True)
    assert (proposal.is_statement, proposal.evidence_count) == (True, 0)
    assert claim.incumbent == proposal


def test_the_subjects_words_stay_while_the_label_stays(capture):
    quotes = [(capture, "three domes", Role.VALUE), (capture, "Sample Observatory", Role.SUBJECT)]
    claim = make_claim(capture.source.topic, "three domes", quotes=quotes)
    kept = amend(claim, "three", Quote("three domes", capture.pk))
    assert [row.role for row in kept.evidence.order_by("ordinal")] == [Role.VALUE, Role.SUBJECT]
    assert [row.role for row in amend(claim, "three", label="Number").evidence.all()] == [Role.VALUE]


def test_a_typed_date_is_read_and_its_words_are_cited(claim, capture):
    proposal = amend(claim, "dome was built", Quote("The dome was built", capture.pk), date_text="1907")
    assert (proposal.date_edtf, proposal.date_earliest, proposal.date_latest) == ("1907", "1907-01-01", "1907-12-31")
    assert proposal.date_sort is not None
    date = proposal.evidence.get(role=Role.DATE)
    assert (date.exact, date.date_basis) == ("1907", DateBasis.SAME_SENTENCE)


def test_a_date_of_another_sentence_is_marked_as_inherited(claim, capture):
    proposal = amend(claim, "three domes", Quote("three domes", capture.pk), date_text="1907")
    assert proposal.evidence.get(role=Role.DATE).date_basis == DateBasis.INHERITED


def test_a_date_that_cannot_be_read_is_kept_as_typed(claim, capture):
    proposal = amend(claim, "three domes", Quote("three domes", capture.pk), date_text="when it was foggy")
    assert (proposal.date_text, proposal.date_edtf, proposal.date_sort) == ("when it was foggy", "", None)


def test_a_lone_number_is_typed_as_one(claim, capture):
    proposal = amend(claim, "1907", Quote("built in 1907", capture.pk))
    assert (proposal.value_type, proposal.number) == (ValueType.NUMBER, 1907)


def test_an_amended_place_keeps_its_coordinates_and_needs_the_choice(capture):
    topic = capture.source.topic
    claim = make_claim(topic, "Sample Hill", kind="place", label="", capture=capture, lat="46.5", lon="7.25")
    with pytest.raises(PlaceNotChosen):
        amend(claim, "Hill", label="")
    stated = amend(claim, "The hill behind the town", label="", is_statement=True)
    assert (str(stated.lat), str(stated.lon)) == ("46.5000000", "7.2500000")


def test_an_amendment_is_checked_as_an_extraction_is(claim, capture):
    make_capture(capture.source.topic, "Its famous domes are the pride of most, and the envy of others.")
    proposal = amend(claim, "the most famous domes", Quote("famous domes are the pride of most"))
    assert [(check.code, check.severity) for check in proposal.checks.all()] == [("value-overstated", "warning")]
    assert not amend(claim, "famous domes", Quote("famous domes")).checks.exists()


def test_the_same_amendment_again_is_made_once(claim):
    editor, key, seen = make_user(), uuid4(), read_seen(claim)
    fields = {"editor": editor, "key": key, "seen": seen, "is_statement": True}
    first = amend(claim, "many", **fields)
    assert amend(claim, "many", **fields) == first
    with pytest.raises(KeyReused):
        amend(claim, "few", **fields)
    assert claim.proposals.count() == 2


def test_a_later_extraction_challenges_an_amendment_and_never_replaces_it(claim):
    amended = amend(claim, "many", is_statement=True)
    later = make_proposal(claim, "seven domes")
    assert (claim.incumbent, claim.challenger, claim.status) == (amended, later, ClaimStatus.APPROVED)
