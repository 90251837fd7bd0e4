"""For any history, the position agrees with a slow, obvious count and always adds up."""

import datetime as dt
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inspections.choices import Scope
from tests.factories import make_publication
from tracker import position
from tracker.choices import CloseReason, Kind, Register, Status
from tracker.models import Action, StatusPeriod

START = dt.date(2024, 1, 1)
SPAN = 120


@dataclass(frozen=True)
class History:
    """An action as a test sees it: when it came, and what happened so many days after what went
    before.
    """

    received: int
    register: str
    scope: str
    events: tuple[tuple[int, str, int], ...]

    def dated(self) -> list[tuple[dt.date, str, int | None]]:
        """(day, status, level) of each step, the first on the day received."""
        day = START + dt.timedelta(days=self.received)
        steps = []
        for gap, status, level in self.events:
            day += dt.timedelta(days=gap)
            steps.append((day, status, level if self.register == Register.HMICFRS else None))
        return steps

    def status_on(self, day: dt.date) -> str | None:
        """The last thing that had happened by the end of the day; None before it was received."""
        status = None
        for happened, then, _level in self.dated():
            if happened <= day:
                status = then
        return status

    def live_on(self, day: dt.date) -> bool:
        return self.status_on(day) not in (None, Status.CLOSED)


events = st.tuples(
    st.integers(0, 25), st.sampled_from(Status.values), st.sampled_from([1, 2, 3, 4])
)
histories = st.builds(
    History,
    received=st.integers(0, SPAN),
    register=st.sampled_from([Register.HMICFRS, Register.SUPER_COMPLAINT]),
    scope=st.sampled_from(Scope.values),
    events=st.lists(events, min_size=1, max_size=6).map(
        lambda found: ((0, *found[0][1:]), *found[1:])
    ),
)
days = st.integers(0, SPAN + 60).map(lambda n: START + dt.timedelta(days=n))


def record(found: list[History]) -> None:
    publication = make_publication()
    for number, history in enumerate(found):
        action = Action.objects.create(
            reference=f"H-{number}",
            kind=Kind.RECOMMENDATION,
            register=history.register,
            scope=history.scope,
            publication=publication,
            text="Do it.",
        )
        steps = history.dated()
        for index, (day, status, level) in enumerate(steps):
            StatusPeriod.objects.create(
                action=action,
                sequence=index + 1,
                status=status,
                level=level,
                started_on=day,
                ended_on=steps[index + 1][0] if index + 1 < len(steps) else None,
                close_reason=CloseReason.COMPLETED if status == Status.CLOSED else "",
            )


class PositionProperties(TestCase):
    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(found=st.lists(histories, max_size=6), one=days, other=days)
    def test_every_count_equals_the_obvious_one(
        self, found: list[History], one: dt.date, other: dt.date
    ) -> None:
        record(found)
        since, as_at = sorted((one, other))

        live = [history for history in found if history.live_on(as_at)]
        assert position.table(as_at).total.total == len(live)
        assert position.stages(as_at).live == len(live)
        point = position.trend([since, as_at])[-1]
        assert point.total == len(live)
        assert point.super_complaint == sum(
            history.register == Register.SUPER_COMPLAINT for history in live
        )

        moved = position.movement(since, as_at)
        assert moved.adds_up
        assert moved.opening == sum(history.live_on(since) for history in found)
        assert moved.closing == len(live)
        assert moved.new == sum(
            history.status_on(since) is None and history.status_on(as_at) is not None
            for history in found
        )
        assert moved.reopened == sum(
            history.status_on(since) == Status.CLOSED and history.live_on(as_at)
            for history in found
        )
        assert moved.closed == sum(
            history.status_on(as_at) == Status.CLOSED
            and (history.live_on(since) or history.status_on(since) is None)
            for history in found
        )
        assert moved.closed_and_reopened == sum(
            self.closed_for_a_while(history, since, as_at) for history in found
        )

    def closed_for_a_while(self, history: History, since: dt.date, as_at: dt.date) -> bool:
        """Live at the end, not closed at the start, closed at the end of a day between."""
        between = (since + dt.timedelta(days=n) for n in range(1, (as_at - since).days + 1))
        return (
            history.live_on(as_at)
            and history.status_on(since) != Status.CLOSED
            and any(history.status_on(day) == Status.CLOSED for day in between)
        )
