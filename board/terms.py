"""The writes about the terms of reference: a draft is begun, changed, approved; then it stands."""

import datetime as dt
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from board.models import TermsOfReference
from core.collisions import Change, FieldChange, Overtaken
from core.dates import long_date, today
from core.history import attribute
from inspections.choices import DatePrecision
from people.models import User
from tracker.workflow import Refused

# What a version says, beside its place in the document control.
CONTENT = (
    "purpose_opening",
    "purpose",
    "core_activities",
    "members",
    "deputies",
    "frequency",
    "agenda_by",
    "notes_by",
)
FIELDS = ("version", "status", *CONTENT)
_FIRST, _DRAFT = "1.0", "Draft"


def suggested_version() -> str:
    """The number of the next version: the second figure of the newest, and one."""
    newest = TermsOfReference.objects.order_by("-pk").first()
    if newest is None:
        return _FIRST
    major, _, minor = newest.version.partition(".")
    return f"{major}.{int(minor) + 1}" if minor.isdecimal() else f"{major}.1"


@transaction.atomic
def begin_draft(*, actor: User, version: str) -> TermsOfReference:
    """Begin a new version as a copy of the newest one.

    Raises:
        Refused: a draft is being written already.
        ValidationError: for `number`: it is taken.
    """
    newest = TermsOfReference.objects.select_for_update().order_by("-pk").first()
    draft = TermsOfReference.objects.draft()
    if draft is not None:
        raise Refused(f"Version {draft.version} is being written already. Change that one.")
    terms = TermsOfReference(version=version, status=_DRAFT, dated_on=today())
    if newest is not None:
        for name in CONTENT:
            setattr(terms, name, getattr(newest, name))
    _keep(terms, actor, "New version begun")
    return terms


@transaction.atomic
def change_draft(
    terms: TermsOfReference, *, actor: User, version: int, fields: dict[str, Any]
) -> TermsOfReference:
    """Change what a draft says.

    Args:
        version: `state_of` the draft as the writer saw it.
        fields: of `FIELDS`.

    Raises:
        Overtaken: somebody else changed the draft meanwhile.
        Refused: it is approved, or a later version has overtaken it.
        ValidationError: by field, what does not fit; a number that is taken, for `number`.
    """
    terms = _locked_draft(terms)
    _check_seen(terms, version)
    if all(getattr(terms, name) == value for name, value in fields.items()):
        return terms
    for name, value in fields.items():
        setattr(terms, name, value)
    _keep(terms, actor, "Draft changed")
    return terms


@transaction.atomic
def approve_terms(
    terms: TermsOfReference, *, actor: User, on: dt.date, status: str
) -> TermsOfReference:
    """Put on record that the Board has approved a draft; it is in force from that day, and never
    changed again.

    Args:
        on: the day it was approved; today or earlier, and not before the version in force was.
        status: for the document control.

    Raises:
        Refused: it is approved already, or a later version has overtaken it.
        ValidationError: by argument: a day that does not fit, or no status.
    """
    terms = _locked_draft(terms)
    if on > today():
        raise ValidationError({"on": f"{long_date(on)} has not come yet. Enter today or earlier."})
    before = TermsOfReference.objects.in_force(dt.date.max)
    if before is not None and before.approved_on is not None and on < before.approved_on:
        raise ValidationError(
            {
                "on": f"Version {before.version} was approved on {long_date(before.approved_on)}, "
                "so this one was approved on that day or later."
            }
        )
    terms.approved_on = terms.dated_on = on
    terms.date_precision = DatePrecision.DAY
    terms.status = status
    _keep(terms, actor, "Approved")
    return terms


def state_of(terms: TermsOfReference) -> int:
    """The state of a draft, which whoever changes it sends back."""
    latest: Any = terms.history.latest()  # type: ignore[attr-defined]
    return int(latest.pk)


def _locked_draft(terms: TermsOfReference) -> TermsOfReference:
    terms = TermsOfReference.objects.select_for_update().get(pk=terms.pk)
    if terms.approved:
        raise Refused("This version was approved, so it is not changed any more.")
    if terms != TermsOfReference.objects.draft():
        raise Refused("A later version has taken the place of this draft.")
    return terms


def _check_seen(terms: TermsOfReference, seen: int) -> None:
    history: Any = terms.history
    rows = list(history.filter(pk__gte=seen).order_by("pk"))
    if len(rows) < 2:
        return
    changes = [
        Change(by=after.user_name or "somebody", at=after.history_date, fields=_told(before, after))
        for before, after in pairwise(rows)
    ]
    raise Overtaken(rows[-1].pk, changes)


def _told(before: Any, after: Any) -> tuple[FieldChange, ...]:
    """What one change of a draft changed, in words."""
    found = []
    for name in FIELDS:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            field: Any = TermsOfReference._meta.get_field(name)
            label = str(field.verbose_name).capitalize()
            found.append(FieldChange(name, label, _text(was), _text(now)))
    return tuple(found)


def _text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else str(value)


def _keep(terms: TermsOfReference, actor: User, what: str) -> None:
    same = TermsOfReference.objects.filter(version=terms.version).first()
    if same is not None and same != terms:
        raise ValidationError({"number": f"There is a version {terms.version} already."})
    attribute(terms, actor, what)
    terms.full_clean()
    terms.save()
