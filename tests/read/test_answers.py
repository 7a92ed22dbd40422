"""What readers are answered: the record's bytes, 301, 304, 404 and 410, the same for all, within their rights."""

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

from dossiers.models.topic import Topic
from dossiers.publish.actions import withdraw_dossier
from tests.builders import decide, make_claim, make_topic
from tests.publish.dossiers import Dossier, make_dossier
from tests.read.readers import get
from tests.reading import read_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_empty_cache")]
READABLE = {"dossiers_edition", "dossiers_correction", "dossiers_publicstatus", "dossiers_topic"}


def test_the_json_is_the_record_itself(client: Client, dossier: Dossier) -> None:
    edition = dossier.publish()
    answer = get(client, dossier, ".json")
    assert answer.content == edition.canonical.encode()
    assert answer["ETag"] == f'"{edition.sha256}"' and answer["Content-Type"] == "application/json"
    assert get(client, dossier, "/editions/1.json").content == answer.content


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
