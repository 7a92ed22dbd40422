"""The doorway of what looks again by itself: takes what a browser shows, leaves nothing where that stays."""

from django.http import HttpRequest, HttpResponse

from dossiers.htmx import is_partial


def is_unchanged(request: HttpRequest, pulse: str) -> bool:
    """Say whether a browser that looks again already shows what this pulse stands for."""
    return request.method == "GET" and is_partial(request) and request.GET.get("seen") == pulse


def stay() -> HttpResponse:
    """Answer that there is nothing new (204): the page is left alone, with its focus and what is unfolded in it."""
    return HttpResponse(status=204, headers={"Vary": "HX-Request, Cookie"})


def read_number(request: HttpRequest, name: str) -> int | None:
    """Return a row's number from the address, None where there is none."""
    said = request.GET.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 18 else None
