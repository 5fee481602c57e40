"""Mail through a real server with TLS and a login; what it refuses is told in words, and never the password."""

from __future__ import annotations

import socketserver
import ssl
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from etl.fetch.mail import mail

USER, PASSWORD = "desk@news.example", "s3cr:t/&%ü"
TO = ["a@b.example", "c@d.example"]


def certified(folder: Path, *, name: str = "127.0.0.1", is_over: bool = False) -> Path:
    """A certificate of its own authority, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=-1 if is_over else 1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(name))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}-{is_over}.pem"
    forms = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(made.public_bytes(forms[0]) + key.private_bytes(*forms))
    return path


@dataclass
class Server:
    """A mail server that takes mail after TLS and a login, and what it got."""

    certificate: Path
    is_implicit: bool = False
    mechanisms: str = "PLAIN LOGIN"
    password: str = PASSWORD
    refusal: str = "5.7.8 Authentication credentials invalid"
    port: int = 0
    got: list[bytes] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # each with whether it came encrypted

    @property
    def url(self) -> str:
        return f"smtp{'s' if self.is_implicit else ''}://desk%40news.example:{{}}@127.0.0.1:{self.port}"


@contextmanager
def served(server: Server) -> Iterator[Server]:
    """Serve until the block ends."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(server.certificate)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                self._talk(tls.wrap_socket(self.request, server_side=True) if server.is_implicit else self.request)
            except OSError:  # the other side saw enough
                return

        def _talk(self, connection: object) -> None:
            session = _Session(server, connection, tls)
            while session.step():
                pass

    class Threads(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Threads(("127.0.0.1", 0), Handler) as listener:
        server.port = listener.server_address[1]
        threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        listener.shutdown()


class _Session:
    """One client, command by command."""

    def __init__(self, server: Server, connection: object, tls: ssl.SSLContext) -> None:
        self.server, self.tls = server, tls
        self.is_in = False
        self._take(connection)
        self._say("220 here")

    def _take(self, connection: object) -> None:
        self.connection = connection
        self.is_encrypted = isinstance(connection, ssl.SSLSocket)
        self.file = connection.makefile("rb")  # type: ignore[attr-defined]

    def _say(self, line: str) -> None:
        self.connection.sendall(f"{line}\r\n".encode())  # type: ignore[attr-defined]

    def step(self) -> bool:
        words = self.file.readline().decode().split()
        if not words:
            return False
        word = words[0].upper()
        self.server.words.append(f"{word}{' encrypted' if self.is_encrypted else ''}")
        match word:
            case "EHLO":
                offers = [f"AUTH {self.server.mechanisms}"] if self.is_encrypted else ["STARTTLS"]
                self._say("\r\n".join(["250-here", *(f"250 {o}" for o in offers)]))
            case "STARTTLS":
                self._say("220 go on")
                self._take(self.tls.wrap_socket(self.connection, server_side=True))  # type: ignore[arg-type]
            case "AUTH":
                self.is_in = self._login(words[1], words[2] if len(words) > 2 else "")
                self._say("235 welcome" if self.is_in else f"535 {self.server.refusal}")
            case "DATA":
                self._say("354 go on")
                self.server.got.append(b"".join(iter(self.file.readline, b".\r\n")))
                self._say("250 taken")
            case "QUIT":
                self._say("221 bye")
                return False
            case _:
                self._say("250 fine" if self.is_in else "530 5.7.0 Authentication required")
        return True

    def _login(self, how: str, first: str) -> bool:
        if how == "PLAIN":
            return b64decode(first).decode().split("\0")[1:] == [USER, self.server.password]
        user = b64decode(first).decode()
        self._say("334 " + b64encode(b"Password:").decode())
        return [user, b64decode(self.file.readline()).decode()] == [USER, self.server.password]


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


@pytest.mark.parametrize("is_implicit", [False, True])
@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN"])
def test_it_arrives_encrypted_after_a_login(tmp_path: Path, mechanisms: str, *, is_implicit: bool) -> None:
    with served(Server(certified(tmp_path), is_implicit, mechanisms, password="s3cr:t/&%")) as server:
        told = mail(server.url.format("s3cr%3At%2F%26%25"), TO, "Підсумок", "Ж\n.\n", tls=trusting(server.certificate))
    assert told is None
    [got] = server.got
    message = message_from_bytes(got, policy=policy.default)
    assert (message["From"], message["To"], message["Subject"]) == (USER, ", ".join(TO), "Підсумок")
    assert got.count(b"\r\n..\r\n") <= 1
    assert all("encrypted" in word for word in server.words if word.split()[0] not in {"EHLO", "STARTTLS"})
    assert ("STARTTLS" in server.words) is not is_implicit


@pytest.mark.parametrize("is_implicit", [False, True])
def test_the_authorities_to_trust_can_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_implicit: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certified(tmp_path)))
    with served(Server(tmp_path / "127.0.0.1-False.pem", is_implicit, password="word")) as server:
        assert mail(server.url.format("word"), TO, "s", "t") is None
    assert len(server.got) == 1


