"""A report by mail, to a real mail server: what arrives, and the one line that says why it did not."""

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from flows.mail import MailError, compose, send

# aiosmtpd warns of a server that takes passwords in the clear, which is this test's own
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
DAY = dt.date(2026, 11, 15)
PASSWORD = "correct horse"


class Box(Message):
    """Keeps what arrives; refuses one address."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address == "nobody@example.org":
            return "550 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Any) -> None:
        self.mails.append(message_from_bytes(message.as_bytes(), policy=default))  # type: ignore[arg-type]


def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"heard", PASSWORD.encode()), handled=False)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    html, pdf = tmp_path / "report-2026-11-15.html", tmp_path / "report-2026-11-15.pdf"
    html.write_text("<!doctype html><p>été</p>", encoding="utf-8")
    pdf.write_bytes(b"%PDF-1.7 a report")
    return [html, pdf]


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[dict[str, object]]:
    """A plain server that wants a password; the settings that reach it."""
    yield from serve(box, auth_require_tls=False, auth_required=True)


def serve(box: Box, **options: Any) -> Iterator[dict[str, object]]:
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, authenticator=authenticate, **options)
    controller.start()
    try:
        yield {"host": "127.0.0.1", "port": port, "security": "none", "sender": "heard@example.org", "user": "heard"}
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody but this test trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail of the tests")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return paths


@pytest.fixture
def secure_server(box: Box, certificate: tuple[Path, Path]) -> Iterator[dict[str, object]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    for settings in serve(box, tls_context=context, require_starttls=True):
        yield settings | {"security": "starttls"}


def test_the_report_arrives_with_its_files(
    server: dict[str, object], box: Box, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    send(server | {"password_variable": "MAIL_PASSWORD"}, ["a@example.org", "b@example.org"], DAY, files)
    (mail,) = box.mails
    assert mail["subject"] == "Support conversations, 2026-11-15"
    assert mail["from"] == "heard@example.org"
    assert mail["to"] == "a@example.org, b@example.org"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "2026-11-15 is attached" in body.get_content()
    attached = {part.get_filename(): (part.get_content_type(), part.get_content()) for part in mail.iter_attachments()}
    assert attached["report-2026-11-15.html"][0] == "text/html"
    assert "<p>été</p>" in attached["report-2026-11-15.html"][1]
    assert attached["report-2026-11-15.pdf"] == ("application/pdf", b"%PDF-1.7 a report")


def test_starttls_is_used_and_the_certificate_checked(
    secure_server: dict[str, object],
    box: Box,
    certificate: tuple[Path, Path],
    files: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HEARD_SMTP_PASSWORD", PASSWORD)
    with pytest.raises(MailError, match="CERTIFICATE_VERIFY_FAILED"):
        send(secure_server, ["a@example.org"], DAY, files)
    assert box.mails == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    send(secure_server, ["a@example.org"], DAY, files)
    assert len(box.mails) == 1


def test_a_wrong_password_is_said_without_the_password(
    server: dict[str, object], box: Box, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARD_SMTP_PASSWORD", "wrong")
    with pytest.raises(MailError, match=r"127\.0\.0\.1:\d+: 535 .*See \[email\] in heard\.toml") as error:
        send(server, ["a@example.org"], DAY, files)
    assert "\n" not in str(error.value)
    assert "wrong" not in str(error.value)
    assert box.mails == []


def test_a_refused_address_is_named_and_the_others_have_the_report(
    server: dict[str, object], box: Box, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEARD_SMTP_PASSWORD", PASSWORD)
    with pytest.raises(MailError, match=r"it refused nobody@example\.org; the others have the report"):
        send(server, ["nobody@example.org", "a@example.org"], DAY, files)
    assert len(box.mails) == 1
    with pytest.raises(MailError, match=r"it refused nobody@example\.org; expected"):
        send(server, ["nobody@example.org"], DAY, files)


@pytest.mark.parametrize(
    ("email", "line"),
    [
        ({}, r"\[email\] names no host"),
        ({"host": "127.0.0.1", "port": 1}, r"127\.0\.0\.1:1: .*Connection refused.*See \[email\]"),
        ({"host": "h", "security": "tls"}, r"security is 'tls'; expected starttls, ssl or none"),
        ({"host": "h", "port": "many"}, r"port is 'many'; expected a number"),
    ],
)
def test_what_is_wrong_is_one_line(email: dict[str, object], line: str, files: list[Path]) -> None:
    with pytest.raises(MailError, match=line) as error:
        send(email, ["a@example.org"], DAY, files)
    assert "\n" not in str(error.value)


def test_a_password_that_is_not_set_is_named(
    server: dict[str, object], files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEARD_SMTP_PASSWORD", raising=False)
    with pytest.raises(MailError, match="HEARD_SMTP_PASSWORD is not set"):
        send(server, ["a@example.org"], DAY, files)


def test_an_address_cannot_add_headers(files: list[Path]) -> None:
    with pytest.raises(MailError, match="is no address"):
        compose("heard@example.org", ["a@example.org\nBcc: b@example.org"], DAY, files)
