"""Encrypted connections: the name stays in the handshake, and a certificate that nobody vouches for ends it."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dossiers.clients import transport
from dossiers.clients.base import Outcome, Policy
from dossiers.clients.errors import ServiceError
from dossiers.clients.http import Client
from tests.stubs.server import StubServer, json_reply

Make = Callable[..., Policy]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a certificate with its key for the name localhost, vouched for by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file, text = tmp_path / "certificate.pem", serialization.Encoding.PEM
    plain = key.private_bytes(text, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(text) + plain)
    return file


@pytest.fixture
def encrypted(stub: StubServer, certificate: Path) -> list[str]:
    """Let the stand-in speak TLS; returns the names that handshakes ask for."""
    names: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    stub.wrap(context)
    stub.answerer = lambda _: json_reply({"secret": True})
    return names


def test_an_unknown_certificate_ends_it(stub: StubServer, encrypted: list[str], make_policy: Make) -> None:
    url = f"https://localhost:{stub.port}/"
    with Client(make_policy(url)) as client, pytest.raises(ServiceError) as caught:
        client.get_json(url)
    assert (caught.value.outcome, encrypted, stub.log) == (Outcome.UNAVAILABLE, ["localhost"], [])
    assert "encrypted" in caught.value.message


def test_a_name_is_kept_though_its_address_is_connected_to(
    stub: StubServer, encrypted: list[str], certificate: Path, make_policy: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(transport, "_make_ssl_context", lambda: context)
    url = f"https://localhost:{stub.port}/"
    with Client(make_policy(url, key="k")) as client:
        assert client.get_json(url, headers={"Authorization": "k"}).data == {"secret": True}
    assert (encrypted, stub.log[0].headers["host"]) == (["localhost"], f"localhost:{stub.port}")
    with Client(make_policy(f"https://127.0.0.1:{stub.port}")) as client, pytest.raises(ServiceError):
        client.get_json(f"https://127.0.0.1:{stub.port}/")
