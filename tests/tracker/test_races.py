"""Many people at once: one wins, the others are told who did."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from people import roles
from people.models import User
from tests.factories import day, make_action, make_user
from tests.tracker.closures import a_cast, approved, assured, led_action
from tracker import workflow
from tracker.choices import ClosureStep, Kind
from tracker.due_dates import set_due_dates
from tracker.models import Action, Closure
from tracker.workflow import Refused, moves

RACERS = 20


@pytest.mark.django_db(transaction=True)
def test_twenty_approvals_at_once_make_one_decision(media: Path) -> None:
    closure = assured(led_action(), a_cast())
    chairs = [make_user(f"chair-{number}", roles.CHAIR) for number in range(RACERS)]

    def decide(chair: User) -> str:
        try:
            workflow.approve(Closure.objects.get(pk=closure.pk), actor=chair)
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "approved"

    with ThreadPoolExecutor(RACERS) as pool:
        said = Counter(pool.map(decide, chairs))

    assert said.pop("approved") == 1
    assert sum(said.values()) == RACERS - 1
    assert all("Approved by Chair-" in sentence for sentence in said)
    decided = Closure.objects.get(pk=closure.pk)
    assert decided.step == ClosureStep.LETTER_AWAITED
    assert decided.events.filter(kind="approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_dates_of_several_and_a_letter_of_several_never_wait_for_one_another(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One takes the cause of concern first, the other one action of its own: both end."""
    cast = a_cast()
    alone, cause = led_action(), make_action(kind=Kind.CAUSE_OF_CONCERN)
    child = led_action(parent=cause)
    closures = [approved(alone, cast), approved(child, cast)]
    real = moves.lock_several

    def slowly(actions: Iterable[Action], *at_hand: str) -> list[Action]:
        found = real(actions, *at_hand)
        time.sleep(0.2)
        return found

    monkeypatch.setattr("tracker.due_dates.lock_several", slowly)
    monkeypatch.setattr("tracker.workflow.moves.lock_several", slowly)

    def dates(number: int) -> str:
        return _ended(
            lambda: set_due_dates(
                [alone, child],
                actor=cast.governance,
                due_on=day("2025-06-01") + dt.timedelta(days=number),
                agreed_by="The Board",
                reason="Agreed.",
            )
        )

    def letters(number: int) -> str:
        return _ended(
            lambda: workflow.draft_letter(
                closures, actor=cast.governance, introduction=f"Letter {number}"
            )
        )

    with ThreadPoolExecutor(6) as pool:
        running = [pool.submit(work, number) for number in range(3) for work in (dates, letters)]
        said = Counter(each.result() for each in running)
    assert said == {"done": 4, "refused": 2}


def _ended(work: Callable[[], object]) -> str:
    try:
        work()
    except Refused:
        return "refused"
    finally:
        connection.close()
    return "done"


@pytest.mark.django_db
def test_what_is_locked_is_the_cause_it_belongs_to_now() -> None:
    first, second = (make_action(kind=Kind.CAUSE_OF_CONCERN) for _ in range(2))
    child, alone = make_action(parent=first), make_action()
    stale = Action.objects.get(pk=child.pk)
    Action.objects.filter(pk=child.pk).update(parent=second)

    assert moves.lock_several([alone, stale]) == sorted([child, alone], key=lambda each: each.pk)
    assert moves.lock_several([stale])[0].parent == second
