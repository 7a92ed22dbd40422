"""The transport under the HTTP client: takes a request, leaves a response over a guarded connection, or the failure."""

import ssl
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import httpcore2
import httpx2

from dossiers.clients.base import Outcome, Policy
from dossiers.clients.errors import ServiceError
from dossiers.clients.guard import AddressRefused, Deadline, GuardedBackend

FAILURES = (
    AddressRefused,
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    UnicodeError,
)


class _Body(httpx2.SyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        yield from self._inner

    def close(self) -> None:
        self._inner.close()


class GuardedTransport(httpx2.BaseTransport):
    """One connection at a time through the guard; no proxy, no environment, no retries of its own."""

    def __init__(self, deadline: Deadline, *, has_secret: bool) -> None:
        backend = GuardedBackend(deadline, has_secret=has_secret)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=_make_ssl_context(), max_connections=2, network_backend=backend
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; its body arrives as the response is read."""
        url = request.url
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = httpcore2.Request(
            method=request.method,
            url=target,
            headers=request.headers.raw,
            content=_as_iterable(request.stream),
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(sent)
        return httpx2.Response(
            answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


def _as_iterable(stream: Any) -> Iterable[bytes]:
    return stream


@lru_cache(maxsize=1)
def _make_ssl_context() -> ssl.SSLContext:
    """Return the certificates of the machine, read once; httpx2 makes them without looking at the environment."""
    return httpx2.create_ssl_context(trust_env=False)


def explain(error: Exception, policy: Policy, *, is_redirected: bool = False) -> ServiceError:
    """Return what a failure of the way means, in words of our own: the failure's may quote what was sent.

    An address of ours that is refused needs a person; one that the service sent us to is an answer we cannot use.
    """
    name = policy.name
    if isinstance(error, AddressRefused) and is_redirected:
        return ServiceError(Outcome.INVALID, f"{name} redirects where nothing is sent: {error}.")
    if isinstance(error, AddressRefused):
        return ServiceError(Outcome.BAD_REQUEST, f"Nothing was sent to {name}: {error}.", needs_person=True)
    if isinstance(error, httpcore2.TimeoutException):
        message = f"{name} did not answer within {policy.timeout:g} seconds."
        return ServiceError(Outcome.UNAVAILABLE, message, is_slow=True)
    if _is_about_certificates(error):
        return ServiceError(Outcome.UNAVAILABLE, f"No encrypted connection to {name} can be made.")
    if isinstance(error, httpcore2.ConnectError):
        return ServiceError(Outcome.UNAVAILABLE, f"{name} cannot be reached.")
    if isinstance(error, httpx2.DecodingError):
        return ServiceError(Outcome.INVALID, f"The answer of {name} cannot be unpacked.")
    if isinstance(error, httpcore2.LocalProtocolError | UnicodeError | httpx2.InvalidURL):
        return ServiceError(Outcome.BAD_REQUEST, f"The request to {name} cannot be written as HTTP.")
    return ServiceError(Outcome.UNAVAILABLE, f"The connection to {name} broke.")


def _is_about_certificates(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or (error.args[0] if error.args and isinstance(error.args[0], OSError) else None)
    return False
