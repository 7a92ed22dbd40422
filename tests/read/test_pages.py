"""What readers see, read through a parsed tree: facts with their words, older editions, the index."""

import json

import pytest
from django.test import Client

from dossiers.models.decision import Action
from dossiers.models.document import Document, Mention
from dossiers.publish.actions import refresh_public_status, withdraw_dossier
from dossiers.read import queries
from tests.builders import decide, make_capture, make_claim, make_proposal
from tests.publish.dossiers import PLACE, Dossier, make_dossier
from tests.read.readers import get
from tests.reading import Element, read_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_empty_cache")]


def open_fact(page: Element, dossier: Dossier, name: str) -> Element:
    return page.find("div", id=f"fact-{dossier.claims[name].pk}")


def test_a_reader_sees_every_fact_with_its_words_its_source_and_its_editor(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    page = read_page(get(client, dossier))
    assert page.find("h1").text == "Sample Observatory"
    assert page.find("p", class_="standfirst").text == "An invented observatory."
    assert "Sample Observatory has three domes on Sample Hill." in page.find("p", class_="lede").text
    assert page.find("p", class_="place-name").text == PLACE
    fact = open_fact(page, dossier, "domes")
    assert [mark.text for mark in fact.find_all("mark", **{"data-role": "value"})] == ["three domes"]
    assert fact.find("blockquote").text == "“ Sample Observatory has three domes on Sample Hill.”"
    assert fact.find("a", href="#source-1").text == "A short history"
    assert "Ada Sample" in fact.find("dl").text and fact.find("dl").find_all("time")
    source = page.find("li", id="source-1")
    assert "sample licence" in source.text and "Retrieved 1 May 2026, 10:00 UTC" in source.text
    link = source.find("a")
    assert link.attributes["href"] == "https://press.example/history"
    assert link.attributes["rel"] == "noopener nofollow"


def test_every_sentence_of_the_summary_leads_to_its_quotes(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    page = read_page(get(client, dossier))
    for link in page.find("p", class_="lede").find_all("a"):
        target = page.find(id=link.attributes["href"].removeprefix("#"))
        assert target.find_all("mark")


def test_the_timeline_stands_in_order_of_dates(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    rows = read_page(get(client, dossier)).find("ol", class_="timeline").find_all("p", class_="when")
    assert [row.text for row in rows] == ["1907", "later"]


def test_the_times_of_a_dossier_are_shown_apart(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    page = read_page(get(client, dossier))
    names = [name.text for name in page.find("dl", class_="times").find_all("dt")]
    assert names == ["First mentioned", "Last updated", "Research retrieved"]
    words = page.find("aside").text
    for name in ("A source changed", "We last checked", "A fact changed here", "An editor reviewed"):
        assert name in words


def test_a_place_has_coordinates_and_a_map_link(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    place = read_page(get(client, dossier)).find("div", class_="place")
    assert "46.12340° N, 7.50000° W" in place.text
    link = next(link for link in place.find_all("a") if link.text == "Open map")
    assert "46.1234" in link.attributes["href"] and "-7.5" in link.attributes["href"]


def test_a_statement_without_a_source_is_the_editors(client: Client, dossier: Dossier) -> None:
    claim = dossier.claims["domes"]
    statement = make_proposal(claim, "some domes", quotes=[], editor=dossier.editor, is_statement=True)
    decide(claim, dossier.editor, Action.APPROVE, statement)
    dossier.publish()
    fact = open_fact(read_page(get(client, dossier)), dossier, "domes")
    assert "Editor’s statement." in fact.text and "Ada Sample" in fact.text and not fact.find_all("mark")


def test_documents_that_mention_the_topic_are_listed(client: Client, dossier: Dossier) -> None:
    for number, url in enumerate(["https://paper.example/1", "javascript:alert(1)"]):
        document = Document.objects.create(title=f"Paper {number}", url=url, is_held=bool(number))
        Mention.objects.create(document=document, topic=dossier.topic)
    dossier.publish()
    page = read_page(get(client, dossier))
    section = page.find("section", **{"aria-labelledby": "documents"})
    assert [link.attributes["href"] for link in section.find_all("a")] == ["https://paper.example/1"]
    assert "The document itself is not held here" in section.text


def test_hostile_text_is_shown_as_text(client: Client) -> None:
    evil = "<script>alert(1)</script>{{ 7|add:7 }}“\u202eevil\u202c” & <img src=x onerror=alert(1)>"
    dossier = make_dossier(title=evil)
    described = {"title": evil, "publisher": evil, "url": "javascript:alert(1)"}
    capture = make_capture(dossier.topic, f"Before. {evil} After.", **described)
    claim = make_claim(dossier.topic, evil, label=evil, capture=capture)
    decide(claim, dossier.editor)
    dossier.publish(note=evil)
    page = read_page(get(client, dossier))
    assert page.find("h1").text == evil
    assert not page.find_all("script") and not page.find_all("img")
    assert not [link for link in page.find_all("a") if link.attributes["href"].startswith("javascript")]
    assert any(mark.text == evil for mark in page.find_all("mark"))


def test_facts_that_fare_badly_say_so_and_stay(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    before = get(client, dossier)
    make_proposal(dossier.claims["domes"], "four domes")
    refresh_public_status(dossier.topic)
    after = get(client, dossier)
    assert before["ETag"] != after["ETag"]
    page = read_page(after)
    assert page.find("p", class_="health").text == "The source has changed since this was reviewed."
    assert "three domes" in page.find("dl", class_="attributes").text and "four domes" not in page.text


def test_an_older_edition_does_not_change_with_the_health_of_facts(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    dossier.amend("domes", "four domes")
    dossier.publish(note="Misread.")
    before = get(client, dossier, "/editions/1/").content
    make_proposal(dossier.claims["domes"], "five domes")
    refresh_public_status(dossier.topic)
    assert get(client, dossier, "/editions/1/").content == before
    assert read_page(get(client, dossier)).find_all("p", class_="health")


def test_undoing_leaves_the_published_page_as_it_is(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    before = get(client, dossier).content
    claim = dossier.claims["domes"]
    decide(claim, dossier.editor, Action.UNDO, undoes=claim.standing_decision)
    assert get(client, dossier).content == before


def test_older_editions_stay_and_say_that_they_are_superseded(client: Client, dossier: Dossier) -> None:
    first = dossier.publish()
    dossier.amend("domes", "four domes")
    dossier.publish(note="The source was misread.")
    old = read_page(get(client, dossier, "/editions/1/"))
    assert "Edition 2 has superseded it" in old.find("div", role="note").text
    assert "three domes" in old.find("dl", class_="attributes").text
    assert json.loads(get(client, dossier, "/editions/1.json").content) == json.loads(first.canonical)
    new = read_page(get(client, dossier))
    assert not new.find_all("div", role="note")
    row = new.find("ol", class_="corrections").find("li")
    assert (row.find("del").text, row.find("ins").text) == ("Domes: three domes", "Domes: four domes")
    assert "The source was misread." in row.text
    assert [item.text.split(" ", 2)[:2] for item in new.find("ol", class_="editions").find_all("li")] == [
        ["Edition", "2"], ["Edition", "1"],
    ]  # fmt: skip
    assert first.sha256 in new.find("aside").text
    assert get(client, dossier, "/editions/1/").content == get(client, dossier, "/editions/1/").content


def test_the_index_lists_what_is_published_by_title(client: Client) -> None:
    shown = [make_dossier(title) for title in ("B sample", "A sample")]
    for dossier in shown:
        dossier.publish()
    gone = make_dossier("C sample")
    gone.publish()
    withdraw_dossier(gone.topic, editor=gone.publisher, reason="Legal.")
    make_dossier("D sample")
    rows = read_page(client.get("/")).find("ul", class_="index").find_all("li")
    assert [row.find("h2").text for row in rows] == ["A sample", "B sample"]
    assert "Organization" in rows[0].text and "Edition 1" in rows[0].text
    assert "Sample Observatory has three domes on Sample Hill." in rows[0].text


def test_the_index_says_when_there_is_nothing(client: Client) -> None:
    assert read_page(client.get("/")).find("div", class_="empty").find("h2").text == "No dossier is published yet"


def test_the_index_goes_on_from_page_to_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    shown = [make_dossier("Same title") for _ in range(5)]
    for dossier in shown:
        dossier.publish()
    seen: list[str] = []
    address = "/"
    while address:
        page = read_page(client.get(address))
        seen += [title.find("a").attributes["href"] for title in page.find_all("h2", class_="index-title")]
        address = next((link.attributes["href"] for link in page.find_all("a", rel="next")), "")
    assert seen == [f"/{dossier.topic.slug}/" for dossier in shown]
