"""Settings of a worker on one test's queues and database."""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES

INTERACTIVE, SCHEDULED = os.environ["QUEUES"].split(",")
CELERY_TASK_DEFAULT_QUEUE = INTERACTIVE
CELERY_TASK_ROUTES: dict[str, dict[str, str]] = {}
for _database in DATABASES.values():
    _database["NAME"] = os.environ["DATABASE"]
