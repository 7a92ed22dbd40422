"""Loads exported dossiers: takes files or folders, leaves topics with captures and claims, one transaction per file."""

from __future__ import annotations

import hashlib
import os
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Count

from dossiers.extract.actions import extract_topic
from dossiers.ingest.actions import Loaded, load_export
from dossiers.ingest.parsing import MAX_BYTES, ExportError, NotAnExport, read_export, show_text, too_large
from dossiers.models.claim import Claim
from dossiers.publish.actions import refresh_public_status

SUFFIXES = (".txt", ".json")
MAX_SHOWN = 20  # notices printed for one file
NAMES = {
    "attribute": ("attribute", "attributes"),
    "event": ("event", "events"),
    "summary": ("summary sentence", "summary sentences"),
    "place": ("place", "places"),
}


class Command(BaseCommand):
    help = "Load exported dossiers (text or JSON form) and extract their claims. One transaction per file."
    requires_system_checks = ()  # the server and `./run check` make them; here they would be a third of the wait

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder of *.txt and *.json")
        parser.add_argument("--timezone", default="UTC", help="what local times in the exports mean (default: UTC)")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        zone = read_zone(options["timezone"])
        problems = 0
        for path in list_files(options["paths"]):
            try:
                self.stdout.write(describe(load_file(path, zone), path))
            except Exception as error:
                if options["traceback"]:
                    raise
                problems += 1
                self.stderr.write(describe_problem(error, path))
        if problems:
            raise CommandError(f"{problems} file(s) could not be loaded; nothing of them is stored.")


def read_zone(name: str) -> tzinfo:
    """Return the time zone called `name` (IANA). Raises CommandError for any other name."""
    if name.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise CommandError(
            f"There is no time zone {show_text(name)!r}; use a name such as Europe/Paris or UTC."
        ) from None


def list_files(paths: Iterable[str]) -> Iterator[Path]:
    """Yield the files at `paths`, a folder's in order of name; what gives no file is yielded itself, to be refused."""
    for path in map(Path, paths):
        try:
            inside = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
        except OSError:  # a file, a missing name or a closed folder: reading it says which
            inside = []
        yield from inside or [path]


def read_file(path: Path) -> bytes:
    """Return the bytes of `path`, never reading more than an export may have. Raises NotAnExport, OSError."""
    if path.is_dir():
        raise NotAnExport(str(path), 1, "a folder with *.txt or *.json files", "none")
    if not path.exists():
        raise NotAnExport(str(path), 1, "a file or a folder", "nothing of this name")
    if not path.is_file():
        raise NotAnExport(str(path), 1, "a regular file", "a device or a pipe")
    if path.stat().st_size > MAX_BYTES:
        raise too_large(str(path), path.stat().st_size)
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


@transaction.atomic
def load_file(path: Path, zone: tzinfo) -> Loaded:
    """Store the export at `path` and extract its claims, both or neither."""
    data = read_file(path)
    export = read_export(data, name=str(path), timezone=zone)
    name = os.fsencode(path.name).decode("utf-8", "replace")
    loaded = load_export(export, file_name=name, file_sha256=hashlib.sha256(data).hexdigest())
    if loaded.run:
        extract_topic(loaded.topic, run=loaded.run)
        refresh_public_status(loaded.topic)
    return loaded


def describe(loaded: Loaded, path: Path) -> str:
    """Return one line about a loaded file, and one for each of its first notices."""
    counted = Claim.objects.filter(topic=loaded.topic).values_list("kind").annotate(Count("id")).order_by()
    numbers = dict(counted)
    parts = [f"{numbers.get(kind, 0)} {NAMES[kind][numbers.get(kind, 0) != 1]}" for kind in NAMES]
    state = f"{loaded.new_captures} of them new" if loaded.run else "unchanged"
    parts += [f"{loaded.captures} captures ({state})", f"{len(loaded.notices)} notices"]
    notices = [
        f"  {show_text(path.name, 80)}:{n.line}: {show_text(n.message, 200)}" for n in loaded.notices[:MAX_SHOWN]
    ]
    more = len(loaded.notices) - MAX_SHOWN
    return "\n".join(
        [f"{loaded.topic.slug}: {', '.join(parts)}", *notices, *([f"  and {more} more"] if more > 0 else [])]
    )


def describe_problem(error: Exception, path: Path) -> str:
    """Return one line with the file, the line and what was expected there."""
    if isinstance(error, ExportError):
        return str(error)
    shown = f"{type(error).__name__}: {show_text(' '.join(str(error).split()), 200)}"
    return f"{show_text(str(path), 200)}:1: expected an export that can be read and stored, found {shown}"
