"""Why a workbook is not read at all. Each refusal says what is wrong and what to do about it."""


class WorkbookRefused(ValueError):
    """The file is not usable; `str()` is a sentence for the person who chose it."""


class NotAWorkbook(WorkbookRefused):
    """The file is something else.

    Args:
        what: it is, as the object of "is".
        remedy: a sentence.
    """

    def __init__(
        self,
        what: str = "not an Excel workbook",
        remedy: str = "Open it in Excel, save it as “Excel Workbook (.xlsx)” and choose that file.",
    ) -> None:
        super().__init__(f"This file is {what}. {remedy}")


class LettersUnclear(WorkbookRefused):
    """A text file is not of one alphabet.

    Args:
        line: the first one that shows it.
    """

    def __init__(self, line: int) -> None:
        super().__init__(
            f"Line {line:,} of this file has letters that cannot be read with certainty. Open the "
            "list where it came from, save it as “CSV UTF-8” or as “Excel Workbook (.xlsx)” and "
            "choose that file."
        )


class QuotesAmiss(WorkbookRefused):
    """A text file has a quotation mark where none can be.

    Args:
        row: the first one that shows it.
    """

    def __init__(self, row: int) -> None:
        super().__init__(
            f"From row {row:,} of this file on it is not clear where cells end, because a "
            "quotation mark is missing or is too many. Correct that row: within a cell, each "
            "quotation mark is written twice. Or save the list as “Excel Workbook (.xlsx)” and "
            "choose that file."
        )


class CellTooLong(WorkbookRefused):
    """A cell of a text file does not end.

    Args:
        row: where it begins.
        limit: most characters.
    """

    def __init__(self, row: int, limit: int) -> None:
        super().__init__(
            f"Row {row:,} of this file goes on for more than {limit:,} characters without an end. "
            "A quotation mark or a line break may be missing. Correct the row and choose the file "
            "again."
        )


class OldFormat(WorkbookRefused):
    def __init__(self) -> None:
        super().__init__(
            "This file is in an old Excel format (.xls). Open it in Excel, save it as “Excel "
            "Workbook (.xlsx)” and choose that file."
        )


class Encrypted(WorkbookRefused):
    def __init__(self) -> None:
        super().__init__(
            "This workbook is protected with a password. Remove the password in Excel (File, Info, "
            "Protect Workbook, Encrypt with Password), save it and choose it again."
        )


class Damaged(WorkbookRefused):
    def __init__(self) -> None:
        super().__init__(
            "This workbook is damaged and cannot be read. Open it in Excel, let Excel repair it, "
            "save it under a new name and choose that file."
        )


class TooLarge(WorkbookRefused):
    def __init__(self, limit: int) -> None:
        super().__init__(
            f"This file is larger than {limit / 1024 / 1024:.0f} MB. Delete the sheets and "
            "columns that are not needed, save it and choose it again."
        )


class EmptyFile(WorkbookRefused):
    def __init__(self) -> None:
        super().__init__("This file is empty. Choose the one that holds the list.")


class Inflated(WorkbookRefused):
    def __init__(self) -> None:
        super().__init__(
            "This workbook unpacks to far more than a list needs, so it was not opened. Copy the "
            "list into a new workbook, save it and choose that file."
        )


class UnsafeContents(WorkbookRefused):
    """The archive holds something that a list has no use for.

    Args:
        what: as the object of "holds".
        remedy: a sentence.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"This workbook holds {what}, so it was not opened. {remedy}")


class TooManyRows(WorkbookRefused):
    def __init__(self, limit: int) -> None:
        super().__init__(
            f"The list has more than {limit:,} rows, counting empty ones. Delete the empty rows "
            "below the list, or split it into several files."
        )


class TooManyColumns(WorkbookRefused):
    def __init__(self, limit: int) -> None:
        super().__init__(
            f"This file uses more than {limit:,} columns. Delete the columns to the right of the "
            "list, save it and choose it again."
        )


class FormulasUnsaved(WorkbookRefused):
    def __init__(self) -> None:
        super().__init__(
            "This workbook is full of formulas whose results were not saved with it. Open it in "
            "Excel, save it and choose it again."
        )


class EmptyWorkbook(WorkbookRefused):
    def __init__(self) -> None:
        super().__init__(
            "This workbook has nothing in it. Choose the workbook that holds the list."
        )
