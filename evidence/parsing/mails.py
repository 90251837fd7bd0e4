"""Text of e-mails: .eml as it travels, and .msg as Outlook keeps it."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import IO

from evidence.parsing.compound import streams

_HEADERS = ("subject", "from", "to", "cc", "date")
# Streams of an Outlook message (MS-OXMSG): subject, sender, recipients and body, as Unicode and as
# bytes.
_SAID = ("0037", "0C1A", "0E04", "1000")
_UNICODE, _BYTES = "001F", "001E"


class _Words(HTMLParser):
    """What a page of HTML says."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.unshown = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.unshown += tag in ("script", "style")
        self.said.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.unshown -= tag in ("script", "style") and self.unshown > 0
        self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.unshown:
            self.said.append(data)


def in_mail(file: IO[bytes], pages: int) -> Iterator[str]:
    """Subject, people and date, the text of the mail, and the names of what is attached."""
    mail = email.message_from_binary_file(file, policy=email.policy.default)
    for name in _HEADERS:
        if mail.get(name):
            yield f"{mail[name]}\n"
    body = mail.get_body(("plain", "html")) if isinstance(mail, EmailMessage) else None
    if body is not None:
        text = body.get_content()
        if body.get_content_subtype() == "html":
            words = _Words()
            words.feed(text)
            text = "".join(words.said)
        yield f"{text}\n"
    for part in mail.walk():
        if part.get_filename():
            yield f"{part.get_filename()}\n"


def in_message(file: IO[bytes], pages: int) -> Iterator[str]:
    """Subject, people and text of an Outlook message; what is attached is not opened."""
    found = streams(file, lambda name: name.startswith("__substg1.0_"))
    for said in _SAID:
        name = f"__substg1.0_{said}"
        if name + _UNICODE in found:
            yield found[name + _UNICODE].decode("utf-16-le", "replace") + "\n"
        elif name + _BYTES in found:
            yield found[name + _BYTES].decode("cp1252", "replace") + "\n"
