"""Django's environment: serving processes never learn the owner's address, files of secrets cannot overrule us."""

import os

import pytest

from config.stack import django
from config.stack.django import hash_schema_code, load_samples_if_needed, make_environment, migrate_if_needed
from config.stack.errors import StackError
from config.stack.options import Options
from config.stack.provision import connect, provision
from config.stack.servers import Servers
from config.stack.web import make_beat, make_web, make_worker, refuse_incomplete_production


def test_the_serving_processes_are_not_told_the_owners_address(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://from-the-shell@db/desk")
    monkeypatch.setenv("DATABASE_OWNER_URL_FILE", "/from/the/shell")
    servers = Servers(Options(tmp_path))
    for child in (make_web(servers, "token"), make_worker(servers), make_beat(servers)):
        told = " ".join([*child.command, *child.environment, *child.environment.values()])
        assert "DATABASE_OWNER_URL" not in told
        assert servers.addresses.owner not in told
        assert "postgres:" not in told.replace("postgresql:", "")


def test_commands_are_told_the_owners_address(tmp_path):
    servers = Servers(Options(tmp_path))
    assert make_environment(servers, with_owner=True)["DATABASE_OWNER_URL"] == servers.addresses.owner


def test_a_file_of_a_secret_does_not_overrule_what_the_stack_decided(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL_FILE", "/run/secrets/owner")
    monkeypatch.setenv("HTTP_PROXY_FILE", "kept")
    environment = make_environment(Servers(Options(tmp_path)))
    assert "DATABASE_URL_FILE" not in environment
    assert environment["HTTP_PROXY_FILE"] == "kept"


def test_the_secret_key_is_made_once_for_development_and_never_for_production(tmp_path):
    first = make_environment(Servers(Options(tmp_path)))["SECRET_KEY"]
    assert len(first) >= 50
    assert make_environment(Servers(Options(tmp_path)))["SECRET_KEY"] == first
    assert "SECRET_KEY" not in make_environment(Servers(Options(tmp_path, debug=False)))


@pytest.mark.parametrize(
    ("given", "words"), [({}, "SECRET_KEY is not set"), ({"secret_key": "x" * 50}, "SITE_URL is not set")]
)
def test_production_says_what_is_missing_before_anything_starts(tmp_path, given, words):
    with pytest.raises(StackError, match=words):
        refuse_incomplete_production(Options(tmp_path, debug=False, **given))


def test_only_the_web_server_pools_connections(tmp_path):
    servers = Servers(Options(tmp_path))
    pools = [
        child.environment.get("DATABASE_POOL")
        for child in (make_web(servers, ""), make_worker(servers), make_beat(servers))
    ]
    assert pools == ["1", None, None]


def test_migrations_run_when_the_code_or_the_databases_own_record_has_changed(servers: Servers, monkeypatch):
    runs = []

    def pretend(arguments, environment, _log):
        runs.append((arguments[0], environment["DATABASE_URL"]))
        with connect(servers.addresses.owner) as owner:
            owner.execute(
                "CREATE TABLE IF NOT EXISTS django_migrations (id serial, app text, name text, applied timestamptz)"
            )
            owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())")
        return ""

    monkeypatch.setattr(django, "run_manage", pretend)
    servers.start_postgres()
    servers.postgres.wait()
    provision(servers.addresses)
    assert [migrate_if_needed(servers) for _ in range(2)] == ["migrated", "up to date"]
    with connect(servers.addresses.owner) as owner:
        owner.execute("DELETE FROM django_migrations")
    assert migrate_if_needed(servers) == "migrated"
    monkeypatch.setattr(django, "hash_schema_code", lambda: "changed")
    assert migrate_if_needed(servers) == "migrated"
    assert runs == [("migrate", servers.addresses.owner)] * 3


def test_samples_are_loaded_once_and_again_when_an_account_has_changed(tmp_path, monkeypatch):
    calls, accounts = [], ["none"]

    def pretend(arguments, _environment, _log):
        calls.append(arguments)
        accounts[0] = "made"
        return f"call {len(calls)}\n"

    monkeypatch.setattr(django, "run_manage", pretend)
    monkeypatch.setattr(django, "read_accounts", lambda _url: accounts[0])
    servers = Servers(Options(tmp_path))
    assert [load_samples_if_needed(servers) for _ in range(2)] == ["call 1", "call 1"]
    assert (tmp_path / "secrets" / "sign-ins.json").stat().st_mode & 0o077 == 0
    accounts[0] = "password changed"
    assert load_samples_if_needed(servers) == "call 2"
    assert calls == [["load_samples"]] * 2


def test_a_command_that_fails_is_shown_with_the_end_of_its_log(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "no.such.settings"}
    with pytest.raises(StackError, match=r"(?s)manage.py migrate failed \(exit status 1\).*No module named 'no'"):
        django.run_manage(["migrate"], environment, tmp_path / "logs" / "migrate.log")


def test_the_hash_of_the_schema_follows_the_files(tmp_path, monkeypatch):
    before = hash_schema_code()
    (tmp_path / "models.py").write_text("one")
    first = django.hash_files([tmp_path / "models.py"])
    (tmp_path / "models.py").write_text("two")
    assert django.hash_files([tmp_path / "models.py"]) != first
    assert hash_schema_code() == before
