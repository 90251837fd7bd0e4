"""Whatever anybody tries in whatever order: no action closes by a route its level forbids, and its
status periods leave no gap.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.dates import today
from core.uploads import atomic_with_files
from tests.factories import make_action
from tests.tracker.closures import PDF, a_cast, attach, led_action
from tracker import workflow
from tracker.choices import CloseReason, Kind, Status
from tracker.models import Action, Closure, StatusPeriod
from tracker.workflow import Refused

pytestmark = pytest.mark.django_db

ACTORS = ("delivery", "executive", "assurance", "governance", "chair", "deputy")
# How an action of each level may close (domain glossary).
ALLOWED: dict[int | None, set[str]] = {
    1: {CloseReason.NO_FOLLOW_UP},
    2: {
        CloseReason.COMPLETED,
        CloseReason.SUPERSEDED,
        CloseReason.NOT_ACCEPTED,
        CloseReason.WITHDRAWN,
    },
    3: {CloseReason.VERIFIED, CloseReason.SUPERSEDED, CloseReason.WITHDRAWN},
    4: {CloseReason.VERIFIED, CloseReason.SUPERSEDED, CloseReason.WITHDRAWN},
}


def _file(closure: Closure, actor: Any) -> None:
    letter = workflow.draft_letter([closure], actor=actor, introduction="Dear all,")
    scan = SimpleUploadedFile("letter.pdf", PDF)
    workflow.file_letter(letter, actor=actor, scan=scan, signed_on=today())


def _correct_last(action: Action, actor: Any, days: int) -> None:
    period = workflow.open_period(action)
    right = period.started_on + dt.timedelta(days=days)
    workflow.correct_day(action, period.sequence, actor=actor, day=right, reason="Seen.")


def _steps(action: Action, closure: Closure | None, evidence: Any) -> dict[str, Callable[..., Any]]:
    """Everything somebody may try, by name; closures only where there is one."""
    shown = [evidence]
    tried: dict[str, Callable[..., Any]] = {
        "propose": lambda actor: workflow.propose(
            action, actor=actor, did="Done.", impact="Better.", evidence=shown
        ),
        "verify": lambda actor: workflow.record_verification(
            action, actor=actor, verified=True, text="Seen."
        ),
        "not verify": lambda actor: workflow.record_verification(
            action, actor=actor, verified=False, text="Not yet."
        ),
        "outcome": lambda actor: workflow.record_outcome(
            action, actor=actor, closed=True, text="Seen.", document=evidence
        ),
        "supersede": lambda actor: workflow.supersede(
            action, actor=actor, text="Newer.", document=evidence
        ),
        "not accept": lambda actor: workflow.not_accept(action, actor=actor, reason="No."),
        "reopen": lambda actor: workflow.reopen(action, actor=actor, reason="Again."),
        **{
            f"level {level}": lambda actor, level=level: workflow.change_level(
                action, level, actor=actor, text="Scan."
            )
            for level in (1, 2, 3, 4)
        },
        **{
            f"correct {days}": lambda actor, days=days: _correct_last(action, actor, days)
            for days in (-3, 2)
        },
    }
    if closure is not None:
        tried |= {
            "assure": lambda actor: workflow.assure(closure, actor=actor, text="Seen."),
            "return": lambda actor: workflow.send_back(closure, actor=actor, reason="More."),
            "approve": lambda actor: workflow.approve(closure, actor=actor),
            "letter": lambda actor: _file(closure, actor),
            "upload": lambda actor: workflow.record_upload([closure], actor=actor),
        }
    return tried


def _never_broken(action: Action, cast: SimpleNamespace) -> None:
    periods = list(StatusPeriod.objects.filter(action=action).order_by("sequence"))
    for before, after in pairwise(periods):
        assert before.ended_on == after.started_on
    assert [each.ended_on for each in periods].count(None) == 1 and periods[-1].ended_on is None
    for period in periods:
        if period.status == Status.CLOSED:
            assert period.close_reason in ALLOWED[period.level]
    for closure in Closure.objects.filter(action=action, outcome="closed"):
        people = {closure.proposed_by_id, closure.assured_by_id, closure.decided_by_id}
        assert len(people) == 3 and None not in people
        assert closure.decided_by_id not in {cast.delivery.pk, cast.executive.pk}
        assert closure.letter is not None and closure.letter.signed is not None


STEPS = (
    *("propose", "assure", "approve", "letter", "upload", "verify", "not verify", "return"),
    *("outcome", "supersede", "not accept", "reopen", "level 1", "level 2", "level 3", "level 4"),
    *("correct -3", "correct 2"),
)
# Whoever would be right for it more often than not: otherwise hardly anything gets far.
RIGHT = {"propose": "delivery", "assure": "assurance", "approve": "chair", "return": "assurance"}


@given(
    level=st.sampled_from([2, 3, 4]),
    tries=st.lists(
        st.tuples(st.sampled_from(STEPS), st.sampled_from(["right", "right", *ACTORS])),
        min_size=4,
        max_size=14,
    ),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_order_of_steps_by_anybody_closes_by_a_forbidden_route_or_leaves_a_gap(
    media: Path, level: int, tries: list[tuple[str, str]]
) -> None:
    with atomic_with_files():
        cast = a_cast()
        action = led_action(level=level)
        evidence = attach(action, cast.delivery)
        for step, who in [("propose", "right"), ("assure", "right"), ("approve", "right"), *tries]:
            actor = getattr(cast, RIGHT.get(step, "governance") if who == "right" else who)
            action = Action.objects.get(pk=action.pk)
            attempt = _steps(action, workflow.latest_closure(action), evidence).get(step)
            if attempt is not None:
                with suppress(Refused):
                    attempt(actor)
                _never_broken(action, cast)
        transaction.set_rollback(True)


def test_a_cause_of_concern_is_never_closed_above_a_live_recommendation(media: Path) -> None:
    cast = a_cast()
    cause = make_action(kind=Kind.CAUSE_OF_CONCERN)
    child = make_action(parent=cause, level=2)
    for step in ("propose", "outcome", "supersede", "not accept", "verify"):
        attempt = _steps(cause, None, attach(cause, cast.governance))[step]
        for name in ACTORS:
            with pytest.raises(Refused):
                attempt(getattr(cast, name))
    assert workflow.open_period(child).status == Status.IN_PROGRESS
