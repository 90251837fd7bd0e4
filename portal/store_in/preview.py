"""What would become of the rows of an index, seen together, and of the files beside it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.batches import in_batches
from people.models import User
from portal.imports.results import Problem, RowResult, UnknownWords
from portal.layouts.columns import Layout
from portal.layouts.rows import RowReader
from portal.models import Outcome
from portal.reading.stored import Source
from portal.store_in.archive import OUTSIDE, name_key
from portal.store_in.index_layout import INDEX
from portal.store_in.judging import Contents, Judge

_BATCH = 500
_MOST_WORDS = 100
_MOST_FILES = 200


class IndexPreview:
    """An index compared with the files beside it and with the evidence that is here.

    Args:
        layout: where its columns stand.
        meanings: of words, see `RowReader`.
        contents: of the ZIP file.
        user: who takes it in; None for a command.
    """

    def __init__(
        self,
        layout: Layout,
        meanings: Mapping[tuple[str, str], str],
        contents: Contents,
        user: User | None,
    ) -> None:
        self.reader = RowReader(layout, INDEX, meanings)
        self.late: dict[int, list[Problem]] = defaultdict(list)
        self.late_notes: dict[int, list[Problem]] = defaultdict(list)
        self._judge = Judge(self.reader, contents, user)
        self._contents = contents
        self._words = UnknownWords()
        # Fingerprint of a new file -> the first row that brings it.
        self._first: dict[str, int] = {}
        self._named: set[str] = set()

    def results(self, sources: Iterable[Source]) -> Iterator[RowResult]:
        """The result of each row, as a stream."""
        for batch in in_batches(sources, _BATCH):
            for source in batch:
                row = self.reader.read(source.cells)
                for name, word in row.unknown:
                    self._words.add(name, word, source.sheet_row)
                if named := row.values.get("file"):
                    self._named.add(name_key(named))
            for judged in self._judge.judge(batch):
                result = judged.result
                if judged.meant and result.outcome == Outcome.NEW:
                    first = self._first.setdefault(judged.meant.sha256, result.sheet_row)
                    if first != result.sheet_row:
                        sentence = (
                            f"is the very file of row {first}: it is stored once, and linked to "
                            "what this row says too."
                        )
                        note = self.reader.problem("file", sentence, result.source.cells)
                        result.notes = [*result.notes, note]
                yield result

    @property
    def gone(self) -> list[str]:
        """Files that no row names; they are not taken in."""
        last = {key.rpartition("/")[2] for key in self._named}
        untold = []
        for key, each in self._contents.items():
            if key.startswith(OUTSIDE):
                untold.append(f"{each['name']} (outside the folder of the index)")
            elif key not in self._named and key.rpartition("/")[2] not in last:
                untold.append(str(each["name"]))
        return sorted(untold)[:_MOST_FILES]

    @property
    def unknown_words(self) -> dict[str, list[list[Any]]]:
        """Words that somebody may be asked about (`UnknownWords.as_json`)."""
        return self._words.as_json(_MOST_WORDS)

    @property
    def new_publications(self) -> list[dict[str, Any]]:
        """An index records none."""
        return []

    @property
    def new_leads(self) -> list[str]:
        """An index records none."""
        return []

    @property
    def to_apply(self) -> None:
        """People choose."""
        return None
