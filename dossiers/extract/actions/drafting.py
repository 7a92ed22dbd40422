"""Say what a run states: an export's printed statements, or what the configured extractor finds in a run's texts.

Extractors are entered in EXTRACTORS by their name in the setting EXTRACTOR.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from dossiers.extract import prompts, rules
from dossiers.extract.actions.generating import list_generated_drafts, trace_generations
from dossiers.extract.assembly import Draft, Library
from dossiers.extract.queries import list_drafts
from dossiers.models.run import Run, RunKind


@dataclass(frozen=True)
class Origin:
    """Who says it: what every proposal of an extraction keeps of where it came from."""

    extractor: str
    version: str
    model: str = ""
    prompt_sha256: str = ""


@dataclass(frozen=True)
class Extractor:
    """One way to find statements. `trace` tells a run's origin without reading any text; `propose` gives the drafts.

    Equal origins over equal captures must mean equal drafts: then nothing is read a second time.
    """

    trace: Callable[[Run], Origin]
    propose: Callable[[Run, Library], list[Draft]]


EXPORT = Extractor(lambda _: Origin("export", "1"), lambda run, _: list_drafts(run))
EXTRACTORS = {
    "rules": Extractor(lambda _: Origin("rules", rules.VERSION), lambda _, library: rules.propose(library)),
    prompts.EXTRACTOR: Extractor(lambda run: Origin(prompts.EXTRACTOR, *trace_generations(run)), list_generated_drafts),
}


def trace_run(run: Run) -> Origin:
    """Say whose drafts a run's are."""
    return _choose(run).trace(run)


def list_run_drafts(run: Run, library: Library) -> list[Draft]:
    """List what an export printed, or what the configured extractor finds in the run's texts."""
    return _choose(run).propose(run, library)


def _choose(run: Run) -> Extractor:
    if run.kind == RunKind.IMPORT:
        return EXPORT
    if settings.EXTRACTOR not in EXTRACTORS:
        known = ", ".join(sorted(EXTRACTORS)) or "none"
        raise ImproperlyConfigured(f"EXTRACTOR is {settings.EXTRACTOR!r}; the extractors there are: {known}.")
    return EXTRACTORS[settings.EXTRACTOR]
