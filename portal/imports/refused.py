"""Why something cannot be done with an import; `str()` is a sentence for the person."""


class ImportNotPossible(ValueError):
    """What was asked for cannot be done with this import; `str()` is a sentence for the person."""


class AlreadyApplied(ImportNotPossible):
    """Somebody was faster, or pressed twice."""


class AnotherPreview(ImportNotPossible):
    """The preview was made again after somebody looked at it."""

    def __init__(self) -> None:
        super().__init__(
            "The preview was made again, or somebody chose otherwise, since you opened the page "
            "before, so nothing was applied. Check what it says now, then apply it."
        )


class ChangedSincePreview(ImportNotPossible):
    """The records are no longer as the preview found them; it has been made again."""

    def __init__(self) -> None:
        super().__init__(
            "The records have changed since this preview was made, so nothing was applied. The "
            "preview has been made again: check it, then apply it."
        )


class CannotBeRecorded(ImportNotPossible):
    """Something in it breaks a rule of the records that the preview does not know."""

    def __init__(self) -> None:
        super().__init__(
            "Something in this spreadsheet cannot be recorded, so nothing was applied. Tell "
            "whoever looks after the portal: its log says what. Leaving rows out may help."
        )


class CauseLeftOut(ImportNotPossible):
    """A recommendation is to be taken without its cause of concern.

    Args:
        which: a sentence that names both.
    """

    def __init__(self, which: str) -> None:
        super().__init__(
            f"{which} Nothing was applied. Take the row of that cause of concern too, or leave out "
            "the rows that belong to it."
        )
