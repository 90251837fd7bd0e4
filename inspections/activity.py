"""What is recorded of inspections: that there is one, how far it is, and the report it ends in."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.collisions import what_to_write
from core.history import attribute
from inspections.choices import InspectionStatus, PublicationType
from inspections.models import Inspection, Publication
from inspections.recording import record_publication
from people.models import User


@transaction.atomic
def record_inspection(*, actor: User | None, title: str, kind: str, **fields: Any) -> Inspection:
    """Record an inspection, or an internal review.

    Args:
        actor: who records it; None for a command.
        title, kind: of the inspection; a kind is a type of publication.
        fields: further details, by the names of the model's fields.

    Raises:
        ValidationError: a field that does not fit, or an internal review without why and when it
            was commissioned; or an inspection of this title that is still going on.
    """
    _check_new(title, kind)
    inspection = Inspection(title=title, kind=kind, **fields)
    return _keep(inspection, actor, "Inspection recorded")


@transaction.atomic
def change_inspection(
    inspection: Inspection, *, actor: User, version: int, **fields: Any
) -> Inspection:
    """Change the details of an inspection; its status changes with `change_status`.

    Args:
        version: the one the writer saw.
        fields: what is to be, by the names of the model's fields.

    Raises:
        Overtaken: somebody else changed the same fields first, to something else.
        ValidationError: a field that does not fit.
    """
    current = _locked(inspection)
    for name, value in what_to_write(current, version, fields).items():
        setattr(current, name, value)
    return _keep(current, actor, "Inspection changed")


@transaction.atomic
def change_status(inspection: Inspection, *, actor: User, status: str) -> Inspection:
    """Say how far an inspection is; nothing happens where that is known already.

    Args:
        status: a value of `InspectionStatus`; not that it is published, which its report tells.

    Raises:
        ValidationError: it is published already, or is to be so without its report.
    """
    current = _locked(inspection)
    if current.status == status:
        return current
    if current.status == InspectionStatus.PUBLISHED:
        raise ValidationError({"status": "It is published: its report is recorded."})
    if status == InspectionStatus.PUBLISHED:
        raise ValidationError({"status": "Record its report: that says that it is published."})
    current.status = status
    return _keep(current, actor, f"Status: {current.get_status_display()}")


@transaction.atomic
def record_report(
    inspection: Inspection,
    *,
    actor: User,
    published_on: dt.date,
    type: str,
    title: str,
    **fields: Any,
) -> Publication:
    """Record the report an inspection ended in: it is published from then on.

    Args:
        published_on, type, title, fields: as for `recording.record_publication`.

    Raises:
        ValidationError: its report is recorded already, or what `record_publication` refuses, or
            what `attach_report` does.
    """
    current = _locked(inspection)
    _check_open(current)
    if type == PublicationType.OTHER_BODY and not fields.get("body"):
        fields["body"] = current.body
    report = record_publication(
        actor=actor, published_on=published_on, type=type, title=title, **fields
    )
    attach_report(current, report, actor=actor)
    return report


@transaction.atomic
def attach_report(inspection: Inspection, report: Publication, *, actor: User) -> Inspection:
    """Say that a publication is the report of an inspection.

    Raises:
        ValidationError: the inspection has a report already, the publication is that of another
            inspection, is of another type, or is dated before the review was commissioned.
    """
    current = _locked(inspection)
    _check_open(current)
    internal = PublicationType.INTERNAL_REVIEW
    if (current.kind == internal) != (report.type == internal):
        words = "an internal review" if current.is_internal else "not an internal review"
        raise ValidationError({"type": f"This is {words}: choose the type that says so."})
    if current.commissioned_on and report.published_on < current.commissioned_on:
        raise ValidationError(
            {"published_on": "That is before the Board commissioned it. Check the date."}
        )
    current.report, current.status = report, InspectionStatus.PUBLISHED
    return _keep(current, actor, "Report recorded")


def _check_new(title: str, kind: str) -> None:
    going_on = Inspection.objects.exclude(
        status__in=(InspectionStatus.PUBLISHED, InspectionStatus.WITHDRAWN)
    )
    internal = kind == PublicationType.INTERNAL_REVIEW
    if not internal and going_on.filter(title=title, kind=kind).exists():
        raise ValidationError({"title": "An inspection of this title is recorded already."})


def _locked(inspection: Inspection) -> Inspection:
    return Inspection.objects.select_for_update().get(pk=inspection.pk)


def _check_open(inspection: Inspection) -> None:
    if inspection.report is not None:
        raise ValidationError(f"Its report is recorded already: “{inspection.report}”.")


def _keep(inspection: Inspection, actor: User | None, reason: str) -> Inspection:
    attribute(inspection, actor, reason)
    inspection.full_clean()
    inspection.save()
    return inspection
