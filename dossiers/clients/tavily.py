"""Tavily: takes search words, leaves the passages of the pages that it found, in the pages' own words.

Only the depth "advanced" gives passages word for word, joined where they were cut; other depths rewrite them.
https://docs.tavily.com/documentation/api-reference/endpoint/search
"""

from typing import Any

from dossiers.clients.base import Context, FetchResult, Found, Health, Outcome, Policy, Query
from dossiers.clients.errors import ServiceError, parse_retry_after
from dossiers.clients.http import Answer, Client, ask, check_health
from dossiers.clients.refusals import Refusal, find_text, judge_refusal, quote_reason
from dossiers.clients.results import collect, read_list, read_page, read_text
from dossiers.clients.shapes import as_dict
from dossiers.clients.snippets import cut_query, read_time

DEPTH = "advanced"
VERBATIM_DEPTHS = frozenset({"advanced", "fast"})
MOST_RESULTS, LONGEST_QUERY = 20, 400
OWN = {
    403: Refusal(Outcome.AUTH, "does not let our key do this", needs_person=True),
    432: Refusal(Outcome.QUOTA, "says that the plan's limit is reached", needs_person=True),
    433: Refusal(Outcome.QUOTA, "says that the pay-as-you-go limit is reached", needs_person=True),
}


class Tavily:
    """Searches the web by Tavily."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def fetch(self, query: Query, context: Context) -> FetchResult:
        """Search, and return each page with its passages, joined by " [...] " as the service joins them."""
        return ask(self._policy, context, lambda client: self._search(client, query))

    def health(self) -> Health:
        """Ask how much of the plan is used: that costs nothing of it, and shows whether the key is taken."""
        return check_health(self._policy, self._check_usage)

    def _search(self, client: Client, query: Query) -> FetchResult:
        question = {
            "query": cut_query(query.text, characters=LONGEST_QUERY),
            "search_depth": DEPTH,
            "max_results": max(1, min(query.limit, MOST_RESULTS)),
            "include_answer": False,
            "include_raw_content": False,
        }
        url = f"{self._policy.base_url.rstrip('/')}/search"
        answer = client.post_json(url, json=question, headers=self._list_headers(), judge=self._judge)
        results = read_list(answer.data, "results", name=self._policy.name)
        grade = self._policy.grade if _find_depth(answer.data) in VERBATIM_DEPTHS else "rewritten"
        return collect(results, lambda item: self._read_result(item, grade), name=self._policy.name)

    def _read_result(self, item: Any, grade: str) -> Found | None:
        url, host, title = read_page(item)
        if not read_text(item, "content"):
            return None
        return Found(
            title=title,
            text=item["content"],
            url=url,
            publisher=host,
            payload=item,
            published_at=read_time(read_text(item, "published_date")),
            licence=self._policy.licence,
            attribution=self._policy.attribution,
            grade=grade,
            features={"score": item.get("score")},
        )

    def _check_usage(self, client: Client) -> None:
        url = f"{self._policy.base_url.rstrip('/')}/usage"
        data = client.get_json(url, headers=self._list_headers(), judge=self._judge).data
        if not isinstance(data, dict):
            raise ServiceError(
                Outcome.INVALID, f"The answer of {self._policy.name} has another form than we know.", 200
            )
        for part, used, most in (("key", "usage", "limit"), ("account", "plan_usage", "plan_limit")):
            numbers = as_dict(data.get(part))
            if _is_reached(numbers.get(used), numbers.get(most)):
                raise ServiceError(Outcome.QUOTA, f"{self._policy.name} has used up its plan.", 200, needs_person=True)

    def _list_headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._policy.key}"}

    def _judge(self, answer: Answer) -> None:
        data = answer.data
        reason = find_text(data, "detail", "error") or find_text(data, "error", "message") or find_text(data, "detail")
        wait = _find_wait(data)
        judge_refusal(self._policy, answer, own=OWN, reason=reason, retry_after=wait)
        if isinstance(data, dict) and data.get("error"):  # the envelope of those without a key, with a good status
            outcome = Outcome.BAD_REQUEST if wait is None else Outcome.RATE_LIMITED
            message = f"{self._policy.name} refuses us.{quote_reason(reason, self._policy)}"
            raise ServiceError(outcome, message, answer.status, wait, answer=answer)


def _find_depth(data: Any) -> str:
    """Return the depth that was searched with, where the service says that it chose one itself."""
    return find_text(data, "auto_parameters", "search_depth") or DEPTH


def _find_wait(data: Any) -> float | None:
    seconds = as_dict(as_dict(data).get("error")).get("retry_after_seconds")
    return parse_retry_after(str(seconds)) if _is_number(seconds) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_reached(used: Any, most: Any) -> bool:
    return _is_number(used) and _is_number(most) and used >= most > 0
