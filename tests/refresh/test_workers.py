"""A real worker on real queues: what a person waits for goes before what is due, and a run comes to its end."""

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest
from django.db import connection

from config.celery import app
from config.stack.options import ROOT
from config.stack.processes import wait_until
from config.stack.web import list_worker_command
from dossiers.models.provider import ProviderPolicy
from dossiers.models.run import Run, RunStatus, RunTrigger
from dossiers.models.topic import Topic
from dossiers.refresh.actions import request_refresh
from tests.builders import make_topic
from tests.refresh.queues import Queues
from tests.stubs.mediawiki import MediaWikiStub

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 90.0


@pytest.fixture
def wiki() -> Iterator[MediaWikiStub]:
    with MediaWikiStub(invents=True) as stub:
        yield stub


@pytest.fixture
def worker(queues: Queues, settings, wiki: MediaWikiStub, tmp_path) -> Iterator[subprocess.Popen[bytes]]:
    """Run one worker with one process on this test's queues and database, stopped until it is told to go on."""
    limits = {"is_enabled": True, "base_url": wiki.api, "contact": "desk@example.org", "spacing": 0.0}
    ProviderPolicy.objects.filter(name="wikipedia").update(**limits)
    command = [part for part in list_worker_command(1, "test") if not part.startswith("--queues")]
    names = f"{settings.INTERACTIVE},{settings.SCHEDULED}"
    environment = {
        **os.environ, "OUTGOING_NETWORKS": "127.0.0.0/8", "PYTHONPATH": str(ROOT), "QUEUES": names,
        "DJANGO_SETTINGS_MODULE": "tests.refresh.worker_settings", "DATABASE": connection.settings_dict["NAME"],
    }  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--queues={names}"], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_real_worker_does_what_a_person_waits_for_first(worker, wiki: MediaWikiStub) -> None:
    for number in range(6):
        request_refresh(make_topic(f"Due {number}"), by=None, trigger=RunTrigger.SCHEDULED)
    urgent = request_refresh(make_topic("Urgent"), by=None)
    finished = Run.objects.filter(status=RunStatus.FINISHED)
    assert wait_until(lambda: finished.count() == 7, SECONDS), list(Run.objects.values_list("status", "message"))
    ends = list(finished.order_by("finished_at", "id").values_list("pk", flat=True))
    assert urgent.pk in ends[:2], "it waits for one task at most"
    assert {run.outcome for run in finished} == {"ok"}
    assert len(wiki.log) == 7
    assert all(Topic.objects.values_list("research_retrieved_at", flat=True))


def test_a_task_of_unknown_rows_is_no_error(worker, settings) -> None:
    for name, argument in (("fetch", 999_999), ("advance_runs", [999_999])):
        app.send_task(f"dossiers.refresh.tasks.{name}", args=[argument], queue=settings.INTERACTIVE)
    run = request_refresh(make_topic(), by=None)
    assert wait_until(lambda: Run.objects.get(pk=run.pk).status == RunStatus.FINISHED, SECONDS)
