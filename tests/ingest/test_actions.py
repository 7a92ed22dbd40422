"""Storing exports on real Postgres: what one leaves, that a second load changes nothing, that two at once leave one."""

import hashlib
import threading
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import get_resolver

from dossiers.ingest.actions import RESERVED_SLUGS, load_export
from dossiers.ingest.parsing import (
    Attribute,
    Event,
    ExportedCapture,
    ExportedDocument,
    Place,
    UnknownSection,
    read_export,
)
from dossiers.models.capture import Capture
from dossiers.models.document import Document, Mention
from dossiers.models.run import Retrieval, Run
from dossiers.models.source import Source
from dossiers.models.statement import ImportedStatement
from dossiers.models.topic import Topic
from tests.ingest.rendering import MOMENT, PLAIN, render_export

EXPORT = read_export(render_export(PLAIN), name="page.txt", timezone=UTC)


def load(export=EXPORT, name="page.txt", **changes):
    export = replace(export, **changes)
    return load_export(export, file_name=name, file_sha256=hashlib.sha256(repr(export).encode()).hexdigest())


def count_rows():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.mark.django_db
def test_an_export_leaves_its_topic_and_times():
    topic = load().topic
    assert (topic.title, topic.slug, topic.kind, topic.language) == (PLAIN.title, "harbour-lights", "topic", "en")
    assert topic.description == PLAIN.description
    assert topic.first_mentioned_at == topic.last_updated_at == topic.research_retrieved_at == MOMENT


@pytest.mark.django_db
def test_statements_are_kept_as_printed_and_in_order():
    load(unknown_sections=(UnknownSection("Moods", "calm", 7),))
    rows = ImportedStatement.objects.order_by("position").values_list(
        "position", "kind", "label", "value", "date_text", "source_word"
    )
    assert list(rows) == [
        (0, "summary", "", PLAIN.summary, "", ""),
        (1, "attribute", "Height", "12 m", "", ""),
        (2, "attribute", "Colour – night", "Red • then white", "", ""),
        (3, "event", "", "The tower was lit.", "1848", "web_search_results"),
        (4, "event", "", "It was dimmed.", "1901–1933", ""),
        (5, "place", "", "Harbour Lights, Quay 1", "", ""),
        (6, "other", "Moods", "calm", "", ""),
    ]
    place = ImportedStatement.objects.get(kind="place")
    assert place.data == {"lat": "49.2619970", "lon": "-123.1223816", "category": "tower"}


@pytest.mark.django_db
def test_every_printed_source_is_a_capture_with_a_retrieval():
    loaded = load()
    rows = (
        Retrieval.objects.filter(run=loaded.run)
        .order_by("id")
        .values_list("provider", "position", "outcome", "captures__text")
    )
    assert list(rows) == [(capture.provider, 0, "ok", capture.text) for capture in EXPORT.captures]
    geocoded = Capture.objects.get(source__provider="geocoder")
    assert geocoded.payload["lat"] == "49.2619970"
    assert set(Capture.objects.values_list("retrieved_at", "grade")) == {(MOMENT, "unknown")}
    assert set(Source.objects.values_list("url", flat=True)) == {""}


@pytest.mark.django_db
def test_a_capture_tells_which_time_stands_for_its_retrieval():
    load(research_retrieved_at=None, last_updated_at=MOMENT + timedelta(days=1))
    capture = Capture.objects.first()
    assert capture.retrieved_at == MOMENT + timedelta(days=1)
    assert capture.payload["retrieved_at_basis"] == "last_updated_at"


@pytest.mark.django_db
def test_counted_documents_are_placeholders_that_say_so():
    topic = load().topic
    documents = Document.objects.filter(mentions__topic=topic).order_by("id")
    assert [document.title for document in documents] == [
        "Unnamed document 1: counted by the export, not held",
        "Unnamed document 2: counted by the export, not held",
    ]
    assert not any(document.is_held or document.text for document in documents)


@pytest.mark.django_db
def test_held_documents_are_stored_once_with_where_they_name_the_topic():
    held = ExportedDocument("Letter", "https://a.example/", "Of the Harbour Lights we know.", 1)
    topic = load(documents=(held, held), document_count=2).topic
    load(title="Other", documents=(held,), document_count=1)
    mention = Mention.objects.get(topic=topic, document__is_held=True)
    assert held.text[mention.start : mention.end] == mention.exact == "Harbour Lights"
    assert Document.objects.filter(is_held=True).count() == 1
    assert Mention.objects.filter(topic=topic).count() == 2


@pytest.mark.django_db
def test_loading_the_same_file_twice_changes_nothing():
    load()
    before, topic = count_rows(), Topic.objects.values().get()
    again = load()
    assert again.run is None
    assert count_rows() == before
    assert Topic.objects.values().get() == topic


@pytest.mark.django_db
def test_a_copy_of_a_file_under_another_name_changes_nothing():
    load()
    before = count_rows()
    assert load(name="copy.txt").run is None
    assert count_rows() == before


