"""Clients by name, and what one still needs."""

import tomllib

import pytest
from pytest_django import Settings

from dossiers.clients.base import Policy
from dossiers.clients.registry import describe_needs, make_provider, make_user_agent
from dossiers.clients.wikidata import Wikidata


def needs(
    client: str = "nominatim", base_url: str = "https://service.example.org", key: str = "", **given: object
) -> str:
    values = {"needs_contact": False, "contact": "", "needs_key": False, **given}
    return describe_needs(client, Policy("p", "geocoder", base_url, key=key), **values)  # type: ignore[arg-type]


def test_provider_is_the_one_that_the_setting_names(settings: Settings) -> None:
    settings.RESEARCH_CLIENTS = {"mine": "dossiers.clients.wikidata.Wikidata"}
    assert isinstance(make_provider("mine", Policy("p", "knowledge_base")), Wikidata)
    with pytest.raises(LookupError, match="RESEARCH_CLIENTS"):
        make_provider("yours", Policy("p", "knowledge_base"))


def test_what_is_missing_is_said_in_one_sentence() -> None:
    assert needs() == ""
    assert needs(needs_contact=True, contact="a@example.org", needs_key=True, key="k") == ""
    assert needs(base_url="") == "It still needs a base address."
    assert needs("recorded", base_url="") == ""
    assert "client named 'other'" in needs("other")
    both = needs(needs_contact=True, contact="  ", needs_key=True)
    assert "a contact" in both and " and a key" in both
    assert needs(base_url="", needs_contact=True, needs_key=True).count(", ") == 2


@pytest.mark.parametrize(
    ("contact", "middle"),
    [
        ("mail@example.org", " (mail@example.org)"),
        ("", ""),
        ("  ", ""),
        ("x\r\nX-Injected: 1", " (xX-Injected: 1)"),
        ("(a) ü", " (a)"),
    ],
)
def test_user_agent_is_one_line_that_names_the_product(contact: str, middle: str, settings: Settings) -> None:
    agent = make_user_agent(contact)
    assert agent.startswith(f"Dossiers/{settings.VERSION}{middle} httpx2/")
    assert agent.isascii() and agent.isprintable()


def test_version_is_the_projects(settings: Settings) -> None:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == settings.VERSION
