"""Takes values of the desk; leaves them as a template writes them."""

import re
from collections.abc import Iterable
from typing import Protocol

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JOINT = '<span class="joint" data-skip="{}" title="The snippet was cut here">{}</span>'
_MARK = '<mark data-role="{}" title="{}">{}</mark>'


class Written(Protocol):
    """A run of a capture's text: `mark` is its role in the proposal, `skip` the length of a joint."""

    text: str
    mark: str
    skip: int


@register.simple_tag
def write_passage(segments: Iterable[Written]) -> SafeString:
    """Write a capture's text, marked, character for character: offsets count any white space a template would add."""
    return format_html_join("", "{}", ((_write(segment),) for segment in segments))


def _write(segment: Written) -> SafeString:
    if segment.skip:
        return format_html(_JOINT, segment.skip, segment.text)
    if segment.mark:
        return format_html(_MARK, segment.mark, segment.mark.capitalize(), exactly(segment.text))
    return exactly(segment.text)


def exactly(text: str) -> SafeString:
    """Escape a capture's text so that the browser holds it character for character: HTML reads a bare CR as LF."""
    return mark_safe(escape(text).replace("\r", "&#13;"))  # noqa: S308  escaped in this very line


@register.filter
def spell_code(code: str) -> str:
    """Write a check's code or a status in words: "date-not-in-quote" is "date not in quote"."""
    return code.replace("-", " ").replace("_", " ")


@register.filter
def plainly(sentence: str) -> str:
    """Write a sentence of ours about words of theirs without the marks in them that would turn it round (UAX #9)."""
    return _DIRECTION_MARKS.sub("", sentence)
