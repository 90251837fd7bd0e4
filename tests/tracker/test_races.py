"""Many people at once: one wins, the others are told who did."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from people import roles
from people.models import User
from tests.factories import make_user
from tests.tracker.closures import a_cast, assured, led_action
from tracker import workflow
from tracker.choices import ClosureStep
from tracker.models import Closure
from tracker.workflow import Refused

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
