"""A service's stand-in: a threaded HTTP server that answers as told, writes down each request, and can behave badly.

with StubServer(lambda asked: json_reply({"hello": asked.params.get("name")})) as stub:
    stub.play(status_reply(429, {"Retry-After": "0.5"}))   # the next answer; afterwards as above
    ... stub.url, stub.log ...
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    """One request as it arrived. Times are of time.monotonic(); `ended_at` is None while the answer is under way."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes
    at: float
    ended_at: float | None = None

    def json(self) -> Any:
        """Return the body's JSON."""
        return json.loads(self.body)


@dataclass
class Reply:
    """One answer. `parts` are sent one by one as they come, without a length; `raw` replaces the whole HTTP answer."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    parts: Iterable[bytes] | None = None
    raw: Iterable[bytes] | None = None
    delay: float = 0.0


Answerer = Callable[[Asked], Reply]


class StubServer:
    """A server on a free port of 127.0.0.1. `log` holds every request in the order of arrival."""

    def __init__(self, answerer: Answerer | None = None) -> None:
        self.answerer: Answerer = answerer or (lambda _: Reply(404))
        self.log: list[Asked] = []
        self.is_stopping = threading.Event()
        self._script: deque[Reply] = deque()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _make_handler(self))
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> StubServer:
        """Serve in threads until `stop`."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop; answers that never end are cut off."""
        self.is_stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def wrap(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._server.context = context

    def __enter__(self) -> StubServer:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def play(self, *replies: Reply) -> None:
        """Give these answers next, each once, before what the answerer says."""
        with self._lock:
            self._script.extend(replies)

    def pick(self, asked: Asked) -> Reply:
        """Write a request down and find its answer."""
        with self._lock:
            self.log.append(asked)
            scripted = self._script.popleft() if self._script else None
        return scripted or self.answerer(asked)

    def count_at_once(self) -> int:
        """Return the most requests that were under way at one time."""
        steps = [(asked.at, 1) for asked in self.log] + [(asked.ended_at, -1) for asked in self.log if asked.ended_at]
        most = now = 0
        for _, step in sorted(steps):
            now += step
            most = max(most, now)
        return most


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    context: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the request's own thread where TLS is spoken."""
        wrapped = self.context.wrap_socket(request, server_side=True) if self.context else request
        super().finish_request(wrapped, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what the stand-in is for."""


def _make_handler(stub: StubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            at = time.monotonic()
            params = dict(parse_qsl(parts.query, keep_blank_values=True))
            asked = Asked(self.command, parts.path, params, headers, self.rfile.read(length), at)
            reply = stub.pick(asked)
            try:
                stub.is_stopping.wait(reply.delay) if reply.delay else None
                asked.ended_at = asked.ended_at or time.monotonic()
                self.send(reply)
            finally:
                asked.ended_at = time.monotonic()

        def send(self, reply: Reply) -> None:
            if reply.raw is not None:
                self.close_connection = True
                self.pour(reply.raw)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.parts is None:
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)
                return
            self.send_header("Connection", "close")
            self.end_headers()
            self.pour(reply.parts)

        def pour(self, parts: Iterable[bytes]) -> None:
            with contextlib.suppress(OSError):
                for part in parts:
                    if stub.is_stopping.is_set():
                        break
                    self.wfile.write(part)
                    self.wfile.flush()

        do_GET = do_POST = answer

    return Handler


def json_reply(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """Return an answer in JSON."""
    kind = {"Content-Type": "application/json; charset=utf-8"}
    return Reply(status, {**kind, **(headers or {})}, json.dumps(data, ensure_ascii=False).encode())


def status_reply(status: int, headers: dict[str, str] | None = None, data: Any = None) -> Reply:
    """Return a refusal, with a JSON body where one is given."""
    return json_reply({} if data is None else data, status, headers)


def pick_closed_port() -> int:
    """Return a port of 127.0.0.1 where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def drip(first: bytes, drop: bytes, pause: float, times: int | None = None) -> Iterator[bytes]:
    """Yield some bytes, then one drop after each pause, for ever or so many times."""
    yield first
    sent = 0
    while times is None or sent < times:
        time.sleep(pause)
        yield drop
        sent += 1
