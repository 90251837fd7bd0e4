"""Live actions on a day: the table of the paper (3.2) and the stages (3.3)."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from inspections.choices import Scope
from tracker.choices import Kind, Register, Stage, Status
from tracker.models import StatusPeriod
from tracker.queries import on_portal_on, stage_expression

if TYPE_CHECKING:
    from inspections.models import CoreQuestion
    from tracker.queries import StatusPeriodQuerySet


@dataclass(frozen=True)
class Row:
    """A row of the table: what it holds, and how many live actions there are of each scope.

    Args:
        label: the words of the paper (3.2), e.g. "Recommendation level 2".
        kind: the kind counted, None for the total.
        level: the activity level counted; None where the row has none.
        register: the register counted, None for the total.
        local, national: live actions.
    """

    label: str
    kind: str | None
    level: int | None
    register: str | None
    local: int
    national: int

    @property
    def total(self) -> int:
        return self.local + self.national

    @property
    def level_not_given(self) -> bool:
        return (
            self.level is None
            and self.register == Register.HMICFRS
            and self.kind != Kind.CAUSE_OF_CONCERN
        )


@dataclass(frozen=True)
class Table:
    """The table of live activity (paper 3.2): rows in the paper's order and their total."""

    as_at: dt.date
    rows: tuple[Row, ...]

    @property
    def total(self) -> Row:
        return Row(
            label="Total live activity",
            kind=None,
            level=None,
            register=None,
            local=sum(row.local for row in self.rows),
            national=sum(row.national for row in self.rows),
        )


@dataclass(frozen=True)
class Stages:
    """Live actions by stage, and how many of each were not on HMICFRS's portal (paper 3.3).

    `assumed`: how many of those in progress may have stood elsewhere, because the force's first
    list tells only the latest stage of an action. The split is known when there are none.
    """

    as_at: dt.date
    in_progress: int
    local_closure: int
    with_hmicfrs: int
    in_progress_not_on_portal: int
    local_closure_not_on_portal: int
    with_hmicfrs_not_on_portal: int
    assumed: int = 0

    @property
    def known(self) -> bool:
        return not self.assumed

    @property
    def live(self) -> int:
        return self.in_progress + self.local_closure + self.with_hmicfrs

    @property
    def not_on_portal(self) -> int:
        return (
            self.in_progress_not_on_portal
            + self.local_closure_not_on_portal
            + self.with_hmicfrs_not_on_portal
        )


# The rows of the paper's table: label, kind, level, register.
ROWS: tuple[tuple[str, str, int | None, str], ...] = (
    ("Cause of concern", Kind.CAUSE_OF_CONCERN, None, Register.HMICFRS),
    *(
        (f"Recommendation level {n}", Kind.RECOMMENDATION, n, Register.HMICFRS)
        for n in (1, 2, 3, 4)
    ),
    *((f"AFI level {n}", Kind.AFI, n, Register.HMICFRS) for n in (1, 2, 3, 4)),
    ("Recommendation, level not given yet", Kind.RECOMMENDATION, None, Register.HMICFRS),
    ("AFI, level not given yet", Kind.AFI, None, Register.HMICFRS),
    (
        "Super-complaints (not on the portal)",
        Kind.RECOMMENDATION,
        None,
        Register.SUPER_COMPLAINT,
    ),
)


def live_periods(as_at: dt.date, question: "CoreQuestion | None" = None) -> "StatusPeriodQuerySet":
    """The status periods of live counted actions that contain a day; of one question area if
    told.
    """
    live = StatusPeriod.objects.at(as_at).counted().exclude(status=Status.CLOSED)
    return live if question is None else live.filter(action__question=question)


@dataclass(frozen=True)
class StagesOfRow:
    """How the live actions of one row of the table stand, stage by stage."""

    label: str
    in_progress: int
    local_closure: int
    with_hmicfrs: int

    @property
    def total(self) -> int:
        return self.in_progress + self.local_closure + self.with_hmicfrs


def stages_by_row(
    as_at: dt.date, question: "CoreQuestion | None" = None
) -> tuple[StagesOfRow, ...]:
    """Live actions by row of the table and by stage, in the order of the table; of one question
    area if told. Rows without a live action are left out.
    """
    counts: dict[tuple[str, int | None, str], dict[str, int]] = {}
    for each in (
        live_periods(as_at, question)
        .annotate(stage=stage_expression("", "action__"))
        .values("action__kind", "level", "action__register", "stage")
        .annotate(n=Count("pk"))
        .order_by()
    ):
        row = (each["action__kind"], each["level"], each["action__register"])
        counts.setdefault(row, {})[each["stage"]] = each["n"]
    return tuple(
        StagesOfRow(
            label=label,
            in_progress=found.get(Stage.IN_PROGRESS, 0),
            local_closure=found.get(Stage.LOCAL_CLOSURE, 0),
            with_hmicfrs=found.get(Stage.WITH_HMICFRS, 0),
        )
        for label, kind, level, register in ROWS
        if (found := counts.get((kind, level, register)))
    )


def table(as_at: dt.date) -> Table:
    """The table of live activity; rows of zero stay, "level not given yet" shows only when it is
    not.
    """
    counts = {
        (row["action__kind"], row["level"], row["action__register"], row["action__scope"]): row["n"]
        for row in live_periods(as_at)
        .values("action__kind", "level", "action__register", "action__scope")
        .annotate(n=Count("pk"))
        .order_by()
    }
    rows = []
    for label, kind, level, register in ROWS:
        row = Row(
            label=label,
            kind=kind,
            level=level,
            register=register,
            local=counts.get((kind, level, register, Scope.LOCAL), 0),
            national=counts.get((kind, level, register, Scope.NATIONAL), 0),
        )
        if row.total or not row.level_not_given:
            rows.append(row)
    return Table(as_at=as_at, rows=tuple(rows))


def stages(as_at: dt.date) -> Stages:
    """Live actions by stage."""
    rows = list(
        live_periods(as_at)
        .annotate(stage=stage_expression("", "action__"))
        .values("stage")
        .annotate(
            n=Count("pk"),
            seen=Count("pk", filter=on_portal_on(as_at, "action")),
            unsure=Count("pk", filter=Q(assumed=True)),
        )
        .order_by()
    )
    counts = {row["stage"]: (row["n"], row["n"] - row["seen"]) for row in rows}
    nothing = (0, 0)
    in_progress = counts.get(Stage.IN_PROGRESS, nothing)
    local_closure = counts.get(Stage.LOCAL_CLOSURE, nothing)
    with_hmicfrs = counts.get(Stage.WITH_HMICFRS, nothing)
    return Stages(
        as_at=as_at,
        in_progress=in_progress[0],
        local_closure=local_closure[0],
        with_hmicfrs=with_hmicfrs[0],
        in_progress_not_on_portal=in_progress[1],
        local_closure_not_on_portal=local_closure[1],
        with_hmicfrs_not_on_portal=with_hmicfrs[1],
        assumed=sum(row["unsure"] for row in rows),
    )
