"""A subject and a text go in; a mail to the addresses of the settings goes out, or why it did not comes back.

The server is the operator's own choice, so unlike what sources name it may be a private one. A password never travels
in the clear but to this machine.
"""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Sequence
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_S = 10
_HERE = {"localhost", "127.0.0.1", "::1"}


def mail(server: str, to: Sequence[str], subject: str, text: str, *, tls: ssl.SSLContext | None = None) -> str | None:
    """Send a mail through smtp[s]://[user:password@]host[:port]; why it was not sent, or None."""
    parts = urlsplit(server)
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = _sender(parts.username, to)
    message["To"] = ", ".join(to)
    message["Auto-Submitted"] = "auto-generated"  # nobody's holiday notice answers
    message.set_content(text)
    try:
        with _connected(server, tls) as connection:
            if parts.username:
                connection.login(unquote(parts.username), unquote(parts.password or ""))
            connection.send_message(message)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        return _secretless(f"{parts.hostname}: {_said(error)}", parts)[:300]
    return None


def _said(error: Exception) -> str:
    """What went wrong, in words of whoever has to put it right."""
    match error:
        case ssl.SSLCertVerificationError():
            why = error.verify_message.rstrip(".")
            return f"its certificate is not trusted: {why}. SSL_CERT_FILE can name whom to trust instead"
        case ssl.SSLError():
            return f"no TLS could be agreed on ({(error.reason or str(error)).lower().replace('_', ' ')})"
        case smtplib.SMTPAuthenticationError():
            return f"it refuses the login: {error.smtp_code} {_text(error.smtp_error)}"
        case smtplib.SMTPResponseException():
            return f"{error.smtp_code} {_text(error.smtp_error)}"
        case UnicodeError():
            return "it can be sent neither a user, a password nor an address with other letters than ASCII's"
    return str(error) or type(error).__name__


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _secretless(told: str, parts: SplitResult) -> str:
    """Some servers repeat what they were sent: the password, or the login packed as it travels."""
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    forms = [password, *(b64encode(s.encode()).decode() for s in (f"\0{user}\0{password}", password))]
    for secret in filter(None, forms if password else []):
        told = told.replace(secret, "***")
    return told


def _connected(server: str, tls: ssl.SSLContext | None) -> smtplib.SMTP:
    parts = urlsplit(server)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_S, context=tls or ssl.create_default_context())
    connection = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_S)
    try:
        connection.ehlo()
        if connection.has_extn("starttls"):
            connection.starttls(context=tls or ssl.create_default_context())
            connection.ehlo()
        elif parts.username and host not in _HERE:
            raise smtplib.SMTPException("it offers no encryption, and a password would travel in the clear")
    except BaseException:  # Ctrl-C included: nobody else knows of the connection yet
        connection.close()
        raise
    return connection


def _sender(user: str | None, to: Sequence[str]) -> str:
    return unquote(user) if user and "@" in unquote(user) else to[0]
