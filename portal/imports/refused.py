"""Why something cannot be done with an import; `str()` is a sentence for the person."""


class ImportNotPossible(ValueError):
    """What was asked for cannot be done with this import; `str()` is a sentence for the person."""


class AlreadyApplied(ImportNotPossible):
    """Somebody was faster, or pressed twice."""


class AnotherPreview(ImportNotPossible):
    """The preview was made again after somebody looked at it."""

    def __init__(self) -> None:
        super().__init__(
            "The preview was made again since you opened the page before, so nothing was applied. "
            "Check what it says now, then apply it."
        )


class ChangedSincePreview(ImportNotPossible):
    """The records are no longer as the preview found them; it has been made again."""

    def __init__(self) -> None:
        super().__init__(
            "The records have changed since this preview was made, so nothing was applied. The "
            "preview has been made again: check it, then apply it."
        )
