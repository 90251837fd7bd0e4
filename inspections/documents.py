"""Reading a JSON document for a command, with errors that say what to do."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError


def read_document(path: Path) -> dict[str, Any]:
    """The document in a file.

    Raises:
        CommandError: the file cannot be read, or holds no JSON object.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} is not JSON: {error}.") from error
    if not isinstance(document, dict):
        raise CommandError(f"{path} must hold a JSON object.")
    return document
