"""What the room of spreadsheets keeps: imports and their rows, layouts, HMICFRS's portal."""

from portal.models.frameworks import FrameworkUpload
from portal.models.imports import (
    ImportRow,
    Outcome,
    Purpose,
    SpreadsheetImport,
    State,
    import_path,
)
from portal.models.layouts import Meaning, Profile
from portal.models.reconciliation import (
    Answer,
    DifferenceKind,
    PortalDifference,
    PortalRecord,
    PortalStatus,
)

__all__ = [
    "Answer",
    "DifferenceKind",
    "FrameworkUpload",
    "ImportRow",
    "Meaning",
    "Outcome",
    "PortalDifference",
    "PortalRecord",
    "PortalStatus",
    "Profile",
    "Purpose",
    "SpreadsheetImport",
    "State",
    "import_path",
]
