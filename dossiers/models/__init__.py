"""Nouns. Import a model from its own file; this package only makes Django load every one."""

from dossiers.models import (  # noqa: F401
    capture,
    check,
    claim,
    decision,
    document,
    edition,
    evidence,
    generation,
    proposal,
    provider,
    resolution,
    run,
    source,
    statement,
    status,
    suppression,
    topic,
)
