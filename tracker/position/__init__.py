"""The position: every figure about actions, as at a date. A list says how many rows it has; what
is said about the force is counted here and nowhere else.

Each function asks the database a fixed number of times, whatever the number of actions or months.
Super-complaint actions and HMICFRS actions count; other registers and entries in error do not.
Markings do not matter here: a count names nobody.
"""

from tracker.position.attention import (
    DUE_SOON_DAYS,
    Exceptions,
    exceptions,
    exceptions_by_question,
    list_tabs,
    to_allocate,
    workload,
)
from tracker.position.breakdown import (
    PublicationCount,
    RegisterCount,
    by_confidence,
    by_lead,
    by_publication,
    by_question,
    by_register,
    by_type,
    confidence_spread,
    grouped,
)
from tracker.position.live import (
    Row,
    Stages,
    StagesOfRow,
    Table,
    stages,
    stages_by_row,
    table,
)
from tracker.position.over_time import (
    Movement,
    ReceivedGroup,
    TrendPoint,
    closed_and_reopened,
    movement,
    received_by_publication,
    trend,
)

__all__ = [
    "DUE_SOON_DAYS",
    "Exceptions",
    "Movement",
    "PublicationCount",
    "ReceivedGroup",
    "RegisterCount",
    "Row",
    "Stages",
    "StagesOfRow",
    "Table",
    "TrendPoint",
    "by_confidence",
    "by_lead",
    "by_publication",
    "by_question",
    "by_register",
    "by_type",
    "closed_and_reopened",
    "confidence_spread",
    "exceptions",
    "exceptions_by_question",
    "grouped",
    "list_tabs",
    "movement",
    "received_by_publication",
    "stages",
    "stages_by_row",
    "table",
    "to_allocate",
    "trend",
    "workload",
]
