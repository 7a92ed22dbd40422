"""The import contracts hold, and each of them notices when it is broken."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

# contract, the file that breaks it, and the line it breaks it with
VIOLATIONS = [
    ("stages", "dossiers/ingest/actions.py", "import dossiers.extract.actions"),
    ("stages", "dossiers/access.py", "import dossiers.review.queries"),
    ("stages", "dossiers/utils.py", "import dossiers.models.topic"),
    ("inside", "dossiers/publish/queries.py", "import dossiers.publish.actions"),
    ("inside", "dossiers/publish/helpers.py", "import dossiers.models.topic"),
    ("readers", "dossiers/read/queries.py", "import dossiers.models.claim"),
    ("readers", "dossiers/models/status.py", "import dossiers.models.claim"),
    ("pure", "dossiers/extract/numbers.py", "import django.conf"),
    ("pure", "dossiers/extract/quotes/extra.py", "import dossiers.models.capture"),
    ("http", "dossiers/publish/actions/extra.py", "import dossiers.access"),
    ("decisions", "dossiers/publish/queries.py", "import dossiers.models.decision"),
    ("editions", "dossiers/review/queries/extra.py", "import dossiers.models.edition"),
    ("models", "dossiers/access.py", "from dossiers import models"),
    ("network", "dossiers/extract/actions/extra.py", "import socket"),
]


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-logo", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the product's modules beside their contracts."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("dossiers", "config"):
        ignored = shutil.ignore_patterns("__pycache__", "static", "data")
        shutil.copytree(settings.BASE_DIR / name, folder / name, ignore=ignored)
    shutil.copy(settings.BASE_DIR / "pyproject.toml", folder)
    return folder


@pytest.fixture
def plant(tree: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Add a line to a file of the copy, or make the file, until the test is over."""
    file, line = tree / request.param[0], request.param[1]
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    yield
    if before is None:
        file.unlink()
    else:
        file.write_text(before, encoding="utf-8")


def test_contracts_hold(tree: Path) -> None:
    done = lint(tree)
    assert done.returncode == 0, done.stdout
    assert "9 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("contract", "plant"), [(name, (file, line)) for name, file, line in VIOLATIONS], indirect=["plant"]
)
def test_contract_notices_a_violation(tree: Path, contract: str, plant: None) -> None:
    done = lint(tree, "--contract", contract)
    assert done.returncode == 1, done.stdout
    assert "0 kept, 1 broken" in done.stdout


def test_every_contract_is_tried() -> None:
    text = (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    assert {line[6:-1] for line in text.splitlines() if line.startswith("id = ")} == {name for name, _, _ in VIOLATIONS}
