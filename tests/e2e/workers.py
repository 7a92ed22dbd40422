"""A worker of its own process: takes the tests' servers, leaves tasks carried out until it is told to stop."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from config.stack.databases import replace_database
from tests.conftest import DATABASE_NAME

ROOT = Path(__file__).resolve().parent.parent.parent


class WorkerProcess:
    """Celery as `./run` starts it, on this test's database."""

    def __init__(self, log: Path) -> None:
        self.log = log.open("wb")
        queues = f"--queues={settings.INTERACTIVE},{settings.SCHEDULED}"
        command = ["-m", "celery", "-A", "config.celery", "worker", "--pool=solo", "--concurrency=1", queues]
        command += ["--without-gossip", "--without-mingle", "--heartbeat-interval=1"]
        address = replace_database(os.environ["DATABASE_URL"], DATABASE_NAME)
        environment = {**os.environ, "DATABASE_URL": address, "DATABASE_READER_URL": address}
        self.process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=self.log, stderr=subprocess.STDOUT
        )

    def stop(self) -> None:
        """End it, and wait until it is gone."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
