"""Takes values of the desk; leaves them as a template writes them."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def exactly(text: str) -> SafeString:
    """Escape a capture's text so that the browser holds it character for character: HTML reads a bare CR as LF."""
    return mark_safe(escape(text).replace("\r", "&#13;"))  # noqa: S308  escaped in this very line


@register.filter
def spell_code(code: str) -> str:
    """Write a check's code in words: "date-not-in-quote" is "date not in quote"."""
    return code.replace("-", " ")
