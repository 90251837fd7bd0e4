"""What becomes of differences with the portal where an import is undone.

They are derived from what both sides say: whatever still differs is found by comparing afterwards.
So what an import closed is open again and what it opened vanishes, whatever comparisons have done
since. What people said of a difference is kept; where it cannot be, it stands against undoing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from core.batches import in_batches
from core.bulk import change_all
from core.history import remove_in_bulk
from people.models import User
from portal.imports.obstacles import NAMED
from portal.imports.trail import Trail, Trails
from portal.models import PortalDifference, PortalRecord, Purpose
from tracker.models import Action

_BATCH = 500
_SEEN = ("record_id", "ours", "theirs")
_CLOSED = ("closed_on", "closed_by_id")
_ANSWERED = ("answer", "accepted_until", "answered_by_id", "answered_at")
_SAID = ("owner_id", "note", "answer", "accepted_until")
_NOTHING_SAID = Q(owner=None, note="", answer="")


@dataclass(frozen=True)
class Written:
    """How many differences an import opened, and how many it closed."""

    opened: int
    closed: int


class Differences:
    """Those of one import.

    Args:
        trails: everything else it wrote.
    """

    def __init__(self, trails: Trails) -> None:
        self.trails = trails
        self.trail = Trail(PortalDifference, trails.spreadsheet_import.stamp)
        self.any = PortalDifference._meta.label_lower in trails.spreadsheet_import.wrote

    def written(self) -> Written:
        """How many it opened and closed."""
        if not self.any:
            return Written(0, 0)
        closed = self.trail.written.filter(history_type="~", closed_on__isnull=False)
        return Written(self.trail.created().count(), closed.count())

    def answered(self) -> Iterator[str]:
        """What people said that undoing would lose, as parts of a sentence."""
        going = self._going().exclude(_NOTHING_SAID).select_related("action", "record")
        for each in going.order_by("pk")[: NAMED + 1]:
            yield _somebody_answered(each)
        if self.trails.spreadsheet_import.purpose == Purpose.EXPORT and self.any:
            for each in self._said_since():
                yield _somebody_answered(each)

    def _going(self) -> models.QuerySet[PortalDifference]:
        """Those of actions and of records of the portal that go with the import."""
        found = PortalDifference.objects.filter(
            Q(action__in=self.trails.created(Action))
            | Q(record__in=self.trails.created(PortalRecord))
        )
        return found.exclude(pk__in=self.trail.changed_keys()) if self.any else found

    def _said_since(self) -> Iterator[PortalDifference]:
        """Differences that an export opened or renewed and of which somebody has said something
        since.
        """
        said = PortalDifference.objects.exclude(_NOTHING_SAID).filter(pk__in=self.trail.all_keys())
        for batch in in_batches(said.select_related("action", "record").order_by("pk"), _BATCH):
            rows = self.trail.written.filter(id__in=[each.pk for each in batch])
            then = {row.id: row for row in rows.order_by("history_id")}
            yield from (each for each in batch if _was_said(each, then[each.pk]))

    def take_back(self, actor: User | None, reason: str) -> int:
        """Remove those of whatever is removed, and open again those that the import closed; before
        anything is compared.

        Returns:
            How many are open again.
        """
        if self.trails.of(Action) or self.trails.of(PortalRecord):
            remove_in_bulk(self._going(), actor=actor, reason=reason)
        if not self.any:
            return 0
        opened = 0
        taken = _open_keys()
        going = set(self.trails.created(PortalRecord).values_list("id", flat=True))
        for batch in in_batches(self.trail.changed(), _BATCH):
            firsts = dict(batch)
            before = self.trail.before(firsts)
            rows = self.trail.history.objects.in_bulk(list(firsts.values()))
            changed, differing = [], set()
            for each in PortalDifference.objects.filter(pk__in=list(firsts)).order_by("pk"):
                then, row = before[each.pk], rows[firsts[each.pk]]
                was_open = each.closed_on is None
                if names := _return(each, then, row, taken, going):
                    changed.append(each)
                    differing |= names
                if not was_open and each.closed_on is None:
                    taken.add(_key(each))
                    opened += 1
            fields = sorted(name.removesuffix("_id") for name in differing)
            change_all(changed, fields, actor=actor, reason=reason)
        return opened

    def vanish(self, *, compared: bool, stamp: str, actor: User | None, reason: str) -> int:
        """Remove those that the import opened and that went with it; once all is compared.

        Args:
            compared: whether there is still an export to compare with.
            stamp: under which undoing writes.

        Returns:
            How many.
        """
        if not self.any:
            return 0
        opened = PortalDifference.objects.filter(_NOTHING_SAID, pk__in=self.trail.created())
        if compared:
            gone = Trail(PortalDifference, stamp).written.filter(closed_on__isnull=False)
            opened = opened.filter(closed_on__isnull=False, pk__in=gone.values("id"))
        return remove_in_bulk(opened, actor=actor, reason=reason)


def _return(
    each: PortalDifference, then: Any, row: Any, taken: set[Any], going: set[int]
) -> set[str]:
    """Let a difference be what it was before an import; the columns that change.

    Args:
        then, row: its rows of history before the import, and of it.
        taken: what is open already.
        going: keys of the records of the portal that are removed.
    """
    closed_by_it = row.closed_on is not None and then.closed_on is None
    again = each.closed_on is not None and closed_by_it and _key(then) not in taken
    names: list[str] = list(_CLOSED) if again else []
    as_written = all(getattr(each, name) == getattr(row, name) for name in _SEEN)
    still = again or each.closed_on is None
    if each.record_id in going or (still and as_written):
        names += _SEEN
    if still and as_written and not _was_said(each, row):
        names += _ANSWERED
    differing = {name for name in names if getattr(each, name) != getattr(then, name)}
    for name in differing:
        setattr(each, name, getattr(then, name))
    return differing


def _was_said(each: PortalDifference, row: Any) -> bool:
    """Whether somebody has said something of it that its row of history does not have."""
    now = [getattr(each, name) for name in _SAID]
    return any(now) and now != [getattr(row, name) for name in _SAID]


def _key(each: Any) -> tuple[str, int | None, int | None]:
    return each.kind, each.action_id, None if each.action_id else each.record_id


def _open_keys() -> set[Any]:
    return {_key(each) for each in PortalDifference.objects.filter(closed_on=None)}


def _somebody_answered(each: PortalDifference) -> str:
    said = "an answer" if each.answer else "a note" if each.note else "an owner"
    kind = each.get_kind_display()
    return f"the difference “{kind}” of {each.action or each.record} has {said}"