@pytest.mark.django_db
def test_a_copy_of_an_earlier_state_after_a_later_one_is_a_change():
    load(name="monday.txt")
    load(name="tuesday.txt", summary="Other words.")
    assert load(name="wednesday.txt").run is not None
    assert load(name="wednesday.txt").run is None
    assert load(name="tuesday.txt", summary="Other words.").run is None


@pytest.mark.django_db
def test_a_changed_file_is_a_new_run_that_reuses_unchanged_captures():
    load()
    changed = load(attributes=(Attribute("Height", "13 m", 0, 1),))
    assert changed.new_captures == 0
    assert Capture.objects.count() == len(EXPORT.captures)
    assert list(changed.run.statements.filter(kind="attribute").values_list("value", flat=True)) == ["13 m"]
    assert Run.objects.count() == 2
    assert Document.objects.count() == 2


@pytest.mark.django_db
def test_a_file_put_back_to_an_earlier_state_has_changed():
    load()
    load(summary="Other words.")
    assert load().run is not None


@pytest.mark.django_db
def test_a_changed_text_of_a_source_is_a_second_capture_of_it():
    load()
    captures = tuple(replace(c, text=c.text + " More.") if c.provider == "encyclopedia" else c for c in EXPORT.captures)
    assert load(captures=captures).new_captures == 1
    assert Source.objects.get(provider="encyclopedia").captures.count() == 2


@pytest.mark.django_db
def test_a_later_export_widens_the_times_and_keeps_the_context():
    load()
    later = MOMENT + timedelta(days=9)
    loaded = load(description="Other.", first_mentioned_at=later, last_updated_at=later, research_retrieved_at=None)
    topic = Topic.objects.get()
    assert (topic.first_mentioned_at, topic.last_updated_at, topic.research_retrieved_at) == (MOMENT, later, MOMENT)
    assert topic.description == PLAIN.description
    assert [notice.code for notice in loaded.notices] == ["other-context"]
    assert loaded.run.notices[0]["code"] == "other-context"


@pytest.mark.django_db
def test_the_same_title_of_another_kind_is_another_topic():
    assert load().topic.slug == "harbour-lights"
    assert load(kind="work").topic.slug == "harbour-lights-2"
    assert load(title="Harbour, Lights!").topic.slug == "harbour-lights-3"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "slug"), [("Admin", "admin-2"), ("漢字", "topic"), ("Ünïcode—" + "x" * 290, "unicode" + "x" * 93)]
)
def test_a_slug_is_free_short_and_never_another_address(title, slug):
    assert load(title=title).topic.slug == slug


def test_reserved_slugs_cover_every_other_address():
    first = {str(pattern.pattern).split("/")[0] for pattern in get_resolver("config.urls").url_patterns}
    inner = {str(pattern.pattern).split("/")[0] for pattern in get_resolver("dossiers.urls").url_patterns}
    assert {word for word in first | inner if word.isalpha()} <= RESERVED_SLUGS


@pytest.mark.django_db
def test_an_export_of_a_merged_topic_goes_to_the_topic_it_was_merged_into():
    old = load().topic
    target = Topic.objects.create(title="Lights", slug="lights")
    Topic.objects.filter(pk=old.pk).update(redirect_to=target, redirect_reason="The same lights.")
    assert load(summary="New.").topic == target


@pytest.mark.django_db
def test_aliases_are_stored_once():
    topic = load(aliases=("The Lights", "Harbour Lights", "The Lights")).topic
    load(aliases=("The Lights",), summary="New.")
    assert [alias.text for alias in topic.aliases.all()] == ["The Lights"]


@pytest.mark.django_db
def test_the_longest_texts_that_parsing_lets_through_can_be_stored():
    letter = "字"
    load(
        title=letter * 300,
        aliases=("あ" * 300,),
        attributes=(Attribute(letter * 300, letter * 10_000, 0, 1),),
        events=(Event(letter * 10_000, letter * 300, letter * 100, 0, 1),),
        places=(Place(letter * 10_000, letter * 300, "1", "2", 0, 1),),
        captures=(ExportedCapture("web_search", letter * 300, letter * 200_000, 1, url="https://" + noise(1_192)),),
        documents=(ExportedDocument(letter * 300, "", letter * 200_000, 1),),
    )
    assert Topic.objects.count() == 1


def noise(length: int) -> str:
    digits = "".join(hashlib.sha512(str(number).encode()).hexdigest() for number in range(length // 128 + 1))
    return digits[:length]


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_leave_what_one_leaves():
    answers, start = [], threading.Barrier(4)

    def work():
        try:
            start.wait()
            with transaction.atomic():
                answers.append(load().run)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([run for run in answers if run]) == 1
    assert len(answers) == 4
    assert Run.objects.count() == Topic.objects.count() == 1
    assert Document.objects.count() == 2
