"""One of several processes that ask a stand-in as fast as the limiter lets them: python -m tests.clients.hammer SPEC.

SPEC is JSON: url, redis, name, spacing, in_flight, threads, requests (in all), urgent. Prints how many were answered.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any

from django.conf import settings


def main(spec: dict[str, Any]) -> int:
    """Ask from so many threads until each has its answers, coming back whenever there is no turn."""
    settings.RESEARCH_REDIS_URL = spec["redis"]
    done: list[int] = []
    threads = [threading.Thread(target=ask_all, args=(spec, done)) for _ in range(spec["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


def ask_all(spec: dict[str, Any], done: list[int]) -> None:
    """Ask `requests` times."""
    from dossiers.clients.base import MustWait, Policy
    from dossiers.clients.http import Client

    policy = Policy(
        spec["name"], "web_search", spec["url"], spacing=spec["spacing"], in_flight=spec["in_flight"], timeout=10.0
    )
    answered = 0
    while answered < spec["requests"]:
        try:
            with Client(policy, is_urgent=spec["urgent"]) as client:
                client.get_json(spec["url"], params={"urgent": int(spec["urgent"])})
            answered += 1
        except MustWait as wait:
            time.sleep(min(wait.seconds, 0.2))
    done.append(answered)


if __name__ == "__main__":
    print(main(json.loads(sys.argv[1])))
