"""The serving processes: takes the servers, leaves web, worker and beat, and says when the web is ready."""

from __future__ import annotations

import http.client
import secrets
import sys
import time
from urllib.parse import urlsplit

from config.stack.django import make_environment
from config.stack.errors import StackError
from config.stack.options import ROOT, Options
from config.stack.processes import Child, read_tail
from config.stack.servers import Servers

QUEUES = "interactive,scheduled"
NAMES = ("web", "worker", "beat")
TOKEN_HEADER = "X-Instance"  # noqa: S105 - the name of a header


def make_web(servers: Servers, token: str) -> Child:
    """Return the child that serves pages: granian, WSGI, several workers that are replaced when they die."""
    options = servers.options
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
    command += ["--host", options.host.strip("[]"), "--port", str(options.port), "--workers", str(options.web_workers)]
    command += [
        "--http",
        "1",
        "--no-ws",
        "--blocking-threads",
        "4",
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "10",
    ]
    environment = make_environment(servers, with_pool=True) | {"INSTANCE_TOKEN": token}
    return _make_child(servers, "web", command, environment)


def make_worker(servers: Servers) -> Child:
    """Return the child that runs tasks: Celery, prefork."""
    command = list_worker_command(servers.options.task_workers, "main")
    return _make_child(servers, "worker", command, make_worker_environment(servers))


def make_worker_environment(servers: Servers) -> dict[str, str]:
    """Return a worker's environment: signing in to the database anew for each task would be a fifth of its work."""
    return {"CONN_MAX_AGE": "60", **make_environment(servers)}


def list_worker_command(processes: int, name: str) -> list[str]:
    """Return the command of a worker; it takes from the first queue while there is anything in it."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--pool=prefork", "--loglevel=INFO"]
    command += [f"--queues={QUEUES}", f"--concurrency={processes}", f"--hostname={name}@%h"]
    return [*command, "--without-gossip", "--without-mingle", "--heartbeat-interval=4"]


def make_beat(servers: Servers) -> Child:
    """Return the child that sends tasks when their time has come; there is one beat, whatever the number of workers."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "beat", "--loglevel=INFO", "--pidfile="]
    command += [f"--schedule={servers.options.data_dir / 'beat-schedule'}"]
    return _make_child(servers, "beat", command, make_environment(servers))


def _make_child(servers: Servers, name: str, command: list[str], environment: dict[str, str]) -> Child:
    data_dir = servers.options.data_dir
    log = data_dir / "logs" / f"{name}.log"
    return Child(name, command, environment, log, data_dir, directory=ROOT, guard=servers.guard)


def make_token() -> str:
    """Return a new token for the readiness probe: another program's answer is not taken for ours."""
    return secrets.token_hex(8)


def wait_for_web(child: Child, options: Options, token: str, seconds: float = 60.0) -> None:
    """Wait until /readyz answers 200 with our token. Raises StackError."""
    deadline = time.monotonic() + seconds
    seen = "no answer"
    while True:
        if not child.is_alive():
            raise StackError(f"The web server ended while starting ({child.describe_end()}):\n{read_tail(child.log)}")
        status, header = probe(options)
        if (status, header) == (200, token):
            return
        seen = f"status {status}" if status else seen
        if status == 200 and header:
            raise StackError(f"port {options.port} is in use by another instance; set PORT= to a free one.")
        if time.monotonic() > deadline:
            raise StackError(f"The web server was not ready within {seconds:.0f} s ({seen}):\n{read_tail(child.log)}")
        time.sleep(0.05)


def probe(options: Options) -> tuple[int, str]:
    """Return the status and the instance token that /readyz answers with; 0 and empty text without an answer."""
    place = urlsplit(options.address)
    host = "127.0.0.1" if options.host in {"0.0.0.0", "::", "[::]"} else options.host.strip("[]")  # noqa: S104
    connection = http.client.HTTPConnection(host, options.port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": place.netloc, "X-Forwarded-Proto": place.scheme})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get(TOKEN_HEADER, "")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def refuse_incomplete_production(options: Options) -> None:
    """Raise StackError when DEBUG=0 lacks what production may not do without."""
    if options.debug:
        return
    if not options.secret_key:
        raise StackError(
            "SECRET_KEY is not set. With DEBUG=0 it must be a long random text of your own (or SECRET_KEY_FILE)."
        )
    if not options.site_url:
        raise StackError(
            "SITE_URL is not set. With DEBUG=0 it must name the address readers use, such as https://example.org."
        )
