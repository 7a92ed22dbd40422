"""Any export printed in the text form is read back word for word, whatever the line ends and spaces of the page."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.ingest.parsing import Attribute, Event, Export, ExportedCapture, Place, read_export
from tests.ingest.rendering import render_export, without_lines

LETTERS = "abcXYZ éßñ漢字ع–—“”'\"&<>;%/()[]{}0123456789•\u00a0\u202f"
words = st.text(LETTERS, min_size=1, max_size=30).map(str.strip).filter(lambda text: text and not text.startswith("•"))
sentences = words.map(lambda text: f"{text} it is.")
moments = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
    lambda time: time.replace(microsecond=0, tzinfo=UTC)
)
texts = st.lists(sentences, min_size=1, max_size=3).map("\n\n".join)
names = words.map(lambda text: f"N{text}n")


@st.composite
def exports(draw: st.DrawFn) -> Export:
    attributes = draw(st.lists(st.tuples(words, texts), max_size=4, unique=True))
    events = draw(
        st.lists(
            st.tuples(sentences, words, st.sampled_from(["", "web_search_results"])),
            max_size=4,
            unique_by=lambda e: e[:2],
        )
    )
    results = draw(st.lists(st.tuples(words, texts), max_size=3, unique=True))
    degrees = st.decimals(-90, 90, places=7).map(lambda number: f"{number:f}")
    return Export(
        title=draw(names),
        kind=draw(st.sampled_from(["topic", "person", "organization", "place", "event", "work"])),
        description=draw(sentences),
        first_mentioned_at=draw(st.none() | moments),
        last_updated_at=draw(moments),
        research_retrieved_at=draw(st.none() | moments),
        summary=draw(texts),
        document_count=draw(st.integers(0, 1000)),
        attributes=tuple(Attribute(*pair, n, 0) for n, pair in enumerate(attributes)),
        events=tuple(Event(*parts, n, 0) for n, parts in enumerate(events)),
        captures=(
            ExportedCapture("encyclopedia", draw(names), draw(texts), 0),
            *(ExportedCapture("web_search", *pair, 0) for pair in results),
        ),
        places=(Place(draw(names), draw(names), draw(degrees), draw(degrees), 0, 0),),
    )


@pytest.mark.parametrize(("newline", "space"), [("\n", " "), ("\r\n", "\u00a0"), ("\r", "\u202f")])
@settings(max_examples=60, deadline=None)
@given(export=exports())
def test_a_printed_export_reads_back_the_same(export, newline, space):
    data = render_export(export, newline=newline, space=space)
    read = read_export(data, name="page.txt", timezone=UTC)
    assert without_lines(read) == export
    assert read.notices == () or {notice.code for notice in read.notices} == {"section-missing"}
