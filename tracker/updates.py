"""Progress updates: what has happened on an action, and how confident its leads are."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from core.dates import long_date, today
from core.history import attribute
from people.models import User
from tracker.daily_work import refusal_to_work
from tracker.models import Action, Confidence, ProgressUpdate
from tracker.workflow.moves import Refused, locked


def refusal_to_post(user: User, action: Action) -> str:
    """Why this person posts no update on this action now, as a sentence; "" when they may."""
    return refusal_to_work(user, action, doing="post updates")


def last_rated(action: Action) -> ProgressUpdate | None:
    """The update that gives the confidence an action has now."""
    return action.updates.exclude(confidence=None).select_related("confidence").first()


def expected_now(action: Action) -> dt.date | None:
    """The day on which the action is expected to close, as last stated."""
    dated = action.updates.exclude(expected_closure_on=None)
    return dated.values_list("expected_closure_on", flat=True).first()


@transaction.atomic
def post_update(
    action: Action,
    *,
    actor: User,
    text: str,
    marking: str,
    confidence: Confidence | None = None,
    confidence_reason: str = "",
    expected_closure_on: dt.date | None = None,
) -> ProgressUpdate:
    """Say what has happened on an action. Updates are never changed; the next one adds to them.

    The same update sent again at once is the one that is there already.

    Args:
        action: a live one.
        actor: leads it today, or is named to post for one of its leads.
        text: what has happened.
        marking: a value of `core.markings.Marking`.
        confidence: that the action will be done in time; None says nothing new about it.
        confidence_reason: asked for when the confidence changes or is the lowest of the scale.
        expected_closure_on: today or later; None leaves what was stated last.

    Raises:
        Refused: the action is closed or entered in error, or the person may not.
        ValidationError: a field is empty, or does not go together with what was stated before.
    """
    action = locked(action)
    if refusal := refusal_to_post(actor, action):
        raise Refused(refusal)
    update = ProgressUpdate(
        action=action,
        text=text.strip(),
        confidence=confidence,
        confidence_reason=confidence_reason.strip() if confidence else "",
        expected_closure_on=expected_closure_on,
        marking=marking,
        recorded_by=actor,
    )
    latest = action.updates.first()
    if latest is not None and _says(latest) == _says(update):
        return latest
    _check(update, last_rated(action))
    attribute(update, actor, "Update posted")
    update.full_clean()
    update.save()
    return update


def _says(update: ProgressUpdate) -> tuple[object, ...]:
    return (
        update.made_on,
        update.recorded_by_id,
        update.text,
        update.confidence_id,
        update.confidence_reason,
        update.expected_closure_on,
        update.marking,
    )


def _check(update: ProgressUpdate, rated: ProgressUpdate | None) -> None:
    expected = update.expected_closure_on
    if expected and expected < today():
        raise ValidationError(
            {
                "expected_closure_on": f"{long_date(expected)} has passed. Enter the day on which "
                "you expect the action to close now."
            }
        )
    confidence = update.confidence
    if confidence is None or update.confidence_reason:
        return
    if rated is not None and rated.confidence_id != confidence.pk:
        raise ValidationError(
            {
                "confidence_reason": f"Say why the confidence changes from {rated.confidence} to "
                f"{confidence}."
            }
        )
    if confidence == Confidence.objects.last():
        raise ValidationError(
            {"confidence_reason": f"Say why the confidence is {confidence.name.lower()}."}
        )
