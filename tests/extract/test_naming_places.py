"""Drafts that name the places of their words: grounding verifies these, and looks for what they do not name."""

from dossiers.extract.assembly import CaptureText, Draft, Grounded, Library, Span, TopicText, assemble

TEXT = (
    "In 2019 the mill used 19% less water. Its output was 19% of that of the Bute works. [...] In 2001 the mine "
    "closed. The mill gained 19% in a year."
)
LIBRARY = Library(TopicText("Bute", "place"), [CaptureText("c", "web_search", "A page", TEXT)])


def place(words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return Span("c", start, start + len(words))


def ground(draft: Draft) -> Grounded:
    return assemble([draft], LIBRARY)[0]


def test_the_named_occurrence_is_quoted() -> None:
    for nth in range(3):
        (quote,) = ground(Draft("attribute", "19%", "Mill Share", at=place("19%", nth))).support.quotes
        assert (quote.start, quote.method) == (place("19%", nth).start, "exact")


def test_a_place_that_does_not_hold_the_value_is_ignored() -> None:
    wrong = [Span("c", 0, 3), Span("other", 0, 3), Span("c", 5, 4), Span("c", 0, 10_000), place("works. [...] In")]
    for at in wrong:
        (quote,) = ground(Draft("attribute", "19%", "Mill Share", at=at)).support.quotes
        assert quote.exact == "19%"


def test_a_value_across_a_joint_is_not_quoted_whole() -> None:
    claim = ground(Draft("event", "works. [...] In 2001", at=place("works. [...] In 2001")))
    assert claim.support.method != "exact"
    assert not any("[...]" in quote.exact for quote in claim.quotes)


def test_the_named_subject_is_quoted_where_no_gazetteer_knows_it() -> None:
    claim = ground(Draft("attribute", "19%", "Mill Share", at=place("19%"), subject_at=place("mill")))
    assert claim.subject_quote is not None
    assert (claim.subject_quote.exact, claim.subject_quote.role) == ("mill", "subject")


def test_a_subject_in_another_sentence_is_no_evidence() -> None:
    claim = ground(Draft("attribute", "19%", "Mill Share", at=place("19%"), subject_at=place("mine")))
    assert claim.subject_quote is None


def test_the_named_date_is_quoted_and_says_how_far_it_was_taken_from() -> None:
    same = ground(Draft("attribute", "19%", "Mill Share", "2019", at=place("19%"), date_at=place("2019"))).dating
    earlier = ground(Draft("attribute", "19%", "Share", "2019", at=place("19%", 1), date_at=place("2019"))).dating
    assert (same.basis, same.reason) == ("same_sentence", "")
    assert (earlier.basis, earlier.reason) == ("inherited", "neighbour")
    assert same.quote is not None
    assert same.quote.start == place("2019").start


def test_a_date_beyond_a_joint_is_not_taken() -> None:
    claim = ground(Draft("attribute", "19%", "Mill Share", "2019", at=place("19%", 2), date_at=place("2019")))
    assert (claim.dating.basis, claim.dating.quote) == ("unresolved", None)


def test_a_summary_with_a_place_is_one_sentence() -> None:
    value = "In 2019 the mill used 19% less water. Its output was 19% of that of the Bute works."
    claims = assemble([Draft("summary", value, at=place(value))], LIBRARY)
    assert [claim.support.quotes[0].exact for claim in claims] == [value.rstrip(".")]
