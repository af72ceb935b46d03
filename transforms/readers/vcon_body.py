"""What a vCon holds as a body: text as it is, in base64url, as HTML or as a mail."""

import base64
import binascii
import re
from email import policy
from email.parser import Parser

from transforms.readers.mail import own_words
from transforms.readers.record import Record, plain
from transforms.readers.transcript import ReadError

_BOUNDARY = re.compile(r"\s*--(\S{1,70})\s*$", re.MULTILINE)


def body_text(dialog: Record) -> str:
    """The text of a dialog's body."""
    if isinstance(dialog.value["body"], dict | list):
        raise dialog.wrong("body", "a text")
    text = dialog.text("body") or ""
    if dialog.text("encoding") == "base64url":
        text = decoded(text, dialog)
    kind = dialog.text("mediatype") or dialog.text("mimetype") or ""
    if kind.startswith(("message/", "multipart/")):
        text = _mail_text(text, kind)
    return own_words(text) if "html" in kind or kind.startswith(("message/", "multipart/")) else text


def decoded(text: str, record: Record) -> str:
    """The text that a base64url body holds."""
    try:
        return plain(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).decode())
    except (binascii.Error, ValueError):
        raise ReadError(record.place, "body is no base64url text; expected one") from None


def _mail_text(text: str, kind: str) -> str:
    """The part of a mail, or of a body in parts, that its sender wrote; the whole where nothing tells."""
    if kind.startswith("multipart/"):
        first = _BOUNDARY.match(text)
        boundary = f'; boundary="{first[1]}"' if first and "boundary=" not in kind else ""
        text = f"Content-Type: {kind}{boundary}\n\n{text}"
    try:
        part = Parser(policy=policy.default).parsestr(text).get_body(("plain", "html"))
        return plain(part.get_content()) if part is not None else text
    except (LookupError, ValueError, TypeError, AttributeError):  # what the mail says of itself is wrong
        return text
