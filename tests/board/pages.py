"""What tests of the Board's pages share: pages as words, forms as they are sent."""

from typing import Any

from django.test import Client


def words(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def shown(client: Client, path: str) -> str:
    return words(client.get(path))


def sent(client: Client, path: str, **data: Any) -> str:
    """The page after a form was sent, the one it leads to included."""
    return words(client.post(path, data, follow=True))
