"""The only way out: takes a policy, an address and parameters, leaves a service's JSON, or one ServiceError.

Every request, with those of redirects and retries, passes the limiter and the guard, ends at the policy's timeout with
its body, and is read no further than RESEARCH_BODY_LIMIT.
"""

import json
import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx2
import tenacity
from django.conf import settings

from dossiers.clients.agent import make_user_agent
from dossiers.clients.base import Context, FetchResult, Health, MustWait, Outcome, Policy
from dossiers.clients.bodies import JSON_ACCEPT, parse_json, read_body
from dossiers.clients.errors import ServiceError, judge_status
from dossiers.clients.guard import PORTS, AddressRefused, Deadline, check_url
from dossiers.clients.limiter import Lease, Limiter, find_host
from dossiers.clients.redirects import KEEPS_METHOD, REDIRECTS, is_same_site, join_location, keep_harmless
from dossiers.clients.transport import FAILURES, GuardedTransport, explain

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What came back. `headers` have lower-case names; `data` is the JSON, None where a refusal had none.

    `size` counts the decoded bytes, `elapsed` the seconds of all requests and waits of the call.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    data: Any = field(repr=False)
    size: int = 0
    elapsed: float = 0.0
    requests_made: int = 0
    url: str = ""


Judge = Callable[[Answer], None]


@dataclass(frozen=True)
class _Hop:
    """One request to send; a redirect makes the next one."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(default=b"", repr=False)
    is_redirected: bool = False


class Client:
    """Sends the requests of one call to a service. Use it as a context manager, so that its connection is closed.

    `requests_made` and `elapsed` (seconds) grow with each request. Raises MustWait while nothing was sent. `longest` is
    how long it may work in all (seconds); by itself it ends before another worker takes its retrieval over.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        is_urgent: bool = False,
        allow_hosts: Collection[str] = (),
        longest: float | None = None,
    ) -> None:
        self.policy, self.requests_made = policy, 0
        self._longest = 0.8 * settings.RESEARCH_LEASE if longest is None else longest
        self._started = time.monotonic()
        self._limiter = Limiter(policy, is_urgent=is_urgent)
        self._allow_hosts = frozenset(allow_hosts)
        self._deadline = Deadline()
        self._http = httpx2.Client(
            transport=GuardedTransport(self._deadline, has_secret=bool(policy.key)),
            trust_env=False,
            follow_redirects=False,
            timeout=policy.timeout,
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    @property
    def elapsed(self) -> float:
        """Seconds since this client was made."""
        return time.monotonic() - self._started

    def get_json(
        self,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        judge: Judge | None = None,
    ) -> Answer:
        """Ask with GET. `judge` sees each answer before its status is judged, and may raise its own ServiceError."""
        address = f"{url}{'&' if '?' in url else '?'}{httpx2.QueryParams(params)}" if params else url
        return self._call(_Hop("GET", address, dict(headers or {})), judge)

    def post_json(
        self, url: str, *, json: Any, headers: Mapping[str, str] | None = None, judge: Judge | None = None
    ) -> Answer:
        """Send JSON with POST; otherwise like `get_json`."""
        content = _dump(json)
        return self._call(_Hop("POST", url, {**(headers or {}), "Content-Type": "application/json"}, content), judge)

    def _call(self, hop: _Hop, judge: Judge | None) -> Answer:
        """Send, and again where the failure is a passing one and the wait is short."""
        self._check_key()
        begun, before = time.monotonic(), self.requests_made
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(settings.RESEARCH_TRIES),
            wait=_find_wait,
            retry=tenacity.retry_if_exception(lambda error: self._is_worth_another(error, begun)),
            reraise=True,
        )
        answer = retrying(self._follow, hop, judge)
        return replace(answer, elapsed=time.monotonic() - begun, requests_made=self.requests_made - before)

    def _is_worth_another(self, error: BaseException, begun: float) -> bool:
        if not isinstance(error, ServiceError) or not error.is_transient or error.is_slow:
            return False
        wait = error.retry_after if error.retry_after is not None else 1.0
        return wait <= settings.RESEARCH_PATIENCE and time.monotonic() - begun + wait < self.policy.timeout

    def _follow(self, hop: _Hop, judge: Judge | None) -> Answer:
        """Send a request and those that redirects lead to, each judged anew."""
        for _ in range(settings.RESEARCH_REDIRECTS + 1):
            answer = self._send(hop, judge)
            if answer.status not in REDIRECTS:
                return answer
            hop = self._redirect(hop, answer)
        raise ServiceError(Outcome.INVALID, f"{self.policy.name} redirects in circles.", answer.status)

    def _send(self, hop: _Hop, judge: Judge | None) -> Answer:
        """Send one request in its turn, and tell the limiter how it went."""
        self._check_address(hop)
        lease = self._acquire(find_host(hop.url))
        outcome, wait = None, None
        self._deadline.begin(self._find_time())
        try:
            answer = self._exchange(hop)
            outcome = Outcome.OK
            if answer.status not in REDIRECTS:
                self._judge(answer, judge)
            return answer
        except ServiceError as error:
            outcome, wait = error.outcome if self._deadline.is_sent else None, error.retry_after
            raise
        finally:
            self._release(lease, outcome, wait)

    def _judge(self, answer: Answer, judge: Judge | None) -> None:
        if judge is not None:
            judge(answer)
        judge_status(self.policy.name, answer)

    def _exchange(self, hop: _Hop) -> Answer:
        """Send and read, with every failure of the way as a ServiceError that knows nothing of what was sent."""
        self.requests_made += 1
        headers = {"User-Agent": self.policy.user_agent or make_user_agent(""), **JSON_ACCEPT, **hop.headers}
        try:
            with self._http.stream(hop.method, hop.url, headers=headers, content=hop.content or None) as response:
                return self._read(response)
        except FAILURES as error:
            failed = explain(error, self.policy, is_redirected=hop.is_redirected)
        raise failed  # outside the handler: the cause may quote a header, so it is not kept

    def _read(self, response: httpx2.Response) -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        url, status = str(response.url), response.status_code
        if status in REDIRECTS:
            return Answer(status, headers, None, url=url)
        body = read_body(response, self._deadline, self.policy.name)
        is_success = 200 <= status < 300
        data = parse_json(body, headers.get("content-type", ""), self.policy.name, status, is_required=is_success)
        return Answer(status, headers, data, len(body), url=url)

    def _acquire(self, host: str) -> Lease:
        """Wait for a turn. What is half done goes first and waits longer, so that its requests are not in vain."""
        if not self.requests_made:
            return self._limiter.acquire(host)
        patience = settings.RESEARCH_PATIENCE + 10 * self.policy.spacing
        try:
            return self._limiter.acquire(host, patience=patience, is_urgent=True)
        except MustWait as wait:
            message, seconds = f"Not finished: {wait.reason}", wait.seconds
        raise ServiceError(Outcome.RATE_LIMITED, message, retry_after=seconds)

    def _release(self, lease: Lease, outcome: Outcome | None, wait: float | None) -> None:
        try:
            self._limiter.release(lease, outcome, sent_ago=self._deadline.sent_ago, wait=wait)
        except ServiceError:
            logger.warning("A turn at %s was not given back: Redis does not answer. It ends by itself.", lease.host)

    def _find_time(self) -> float:
        """Return how long the next request may take, so that the whole call ends in its time."""
        left = self._longest - self.elapsed
        return max(min(self.policy.timeout, left), 0.0)

    def _check_key(self) -> None:
        if not (self.policy.key.isascii() and (self.policy.key.isprintable() or not self.policy.key)):
            message = f"The key of {self.policy.name} holds a sign that no key can have."
            raise ServiceError(Outcome.AUTH, message, needs_person=True)

    def _check_address(self, hop: _Hop) -> None:
        """Refuse what the guard can see without asking for a name."""
        try:
            check_url(hop.url, own_port=_find_port(self.policy.base_url))
        except AddressRefused as error:
            failed = explain(error, self.policy, is_redirected=hop.is_redirected)
        else:
            return
        raise failed

    def _redirect(self, hop: _Hop, answer: Answer) -> _Hop:
        """Return the next request of a redirect. Raises ServiceError where it leads away from the service."""
        target = join_location(hop.url, answer.headers.get("location", ""))
        self._check_address(_Hop(hop.method, target, {}, is_redirected=True))
        before, after = urlsplit(hop.url), urlsplit(target)
        if not answer.headers.get("location") or (hop.method == "POST" and answer.status not in KEEPS_METHOD):
            raise self._refuse_redirect("nowhere", answer)
        if before.scheme == "https" and after.scheme != "https":
            raise self._refuse_redirect("to an unencrypted address", answer)
        host = after.hostname or ""
        if host in self._allow_hosts or is_same_site(before.hostname or "", host):
            same = find_host(hop.url) == find_host(target)
            headers = hop.headers if same else keep_harmless(hop.headers)
            return replace(hop, url=target, headers=headers, is_redirected=True)
        raise self._refuse_redirect("to another site", answer)

    def _refuse_redirect(self, where: str, answer: Answer) -> ServiceError:
        return ServiceError(Outcome.INVALID, f"{self.policy.name} redirects {where}.", answer.status)


