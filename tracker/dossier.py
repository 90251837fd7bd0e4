"""Everything the page of one action shows, as at a day.

What had not happened by that day is left out: later periods, leads, revisions and updates.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.dates import long_date, today
from core.markings import Marking
from evidence.models import Evidence
from inspections.choices import LeadRole
from tracker.choices import COMPLETED_REASONS, CloseReason, Status
from tracker.models import (
    Action,
    Closure,
    ClosureEvent,
    Confidence,
    DueDate,
    DueDateRequest,
    ProgressUpdate,
    StatusPeriod,
)
from tracker.queries import Part, stale_limit
from tracker.readers import readable_though_sensitive
from tracker.routes import route_of
from tracker.track import track

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True)
class Revision:
    """A due date: as issued, or agreed, and then by whom, when and why."""

    due_on: dt.date
    agreed_on: dt.date
    agreed_by: str
    reason: str
    issued: bool


@dataclass(frozen=True)
class Edit:
    """One row of the audit trail: who changed what, and when."""

    at: dt.datetime
    by: str
    what: str
    reason: str
    changes: tuple[tuple[str, str, str], ...] = field(default=())


def dossier_of(action: Action, user: "User", day: dt.date) -> dict[str, Any]:
    """What `templates/tracker/action.html` shows of an action.

    Args:
        action: one that the reader may see.
        user: the reader; only their actions are listed as children or parent.
        day: the day it is shown as at.
    """
    then: Any = (
        Action.objects.filter(pk=action.pk)
        .with_position(day)
        .with_forecast(day)
        .select_related("publication", "question__framework", "parent")
        .first()
    )
    if then is None:
        first = action.periods.order_by("sequence").first()
        return {"action": action, "received_on": first.started_on if first else None, "then": None}
    periods = [period for period in action.periods.all() if period.started_on <= day]
    route = route_of(then.kind, then.register, then.level_at)
    closures = list(action.closures.filter(proposed_on__lte=day).order_by("-proposed_on", "-pk"))
    closure = closures[0] if closures else None
    rows = _period_rows(action, user, day)
    updates = list(
        action.updates.filter(made_on__lte=day).select_related("confidence", "recorded_by")
    )
    all_readable = may_read_sensitive(action, user)
    withheld = {u for u in updates if u.marking == Marking.SENSITIVE and not all_readable}
    rated = next((update for update in updates if update.confidence), None)
    return {
        "action": action,
        "then": then,
        "facts": facts(then, day),
        "route": route,
        "track": track(route, periods, _events(closure, day)),
        "update_entries": [_entry(update, withheld=update in withheld) for update in updates],
        "rated": rated,
        "rating_withheld": rated in withheld,
        "presence": action.portal_presences.filter(started_on__lte=day).last(),
        "due_dates": due_dates(action, day),
        "periods": rows,
        "ended": _ended(rows[0]),
        "due_request": due_request(action, day),
        "declined": declined_requests(action, day),
        "leads": lead_changes(action, day),
        "family": family(action, user, day),
        "closure": closure,
        "owing": [each for each in closures[1:] if each.owes_upload],
        "edits": edits(action, day, all_readable=all_readable),
    }


def facts(then: Any, day: dt.date) -> dict[str, Any]:
    """What is reckoned from the position of an action on a day."""
    live = then.status_at != Status.CLOSED
    heard = then.updated_on or then.received_on
    return {
        "live": live,
        "overdue": live and then.due_on is not None and then.due_on < day,
        "slipped": slipped_words(days_slipped(then)),
        "days_overdue": (day - then.due_on).days if then.due_on else 0,
        "stale": live and heard < stale_limit(day),
        "days_since_update": (day - heard).days,
        "age": (day - then.publication.published_on).days,
        "close_reason": CloseReason(then.close_reason_at).label if then.close_reason_at else "",
        "status": Status(then.status_at).label,
    }


def days_slipped(then: Any) -> int:
    """By how many days the due date was put off; negative where it is earlier now.

    Args:
        then: an action `with_position` and `with_forecast`.
    """
    if not then.slippage or not then.due_on or not then.first_due_on:
        return 0
    return int((then.due_on - then.first_due_on).days)


def slipped_words(days: int) -> str:
    """ "90 days later", "1 day earlier"; "" for none."""
    if not days:
        return ""
    return f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'later' if days > 0 else 'earlier'}"


def _events(closure: Closure | None, day: dt.date) -> list[ClosureEvent]:
    """The steps of a closure by the end of a day."""
    if closure is None:
        return []
    return list(closure.events.filter(happened_on__lte=day).select_related("recorded_by"))


WITHHELD_EDIT = f"what was changed is marked {Marking.SENSITIVE}"
WITHHELD = f"What this update says is marked {Marking.SENSITIVE}, and you may not read it."


def may_read_sensitive(action: Action, user: "User") -> bool:
    """By role, as somebody who leads this action today, or by a rule of an upper room."""
    if user.has_perm("tracker.view_sensitive_action"):
        return True
    return Action.objects.filter(readable_though_sensitive(user), pk=action.pk).exists()


def _entry(update: ProgressUpdate, *, withheld: bool) -> dict[str, Any]:
    """An update for the timeline.

    What is sensitive in an update is what it says: that there was one, and the confidence it
    gives, are in every list and count.
    """
    confidence: Confidence | None = update.confidence
    return {
        "heading": "Progress update",
        "when": long_date(update.made_on),
        "at": update.made_on,
        "by": str(update.recorded_by) if update.recorded_by else "",
        "text": WITHHELD if withheld else update.text,
        "tag": (
            {"text": f"{confidence.symbol} {confidence.name} confidence", "colour": "grey"}
            if confidence
            else None
        ),
    }


def due_dates(action: Action, day: dt.date) -> list[Revision]:
    """The due date as issued, if there was one, and each agreed by a day, oldest first."""
    known = DueDate.objects.filter(action=action, agreed_on__lte=day).order_by("sequence")
    return [
        Revision(
            due_on=each.due_on,
            agreed_on=each.agreed_on,
            agreed_by=each.agreed_by,
            reason=each.reason,
            issued=each.sequence == 0,
        )
        for each in known
    ]


def _period_rows(action: Action, user: "User", day: dt.date) -> list[dict[str, Any]]:
    """The status periods for the history, the latest first."""
    periods = action.periods.filter(started_on__lte=day).select_related(
        "document", "superseded_by", "recorded_by"
    )
    documents = [period.document_id for period in periods if period.document_id]
    readable = set(
        Evidence.objects.visible_to(user).filter(pk__in=documents).values_list("pk", flat=True)
    )
    visible = set(
        Action.objects.visible_to(user)
        .filter(pk__in=[period.superseded_by_id for period in periods if period.superseded_by_id])
        .values_list("pk", flat=True)
    )
    rows = [_period_row(period, day) for period in reversed(periods)]
    for row in rows:
        if row["document"] and row["document"].pk not in readable:
            row["document"] = None
        if row["superseded_by"] and row["superseded_by"].pk not in visible:
            row["superseded_by"] = None
    return rows


def due_request(action: Action, day: dt.date) -> DueDateRequest | None:
    """The request for another due date that waits for its answer; of today only."""
    if day < today():
        return None
    found: DueDateRequest | None = (
        action.due_requests.filter(agreed=None).select_related("asked_by").first()
    )
    return found


def declined_requests(action: Action, day: dt.date) -> list[DueDateRequest]:
    """Requests for another due date that were not agreed, of those made by a day, oldest first."""
    asked = action.due_requests.filter(agreed=False, asked_on__lte=day)
    return list(asked.select_related("asked_by", "answered_by").order_by("pk"))


def _ended(row: dict[str, Any]) -> dict[str, Any]:
    """How an action ended, from the latest row of its history; empty while it is live."""
    if row["status"] != Status.CLOSED:
        return {}
    another = row["close_reason"] not in (*COMPLETED_REASONS, CloseReason.NO_FOLLOW_UP)
    return {
        "in_another_way": another,
        "reason_given": row["words"] if another else "",
        "superseded_by": row["superseded_by"],
    }


def _period_row(period: StatusPeriod, day: dt.date) -> dict[str, Any]:
    """A status period for the history; its end is told only when the day has seen it."""
    ended = period.ended_on if period.ended_on and period.ended_on <= day else None
    label = CloseReason(period.close_reason).label if period.close_reason else ""
    # An imported reason is told in its original wording, beside.
    words = "" if period.original_wording else period.reason
    reason = ": ".join(part for part in (label, words) if part)
    return {
        "sequence": period.sequence,
        "status": period.status,
        "close_reason": period.close_reason,
        "words": words,
        "level": period.level,
        "started_on": period.started_on,
        "ended_on": ended,
        "assumed": period.assumed,
        "reason": reason,
        "late_reason": period.late_reason,
        "by": period.recorded_by,
        "document": period.document,
        "superseded_by": period.superseded_by,
        "original_wording": period.original_wording,
    }


def lead_changes(action: Action, day: dt.date) -> list[dict[str, Any]]:
    """Who has led the action, the latest first; ends after the day are not told."""
    return [
        {
            "role": LeadRole(each.role).label,
            "lead": each.lead,
            "started_on": each.started_on,
            "ended_on": each.ended_on if each.ended_on and each.ended_on <= day else None,
        }
        for each in action.leads.filter(started_on__lte=day)
        .select_related("lead")
        .order_by("-started_on", "-role")
    ]


def family(action: Action, user: "User", day: dt.date) -> dict[str, Any]:
    """The cause of concern an action belongs to, and the recommendations that belong to it."""
    visible = Action.objects.visible_to(user).filter(entered_in_error=False)
    return {
        "parent": visible.filter(pk=action.parent_id).first() if action.parent_id else None,
        "children": list(
            visible.filter(parent=action).with_parts(day, Part.PERIOD).order_by("reference")
        ),
    }


def edits(action: Action, day: dt.date, *, all_readable: bool) -> list[Edit]:
    """The audit trail of an action's own fields, the latest first, up to the end of a day.

    What an action said while it was marked sensitive is told only where `all_readable`.

    In a demonstration, whose today is a setting, the trail is written on the calendar's days: as at
    today it is shown whole.
    """
    trail: Any = action.history
    rows = trail.order_by("-history_date", "-history_id")
    if day < today():
        end = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
        rows = rows.filter(history_date__lt=end)
    found = list(rows)
    return [
        _edit(row, found[place + 1] if place + 1 < len(found) else None, all_readable)
        for place, row in enumerate(found)
    ]


def _edit(row: Any, before: Any, all_readable: bool) -> Edit:
    sensitive = Marking.SENSITIVE in (row.marking, before.marking if before else "")
    withheld = sensitive and not all_readable
    changes: tuple[tuple[str, str, str], ...] = ()
    if before is not None and not withheld:
        names = {each.name: str(each.verbose_name) for each in Action._meta.fields}
        changes = tuple(
            (names.get(change.field, change.field), _shown(change.old), _shown(change.new))
            for change in row.diff_against(before, foreign_keys_are_objs=True).changes
        )
    return Edit(
        at=row.history_date,
        by=row.user_name or "the system",
        what={"+": "Recorded", "~": "Edited", "-": "Deleted"}[row.history_type],
        reason=WITHHELD_EDIT if withheld else row.history_change_reason or "",
        changes=changes,
    )


def _shown(value: Any) -> str:
    if value in (None, ""):
        return "nothing"
    return long_date(value) if isinstance(value, dt.date) else str(value)
