"""Research runs without a network: an extractor that reads plain sentences, and runs that retrieve given texts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.utils import timezone

from dossiers.extract.actions import Extracted, extract_topic
from dossiers.extract.actions.drafting import EXTRACTORS, Extractor, Origin
from dossiers.extract.assembly import Draft, Library
from dossiers.models.capture import Capture
from dossiers.models.run import Outcome, Retrieval, RetrievedCapture, Run, RunKind, RunTrigger
from dossiers.models.source import Source
from dossiers.models.topic import Topic

_SENTENCE = re.compile(r"(?P<label>The \w+(?: \w+)?) (?:is|stands at|amounts to) (?P<value>[^.;]+)[.;]")
_EVENT = re.compile(r"(?P<value>[A-Z]\w+ (?:opened|closed|moved)[^.]*?) in (?P<date>\d{4})\.")


def propose_sentences(_run: Run, library: Library) -> list[Draft]:
    """Read "The rate is 17%." as an attribute, "Bergen opened a pier in 1974." as an event, and a geocoder's place."""
    drafts = []
    for capture in library.captures:
        if capture.is_place:
            drafts.append(Draft("place", capture.text.split("\n")[0]))
            continue
        found = [Draft("attribute", m["value"], m["label"]) for m in _SENTENCE.finditer(capture.text)]
        found += [Draft("event", m["value"], date_text=m["date"]) for m in _EVENT.finditer(capture.text)]
        drafts += [replace(draft, source_word=capture.provider) for draft in found]
    return drafts


def enter_extractor(name: str = "sentences", version: str = "1", **origin: str) -> None:
    """Enter the extractor of sentences among those that a setting can name."""
    EXTRACTORS[name] = Extractor(lambda _run: Origin(name, version, **origin), propose_sentences)


def make_source(topic: Topic, name: str, provider: str = "web_search", **fields: Any) -> Source:
    """Make a source with an address of its own."""
    fields.setdefault("url", f"https://{name}.example/")
    return Source.objects.create(topic=topic, provider=provider, title=fields.pop("title", name), **fields)


def capture_text(source: Source, text: str) -> Capture:
    """Capture a text of a source, or give the capture that it has."""
    digest = sha256(text.encode()).hexdigest()
    said = {"text": text, "retrieved_at": timezone.now(), "grade": "verbatim"}
    return Capture.objects.get_or_create(source=source, text_sha256=digest, defaults=said)[0]


def make_research(topic: Topic) -> Run:
    """Make a finished run of research that has asked nobody yet."""
    return Run.objects.create(
        topic=topic, kind=RunKind.RESEARCH, trigger=RunTrigger.SCHEDULED, finished_at=timezone.now()
    )


def retrieve(
    run: Run, provider: str, captures: Iterable[Capture] = (), *, outcome: str = Outcome.OK,
    request: Mapping[str, Any] | None = None, candidates: Sequence[Mapping[str, Any]] = (),
) -> Retrieval:  # fmt: skip
    """Record one call of a run; captures are told with their source's entity, as research stores them."""
    captures = list(captures)
    told = [
        {"key": row.source.entity, "title": row.source.title, "features": {}, "capture": row.pk} for row in captures
    ]
    named = {entry.get("capture") for entry in candidates}
    retrieval = Retrieval.objects.create(
        run=run, provider=provider, position=Retrieval.objects.filter(run=run).count(), outcome=outcome,
        request=dict(request or {}), finished_at=timezone.now(),
        candidates=[*(entry for entry in told if entry["capture"] not in named), *map(dict, candidates)],
    )  # fmt: skip
    RetrievedCapture.objects.bulk_create(
        [RetrievedCapture(retrieval=retrieval, capture=row, position=n) for n, row in enumerate(captures)]
    )
    return retrieval


def research(topic: Topic, texts: Mapping[Source, str]) -> tuple[Run, Extracted]:
    """Research a topic once: each source is retrieved with a text; then extract."""
    run = make_research(topic)
    for source, text in texts.items():
        retrieve(run, source.provider, [capture_text(source, text)])
    return run, extract_topic(topic, run=run)