def ask(policy: Policy, context: Context, work: Callable[[Client], FetchResult]) -> FetchResult:
    """Do a client's work with a Client; a ServiceError becomes its result, with the requests made and the seconds.

    Raises MustWait before anything was sent.
    """
    with Client(policy, is_urgent=context.is_urgent) as client:
        try:
            result = work(client)
        except ServiceError as error:
            result = error.to_result()
        return replace(result, requests_made=client.requests_made, elapsed=client.elapsed)


def check_health(policy: Policy, work: Callable[[Client], Any]) -> Health:
    """Do the cheapest work that shows whether a service answers; having to wait for a turn is said, not raised."""
    with Client(policy, is_urgent=True) as client:
        try:
            work(client)
        except ServiceError as error:
            return Health(error.outcome, error.message, client.elapsed)
        except MustWait as wait:
            return Health(Outcome.RATE_LIMITED, wait.reason, client.elapsed)
        return Health(Outcome.OK, elapsed=client.elapsed)


def _find_wait(state: tenacity.RetryCallState) -> float:
    """Return the seconds before the next try: what the service said, else twice as long each time."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, ServiceError) else None
    return min(asked if asked is not None else 2.0 ** (state.attempt_number - 1), settings.RESEARCH_PATIENCE)


def _find_port(url: str) -> int | None:
    try:
        parts = urlsplit(url)
        return parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None


def _dump(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
