"""The set-up script: clear answers, an installation that is redone after a kill, nothing done twice."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from config.stack.options import ROOT

SCRIPT = ROOT / "run"


def load_script() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("run_script", str(SCRIPT))
    spec = importlib.util.spec_from_loader("run_script", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def script(tmp_path, monkeypatch) -> ModuleType:
    """Return the script on a project of its own whose installations are written down instead of made."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    module = load_script()
    sys.dont_write_bytecode = before
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(f"{name}==1\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "BOOTSTRAP", tmp_path / ".bootstrap")
    module.commands_run = []

    def run(command: list[str], _hint: str = "") -> None:
        module.commands_run.append(command[1:3])
        if "venv" in command:
            module.PYTHON.parent.mkdir(parents=True)
            module.PYTHON.symlink_to(sys.executable)

    monkeypatch.setattr(module, "run", run)
    monkeypatch.setattr(module, "is_usable", lambda: True)
    return module


MAKE, INSTALL = ["-m", "venv"], ["-m", "pip"]


def test_an_unchanged_lock_is_installed_once(script):
    for _ in range(3):
        script.set_up("run")
    assert script.commands_run == [MAKE, INSTALL]


def test_a_changed_lock_is_installed_again_in_place(script):
    script.set_up("run")
    (script.ROOT / "requirements.txt").write_text("requirements.txt==2\n")
    script.set_up("run")
    assert script.commands_run == [MAKE, INSTALL, INSTALL]


def test_the_development_install_serves_the_product_too(script):
    script.set_up("dev")
    script.set_up("run")
    assert script.commands_run == [MAKE, INSTALL]


def test_a_killed_installation_is_thrown_away_and_redone(script, monkeypatch):
    def be_killed(command: list[str], hint: str = "") -> None:
        working_run(command, hint)
        if "install" in command:
            (script.VENV / "half a package").touch()
            raise KeyboardInterrupt

    working_run = script.run
    monkeypatch.setattr(script, "run", be_killed)
    with pytest.raises(KeyboardInterrupt):
        script.set_up("run")
    monkeypatch.setattr(script, "run", working_run)
    script.set_up("run")
    assert not (script.VENV / "half a package").exists()
    assert script.commands_run == [MAKE, INSTALL, MAKE, INSTALL]


def test_without_ensurepip_a_hash_locked_virtualenv_makes_the_environment(script, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    script.make_environment()
    assert [command[0] for command in script.commands_run] == ["-m", "-m", "-c"]
    assert "run_module('virtualenv'" in script.commands_run[2][1]


def test_installs_check_hashes(script):
    assert {"--require-hashes", "--no-deps"} <= set(script.INSTALL)


def test_the_project_can_be_imported_from_every_folder(script):
    packages = script.VENV / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    script.link_project()
    assert (packages / "dossiers-project.pth").read_text() == f"{script.ROOT}\n"


def run_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)


def test_an_unknown_command_is_an_error_of_usage():
    done = run_script("srve")
    assert done.returncode == 2
    assert "unknown command 'srve'" in done.stderr


def test_help_names_every_command():
    done = run_script("help")
    assert done.returncode == 0
    assert all(f"./run {name}" in done.stdout for name in ("test", "check", "manage", "lock", "help"))


def test_the_script_uses_the_standard_library_only_and_can_be_run():
    assert os.access(SCRIPT, os.X_OK)
    code = "import importlib.machinery as m; m.SourceFileLoader('r', 'run').load_module()"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not Path(ROOT / "runc").exists()
