"""At which stage of which scheme HMICFRS watches the force, and since when."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from core.dates import long_date, today
from inspections.keeping import change, keep
from inspections.known_dates import whole
from inspections.models import MonitoringPeriod, MonitoringScheme, MonitoringStage
from people.models import User


@transaction.atomic
def add_scheme(
    *, actor: User | None, name: str, stages: Iterable[tuple[str, str]], note: str = ""
) -> MonitoringScheme:
    """Record a scheme of monitoring with its stages.

    Args:
        actor: who records it; None when it is loaded.
        name: of the scheme.
        stages: name and meaning of each, the lightest first; at least one.
        note: how it works.

    Raises:
        ValidationError: it is recorded already, has no stage, or one stage twice.
    """
    scheme = keep(
        MonitoringScheme(name=name, note=note), actor=actor, reason="Monitoring scheme recorded"
    )
    order = 0
    for order, (stage, meaning) in enumerate(stages, start=1):
        made = MonitoringStage(scheme=scheme, name=stage, meaning=meaning, order=order)
        try:
            keep(made, actor=actor, reason="Monitoring scheme recorded")
        except ValidationError as error:
            raise ValidationError({"stages": error.messages}) from error
    if not order:
        raise ValidationError({"stages": "Enter at least one stage."})
    return scheme


def current() -> MonitoringPeriod | None:
    """The stage the force is at."""
    return MonitoringPeriod.objects.filter(ended_on=None).select_related("stage__scheme").first()


@transaction.atomic
def begin_stage(
    stage: MonitoringStage,
    *,
    actor: User | None,
    since: dt.date,
    precision: str,
    note: str = "",
) -> MonitoringPeriod:
    """Record that the force is at a stage from a day on; the stage before it ends that day.

    Said twice, it stands once.

    Args:
        stage: of any scheme: a new scheme takes over from the one before.
        actor: who records it; None when it is loaded.
        since: a day of the week, month or year from which on.
        precision: how well that is known; a value of `Precision`.
        note: why.

    Raises:
        ValidationError: in the future, before the stage it is at began, or the stage it is at.
    """
    list(MonitoringScheme.objects.select_for_update().order_by("pk"))
    started_on = whole(precision, since, None, open_ended=True).starts_on
    before = current()
    if before is not None and before.stage_id == stage.pk:
        if (before.started_on, before.precision, before.note) == (started_on, precision, note):
            return before
        raise ValidationError({"stage": f"The force is at that stage, since {before.since}."})
    _check(started_on, before)
    if before is not None:
        before.ended_on = started_on
        keep(before, actor=actor, reason=f"Moved to {stage.name}")
    period = MonitoringPeriod(stage=stage, started_on=started_on, precision=precision, note=note)
    return keep(period, actor=actor, reason="Monitoring stage recorded")


@transaction.atomic
def correct_stage(
    period: MonitoringPeriod,
    *,
    actor: User,
    version: int,
    since: dt.date,
    precision: str,
    note: str,
) -> MonitoringPeriod:
    """Correct since when the force is, or was, at a stage; the one before ends when it begins.

    Args:
        version: the one the writer saw.
        since, precision, note: as for `begin_stage`.

    Raises:
        Overtaken: somebody else changed the same first, to something else.
        ValidationError: in the future, before the stage before it began, or after its own end.
    """
    list(MonitoringScheme.objects.select_for_update().order_by("pk"))
    started_on = whole(precision, since, None, open_ended=True).starts_on
    period = MonitoringPeriod.objects.select_for_update().get(pk=period.pk)
    earlier = MonitoringPeriod.objects.filter(ended_on=period.started_on).exclude(pk=period.pk)
    before = earlier.order_by("-started_on").first()
    _check(started_on, before)
    if period.ended_on is not None and started_on >= period.ended_on:
        raise ValidationError(
            {"since": f"That is after it ended. Enter a day before {long_date(period.ended_on)}."}
        )
    fields = {"started_on": started_on, "precision": precision, "note": note}
    changed = change(
        period, actor=actor, version=version, reason="Monitoring stage corrected", fields=fields
    )
    if before is not None and before.ended_on != changed.started_on:
        before.ended_on = changed.started_on
        keep(before, actor=actor, reason="The stage after it was corrected")
    return changed


def _check(started_on: dt.date, before: MonitoringPeriod | None) -> None:
    if started_on > today():
        raise ValidationError(
            {"since": f"{long_date(started_on)} has not come yet. Enter today or an earlier day."}
        )
    if before is not None and started_on <= before.started_on:
        raise ValidationError(
            {
                "since": f"The stage before it, {before.stage.name}, began {before.since}. Enter a "
                "later day."
            }
        )
