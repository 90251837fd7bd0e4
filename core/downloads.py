"""Stored files on their way out: always as attachments, and sealed."""

from django.http import FileResponse

from core.stored import StoredFile

# A browser that shows a file all the same runs nothing in it, and fetches nothing for it.
_SEALED = "default-src 'none'; sandbox"


def download(record: StoredFile) -> FileResponse:
    """The file of a record that its reader may have, under the name its sender gave it.

    Args:
        record: the row that stands for the file.

    Raises:
        FileNotFoundError: the file is not where files are kept.
    """
    return FileResponse(
        record.file.open("rb"),
        as_attachment=True,
        filename=record.original_name,
        content_type=record.content_type,
        headers={"Content-Security-Policy": _SEALED, "X-Content-Type-Options": "nosniff"},
    )
