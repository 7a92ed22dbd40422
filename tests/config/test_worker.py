"""`./run worker`: beside a running product, on given servers, and clear words where there is neither."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from config.stack.databases import APP_ROLE, embedded_url
from config.stack.options import ROOT, Options
from config.stack.processes import wait_until
from tests.config.product import SECONDS, Product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("worker")
    product = Product(folder / "data", given={"TASK_WORKERS": "1"})
    product.start()
    yield product
    product.stop(signal.SIGTERM)


def start_worker(environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "config.stack", "worker"]
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)}, text=True, **pipes)


def list_workers(product: Product) -> list[list[object]]:
    """Return which workers have said lately that they live: their name's first word, processes and queues."""
    socket = Options(product.data_dir).socket_dir / "valkey.sock"
    with redis.Redis(unix_socket_path=str(socket), db=2) as connection:
        said = [json.loads(connection.get(key) or "{}") for key in connection.keys("worker:*")]
    return sorted(
        [one["hostname"].split("@")[0].split("-")[0], one["concurrency"], one["queues"]] for one in said if one
    )


def list_given(product: Product) -> dict[str, str]:
    """Return the variables that another machine would set."""
    sockets = Options(product.data_dir).socket_dir
    password = (product.data_dir / "secrets" / APP_ROLE).read_text()
    address = embedded_url(APP_ROLE, password, sockets, "dossiers")
    return {"DATABASE_URL": address, "REDIS_URL": f"unix://{sockets}/valkey.sock"}


@pytest.mark.parametrize("is_beside", [True, False], ids=["beside", "elsewhere"])
def test_a_further_worker_takes_from_both_queues(product: Product, tmp_path: Path, is_beside: bool) -> None:
    elsewhere = {**list_given(product), "DATA_DIR": str(tmp_path)}
    worker = start_worker({**product.environment, "TASK_WORKERS": "2", **({} if is_beside else elsewhere)})
    queues = ["interactive", "scheduled"]
    both = [["main", 1, queues], ["worker", 2, queues]]
    try:
        assert wait_until(lambda: list_workers(product) == both, SECONDS, 0.5), list_workers(product)
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(SECONDS) == 0
    assert list_workers(product) == both[:1]


def test_the_owners_address_is_refused(product: Product, tmp_path: Path) -> None:
    sockets = Options(product.data_dir).socket_dir
    password = (product.data_dir / "secrets" / "dossiers_owner").read_text()
    owner = embedded_url("dossiers_owner", password, sockets, "dossiers")
    other = Product(tmp_path / "data", given={**list_given(product), "DATABASE_URL": owner})
    done = other.run("worker")
    assert done.returncode == 1
    assert "a worker needs the application's" in done.stderr
    assert password not in done.stderr


@pytest.mark.parametrize("given", [{}, {"REDIS_URL": "redis://127.0.0.1:1/0"}])
def test_without_anything_to_work_for_it_says_what_to_do(tmp_path: Path, given: dict[str, str]) -> None:
    done = Product(tmp_path / "data", given=given).run("worker")
    assert done.returncode == 1
    assert "There is nothing to work for" in done.stderr
    assert "Start ./run first" in done.stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_servers_that_do_not_answer_are_an_error(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://me:topsecret@127.0.0.1:1/desk", "REDIS_URL": "redis://127.0.0.1:1/0"}
    done = Product(tmp_path / "data", given=given).run("worker")
    assert done.returncode == 1
    assert "Connection refused" in done.stderr
    assert "topsecret" not in done.stderr
