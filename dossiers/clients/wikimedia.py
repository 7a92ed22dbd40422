"""What MediaWiki and Wikidata have in common: takes parameters, leaves the API's answer, or what its refusal means.

Follows the Action API's rules: refusals come with HTTP 200, and Retry-After may be a fraction of a second.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from dossiers.clients.base import Outcome, Policy
from dossiers.clients.errors import ServiceError, parse_retry_after
from dossiers.clients.http import Answer, Client
from dossiers.clients.shapes import as_dict, as_text, list_dicts

MAXLAG = 5  # seconds of lag that what nobody waits for steps back from
LAG = re.compile(r"Waiting for [\w.: ]+: (\d+(?:\.\d+)?) seconds? lagged")
CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")
PASSING = ("maxlag", "readonly", "cirrussearch-too-busy-error", "cirrussearch-backend-error", "internal_api_error_")
PERSONAL = (
    "blocked", "autoblocked", "permissiondenied", "readapidenied", "mwoauth-invalid-authorization", "badtoken",
    "assertuserfailed",
)  # fmt: skip
ABSENT = ("no-such-entity", "missingtitle", "nosuchpageid")
LANGUAGE_HOST = re.compile(r"[a-z][a-z0-9-]*\.wikipedia\.org")
LANGUAGE = re.compile(r"[a-z]{2,12}(-[a-z0-9]{2,12})*")


def call_api(client: Client, url: str, params: Mapping[str, str | int], *, is_urgent: bool) -> dict[str, Any]:
    """Ask the Action API. Where nobody waits, it may put us off while its databases lag. Raises ServiceError."""
    policy = client.policy
    asked = {"format": "json", "formatversion": 2, **params, **({} if is_urgent else {"maxlag": MAXLAG})}
    headers = {"Authorization": f"Bearer {policy.key}"} if policy.key else {}
    answer = client.get_json(url, params=asked, headers=headers, judge=lambda came: judge_api(policy, came))
    if not isinstance(answer.data, dict):
        raise ServiceError(Outcome.INVALID, f"{policy.name} answered in a shape that it never has.", answer.status)
    return answer.data


def check_api(client: Client) -> None:
    """Ask the cheapest thing that the API answers."""
    call_api(client, client.policy.base_url, {"action": "query", "meta": "siteinfo"}, is_urgent=True)


def judge_api(policy: Policy, answer: Answer) -> None:
    """Raise ServiceError where the API refused, whatever the HTTP status says."""
    error = _find_error(answer)
    code = error.get("code") or answer.headers.get("mediawiki-api-error", "")
    if not isinstance(code, str) or not code or answer.status in {401, 403, 429}:
        return
    outcome = _judge_code(code)
    wait = _find_wait(code, error, answer) if outcome in {Outcome.UNAVAILABLE, Outcome.RATE_LIMITED} else None
    name = code if CODE.fullmatch(code) else "an error without a name"
    message = f"{policy.name} refuses: {name}."
    raise ServiceError(outcome, message, answer.status, wait, outcome == Outcome.AUTH, answer=answer)


def _find_error(answer: Answer) -> dict[str, Any]:
    data = as_dict(answer.data)
    return as_dict(data.get("error")) or next(list_dicts(data.get("errors")), {})


def _judge_code(code: str) -> Outcome:
    if code == "ratelimited":
        return Outcome.RATE_LIMITED
    if code.startswith(PASSING):
        return Outcome.UNAVAILABLE
    if code.startswith(PERSONAL):
        return Outcome.AUTH
    return Outcome.EMPTY if code.startswith(ABSENT) else Outcome.BAD_REQUEST


def _find_wait(code: str, error: dict[str, Any], answer: Answer) -> float | None:
    """Return the longer of what the header asks for and a fifth of the lag, as other clients of the API wait."""
    asked = parse_retry_after(answer.headers.get("retry-after"))
    if code != "maxlag":
        return asked
    found = LAG.search(as_text(error.get("info")))
    lag = error.get("lag") if isinstance(error.get("lag"), int | float) else float(found[1]) if found else 0.0
    return max(asked or 0.0, (lag or 0.0) / 5)


def clean_language(language: str) -> str:
    """Return a language code as wikis are named: lower case, without a country; "en" where it cannot be one."""
    code = language.lower().replace("_", "-")
    first, _, rest = code.partition("-")
    code = first if len(rest) == 2 else code
    return code if LANGUAGE.fullmatch(code) else "en"


def localise(base_url: str, language: str) -> str:
    """Return the address of a language's own wiki, where the base address is one of several; else the base address."""
    parts = urlsplit(base_url)
    if not LANGUAGE_HOST.fullmatch(parts.hostname or ""):
        return base_url
    return urlunsplit(parts._replace(netloc=f"{clean_language(language)}.wikipedia.org"))
