"""The encyclopedia's client: what each kind of page becomes, pins that cannot drift, and refusals inside a success."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dossiers.clients.base import Context, FetchResult, Outcome, Policy, Query
from dossiers.clients.mediawiki import MediaWiki
from dossiers.clients.mediawiki_pages import find_title_of, make_candidate, make_found, read_hits, read_links, read_page
from dossiers.clients.wikimedia import clean_language, localise
from tests.stubs import misbehaving
from tests.stubs.mediawiki import MediaWikiStub, WikiPage, api_error, maxlag
from tests.stubs.server import Reply, StubServer, json_reply, status_reply

Make = Callable[..., Policy]
LAMP = WikiPage("Lamp", "A lamp gives light.\nIt was lit in 1879.", "Q7", coordinates=(12.5, -3.0), description="light")
PAGES = [
    LAMP,
    WikiPage("Lantern", "A lantern is carried.", "Q8"),
    WikiPage("Lamp (novel)", "Lamp is a novel.", "Q9"),
    WikiPage(
        "Mercury", "Mercury may refer to:", "Q10", is_disambiguation=True, links=("Planet", "Mercury (metal)", "Gone")
    ),
    WikiPage("Planet", "A planet goes round a star.", "Q11"),
    WikiPage("Mercury (metal)", "Mercury is a metal.", "Q12"),
    WikiPage("Bare", "  ", "Q13"),
    WikiPage("Talk:Lamp", "Hello.", ns=1),
    WikiPage("Crater", "A crater on another world.", "Q14", coordinates=(1.0, 2.0), globe="moon"),
    WikiPage("Unlinked", "Nobody linked this."),
]
REDIRECTS = {
    "Lamps": ("Light source", ""),
    "Light source": ("Lamp", ""),
    "Wick": ("Lamp", "Parts"),
    "Loop": ("Loop", ""),
}


@pytest.fixture(params=[2, 1], ids=["formatversion2", "formatversion1"])
def wiki(request: pytest.FixtureRequest) -> Iterator[MediaWikiStub]:
    stub = MediaWikiStub(PAGES, redirects=REDIRECTS, foreign=["Étranger"], version=request.param)
    with stub:
        yield stub


@pytest.fixture
def fetch(wiki: MediaWikiStub, make_policy: Make) -> Callable[..., FetchResult]:
    policy = make_policy(
        wiki.api, name="wikipedia", grade="verbatim", licence="CC BY-SA 4.0", attribution="Wikipedia contributors"
    )

    def ask(text: str, kind: Any = "page", *, is_urgent: bool = False, **fields: Any) -> FetchResult:
        return MediaWiki(policy).fetch(Query(kind, text, **fields), Context(text, is_urgent=is_urgent))

    return ask


def test_a_page_is_a_text_with_its_revision(wiki: MediaWikiStub, fetch: Callable[..., FetchResult]) -> None:
    result = fetch("lamp")
    (found,) = result.found
    permanent = f"{wiki.url}/w/index.php?title=Lamp&oldid=1001"
    assert (result.outcome, result.requests_made) == (Outcome.OK, 1)
    assert (found.title, found.text, found.entity) == (
        "Lamp",
        "A lamp gives light.\nIt was lit in 1879.",
        "wikidata:Q7",
    )
    assert (found.url, found.revision_id, found.grade) == (f"{wiki.url}/wiki/Lamp", "1001", "verbatim")
    assert found.published_at == datetime(2026, 5, 2, 10, tzinfo=UTC)
    assert (found.licence, found.attribution) == ("CC BY-SA 4.0", f"Wikipedia contributors, “Lamp”, {permanent}")
    assert found.payload is not None and found.payload["permanent_url"] == permanent
    assert found.features["coordinates"] == ["12.5", "-3.0"]
    assert found.features["description"] == "light"
    assert found.features["is_disambiguation"] is False
    assert "redirected_from" not in found.features and "section" not in found.features


def test_the_question_is_one_call_that_steps_back_only_where_nobody_waits(
    wiki: MediaWikiStub, fetch: Callable[..., FetchResult]
) -> None:
    fetch("Lamp")
    fetch("Lamp", is_urgent=True)
    due, urgent = (asked.params for asked in wiki.log)
    assert due["maxlag"] == "5" and "maxlag" not in urgent
    assert (due["formatversion"], due["redirects"], due["exintro"], due["explaintext"]) == ("2", "1", "1", "1")


def test_redirects_keep_every_name(fetch: Callable[..., FetchResult]) -> None:
    (found,) = fetch("lamps").found
    assert (found.title, found.entity) == ("Lamp", "wikidata:Q7")
    assert (found.features["redirected_from"], found.features["redirects"]) == ("Lamps", ["Lamps", "Light source"])
    assert "section" not in found.features


def test_a_redirect_into_a_section_is_told(fetch: Callable[..., FetchResult]) -> None:
    (found,) = fetch("Wick").found
    assert (found.features["section"], found.features["redirected_from"]) == ("Parts", "Wick")


def test_meanings_are_candidates_never_a_text(fetch: Callable[..., FetchResult]) -> None:
    result = fetch("Mercury")
    assert (result.outcome, result.found) == (Outcome.PARTIAL, ())
    assert "several meanings" in result.message
    assert [(candidate.key, candidate.title) for candidate in result.candidates] == [
        ("wikidata:Q12", "Mercury (metal)"),
        ("wikidata:Q11", "Planet"),
    ]


@pytest.mark.parametrize(
    ("title", "outcome", "words"),
    [
        ("Nothing here", Outcome.EMPTY, "no page"),
        ("A|B", Outcome.EMPTY, "no page"),
        ("<b>", Outcome.EMPTY, "no page"),
        ("", Outcome.EMPTY, "no page"),
        ("x" * 300, Outcome.EMPTY, "no page"),
        ("Étranger", Outcome.EMPTY, "another wiki"),
        ("Talk:Lamp", Outcome.EMPTY, "not an article"),
        ("Bare", Outcome.PARTIAL, "no introduction"),
        ("Loop", Outcome.EMPTY, "no page"),
    ],
)
def test_gaps_are_told_apart(fetch: Callable[..., FetchResult], title: str, outcome: Outcome, words: str) -> None:
    result = fetch(title)
    assert (result.outcome, result.found) == (outcome, ())
    assert words in result.message


def test_a_place_on_another_world_has_no_coordinates(fetch: Callable[..., FetchResult]) -> None:
    assert "coordinates" not in fetch("Crater").found[0].features


def test_a_page_without_an_item_is_named_by_its_title(fetch: Callable[..., FetchResult]) -> None:
    assert fetch("Unlinked").found[0].entity == "wikipedia:en:Unlinked"


def test_a_search_gives_candidates_and_its_snippets_are_plain(fetch: Callable[..., FetchResult]) -> None:
    result = fetch("lamp", "search", limit=2)
    assert (result.outcome, result.found, len(result.candidates)) == (Outcome.OK, (), 2)
    assert result.candidates[0].key == "wikipedia:en:Lamp"
    assert result.candidates[0].features["snippet"] == "lamp & more"
    assert fetch("nothing of the kind", "search").outcome == Outcome.EMPTY


class TestPins:
    def test_a_pinned_title_wins(self, fetch: Callable[..., FetchResult]) -> None:
        (found,) = fetch("Lamp", key="wikipedia:en:Lamp (novel)").found
        assert found.title == "Lamp (novel)"

    def test_a_pinned_item_is_looked_up_by_title_first(
        self, wiki: MediaWikiStub, fetch: Callable[..., FetchResult]
    ) -> None:
        assert fetch("Lamp", key="wikidata:Q7").found[0].title == "Lamp"
        assert len(wiki.log) == 1

    def test_a_pinned_item_under_another_title_is_found(self, fetch: Callable[..., FetchResult]) -> None:
        result = fetch("Lamp", key="wikidata:Q9")
        assert (result.found[0].title, result.found[0].entity) == ("Lamp (novel)", "wikidata:Q9")
        assert result.requests_made == 3

    def test_a_pin_among_several_meanings_is_found(self, fetch: Callable[..., FetchResult]) -> None:
        assert fetch("Mercury", key="wikidata:Q12").found[0].title == "Mercury (metal)"

    def test_another_item_is_reported_and_not_kept(self, fetch: Callable[..., FetchResult]) -> None:
        result = fetch("Lamp", key="wikidata:Q999")
        assert (result.outcome, result.found) == (Outcome.PARTIAL, ())
        assert "about Q7, not Q999" in result.message
        assert [candidate.key for candidate in result.candidates] == ["wikidata:Q7"]

    def test_a_pinned_item_without_a_page_is_empty(self, fetch: Callable[..., FetchResult]) -> None:
        result = fetch("Nothing here", key="wikidata:Q999")
        assert (result.outcome, result.candidates) == (Outcome.EMPTY, ())


class TestRefusals:
    @pytest.mark.parametrize(
        ("reply", "outcome", "wait", "needs_person"),
        [
            (maxlag(30.0), Outcome.UNAVAILABLE, 6.0, False),
            (maxlag(0.14, "7.25"), Outcome.UNAVAILABLE, 7.25, False),
            (api_error("ratelimited", {"Retry-After": "12"}), Outcome.RATE_LIMITED, 12.0, False),
            (api_error("ratelimited"), Outcome.RATE_LIMITED, None, False),
            (api_error("readonly"), Outcome.UNAVAILABLE, None, False),
            (api_error("internal_api_error_DBQueryError"), Outcome.UNAVAILABLE, None, False),
            (api_error("cirrussearch-too-busy-error"), Outcome.UNAVAILABLE, None, False),
            (api_error("blocked"), Outcome.AUTH, None, True),
            (api_error("badvalue"), Outcome.BAD_REQUEST, None, False),
            (json_reply({"errors": [{"code": "readonly"}]}), Outcome.UNAVAILABLE, None, False),
            (json_reply({}, headers={"MediaWiki-API-Error": "readonly"}), Outcome.UNAVAILABLE, None, False),
            (status_reply(429, {"Retry-After": "3.5"}), Outcome.RATE_LIMITED, 3.5, False),
            (status_reply(403), Outcome.AUTH, None, True),
            (misbehaving.challenge_page(), Outcome.INVALID, None, False),
            (json_reply([]), Outcome.INVALID, None, False),
            (json_reply({"batchcomplete": True}), Outcome.INVALID, None, False),
            (json_reply({"query": {"pages": []}}), Outcome.INVALID, None, False),
        ],
    )
    def test_what_they_become(
        self, wiki: MediaWikiStub, fetch: Callable[..., FetchResult], reply: Reply, outcome: Outcome,
        wait: float | None, needs_person: bool,
    ) -> None:  # fmt: skip
        wiki.play(reply)
        result = fetch("Lamp")
        assert (result.outcome, result.retry_after, result.needs_person) == (outcome, wait, needs_person)
        assert (result.found, result.requests_made, bool(result.message)) == ((), 1, True)

    def test_a_short_lag_is_waited_for(self, wiki: MediaWikiStub, fetch: Callable[..., FetchResult]) -> None:
        wiki.play(maxlag(0.2), maxlag(0.0, "0.05"))
        result = fetch("Lamp")
        assert (result.outcome, result.requests_made) == (Outcome.OK, 3)

    def test_a_kind_it_is_not_asked_for(self, wiki: MediaWikiStub, fetch: Callable[..., FetchResult]) -> None:
        assert fetch("Lamp", "place").outcome == Outcome.BAD_REQUEST
        assert wiki.log == []


def test_health(wiki: MediaWikiStub, make_policy: Make) -> None:
    assert MediaWiki(make_policy(wiki.api)).health().outcome == Outcome.OK
    wiki.play(api_error("readonly"))
    assert MediaWiki(make_policy(wiki.api)).health().outcome == Outcome.UNAVAILABLE


def test_a_token_is_sent_and_not_shown(wiki: MediaWikiStub, make_policy: Make) -> None:
    result = MediaWiki(make_policy(wiki.api, key="secret-token")).fetch(Query("page", "Lamp"), Context("Lamp"))
    assert wiki.log[0].headers["authorization"] == "Bearer secret-token"
    assert "secret-token" not in repr(result)


@pytest.mark.parametrize(
    ("base", "language", "url"),
    [
        ("https://en.wikipedia.org/w/api.php", "de", "https://de.wikipedia.org/w/api.php"),
        ("https://en.wikipedia.org/w/api.php", "en-GB", "https://en.wikipedia.org/w/api.php"),
        ("https://en.wikipedia.org/w/api.php", "zh-yue", "https://zh-yue.wikipedia.org/w/api.php"),
        ("https://en.wikipedia.org/w/api.php", "evil.example/", "https://en.wikipedia.org/w/api.php"),
        ("https://wiki.example.org/api.php", "de", "https://wiki.example.org/api.php"),
        ("http://127.0.0.1:8000/w/api.php", "de", "http://127.0.0.1:8000/w/api.php"),
    ],
)
def test_each_language_has_its_own_wiki(base: str, language: str, url: str) -> None:
    assert localise(base, language) == url


@given(st.text())
def test_a_language_is_never_more_than_a_label(text: str) -> None:
    assert (
        localise("https://en.wikipedia.org/w/api.php", text)
        == f"https://{clean_language(text)}.wikipedia.org/w/api.php"
    )
    assert all(letter.isascii() and (letter.isalnum() or letter == "-") for letter in clean_language(text))


NAMES = (
    "query pages normalized redirects from to tofragment interwiki title ns missing invalid extract pageprops lat lon "
    "disambiguation wikibase_item revisions revid timestamp coordinates globe canonicalurl fullurl search snippet"
)
names = st.sampled_from(NAMES.split())
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | st.text(max_size=3), inner, max_size=6),
    max_leaves=25,
)


@given(st.dictionaries(names, anything))
@hypothesis_settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_no_shape_of_an_answer_breaks_the_reading(query: dict[str, Any]) -> None:
    data = {"query": query}
    page = read_page(data, "Lamp")
    if page is not None:
        json.dumps(
            [make_candidate(page, "en").features, make_found(page, Policy("w", "encyclopedia"), "en", "").features]
        )
    read_hits(data, "en"), read_links(data, "Lamp", "en", 3), find_title_of(data, "Q1")


def test_made_up_pages_are_the_same_each_time(make_policy: Make) -> None:
    with MediaWikiStub(invents=True) as first, MediaWikiStub(invents=True) as second:
        texts = []
        for stub in (first, second):
            result = MediaWiki(make_policy(stub.api)).fetch(Query("page", "Society of Lamps"), Context("S"))
            texts.append((result.found[0].text, result.found[0].entity))
    assert texts[0] == texts[1]
    assert isinstance(first, StubServer)
