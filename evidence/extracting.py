"""The text of files, for the search."""

from evidence.models import EvidenceFile


def extract_later(record: EvidenceFile) -> None:
    """See to it that the text of a file that was just stored can be searched."""
