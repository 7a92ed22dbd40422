"""Servers of their own for tests that kill them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.stack.options import Options
from config.stack.postgres import Postgres
from config.stack.privileges import find_server_account
from config.stack.servers import Servers


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """Return servers on a data folder of their own, not started; whatever a test starts of them is stopped."""
    data_dir = tmp_path / "data"
    servers = Servers(Options(data_dir), is_durable=False)
    yield servers
    servers.stop()


@pytest.fixture
def running_postgres(servers: Servers) -> Postgres:
    """Return a running PostgreSQL with a fresh cluster."""
    servers.start_postgres()
    assert servers.postgres is not None
    servers.postgres.wait()
    assert (servers.postgres.account is None) == (find_server_account() is None)
    return servers.postgres
