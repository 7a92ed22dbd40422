"""What readers get: pages through a parsed tree, the record's bytes, and the answers 301, 304, 404 and 410."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as CacheIsGone

from dossiers.models.decision import Action
from dossiers.models.document import Document, Mention
from dossiers.models.topic import Topic
from dossiers.publish.actions import refresh_public_status, withdraw_dossier
from dossiers.read import queries
from tests.builders import decide, make_capture, make_claim, make_proposal, make_topic
from tests.publish.dossiers import PLACE, Dossier, make_dossier
from tests.reading import Element, read_page

pytestmark = pytest.mark.django_db
READABLE = {"dossiers_edition", "dossiers_correction", "dossiers_publicstatus", "dossiers_topic"}


@pytest.fixture(autouse=True)
def _empty_cache(redis_url: str) -> None:
    cache.clear()


@pytest.fixture
def dossier() -> Dossier:
    return make_dossier()


def get(client: Client, dossier: Dossier, rest: str = "/", **headers: Any) -> Any:
    return client.get(f"/{dossier.topic.slug}{rest}", headers=headers)


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


def test_the_json_is_the_record_itself(client: Client, dossier: Dossier) -> None:
    edition = dossier.publish()
    answer = get(client, dossier, ".json")
    assert answer.content == edition.canonical.encode()
    assert answer["ETag"] == f'"{edition.sha256}"' and answer["Content-Type"] == "application/json"
    assert get(client, dossier, "/editions/1.json").content == answer.content


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


@pytest.mark.parametrize("rest", ["/", ".json", "/editions/1/", "/editions/1.json", "/editions/0/"])
def test_an_unpublished_topic_is_not_there_for_readers(client: Client, dossier: Dossier, rest: str) -> None:
    assert get(client, dossier, rest).status_code == 404
    assert client.get(f"/never-heard-of{rest}").status_code == 404


@pytest.mark.parametrize("rest", ["/editions/2/", "/editions/2.json", "/editions/0/"])
def test_an_edition_that_was_never_published_is_not_there(client: Client, dossier: Dossier, rest: str) -> None:
    dossier.publish()
    assert get(client, dossier, rest).status_code == 404


@pytest.mark.parametrize("rest", ["/", ".json", "/editions/1/", "/editions/1.json"])
def test_a_withdrawn_dossier_is_gone_with_its_reason(client: Client, dossier: Dossier, rest: str) -> None:
    dossier.publish()
    withdraw_dossier(dossier.topic, editor=dossier.publisher, reason="A <b>legal</b> order.")
    answer = get(client, dossier, rest)
    assert answer.status_code == 410
    words = json.loads(answer.content)["reason"] if rest.endswith("json") else read_page(answer).text
    assert "A <b>legal</b> order." in words and "three domes" not in answer.content.decode()
    dossier.publish()
    assert get(client, dossier, rest).status_code == 200


def test_a_merged_topic_sends_readers_on(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    middle = make_topic("Middle", redirect_to=dossier.topic, redirect_reason="The same.")
    old = make_topic("Old", redirect_to=middle, redirect_reason="The same.")
    for rest, target in (("/", "/"), (".json", ".json"), ("/editions/3/", "/")):
        answer = client.get(f"/{old.slug}{rest}")
        assert (answer.status_code, answer["Location"]) == (301, f"/{dossier.topic.slug}{target}")


def test_a_merged_topic_that_was_published_sends_readers_on_too(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    target = make_topic("Target")
    Topic.objects.filter(pk=dossier.topic.pk).update(redirect_to=target, redirect_reason="The same.")
    assert get(client, dossier).status_code == 301


def test_redirects_in_a_circle_end(client: Client) -> None:
    one, two = make_topic("One"), make_topic("Two")
    for topic, other in ((one, two), (two, one)):
        Topic.objects.filter(pk=topic.pk).update(redirect_to=other, redirect_reason="A mistake.")
    assert client.get(f"/{one.slug}/").status_code == 404


@pytest.mark.parametrize("rest", ["/", ".json", "/editions/1/"])
def test_what_a_reader_has_already_is_not_sent_again(client: Client, dossier: Dossier, rest: str) -> None:
    dossier.publish()
    first = get(client, dossier, rest)
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = get(client, dossier, rest, **headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"] and again["Cache-Control"] == "public, no-cache"
    assert get(client, dossier, rest, **{"If-None-Match": '"other"'}).status_code == 200


def test_everyone_gets_the_same_bytes_and_no_cookie(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    member = Client()
    member.force_login(dossier.editor)
    for address in ("/", f"/{dossier.topic.slug}/", f"/{dossier.topic.slug}.json"):
        anyone = client.get(address)
        assert member.get(address, headers={"HX-Request": "true"}).content == anyone.content
        assert "Set-Cookie" not in anyone.headers and not anyone.cookies
        assert "cookie" not in anyone.headers.get("Vary", "").lower()


def test_a_page_comes_from_the_cache_and_from_the_record_alike(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    fresh, kept = get(client, dossier).content, get(client, dossier).content
    cache.clear()
    assert fresh == kept == get(client, dossier).content


def test_a_kept_page_costs_one_query(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    get(client, dossier)
    with CaptureQueriesContext(connections["reader"]) as made:
        get(client, dossier)
    assert len(made) == 1


def test_a_dead_cache_does_not_break_the_page(
    client: Client, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier.publish()
    expected = get(client, dossier).content

    def fail(*args: Any, **kwargs: Any) -> None:
        raise CacheIsGone("refused")

    monkeypatch.setattr(cache, "get", fail)
    monkeypatch.setattr(cache, "set", fail)
    answer = get(client, dossier)
    assert (answer.status_code, answer.content) == (200, expected)


def find_tables(visit: Callable[[], Any]) -> set[str]:
    with CaptureQueriesContext(connections["reader"]) as made:
        visit()
    return {table for query in made for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}


def test_readers_pages_touch_four_tables_and_no_other(client: Client, dossier: Dossier) -> None:
    dossier.publish()
    dossier.amend("domes", "four domes")
    dossier.publish(note="Misread.")
    old = make_topic("Old", redirect_to=dossier.topic, redirect_reason="The same.")
    slug = dossier.topic.slug
    own = [f"/{slug}{rest}" for rest in ("/", ".json", "/editions/1/", "/editions/1.json")]
    addresses = ["/", f"/?after={slug}", *own, f"/{old.slug}/", "/none/"]
    touched = find_tables(lambda: [client.get(address) for address in addresses])
    assert touched == READABLE


def test_the_queries_of_a_page_do_not_grow_with_its_facts(client: Client, dossier: Dossier) -> None:
    def count() -> int:
        cache.clear()
        with CaptureQueriesContext(connections["reader"]) as made:
            get(client, dossier)
        return len(made)

    dossier.publish()
    few = count()
    for number in range(5):
        decide(make_claim(dossier.topic, f"dome number {number}"), dossier.editor)
    dossier.publish()
    assert count() == few


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


@pytest.mark.django_db(transaction=True)
def test_with_the_claim_tables_unreadable_the_page_is_byte_identical(
    client: Client, owner_connection: Any, reader_connection: Any
) -> None:
    dossier = make_dossier()
    dossier.publish()
    addresses = ["/", f"/{dossier.topic.slug}/", f"/{dossier.topic.slug}.json", f"/{dossier.topic.slug}/editions/1/"]
    before = [client.get(address).content for address in addresses]
    cache.clear()
    closed = _list_other_tables(owner_connection)
    role = reader_connection.execute("SELECT current_user").fetchone()[0]
    assert not [table for table in closed if _can_read(owner_connection, role, table)]
    assert {"dossiers_claim", "dossiers_decision", "dossiers_proposal", "dossiers_capture"} <= set(closed)
    with connections["reader"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == role
    assert [client.get(address).content for address in addresses] == before


@pytest.mark.django_db(transaction=True)
def test_every_answer_is_within_the_rights_of_readers(client: Client) -> None:
    dossier, gone = make_dossier(), make_dossier("Gone")
    dossier.publish()
    dossier.amend("domes", "four domes")
    dossier.publish(note="Misread.")
    gone.publish()
    withdraw_dossier(gone.topic, editor=gone.publisher, reason="Legal.")
    old = make_topic("Old", redirect_to=dossier.topic, redirect_reason="The same.")
    expected = {
        "/": 200, f"/?after={dossier.topic.slug}": 200, f"/{dossier.topic.slug}/": 200,
        f"/{dossier.topic.slug}.json": 200, f"/{dossier.topic.slug}/editions/1/": 200,
        f"/{dossier.topic.slug}/editions/1.json": 200, f"/{dossier.topic.slug}/editions/9/": 404,
        f"/{gone.topic.slug}/": 410, f"/{old.slug}/": 301, f"/{old.slug}.json": 301, "/none/": 404,
    }  # fmt: skip
    assert {address: client.get(address).status_code for address in expected} == expected


def _list_other_tables(connection: Any) -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return [name for (name,) in rows if name not in READABLE]


def _can_read(connection: Any, role: str, table: str) -> bool:
    sql = "SELECT has_table_privilege(%s, %s, 'SELECT') OR has_any_column_privilege(%s, %s, 'SELECT')"
    return bool(connection.execute(sql, (role, table, role, table)).fetchone()[0])
