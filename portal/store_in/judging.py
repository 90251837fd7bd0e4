"""What would become of one row of an index, with what is here."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from core.dates import long_date, today
from evidence.models import CharacteristicEvidence, Evidence
from inspections.mapping import Part, parts_of
from inspections.models import Characteristic, Framework
from people.models import User
from portal.imports.results import Change, Problem, RowResult
from portal.keys import reference_key
from portal.layouts.rows import RowReader
from portal.models import Outcome
from portal.reading.stored import Source as SheetRow
from portal.store_in.archive import INDEX_NAMES, OUTSIDE, name_key
from portal.store_in.index_layout import INDEX, IndexRow
from tracker.models import Action, ActionEvidence
from tracker.store_in import NOT_FOR_OTHERS, may_be_about

Contents = Mapping[str, Mapping[str, Any]]
_REFERENCE = 40


@dataclass
class Meant:
    """A row that can be read, with what it is about.

    Args:
        row: as read.
        name: of the file, as it stands in the ZIP file.
        sha256: of the file.
        owner: who answers for it; None for who takes it in.
        characteristics, actions: that it stands for, and is about.
        kept: the evidence that has this very file already.
    """

    row: IndexRow
    name: str
    sha256: str
    owner: User | None = None
    characteristics: list[Characteristic] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    kept: Evidence | None = None


@dataclass
class Judged:
    """The result of a row; `meant` is None where it cannot be read."""

    result: RowResult
    meant: Meant | None = None


class Judge:
    """Judges rows of one index.

    Args:
        reader: of its rows.
        contents: of the ZIP file (`archive.contents_of`).
        user: who takes it in: what they may not read is not here for them. None for a command.
    """

    def __init__(self, reader: RowReader, contents: Contents, user: User | None) -> None:
        self.reader = reader
        self._contents = contents
        self._user = user
        # Evidence (primary key) that rows before have made: the user has brought it.
        self.made: set[int] = set()
        self._by_last: dict[str, list[str]] = defaultdict(list)
        # What lies outside the folder of the index is found where nothing inside has that name.
        for key in sorted(contents, key=lambda key: key.startswith(OUTSIDE)):
            same = self._by_last[key.rpartition("/")[2]]
            if not (same and key.startswith(OUTSIDE)):
                same.append(key)

    def judge(self, sources: Sequence[SheetRow]) -> Iterator[Judged]:
        """The rows of a batch, in their order; a fixed number of queries."""
        read = [(source, self.reader.read(source.cells)) for source in sources]
        rows = [IndexRow(**row.values) if not row.problems else None for _, row in read]
        actions = self._actions(rows)
        files = [self._file_of(row) for row in rows]
        kept = self._kept({each["sha256"] for each in files if each and each["sha256"]})
        self._stands_for = _links(CharacteristicEvidence, "characteristic", kept.values())
        self._is_about = _links(ActionEvidence, "action", kept.values())
        for (source, found), row, file in zip(read, rows, files, strict=True):
            if row is None:
                name = str(found.values.get("file") or "")
                yield Judged(_unreadable(source, name, found.problems))
                continue
            yield self._judged(source, row, file, actions, kept)

    def _judged(
        self,
        source: SheetRow,
        row: IndexRow,
        file: Mapping[str, Any] | None,
        actions: Mapping[str, Action],
        kept: Mapping[str, Evidence],
    ) -> Judged:
        problems: list[Problem] = []

        def wrong(name: str, sentence: str, about: Evidence | None = None) -> None:
            problem = self.reader.problem(name, sentence, source.cells)
            problems.append(replace(problem, evidence=about.pk if about else None))

        for column in INDEX.columns:
            if column.required and getattr(row, column.field) is None:
                wrong(column.field, f"is empty. {column.required}")
        self._check_file(row, file, wrong)
        self._check_days(row, wrong)
        owner = self._owner(row, wrong)
        characteristics = self._characteristics(row, wrong)
        about = [actions.get(reference_key(each)) for each in row.action or ()]
        for reference, action in zip(row.action or (), about, strict=True):
            if action is None or action.entered_in_error:
                wrong("action", f"There is no action “{reference[:30]}”. Correct the reference.")
        evidence = kept.get(file["sha256"]) if file and file["sha256"] else None
        if evidence is not None and evidence.withdrawn_at is not None:
            wrong(
                "file",
                "is kept here already, and was withdrawn. Those who keep the evidence can "
                "restore it.",
                evidence,
            )
        if evidence is not None:
            self._check_about(evidence, about, wrong)
        if problems or file is None:
            return Judged(_unreadable(source, row.file or "", problems))
        meant = Meant(
            row,
            file["name"],
            file["sha256"],
            owner,
            characteristics,
            [action for action in about if action is not None],
            evidence,
        )
        return Judged(self._result(source, meant), meant)

    def _check_about(self, evidence: Evidence, about: Iterable[Action | None], wrong: Any) -> None:
        more = any(each and (evidence.pk, each.pk) not in self._is_about for each in about)
        if more and evidence.pk not in self.made and not may_be_about(evidence, self._user):
            wrong("file", f"{NOT_FOR_OTHERS} Take the action out of this row.", evidence)

    def _result(self, source: SheetRow, meant: Meant) -> RowResult:
        reference = meant.name.rpartition("/")[2][:_REFERENCE]
        result = RowResult(source, Outcome.NEW, reference, meant.row)
        result.resolved = _resolved(meant)
        if meant.row.question is not None and not meant.characteristics:
            sentence = "names no characteristic of it, so the evidence is linked to none."
            result.notes = [self.reader.problem("question", sentence, source.cells)]
        if meant.kept is None:
            return result
        lacking, untold = self.lacking(meant)
        result.changes = [
            Change(
                name,
                INDEX.header_of(name),
                "",
                ", ".join(said),
                self.reader.layout.letter(name),
            )
            for name, said in (
                ("characteristic", [self._codes[each.pk] for each in lacking]),
                ("action", [each.reference for each in untold]),
            )
            if said
        ]
        result.outcome = Outcome.CHANGED if result.changes else Outcome.UNCHANGED
        sentence = "is kept here already: it is linked, not stored twice."
        note = self.reader.problem("file", sentence, source.cells)
        result.notes = [*result.notes, replace(note, evidence=meant.kept.pk)]
        return result

    def lacking(self, meant: Meant) -> tuple[list[Characteristic], list[Action]]:
        """What evidence that is here is not linked to so far."""
        assert meant.kept is not None
        pk = meant.kept.pk
        return (
            [each for each in meant.characteristics if (pk, each.pk) not in self._stands_for],
            [each for each in meant.actions if (pk, each.pk) not in self._is_about],
        )

    def _file_of(self, row: IndexRow | None) -> Mapping[str, Any] | None:
        """The file that a row names: by its place, or by its name where that is there once."""
        if row is None or row.file is None:
            return None
        key = name_key(row.file)
        if key in self._contents:
            return self._contents[key]
        same = self._by_last.get(key, [])
        return self._contents[same[0]] if len(same) == 1 else None

    def _check_file(self, row: IndexRow, file: Mapping[str, Any] | None, wrong: Any) -> None:
        if row.file is None:
            return
        key = name_key(row.file)
        if file is None and len(self._by_last.get(key, [])) > 1:
            wrong("file", "is in the ZIP file more than once. Write its folder too.")
        elif file is None and key in INDEX_NAMES:
            wrong("file", "is the index itself. Name the file that is the evidence.")
        elif file is None:
            wrong("file", "is not in the ZIP file. Correct the name, or add the file.")
        elif file["refusal"]:
            wrong("file", f"cannot be kept. {file['refusal']}")

    def _check_days(self, row: IndexRow, wrong: Any) -> None:
        if row.dated_on and row.dated_on > today():
            wrong("dated_on", f"is {long_date(row.dated_on)}, which is still to come. Correct it.")
        if row.dated_on and row.review_by and row.review_by < row.dated_on:
            wrong("review_by", "is before the date of the evidence. Correct one of them.")

    def _owner(self, row: IndexRow, wrong: Any) -> User | None:
        if row.owner is None:
            return None
        found = self._people.get(row.owner.casefold(), [])
        if len(found) == 1:
            return found[0]
        if found:
            wrong("owner", f"is “{row.owner[:40]}”, as several people are called. Use a user name.")
        else:
            wrong(
                "owner",
                f"is “{row.owner[:40]}”, who is nobody here. Use the full name or the user name of "
                "somebody with an active account, not a post; or leave it empty.",
            )
        return None

    @cached_property
    def _people(self) -> dict[str, list[User]]:
        """Active people by whatever they are called, in small letters."""
        found: dict[str, list[User]] = defaultdict(list)
        for user in User.objects.filter(is_active=True):
            for called in {user.username.casefold(), user.email.casefold(), user.name.casefold()}:
                if called:
                    found[called].append(user)
        return found

    @cached_property
    def _codes(self) -> dict[int, str]:
        """Characteristic (primary key) -> its code."""
        return {part.record.pk: code for code, part in self._parts.items() if part.level == 2}

    @cached_property
    def _parts(self) -> dict[str, Part]:
        framework = Framework.objects.in_force()
        return parts_of(framework) if framework else {}

    def _characteristics(self, row: IndexRow, wrong: Any) -> list[Characteristic]:
        found = []
        if row.question is not None and str(row.question) not in self._parts:
            wrong("question", f"There is no question {row.question} in the framework in force.")
            return []
        for word in row.characteristic or ():
            code = word
            if word.count(".") == 1:
                if row.question is None:
                    wrong(
                        "characteristic",
                        f"“{word}” is within a question: write the question’s number too, or all "
                        "of the code, such as 1.2.3.",
                    )
                    continue
                code = f"{row.question}.{word}"
            elif row.question is not None and not word.startswith(f"{row.question}."):
                wrong("characteristic", f"{word} is not of question {row.question}. Correct one.")
                continue
            part = self._parts.get(code)
            if part is None:
                wrong(
                    "characteristic",
                    f"There is no characteristic {code} in the framework in force. Correct it.",
                )
            else:
                found.append(part.record)
        return found

    def _actions(self, rows: Iterable[IndexRow | None]) -> dict[str, Action]:
        references = {each for row in rows if row for each in row.action or ()}
        if not references:
            return {}
        found = Action.objects.by_references(references)
        if self._user is not None:
            found = found.visible_to(self._user)
        return {reference_key(action.reference): action for action in found}

    def _kept(self, prints: set[str]) -> dict[str, Evidence]:
        """Fingerprint -> the evidence that has such a file; withdrawn only where no other has."""
        found = Evidence.objects.filter(files__sha256__in=prints)
        if self._user is not None:
            found = found.visible_to(self._user)
        kept: dict[str, Evidence] = {}
        for each in found.distinct().order_by("pk").prefetch_related("files"):
            for file in each.files.all():
                before = kept.get(file.sha256)
                if before is None or (before.withdrawn_at and not each.withdrawn_at):
                    kept[file.sha256] = each
        return kept


def _links(model: Any, to: str, evidence: Iterable[Evidence]) -> set[tuple[int, int]]:
    keys = {each.pk for each in evidence}
    rows = model._default_manager.filter(evidence__in=keys, removed_at=None).order_by()
    return set(rows.values_list("evidence_id", f"{to}_id"))


def _unreadable(source: SheetRow, name: str, problems: list[Problem]) -> RowResult:
    reference = name.rpartition("/")[2][:_REFERENCE]
    return RowResult(source, Outcome.UNREADABLE, reference, problems=problems)


def _resolved(meant: Meant) -> str:
    """Which records the words of a row were found to be, as a fingerprint."""
    owner = meant.owner.pk if meant.owner else None
    kept = meant.kept.pk if meant.kept else None
    found = (
        owner,
        kept,
        [each.pk for each in meant.characteristics],
        [each.pk for each in meant.actions],
    )
    return hashlib.sha256(repr(found).encode()).hexdigest()[:40]
