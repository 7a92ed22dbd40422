"""SearXNG: takes search words, leaves the snippets that its engines gave, which are never a page's own words for sure.

It names engines that did not answer beside a good status: nothing found while engines were silent is a failure.
https://docs.searxng.org/dev/search_api.html
"""

from dataclasses import replace
from typing import Any

from dossiers.clients.base import Context, FetchResult, Found, Health, Outcome, Policy, Query
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Answer, Client, ask, check_health
from dossiers.clients.refusals import LONGEST_REASON, Refusal, find_text, judge_refusal
from dossiers.clients.results import collect, read_list, read_page, read_text
from dossiers.clients.shapes import as_dict, as_list
from dossiers.clients.snippets import cut_query, read_time

GRADE = "rewritten"
LONGEST_QUERY = 400
NO_JSON = "does not answer in JSON: it is switched off in its settings (add json to search.formats)"
OWN = {403: Refusal(Outcome.BAD_REQUEST, NO_JSON, needs_person=True)}


class SearXNG:
    """Searches the web by a SearXNG of one's own."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def fetch(self, query: Query, context: Context) -> FetchResult:
        """Search, and return each page with its snippet; engines that did not answer are named."""
        return ask(self._policy, context, lambda client: self._search(client, query))

    def health(self) -> Health:
        """Ask without words: where JSON is on, that is refused before any engine is asked."""
        return check_health(self._policy, self._ask_nothing)

    def _search(self, client: Client, query: Query) -> FetchResult:
        params: dict[str, str | int] = {
            "q": cut_query(query.text, characters=LONGEST_QUERY),
            "format": "json",
            "categories": "general",
            "language": query.language,
            "pageno": 1,
        }
        data = client.get_json(self._find_url(), params=params, judge=self._judge).data
        results = read_list(data, "results", name=self._policy.name)[: max(1, query.limit)]
        silent = read_list(data, "unresponsive_engines", name=self._policy.name)
        return self._add_silence(collect(results, self._read, name=self._policy.name), silent)

    def _add_silence(self, result: FetchResult, silent: list[Any]) -> FetchResult:
        if not silent or result.outcome == Outcome.INVALID:
            return result
        if not result.found:
            raise self._complain(silent)
        said = f"{result.message} {self._complain(silent).message}".strip()
        return replace(result, outcome=Outcome.PARTIAL, message=said)

    def _complain(self, silent: list[Any]) -> ServiceError:
        return ServiceError(Outcome.UNAVAILABLE, f"{self._policy.name} got no answer from {_describe(silent)}.", 200)

    def _read(self, item: Any) -> Found | None:
        url, host, title = read_page(item)
        text = read_text(item, "content")
        if not text:
            return None
        return Found(
            title=title,
            text=text,
            url=url,
            publisher=host,
            payload=item,
            published_at=read_time(read_text(item, "publishedDate")),
            licence=self._policy.licence,
            attribution=self._policy.attribution,
            grade=GRADE,
            features={"engines": item.get("engines") or []},
        )

    def _ask_nothing(self, client: Client) -> None:
        try:
            answer = client.get_json(self._find_url(), params={"format": "json"}, judge=self._judge)
        except ServiceError as error:
            if error.http_status != 400:
                raise
        else:
            read_list(answer.data, "results", name=self._policy.name)

    def _find_url(self) -> str:
        return f"{self._policy.base_url.rstrip('/')}/search"

    def _judge(self, answer: Answer) -> None:
        judge_refusal(self._policy, answer, own=OWN, reason=find_text(answer.data, "error"))
        data = as_dict(answer.data)
        if not data.get("results") and as_list(data.get("unresponsive_engines")):
            raise self._complain(data["unresponsive_engines"])  # said here, so that the limiter counts a failure


def _describe(engines: list[Any]) -> str:
    """Return the engines that did not answer with their reasons: "one (timeout), another (CAPTCHA)"."""
    said = []
    for engine in engines:
        name, reason = (*engine, "", "")[:2] if isinstance(engine, list) else (engine, "")
        said.append(f"{name or 'an engine'} ({reason})" if reason else str(name or "an engine"))
    text = " ".join(", ".join(said).split())
    return text[:LONGEST_REASON]
