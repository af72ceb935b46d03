"""A report by mail, through the server that heard.toml names."""

import os
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from datetime import date
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any

TYPES: dict[str, tuple[str, str, dict[str, str]]] = {
    ".html": ("text", "html", {"charset": "utf-8"}),
    ".pdf": ("application", "pdf", {}),
}
PORTS = {"starttls": 587, "ssl": 465, "none": 25}
TIMEOUT_SECONDS = 30
Email = Mapping[str, Any]


class MailError(Exception):
    """One line: what keeps a mail from being sent, and the cure."""


def send(email: Email, to: Sequence[str], day: date, files: Sequence[Path]) -> None:
    """Sends the report's files. `email` is [email] of heard.toml. Raises MailError where that fails."""
    security = str(email.get("security", "starttls"))
    if security not in PORTS:
        raise MailError(
            f"heard.toml: [email] security is '{security}'; expected starttls, ssl or none. Mend that line."
        )
    host = str(email.get("host") or "")
    if not host:
        raise MailError('heard.toml: [email] names no host; expected the mail server. Add host = "mail.example.org".')
    port = email.get("port", PORTS[security])
    if not isinstance(port, int):
        raise MailError(f"heard.toml: [email] port is '{port}'; expected a number. Mend that line.")
    message = compose(str(email.get("sender", f"heard@{host}")), to, day, files)
    try:
        with _connect(host, port, security) as server:
            _log_in(server, email)
            refused = server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(
            f"{host}:{port}: {_reason(error)}; expected to send a mail. See [email] in heard.toml."
        ) from None
    if refused:
        raise MailError(
            f"{host}:{port}: it refused {', '.join(refused)}; the others have the report. Mend the address."
        )


def compose(sender: str, to: Sequence[str], day: date, files: Sequence[Path]) -> EmailMessage:
    """The mail: a few plain words, and the files attached."""
    for address in (sender, *to):
        if "@" not in address or any(c.isspace() for c in address):
            raise MailError(f"{address!r} is no address; expected one as name@example.org. Mend it.")
    message = EmailMessage()
    message["Subject"] = f"Support conversations, {day}"
    message["From"], message["To"] = sender, ", ".join(to)
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"The report on support conversations of {day} is attached; open the HTML in a browser.\n"
        "It quotes what agents promised: pass it on with care.\n"
    )
    for file in files:
        main, sub, params = TYPES[file.suffix]
        message.add_attachment(file.read_bytes(), maintype=main, subtype=sub, filename=file.name, params=params)
    return message


def _connect(host: str, port: int, security: str) -> smtplib.SMTP:
    if security == "ssl":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    if security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
    return server


def _log_in(server: smtplib.SMTP, email: Email) -> None:
    if not (user := email.get("user")):
        return
    variable = str(email.get("password_variable", "HEARD_SMTP_PASSWORD"))
    password = os.environ.get(variable)
    if password is None:
        raise MailError(f"heard.toml: [email] user is given, but {variable} is not set; expected the password in it.")
    server.login(str(user), password)


def _reason(error: Exception) -> str:
    """What the server said, or the system; never a password."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "it refused " + ", ".join(error.recipients)
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"{error.smtp_code} {said}".splitlines()[0]
    return str(error) or type(error).__name__
