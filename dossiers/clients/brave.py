"""Brave Search: takes search words, leaves the snippets of the pages that it found.

https://api-dashboard.search.brave.com/documentation/services/web-search
"""

from typing import Any

from dossiers.clients.base import Context, FetchResult, Found, Health, Outcome, Policy, Query
from dossiers.clients.errors import parse_retry_after
from dossiers.clients.http import Answer, Client, ask, check_health
from dossiers.clients.refusals import Refusal, find_text, judge_refusal
from dossiers.clients.results import Unreadable, collect, read_list, read_page, read_text
from dossiers.clients.shapes import strip_tags
from dossiers.clients.snippets import cut_query, join_pieces, read_time

MOST_RESULTS, LONGEST_QUERY, MOST_WORDS = 20, 400, 50
FIRST_PAGE = 0  # `offset` counts pages, not results
BAD_KEY = Refusal(Outcome.AUTH, "does not take our key", needs_person=True)
# Nobody has to act: the month ends by itself. Retry-After is the second's, so the month's is told apart from it.
MONTH_USED_UP = Refusal(Outcome.QUOTA, "says that the month's requests are used up")


class Brave:
    """Searches the web by Brave."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def fetch(self, query: Query, context: Context) -> FetchResult:
        """Search, and return each page with its description and further snippets, joined by " [...] "."""
        return ask(self._policy, context, lambda client: self._search(client, query.text, query.limit))

    def health(self) -> Health:
        """Ask for one result: there is nothing that costs less and shows whether the key is taken."""
        return check_health(self._policy, lambda client: self._search(client, "test", 1))

    def _search(self, client: Client, text: str, limit: int) -> FetchResult:
        params = {
            "q": cut_query(text, characters=LONGEST_QUERY, words=MOST_WORDS),
            "count": max(1, min(limit, MOST_RESULTS)),
            "offset": FIRST_PAGE,
            "text_decorations": "false",
            "extra_snippets": "true",
            "result_filter": "web",
        }
        url = f"{self._policy.base_url.rstrip('/')}/res/v1/web/search"
        headers = {"X-Subscription-Token": self._policy.key}
        answer = client.get_json(url, params=params, headers=headers, judge=self._judge)
        results = read_list(answer.data, "web", "results", name=self._policy.name)
        return collect(results, self._read, name=self._policy.name)

    def _read(self, item: Any) -> Found | None:
        url, host, title = read_page(item)
        text = join_pieces([strip_tags(piece) for piece in (read_text(item, "description"), *_list_snippets(item))])
        if not text:
            return None
        return Found(
            title=strip_tags(title) or url,
            text=text,
            url=url,
            publisher=host,
            payload=item,
            published_at=read_time(read_text(item, "page_age")),
            licence=self._policy.licence,
            attribution=self._policy.attribution,
            grade=self._policy.grade,
        )

    def _judge(self, answer: Answer) -> None:
        code, reason = _find_error(answer.data, "code"), _find_error(answer.data, "detail")
        second, month = _read_waits(answer)
        own = {401: BAD_KEY, 403: BAD_KEY}
        if code.startswith("SUBSCRIPTION_TOKEN"):  # a key that it does not know is a request it cannot process
            own[422] = BAD_KEY
        if month is not None or code.startswith("QUOTA"):
            own[429] = MONTH_USED_UP
        judge_refusal(self._policy, answer, own=own, reason=reason, retry_after=second if month is None else month)


def _list_snippets(item: Any) -> list[str]:
    snippets = item.get("extra_snippets") or []
    if not isinstance(snippets, list) or not all(isinstance(snippet, str) for snippet in snippets):
        raise Unreadable
    return snippets


def _find_error(data: Any, key: str) -> str:
    """Return a part of the error; some answers hold one, some a list of them."""
    errors = data.get("errors") if isinstance(data, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    return find_text(data, "error", key) or find_text(first, key)


def _read_waits(answer: Answer) -> tuple[float | None, float | None]:
    """Return the seconds until the second ends and, only where the month's requests are used up, until the month does.

    The headers hold a number for each: "1, 1419704". A month that has no limit is a limit of 0.
    """
    limit, remaining, reset = (_read_pair(answer, f"x-ratelimit-{name}") for name in ("limit", "remaining", "reset"))
    is_used_up = remaining[1] is not None and remaining[1] <= 0 and limit[1] != 0
    return reset[0], reset[1] if is_used_up else None


def _read_pair(answer: Answer, name: str) -> tuple[float | None, float | None]:
    first, _, second = answer.headers.get(name, "").partition(",")
    return parse_retry_after(first.strip()), parse_retry_after(second.strip())
