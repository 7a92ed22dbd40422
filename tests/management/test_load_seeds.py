"""Loading files from the command line: one transaction a file, one line a file, one message for each that fails."""

import os
import threading
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from dossiers.ingest.parsing import MAX_BYTES
from dossiers.models.claim import Claim
from dossiers.models.run import Run
from dossiers.models.topic import Topic
from tests.ingest.rendering import MOMENT, PLAIN, render_export

pytestmark = pytest.mark.django_db
PAGE = render_export(PLAIN)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "page.txt").write_bytes(PAGE)
    return tmp_path


def load(*paths, **options):
    """Run the command; return its exit status, output and errors."""
    out, err = StringIO(), StringIO()
    try:
        call_command("load_seeds", *map(str, paths), stdout=out, stderr=err, **options)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()


def count_rows():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_a_file_gives_one_line_and_its_claims(folder):
    status, out, err = load(folder / "page.txt")
    assert (status, err) == (0, "")
    assert out == (
        "harbour-lights: 2 attributes, 2 events, 2 summary sentences, 1 place, 3 captures (3 of them new), 0 notices\n"
    )
    assert Claim.objects.filter(topic__slug="harbour-lights").count() == 7


def test_notices_are_printed_with_their_lines(folder):
    (folder / "page.txt").write_bytes(PAGE + b"\n\nShare This Page\n\nBy letter.\n")
    _, out, _ = load(folder)
    line = PAGE.count(b"\n") + 3
    assert out.splitlines()[1] == f"  page.txt:{line}: unknown section “Share This Page” kept as it stands"


def test_loading_twice_changes_nothing(folder):
    load(folder)
    before = count_rows()
    status, out, _ = load(folder)
    assert status == 0
    assert "3 captures (unchanged)" in out
    assert count_rows() == before


def test_the_time_zone_is_what_local_times_mean(folder):
    load(folder, timezone="America/Vancouver")
    assert (Topic.objects.get().first_mentioned_at - MOMENT).total_seconds() == 7 * 3600


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd", "America", "\x00"])
def test_a_name_that_is_no_time_zone_is_refused(folder, name):
    status, _, err = load(folder, timezone=name)
    assert status == 1
    assert "There is no time zone" in err
    assert not Topic.objects.exists()


def test_of_several_files_only_the_broken_ones_are_left_out(folder):
    (folder / "a.txt").write_bytes(PAGE[: PAGE.index(b"Coordinates")])
    (folder / "b.json").write_text('{"format": 1}')
    (folder / "c.txt").write_bytes(b"\x00" * 50)
    (folder / "notes.md").write_text("no export, and not asked for")
    status, out, err = load(folder)
    assert status == 1
    assert out.startswith("harbour-lights: ")
    messages = err.splitlines()
    assert [message.split(": expected ")[0].rsplit("/", 1)[1] for message in messages[:3]] == [
        f"a.txt:{PAGE[: PAGE.index(b'Coordinates')].rstrip().count(10) + 1}",
        "b.json:1",
        "c.txt:1",
    ]
    assert messages[3] == "3 file(s) could not be loaded; nothing of them is stored."
    assert Topic.objects.count() == 1


def test_missing_paths_empty_folders_and_pipes_are_errors(folder):
    (folder / "empty").mkdir()
    os.mkfifo(folder / "pipe")
    status, out, err = load(folder / "missing.txt", folder / "empty", folder / "pipe", folder / "page.txt")
    assert status == 1
    assert out.startswith("harbour-lights: ")
    assert [message.split(", found ")[1] for message in err.splitlines()[:3]] == [
        "nothing of this name",
        "none",
        "a device or a pipe",
    ]


def test_a_file_of_any_size_is_refused_before_it_is_read(folder):
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(100_000_000_000)  # sparse: takes no room on the disk
    status, _, err = load(folder / "huge.txt")
    assert status == 1
    assert f"at most {MAX_BYTES:,} bytes, found a file of 100,000,000,000 bytes" in err


def test_a_file_whose_name_is_no_text_is_loaded(folder):
    os.rename(folder / "page.txt", os.fsencode(folder) + b"/p\xe9ge.txt")
    assert load(folder)[0] == 0
    assert Run.objects.get().file_name == "p\ufffdge.txt"


def test_nothing_of_a_file_is_stored_when_its_extraction_fails(folder, monkeypatch):
    def fail(topic, *, run):
        raise RuntimeError("no words\nfor\x1bit")

    monkeypatch.setattr("dossiers.management.commands.load_seeds.extract_topic", fail)
    before = count_rows()
    status, _, err = load(folder)
    assert status == 1
    assert (
        f"{folder}/page.txt:1: expected an export that can be read and stored, found RuntimeError: no words for" in err
    )
    assert "\x1b" not in err
    assert count_rows() == before


def test_a_changed_file_brings_a_new_run(folder):
    load(folder)
    (folder / "page.txt").write_bytes(PAGE.replace(b"    12 m", b"    13 m"))
    status, out, _ = load(folder)
    assert status == 0
    assert "3 captures (0 of them new)" in out
    assert Run.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_leave_what_one_leaves(folder):
    start, answers = threading.Barrier(3), []

    def work():
        try:
            start.wait()
            answers.append(load(folder))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [status for status, _, _ in answers] == [0, 0, 0]
    assert sum("unchanged" in out for _, out, _ in answers) == 2
    assert (Topic.objects.count(), Run.objects.count(), Claim.objects.count()) == (1, 1, 7)


def test_hostile_words_are_stored_as_they_stand(folder):
    value = "<script>alert(1)</script>'; DROP TABLE dossiers_topic; -- \u202e%s{0}"
    (folder / "page.txt").write_bytes(PAGE.replace(b"12 m", value.encode()))
    assert load(folder)[0] == 0
    assert Run.objects.get().statements.get(label="Height").value == value


def test_the_projects_own_seeds_load():
    status, out, err = load(settings.BASE_DIR / "seeds")
    assert (status, err) == (0, "")
    assert [line.split(", ")[:2] for line in out.splitlines()] == [
        ["cern: 7 attributes", "8 events"],
        ["international-collaboration-sample: 17 attributes", "13 events"],
        ["mount-everest: 7 attributes", "7 events"],
    ]
