"""What a step on an item did, told beside the item: that is where the page lands after it."""

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

from board.document import Document
from board.models import AgendaItem


def tell(
    request: HttpRequest, item: AgendaItem, words: str, *, level: int = messages.SUCCESS
) -> None:
    """Tell something on the agenda page, beside an item of it."""
    place = item.get_absolute_url().partition("#")[2]
    messages.add_message(request, level, words, extra_tags=place)


def with_messages(request: HttpRequest, document: Document) -> list[Message]:
    """Put what is told of an item beside it, under `told`.

    Args:
        request: whose messages are told now.
        document: of the Board that is shown.

    Returns:
        What is about no item of this page, to be told above it.
    """
    places = {part["anchor"]: part for part in _parts(document)}
    others = []
    for message in messages.get_messages(request):
        part = places.get(message.extra_tags)
        if part is None:
            others.append(message)
        else:
            part["told"] = message
    return others


def _parts(document: Document) -> Iterator[Document]:
    for section in document["sections"]:
        yield section
        yield from section["items"]
