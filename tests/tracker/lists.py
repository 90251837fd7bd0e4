"""Reading the list of actions in tests."""

import csv
import io
from typing import Any

from django.test import Client

LIST = "/actions/"


def found(client: Client, query: str) -> list[str]:
    """References shown, in order; nothing in the address may have been left out."""
    response = client.get(f"{LIST}?{query}")
    assert response.context["notes"] == []
    return references(response)


def references(response: Any) -> list[str]:
    return [row.record.reference for row in response.context["table"].rows]


def sentence(client: Client, query: str = "") -> str:
    text: str = client.get(f"{LIST}?{query}").context["sentence"]
    return text


def cell(client: Client, column: str, query: str = "") -> str:
    """What the first row shows in a column, as HTML."""
    response = client.get(f"{LIST}?columns={column}&{query}".rstrip("&"))
    return str(next(iter(response.context["table"].rows)).get_cell(column))


def exported(client: Client, column: str, query: str = "") -> str:
    response = client.get(f"{LIST}?columns={column}&export=csv&{query}".rstrip("&"))
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))[1][1]
