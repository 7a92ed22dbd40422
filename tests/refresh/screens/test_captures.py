"""A capture's page: the text in sentences, what quotes it, and what changed since the capture before it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.models.evidence import Role
from dossiers.refresh.queries.screens import captures as captures_query
from tests.builders import make_capture, make_claim
from tests.refresh.screens.rows import FIRST, SECOND, add_capture, give, make_research, make_step, sign_in
from tests.review.pages import parse

pytestmark = pytest.mark.django_db


def open_capture(capture, client=None):
    response = (client or sign_in()).get(reverse("refresh:capture", args=[capture.pk]))
    assert response.status_code == 200
    return parse(response)


def read(page, selector):
    return [" ".join(page.raw_text(node).split()) for node in page.all(selector)]


def test_the_text_stands_in_sentences_with_the_claims_that_quote_them(topic):
    capture = make_capture(topic, FIRST)
    quotes = [(capture, "three domes", Role.VALUE), (capture, "Sample Hill", Role.SUBJECT)]
    claim = make_claim(topic, "three domes", quotes=quotes)
    page = open_capture(capture)
    sentences = read(page, ".sentences li")
    assert [each.rstrip(" 1") for each in sentences] == [f"{each}." for each in FIRST[:-1].split(". ")]
    quoted = [row.attributes["id"] for row in page.all(".sentences .is-quoted")]
    assert quoted == ["s1", "s2"]
    link = reverse("review:claim", args=[claim.pk])
    assert {a.attributes["href"] for a in page.all(".fact-ref")} == {link}
    assert read(page, ".quoting li") == ["Domes: three domesValue: sentence 1", "Domes: three domesSubject: sentence 2"]


def test_words_quoted_from_an_earlier_capture_are_found_where_they_still_stand(topic):
    first = make_capture(topic, FIRST)
    kept = make_claim(topic, "Its library opened in 1931", label="", kind="event", capture=first)
    make_claim(topic, "three domes", label="Domes", capture=first)
    elsewhere = make_capture(topic, FIRST)
    make_claim(topic, "Sample Hill", label="Hill", capture=elsewhere)
    page = open_capture(add_capture(first, SECOND))
    told = "Timeline event: Its library opened in 1931Value: sentence 3, quoted from another capture"
    assert read(page, ".quoting li") == [told]
    assert page.find(".quoting a").attributes["href"] == reverse("review:claim", args=[kept.pk])
    assert [row.attributes["id"] for row in page.all(".is-quoted")] == ["s3"]


def test_a_cut_shows_where_it_was(topic):
    page = open_capture(make_capture(topic, "It is old. [...] It is high. It is far."))
    assert ["cut" in words for words in read(page, ".sentences li")] == [False, True, False]


def test_what_changed_is_what_the_source_said_before_and_says_now(topic):
    first = make_capture(topic, FIRST)
    second = add_capture(first, SECOND)
    page = open_capture(second)
    assert (read(page, ".difference del"), read(page, ".difference ins")) == (
        ["removed: three (end)"],
        ["added: four (end)"],
    )
    assert f"/research/captures/{first.pk}/" in {a.attributes.get("href") for a in page.all(".section a")}
    assert "first capture of the source" in open_capture(first).text(".section")
    assert open_capture(first).all(".difference") == []


def test_what_is_the_same_for_long_is_folded_and_lost_to_nobody(topic):
    same = "".join(f"Sentence number {n} stays. " for n in range(20))
    first = make_capture(topic, f"The old roof. {same}")
    page = open_capture(add_capture(first, f"The new roof. {same}"))
    assert read(page, ".folded summary") == ["18 unchanged sentences"]
    assert "Sentence number 19 stays." in page.text(".folded")


def test_captures_are_compared_in_the_order_of_their_times(topic):
    newest = make_capture(topic, "It has five doors.")
    oldest = add_capture(newest, "It has three doors.", days=-9)
    middle = add_capture(newest, "It has four doors.", days=-3)
    page = open_capture(newest)
    assert read(page, ".difference del") == ["removed: four (end)"]
    links = [a.attributes["href"] for a in page.all(".editions a")]
    assert links == [reverse("refresh:capture", args=[row.pk]) for row in (middle, oldest)]


def test_terms_times_and_fingerprint_are_shown(topic):
    said = {"licence": "ODbL 1.0", "attribution": "© Sample contributors", "revision_id": "5", "grade": "rewritten"}
    capture = make_capture(topic, FIRST, publisher="Sample Press", url="https://example.org/a", **said)
    checked = capture.retrieved_at + timedelta(days=400)
    give(make_step(make_research(topic, "finished"), "ok", finished_at=checked), capture)
    page = open_capture(capture)
    assert page.text(".title-block").count("© Sample contributors") == 1
    assert "Rewritten by the provider" in page.text(".times")
    assert f"{checked:%B %Y}" in page.text(".times")
    assert page.text(".hash") == capture.text_sha256
    assert page.find("a[rel]").attributes["href"] == "https://example.org/a"


def test_what_a_source_says_is_text_and_never_markup(topic):
    first = make_capture(topic, "It has <b>three</b> doors & <script>alert(1)</script>.", title="<i>A title</i>")
    response = sign_in().get(reverse("refresh:capture", args=[add_capture(first, "<img src=x onerror=a>.").pk]))
    for markup in (b"<script>alert", b"<img", b"<i>", b"<b>"):
        assert markup not in response.content
    assert "<img src=x onerror=a>." in parse(response).text(".sentences")


def test_a_long_text_is_shown_and_compared_to_a_point(topic, monkeypatch):
    monkeypatch.setattr(captures_query, "SHOWN", 40)
    first = make_capture(topic, "A short sentence. " * 40 + "The end.")
    second = add_capture(first, "A short sentence. " * 40 + "The very end.")
    make_claim(topic, "very end", capture=second, label="End")
    page = open_capture(second)
    assert len(page.all(".sentences li")) == 3
    assert "not shown, and not compared" in page.text(".help")
    assert "further on" in page.text(".quoting")
    assert page.all(".difference del") == []


def test_queries_do_not_grow_with_captures_and_quotes(topic):
    client, capture = sign_in(), make_capture(topic, FIRST)
    newest = add_capture(capture, SECOND, days=90)
    counts = []
    for more in (1, 6):
        for number in range(more):
            make_claim(topic, "four domes", capture=newest)
            add_capture(capture, f"Text {more} and {number}.", days=number + more)
        with CaptureQueriesContext(connection) as queries:
            open_capture(newest, client)
        counts.append(len(queries))
    assert counts[0] == counts[1]