@pytest.mark.parametrize("is_implicit", [False, True])
def test_a_wrong_password_is_told_and_not_said(tmp_path: Path, *, is_implicit: bool) -> None:
    for password in ("hunter22", "b@d p%ss"):
        plain = b64encode(f"\0{USER}\0{password}".encode()).decode()
        refusal = f"no such login: {plain} ({password}) {b64encode(password.encode()).decode()}"
        with served(Server(certified(tmp_path), is_implicit, refusal=refusal)) as server:
            quoted = password.replace("%", "%25").replace("@", "%40").replace(" ", "%20")
            told = str(mail(server.url.format(quoted), TO, "s", "t", tls=trusting(server.certificate)))
        assert told == "127.0.0.1: it refuses the login: 535 no such login: *** (***) ***"
        assert server.got == []


@pytest.mark.parametrize("is_implicit", [False, True])
@pytest.mark.parametrize(
    ("name", "is_over", "why"),
    [
        ("127.0.0.1", False, "self-signed certificate"),
        ("127.0.0.1", True, "certificate has expired"),
        ("127.0.0.2", False, "not valid for '127.0.0.1'"),
    ],
)
def test_an_untrusted_certificate_is_told_before_anything_is_sent(
    tmp_path: Path, name: str, why: str, *, is_over: bool, is_implicit: bool
) -> None:
    with served(Server(certified(tmp_path, name=name, is_over=is_over), is_implicit)) as server:
        tls = None if "self-signed" in why else trusting(server.certificate)
        told = str(mail(server.url.format("hunter22"), TO, "s", "t", tls=tls))
    assert told.startswith("127.0.0.1: its certificate is not trusted: ")
    assert why in told
    assert "SSL_CERT_FILE" in told
    assert "hunter22" not in told
    assert not {"AUTH", "AUTH encrypted", "DATA", "DATA encrypted"} & set(server.words)


def test_the_wrong_kind_of_encryption_is_told(tmp_path: Path) -> None:
    with served(Server(certified(tmp_path))) as server:
        told = str(mail(server.url.replace("smtp:", "smtps:").format("hunter22"), TO, "s", "t"))
    assert told == "127.0.0.1: no TLS could be agreed on (wrong version number)"


def test_what_a_login_cannot_carry_and_a_server_without_one(tmp_path: Path) -> None:
    with served(Server(certified(tmp_path))) as server:
        told = str(mail(server.url.format("%C3%BC"), TO, "s", "t", tls=trusting(server.certificate)))
        assert "other letters than ASCII's" in told
        address = server.url.format("x").replace("desk%40news.example:x@", "")
        assert mail(address, TO, "s", "t", tls=trusting(server.certificate)) == (
            "127.0.0.1: 530 5.7.0 Authentication required"
        )
    with served(Server(certified(tmp_path), mechanisms="GSSAPI")) as server:
        told = str(mail(server.url.format("hunter22"), TO, "s", "t", tls=trusting(server.certificate)))
    assert told == "127.0.0.1: No suitable authentication method found."
