"""Statements of a knowledge base, one a line, and summaries taken from captures."""

from dossiers.extract.assembly import CaptureText, Library, assemble
from dossiers.extract.checks import run_checks
from dossiers.extract.rules import propose
from tests.extract.rules.finding import LAMPS, PERSON

LINES = """Lantern Trust: charity of Norway
inception: 29 September 1954
member count: 23 (point in time: 2021)
member count: 19 (point in time: March 2019; determination method: census)
seat: Bergen [imported from Wikipedia]
VIAF ID: 4711
image: lamp.jpg
parent body: unknown value
a line without a colon"""


def read(text: str) -> Library:
    return Library(LAMPS, [CaptureText("k", "knowledge_base", "Lantern Trust", text)])


def test_each_line_is_one_statement() -> None:
    drafts = propose(read(LINES))
    assert [(d.label, d.value, d.date_text) for d in drafts] == [
        ("Description", "charity of Norway", ""),
        ("Founded", "29 September 1954", ""),
        ("Member Count (2021)", "23", "2021"),
        ("Member Count (March 2019)", "19", "March 2019"),
        ("Seat", "Bergen", ""),
    ]


def test_a_lines_words_are_quoted_from_the_line() -> None:
    claims = {claim.draft.label: claim for claim in assemble(propose(read(LINES)), read(LINES))}
    quote = claims["Member Count (March 2019)"].support.quotes[0]
    assert LINES[: quote.start].endswith("\nmember count: ")
    assert claims["Founded"].typed.type == "date"
    assert [s.text for s in claims["Seat"].sentences] == ["seat: Bergen [imported from Wikipedia]"]


def test_a_statement_imported_from_wikipedia_is_marked() -> None:
    library = read(LINES)
    claims = assemble(propose(library), library)
    findings = run_checks(LAMPS, claims, library.captures)
    marked = [claims[f.subject].draft.label for f in findings if f.code == "circular-source"]  # type: ignore[call-overload]
    assert marked == ["Seat"]
    assert {f.severity for f in findings if f.code == "circular-source"} == {"warning"}


def test_a_life_in_a_knowledge_base_has_the_labels_of_a_life() -> None:
    text = "date of birth: 2 May 1871\ndate of death: 9 June 1940"
    library = Library(PERSON, [CaptureText("k", "knowledge_base", "Orla Venn", text)])
    assert [draft.label for draft in propose(library)] == ["Born", "Died"]


ARTICLE = (
    "The Lantern Trust is a charity that lends lamps to schools in Norway. It has 12 offices. In Bergen the Lantern "
    "Trust keeps a museum of old lamps. However, the Lantern Trust lends no candles. Ask the Lantern Trust for a lamp "
    "now, before May! The Lantern Trust also teaches children how lamps are mended."
)


def test_a_summary_is_two_to_four_whole_sentences_that_name_the_topic() -> None:
    captures = [
        CaptureText("a", "encyclopedia", "Lantern Trust", ARTICLE),
        CaptureText(
            "w", "web_search", "Page", "The Lantern Trust lends lamps. The Lantern Trust is in Bergen, I hear."
        ),
    ]
    summary = [draft.value for draft in propose(Library(LAMPS, captures)) if draft.kind == "summary"]
    assert summary == [
        "The Lantern Trust is a charity that lends lamps to schools in Norway.",
        "In Bergen the Lantern Trust keeps a museum of old lamps.",
        "The Lantern Trust also teaches children how lamps are mended.",
    ]


def test_no_summary_is_made_of_one_sentence_or_of_a_cut_one() -> None:
    texts = ["The Lantern Trust is a charity that lends lamps. It has offices.", "where the Lantern Trust keeps lamps"]
    library = Library(LAMPS, [CaptureText(i, "web_search", "Page", text) for i, text in enumerate(texts)])
    assert [draft for draft in propose(library) if draft.kind == "summary"] == []
