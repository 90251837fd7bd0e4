"""Two people who change one record: neither undoes what the other did without knowing it.

A form holds the version its writer saw. Three states are compared, field by field: what the writer
saw, what is there now, and what the form says. A field that the writer left as it was keeps what is
there now. Only where somebody else has changed the very field that the writer changed, to something
else, is the form refused, with who changed what; saved again, it goes over that knowingly.
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
        left: what fields say now that the writer left as they were, by name.
    """

    def __init__(
        self, version: int, changes: Sequence[Change], left: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"Changed by {changes[-1].by} in the meantime.")
        self.version = version
        self.changes = tuple(changes)
        self.left = dict(left or {})

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
            self.left,
        )


def what_to_write(
    current: Any, version: int, fields: Mapping[str, Any], *, beside: Sequence[Change] = ()
) -> dict[str, Any]:
    """What of a form is to be written, so that it undoes nobody's change unknowingly.

    Where history does not tell what the writer saw, every field counts as changed by both that
    differs from what is there now.

    Args:
        current: the record as it is now, locked by the caller.
        version: the one the writer saw.
        fields: what the form says, by field name.
        beside: what else was changed that the writer would write over, in other records.

    Returns:
        Those fields, without the ones that somebody else has changed and the writer left as they
        were.

    Raises:
        Overtaken: somebody changed a field to one thing and the writer to another, or there is
            something beside them.
    """
    rows = _versions_since(current, version)
    both, left = [], {}
    if current.version != version:
        for name, value in fields.items():
            field = current._meta.get_field(name)
            now, wanted = getattr(current, field.attname), _stored(field, value)
            seen = getattr(rows[0], field.attname) if rows else None
            if wanted == now or (rows and seen == now):
                continue
            if rows and wanted == seen:
                left[name] = getattr(current, name)
            else:
                both.append(name)
    changes = [*(_changes_in(current, rows, both) if both else ()), *beside]
    if changes:
        raise Overtaken(current.version, changes, left)
    return {name: value for name, value in fields.items() if name not in left}


def _stored(field: Any, value: Any) -> Any:
    """The value of a field as its column holds it: of a related record, its key."""
    return value.pk if field.is_relation and value is not None else value


def _versions_since(current: Any, version: int) -> list[Any]:
    """The rows of history from a version until now, that one first; none where they do not tell."""
    count = current.version - version
    if count < 1:
        return []
    rows = list(current.history.order_by("-history_date", "-history_id")[: count + 1])
    return rows[::-1] if len(rows) > count else []


def _changes_in(current: Any, rows: Sequence[Any], names: Iterable[str]) -> list[Change]:
    """Who changed which of these fields; one change without fields where history does not tell."""
    if not rows:
        return [_by(current.history.latest())]
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
        """Say who was faster; the next save goes over what both wrote, knowingly.

        Fields that the writer had left as they were now show what others have put there.
        """
        last = overtaken.changes[-1]
        self.add_error(
            None,
            f"{last.by} changed this at {last.when}, after you opened it. What you wrote is still "
            "here. Compare it with what was changed, then save again to go over it.",
        )
        self.overtaken = overtaken.labelled(
            {name: str(field.label) for name, field in self.fields.items() if field.label}
        )
        left = {name: value for name, value in overtaken.left.items() if name in self.fields}
        self.show_again(version=overtaken.version, **left)

    @property
    def changes(self) -> dict[str, Any]:
        """What was entered, by field, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class VersionedModelForm(VersionedForm, GovukModelForm):
    """A versioned form whose fields are those of its record."""
