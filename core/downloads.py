"""Stored files on their way out: as attachments unless they are previewed, and sealed."""

from typing import Any, Protocol

from django.http import FileResponse

# A browser that shows a file all the same runs nothing in it, and fetches nothing for it.
_SEALED = "default-src 'none'; sandbox"


class Kept(Protocol):
    """A row that stands for a file: a `core.stored.StoredFile`, or what has the same of one."""

    file: Any

    @property
    def original_name(self) -> Any: ...

    @property
    def content_type(self) -> Any: ...


def download(record: Kept, *, attached: bool = True, policy: str = _SEALED) -> FileResponse:
    """The file of a record that its reader may have, under the name its sender gave it.

    Args:
        record: the row that stands for the file.
        attached: saved by the browser; otherwise shown, by those who know what they do.
        policy: the content security policy of the answer.

    Raises:
        OSError: the file is not where files are kept (`FileNotFoundError`), or cannot be read.
    """
    return FileResponse(
        record.file.open("rb"),
        as_attachment=attached,
        filename=record.original_name,
        content_type=record.content_type,
        headers={"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"},
    )
