"""Places to listen: a port that is taken is named, a socket folder of somebody else is not trusted."""

import os
import socket
import stat

import pytest

from config.stack.errors import StackError
from config.stack.privileges import Account
from config.stack.sockets import check_port, make_socket_dir


def test_a_port_in_use_is_named_with_what_to_set():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=rf"^port {port} is in use; set PORT="):
            check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_named():
    with pytest.raises(StackError, match=r"192\.0\.2\.1:8137 cannot be listened on"):
        check_port("192.0.2.1", 8137)


def test_the_socket_folder_is_ours_alone(tmp_path):
    folder = make_socket_dir(tmp_path / "sockets", None)
    folder.chmod(0o755)
    assert make_socket_dir(folder, None) == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_link_in_place_of_the_socket_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "sockets").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StackError, match="belongs to another user"):
        make_socket_dir(tmp_path / "sockets", None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(tmp_path):
    (tmp_path / "sockets").mkdir()
    os.chown(tmp_path / "sockets", 12345, 12345)
    with pytest.raises(StackError, match=r"belongs to another user \(id 12345"):
        make_socket_dir(tmp_path / "sockets", None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as another user")
def test_root_gives_the_socket_folder_to_the_servers_user(tmp_path):
    folder = make_socket_dir(tmp_path / "sockets", Account(12345, 12345, "somebody"))
    assert folder.stat().st_uid == 12345
