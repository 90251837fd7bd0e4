"""Two people who change one record: the second is told what the first changed, and loses nothing.

A form holds the version its writer saw. Where somebody has since changed a field that it would
write, it is refused with what was changed, field by field; saved again, it goes over that
knowingly. Changes of other fields of the record stand in nobody's way.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from core.dates import long_date
from core.forms import GovukForm, GovukModelForm


class Versioned(models.Model):
    """A record that counts its changes in a field `version`: each `save` is one, and leaves one row
    of history.
    """

    version: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self.version += 1
        super().save(*args, **kwargs)


@dataclass(frozen=True)
class FieldChange:
    """What a field said before somebody's change, and what it says after it, in words."""

    name: str
    label: str
    was: str
    now: str


@dataclass(frozen=True)
class Change:
    """Somebody's change that came first.

    Args:
        by: who made it.
        at: when.
        fields: what it changed.
    """

    by: str
    at: dt.datetime
    fields: tuple[FieldChange, ...] = ()

    @property
    def when(self) -> str:
        """ "10:32 on 25 November 2024", in the force's own time."""
        at = timezone.localtime(self.at)
        return f"{at:%H:%M} on {long_date(at)}"


class Overtaken(Exception):
    """Somebody has changed what the writer would write over; nothing was saved.

    Args:
        version: of the record as it is now.
        changes: that came first, in their order; at least one.
    """

    def __init__(self, version: int, changes: Sequence[Change]) -> None:
        super().__init__(f"Changed by {changes[-1].by} in the meantime.")
        self.version = version
        self.changes = tuple(changes)

    def labelled(self, labels: Mapping[str, str]) -> "Overtaken":
        """The same with the labels of a form, by field name, where it has the field."""
        return Overtaken(
            self.version,
            [
                replace(
                    change,
                    fields=tuple(
                        replace(field, label=labels.get(field.name, field.label))
                        for field in change.fields
                    ),
                )
                for change in self.changes
            ],
        )


def check_not_overtaken(
    current: Any, version: int, fields: Mapping[str, Any], *, beside: Sequence[Change] = ()
) -> None:
    """Let a writer go on whose fields nobody has changed since, or only to what they say too.

    Args:
        current: the record as it is now, locked by the caller.
        version: the one the writer saw.
        fields: what the writer would write, by field name.
        beside: what else was changed that the writer would write over, in other records.

    Raises:
        Overtaken: somebody changed one of these fields, or there is something beside them.
    """
    changes = list(beside)
    if current.version != version:
        differing = [name for name, value in fields.items() if getattr(current, name) != value]
        if differing:
            changes = [*_changes_since(current, version, differing), *changes]
    if changes:
        raise Overtaken(current.version, changes)


def _changes_since(current: Any, version: int, names: Iterable[str]) -> list[Change]:
    """Who changed which of these fields since a version; one change without fields if unknown."""
    count = current.version - version
    rows = list(current.history.order_by("-history_date", "-history_id")[: max(count, 0) + 1])
    if count < 1 or len(rows) <= count:
        # Versions and history do not match: somebody changed something, that much is known.
        return [_by(current.history.latest())]
    rows.reverse()
    found = []
    for before, after in pairwise(rows):
        fields = differences(before, after, names)
        if fields:
            found.append(_by(after, fields))
    return found


def _by(row: Any, fields: tuple[FieldChange, ...] = ()) -> Change:
    return Change(by=row.user_name or "somebody", at=row.history_date, fields=fields)


def differences(before: Any, after: Any, names: Iterable[str]) -> tuple[FieldChange, ...]:
    """What differs between two states of a record, for these fields, in words.

    Args:
        before, after: the record or rows of its history.
        names: of fields.
    """
    changed = []
    for name in names:
        field = after._meta.get_field(name)
        was, now = getattr(before, field.attname), getattr(after, field.attname)
        if was != now:
            changed.append(FieldChange(name, _label(field), words(field, was), words(field, now)))
    return tuple(changed)


def _label(field: Any) -> str:
    label = str(field.verbose_name)
    return label[:1].upper() + label[1:]


def words(field: Any, value: Any) -> str:
    """A stored value of a model's field as people read it; "" for none."""
    if value is None or value == "":
        return ""
    if field.is_relation:
        return str(field.related_model._default_manager.filter(pk=value).first() or "")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return long_date(value)
    return str(value)


class VersionedForm(GovukForm):
    """A form that knows which version its writer saw; `components/form_page.html` shows what came
    first.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    overtaken: Overtaken | None = None

    def tell_overtaken(self, overtaken: Overtaken) -> None:
        """Say who was faster; the next save goes over what they wrote, knowingly."""
        last = overtaken.changes[-1]
        self.add_error(
            None,
            f"{last.by} changed this at {last.when}, after you opened it. What you wrote is still "
            "here. Compare it with what was changed, then save again to go over it.",
        )
        self.overtaken = overtaken.labelled(
            {name: str(field.label) for name, field in self.fields.items() if field.label}
        )
        self.show_again(version=overtaken.version)

    def show_again(self, **values: Any) -> None:
        """Let fields of the form that is shown again, hidden ones mostly, say something else."""
        shown = self.data.copy()  # type: ignore[attr-defined]
        for name, value in values.items():
            shown[self.add_prefix(name)] = str(value)
        self.data = shown

    @property
    def changes(self) -> dict[str, Any]:
        """What was entered, by field, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class VersionedModelForm(VersionedForm, GovukModelForm):
    """A versioned form whose fields are those of its record."""
