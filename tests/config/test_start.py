"""Whole starts: the product comes up, survives being killed, answers commands beside it, and stops when told to."""

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.stack.options import Options
from config.stack.privileges import IS_LINUX
from config.stack.processes import find_marked, wait_until
from tests.config.product import SECONDS, Product


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    product = Product(tmp_path / "data")
    yield product
    if product.process is not None and product.process.poll() is None:
        product.stop(signal.SIGTERM)


@pytest.mark.skipif(not IS_LINUX, reason="children are found through /proc")
def test_the_product_survives_kills_and_answers_commands_and_stops_clean(product: Product):
    printed = product.start()
    assert f"http://127.0.0.1:{product.port}/" in printed
    assert list(re.findall(r"^  (\w[\w ]+?) +[\d.]+ s", printed, re.MULTILINE)) == [
        "servers",
        "migrations",
        "web server",
        "total",
    ]
    assert product.is_ready()

    beside = product.run("manage", "shell", "--no-imports", stdin="print('answer', 6 * 7); raise SystemExit(7)")
    assert (beside.returncode, beside.stdout.split()) == (7, ["answer", "42"])

    second = product.run("serve")
    assert second.returncode == 1
    assert f"is already being served by process {product.process.pid}" in second.stderr

    before = find_marked(product.data_dir)
    product.stop(signal.SIGKILL)
    assert "up to date" in product.start()
    assert product.is_ready()
    assert not set(before) & set(find_marked(product.data_dir))

    for name in ("web", "valkey", "worker", "beat"):
        for pid in find_marked(product.data_dir, name):
            os.kill(pid, signal.SIGKILL)
    os.kill(int((product.data_dir / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    time.sleep(0.5)
    assert wait_until(product.is_ready, SECONDS)
    names = ("postgres", "valkey", "web", "worker", "beat")
    assert wait_until(lambda: all(find_marked(product.data_dir, name) for name in names), SECONDS)

    assert product.stop(signal.SIGINT) == 0
    assert find_marked(product.data_dir) == []
    assert not (product.data_dir / "postgres" / "postmaster.pid").exists()
    assert not (product.data_dir / "stack.json").exists()
    logs = "".join(path.read_text(errors="replace") for path in (product.data_dir / "logs").glob("*"))
    secrets = [path.read_text() for path in (product.data_dir / "secrets").iterdir()]
    assert len(secrets) >= 5
    assert not any(secret in logs for secret in secrets)


def test_a_command_without_a_running_product_gets_servers_of_its_own(product: Product):
    done = product.run("manage", "showmigrations", "--plan")
    assert (done.returncode, done.stderr.count("servers ")) == (0, 1)
    assert all(line.startswith("[ ]") for line in done.stdout.splitlines())
    done = product.run(
        "manage", "shell", "--no-imports", stdin="from django.db import connections; print(*connections)"
    )
    assert (done.returncode, done.stdout.strip()) == (0, "default reader owner")
    assert find_marked(product.data_dir) == []
    assert not Options(product.data_dir).socket_dir.joinpath(".s.PGSQL.5432").exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"DATABASE_URL": "postgresql://me:topsecret@127.0.0.1:1/desk"}, "Connection refused"),
        ({"REDIS_URL": "redis://:topsecret@127.0.0.1:1/0"}, "Connection refused"),
        ({"DEBUG": "0"}, "SECRET_KEY is not set"),
        ({"PORT": "no"}, "PORT=no is not a number"),
    ],
)
def test_a_start_that_cannot_succeed_says_why_and_leaves_nothing(product: Product, given, words):
    product.given = given
    done = product.run("serve")
    assert done.returncode == 1
    assert words in done.stderr
    assert "topsecret" not in done.stdout + done.stderr
    assert find_marked(product.data_dir) == []


def test_a_port_in_use_is_said_before_anything_starts(product: Product):
    with socket.create_server(("127.0.0.1", product.port)):
        done = product.run("serve")
    assert done.returncode == 1
    assert f"port {product.port} is in use; set PORT=" in done.stderr
    assert not (product.data_dir / "postgres").exists()
