"""Options: defaults for a newcomer, clear errors for what cannot be read, secrets from files."""

import tempfile

import pytest

from config.stack.errors import StackError
from config.stack.options import LONGEST_TEMPORARY_FOLDER, ROOT, Options, read_options


def test_an_empty_environment_serves_samples_on_this_machine_only():
    options = read_options({})
    assert (options.host, options.port, options.debug, options.samples) == ("127.0.0.1", 8137, True, True)
    assert options.data_dir == ROOT / ".data"
    assert options.address == "http://127.0.0.1:8137"


@pytest.mark.parametrize(
    ("environment", "samples"),
    [
        ({"DEBUG": "0"}, False),
        ({"DEBUG": "0", "SAMPLES": "1"}, True),
        ({"SAMPLES": "0"}, False),
        ({"SAMPLES": ""}, True),
    ],
)
def test_production_has_no_samples_unless_asked_for(environment, samples):
    assert read_options(environment).samples is samples


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PORT": "http"}, "PORT=http is not a number"),
        ({"PORT": "0"}, "PORT=0 is not a number"),
        ({"PORT": "70000"}, "PORT=70000 is not a number"),
        ({"PORT": "٣"}, "is not a number"),
        ({"DEBUG": "maybe"}, "DEBUG=maybe is not understood"),
        ({"SECRET_KEY_FILE": "/does/not/exist"}, "SECRET_KEY_FILE names /does/not/exist"),
    ],
)
def test_what_cannot_be_read_is_named(environment, words):
    with pytest.raises(StackError, match=words):
        read_options(environment)


def test_a_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "key").write_text("from a file\n")
    assert read_options({"SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == "from a file"


@pytest.mark.parametrize(
    ("host", "address"),
    [("0.0.0.0", "http://127.0.0.1:80"), ("::", "http://127.0.0.1:80"), ("::1", "http://[::1]:80")],  # noqa: S104
)
def test_the_printed_address_can_be_opened(tmp_path, host, address):
    assert Options(tmp_path, host=host, port=80).address == address


def test_the_socket_folder_is_short_and_each_data_folder_has_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "gettempdir", lambda: "/a/temporary/folder" * 10)
    first, again, second = (Options(tmp_path / name).socket_dir for name in ("a", "a", "b"))
    assert first == again != second
    assert len(str(first / ".s.PGSQL.5432.lock")) < 103
    assert len(str(first.parent)) <= LONGEST_TEMPORARY_FOLDER
