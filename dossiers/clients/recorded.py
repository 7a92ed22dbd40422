"""The provider of the sample installation: takes a question, leaves the recorded answer, and touches no network.

`RECORDED_DIR/<slug of the topic's title>/<role>.json` holds what a service of that role would say at two dates. The
first research of a topic gets the first answer, every later one the last, so that a refresh has something to find.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.utils.text import slugify

from dossiers.clients.base import Context, FetchResult, Health, Outcome, Policy, Query
from dossiers.clients.recordings import WORKED, Recording, RecordingMalformed, read_recording

MAX_BYTES = 1_000_000


class Recorded:
    """Answers from recordings. There is nothing to wait for: no request leaves, so no limiter is asked."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def fetch(self, query: Query, context: Context) -> FetchResult:
        """Return the recorded answer for the topic of `context`; a pinned id leaves only what is about it."""
        path = find_recording(context.title, self._policy.role)
        if path is None:
            return FetchResult(Outcome.EMPTY, message=f"There is no recording of “{context.title}” for this provider.")
        try:
            answers = self._read(path)
        except RecordingMalformed as error:
            return FetchResult(Outcome.INVALID, message=str(error))
        return _keep_pinned(answers[min(context.round, len(answers) - 1)].result, query.key)

    def health(self) -> Health:
        """Read every recording of the role, and say how many there are."""
        if not Path(settings.RECORDED_DIR).is_dir():
            return Health(Outcome.UNAVAILABLE, "The folder of recordings (RECORDED_DIR) is not there.")
        try:
            count = sum(1 for path in _list_recordings(self._policy.role) if self._read(path))
        except RecordingMalformed as error:
            return Health(Outcome.INVALID, str(error))
        return Health(Outcome.OK, f"Answers from recordings, and sends nothing: {count} of them.")

    def _read(self, path: Path) -> list[Recording]:
        """Read the recording at `path`. Raises RecordingMalformed, which names the file."""
        name = f"{path.parent.name}/{path.name}"
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                raise RecordingMalformed(f"it is larger than {MAX_BYTES:,} bytes")
            return read_recording(data, self._policy)
        except OSError as error:
            raise RecordingMalformed(f"The recording {name} cannot be read: {error.strerror}.") from None
        except RecordingMalformed as error:
            raise RecordingMalformed(f"The recording {name} is not in its form: {error}.") from None


def find_recording(title: str, role: str) -> Path | None:
    """Return the recording for a topic's title, or None; never a file outside the folder of recordings."""
    base, slug, word = Path(settings.RECORDED_DIR).resolve(), slugify(title), slugify(role)
    if not slug or not word:
        return None
    path = (base / slug / f"{word}.json").resolve()
    return path if path.is_relative_to(base) and path.is_file() else None


def _list_recordings(role: str) -> Iterator[Path]:
    folders = sorted(path for path in Path(settings.RECORDED_DIR).iterdir() if path.is_dir())
    found = (find_recording(folder.name, role) for folder in folders)
    return (path for path in found if path)


def _keep_pinned(result: FetchResult, key: str) -> FetchResult:
    if not key or result.outcome not in WORKED:
        return result
    found = tuple(text for text in result.found if _is_about(text.entity, key))
    if not found:
        return FetchResult(Outcome.EMPTY, message=f"The recording holds nothing about {key}.")
    return replace(result, found=found, candidates=tuple(c for c in result.candidates if _is_about(c.key, key)))


def _is_about(entity: str, key: str) -> bool:
    """Tell whether both name one thing: "wikidata:Q60" is also asked for as "Q60"."""
    return entity == key or entity.endswith(f":{key}")
