"""Reads JSON strictly (RFC 8259): takes text, leaves a tree whose every value knows its path, and so its line."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NoReturn

from dossiers.ingest.parsing.decoding import UNPRINTABLE
from dossiers.ingest.parsing.export import ExportError, NotAnExport, quote_text, show_text

Path = tuple[str | int, ...]
BLANK = re.compile(r"[ \t\n]*")
SURROGATE = re.compile("[\ud800-\udfff]")
MAX_DEPTH = 50


class Number(str):
    """A JSON number as printed, never rounded."""


class Members(dict[str, Any]):
    """A JSON object, with the first key that it holds twice."""

    twice: str | None = None


def _collect_members(pairs: list[tuple[str, Any]]) -> Members:
    members = Members()
    for key, value in pairs:
        if key in members and members.twice is None:
            members.twice = key
        members[key] = value
    return members


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"the number {word}")


DECODER = json.JSONDecoder(
    object_pairs_hook=_collect_members, parse_float=Number, parse_int=Number, parse_constant=_refuse_constant
)


class Tree:
    """The parsed text of one file, able to say on which line a path stands."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.root = self._parse()
        for path, value in self._walk():
            self._check(path, value)

    def fail(self, path: Path, expected: str, found: str) -> ExportError:
        """Return the error of what stands at `path`."""
        return self.fail_at(self._find(path), path, expected, found)

    def fail_at(self, position: int, path: Path, expected: str, found: str) -> ExportError:
        """Return the error of what stands at `path`, whose place in the text is known."""
        return ExportError(self.file, self.line_at(position), f"{show_path(path)} to be {expected}", found)

    def line_at(self, position: int) -> int:
        """Return the number of the line that holds the character at `position`."""
        return bisect_left(self.line_ends, position) + 1

    @cached_property
    def line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]

    def starts_in(self, position: int) -> dict[str | int, int]:
        """Return where each member of the object or list at `position` begins; of a repeated key, the last."""
        return dict(_scan_members(self.text, position))

    def source_at(self, position: int) -> str:
        """Return the value that begins at `position` as it is written in the file."""
        return self.text[position : DECODER.raw_decode(self.text, position)[1]]

    def _parse(self) -> Any:
        try:
            return DECODER.decode(self.text)
        except json.JSONDecodeError as error:
            rest = self.text[error.pos : error.pos + 40]
            found = quote_text(rest) if rest else "the end of the file"
            raise NotAnExport(self.file, error.lineno, f"JSON ({error.msg}, column {error.colno})", found) from None
        except RecursionError:
            raise NotAnExport(self.file, 1, f"JSON of at most {MAX_DEPTH} levels", "deeper nesting") from None
        except ValueError as error:
            raise NotAnExport(self.file, self._line_of_constant(), "JSON (RFC 8259)", str(error)) from None

    def _line_of_constant(self) -> int:
        outside = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)')
        found = next((match for match in outside.finditer(self.text) if match.group(1)), None)
        return self.text.count("\n", 0, found.start()) + 1 if found else 1

    def _walk(self) -> Iterator[tuple[Path, Any]]:
        waiting: list[tuple[Path, Any]] = [((), self.root)]
        while waiting:
            path, value = waiting.pop()
            yield path, value
            if isinstance(value, dict):
                waiting += [((*path, key), member) for key, member in value.items()]
            elif isinstance(value, list):
                waiting += [((*path, index), member) for index, member in enumerate(value)]

    def _check(self, path: Path, value: Any) -> None:
        if len(path) > MAX_DEPTH:
            line = self.line_at(self._find(path))
            raise NotAnExport(self.file, line, f"JSON of at most {MAX_DEPTH} levels", "deeper nesting")
        if isinstance(value, Members):
            if value.twice is not None:
                raise self.fail((*path, value.twice), "given once", "the same key twice")
            for key in value:
                self._check_text(path, key)
        elif isinstance(value, str):
            self._check_text(path, value)

    def _check_text(self, path: Path, text: str) -> None:
        found = UNPRINTABLE.search(text) or SURROGATE.search(text)
        if found:
            raise self.fail(path, "printable text", f"the character U+{ord(found.group()):04X}")

    def _find(self, path: Path) -> int:
        position = _skip(self.text, 0)
        for step in path:
            position = self.starts_in(position).get(step, position)
        return position


def _skip(text: str, position: int) -> int:
    match = BLANK.match(text, position)
    return match.end() if match else position


def _scan_members(text: str, position: int) -> Iterator[tuple[str | int, int]]:
    is_object, count = text[position] == "{", 0
    position = _skip(text, position + 1)
    while text[position] not in "]}":
        key: str | int = count
        if is_object:
            key, position = scanstring(text, position + 1, True)
            position = _skip(text, _skip(text, position) + 1)
        yield key, position
        position = _skip(text, DECODER.raw_decode(text, position)[1])
        position = _skip(text, position + 1) if text[position] == "," else position
        count += 1


def show_path(path: Sequence[str | int]) -> str:
    """Return `path` as a message writes it: `events[3].date`, or `the file` for the root."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{show_text(step, 40)}" for step in path)
    return steps.lstrip(".") or "the file"
