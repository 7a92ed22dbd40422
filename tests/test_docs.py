"""The documents name what exists: every setting, command and picture, and the glossary's words."""

import re
from pathlib import Path

import pytest

from dossiers.clients.base import Outcome
from dossiers.refresh.assembly import describe_step

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def find_variables() -> set[str]:
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    options = (ROOT / "config" / "stack" / "options.py").read_text(encoding="utf-8")
    read_by_settings = re.findall(r'(?:env\.\w+|_require|_database)\(\s*"([A-Z_]+)"', settings)
    read_by_stack = re.findall(r'environment, "([A-Z_]+)"', options)
    texts = re.search(r"_TEXTS = \((.*?)\)", options, re.DOTALL)
    assert texts
    return {*read_by_settings, *read_by_stack, *(name.upper() for name in re.findall(r'"(\w+)"', texts.group(1)))}


def test_every_setting_stands_in_the_readme():
    variables = find_variables()
    assert {"DATABASE_URL", "PORT", "SECRET_KEY", "LOG_LEVEL", "POSTGRES_BIN"} <= variables
    assert {name for name in variables if f"`{name}`" not in README} == set()


def test_the_readme_names_no_setting_that_is_not_read():
    table = README.split("## Settings")[1].split("## More")[0]
    named = {
        name for row in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE) for name in re.findall(r"`([A-Z_]+)`", row)
    }
    assert named - find_variables() == set()


DOCUMENTS = ["README.md", "docs/architecture.md", "docs/dossier-json.md", "docs/research.md", "seeds/README.md"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_to_a_file_leads_somewhere(document):
    path = ROOT / document
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_path_that_the_architecture_names_exists():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:dossiers|config|tests)/[\w/.]+)`", text)
    assert len(paths) > 5
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_guide_to_research_tells_every_outcome_as_the_screens_name_it():
    guide = (ROOT / "docs" / "research.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| ([^|]+) \|", guide.split("| outcome |")[1].split("\n\n")[0], re.MULTILINE)
    assert told == [describe_step("done", outcome).name for outcome in Outcome]


def test_the_guide_to_research_names_settings_that_are_read():
    guide = (ROOT / "docs" / "research.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`([A-Z]+_[A-Z_]+)`", guide)) - find_variables() == set()
