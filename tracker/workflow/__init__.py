"""The one place that changes the status, the activity level or the closure of an action.

`rules` says who may do what at which point, without a database; `facts` reads what the rules ask;
each step is one function, which asks the rules again under lock and writes in one transaction.
A step that is refused raises `Refused` with a sentence for the person who asked.
"""

from tracker.workflow.allocation import allocate, allocate_several
from tracker.workflow.cases import Case, Person, Verb
from tracker.workflow.closing import (
    approve,
    assure,
    change_proposal,
    change_summary,
    defer,
    propose,
    send_back,
    send_back_several,
    under_way,
)
from tracker.workflow.closure_days import ENDS, part_of_closure
from tracker.workflow.corrections import correct_day
from tracker.workflow.errors import claim_error, settle_error
from tracker.workflow.facts import (
    case_of,
    conflicts,
    deferrals,
    evidence_changed,
    evidence_of,
    latest_closure,
    open_claim,
    open_period,
    person_of,
    seen_mark,
    seen_marks,
    with_changed_evidence,
)
from tracker.workflow.first_load import Step, first_periods
from tracker.workflow.letters import (
    change_letter,
    discard_letter,
    draft_letter,
    file_letter,
    record_upload,
    replace_letter,
    why_no_draft,
)
from tracker.workflow.moves import NOW, Refused, When
from tracker.workflow.outcomes import (
    change_level,
    ended_by_hmicfrs,
    not_accept,
    record_outcome,
    record_verification,
    reopen,
    reopen_cause_for_child,
    supersede,
    withdraw,
)
from tracker.workflow.rules import closing_cause, verdict

__all__ = [
    "ENDS",
    "NOW",
    "Case",
    "Person",
    "Refused",
    "Step",
    "Verb",
    "When",
    "allocate",
    "allocate_several",
    "approve",
    "assure",
    "case_of",
    "change_letter",
    "change_level",
    "change_proposal",
    "change_summary",
    "claim_error",
    "closing_cause",
    "conflicts",
    "correct_day",
    "defer",
    "deferrals",
    "discard_letter",
    "draft_letter",
    "ended_by_hmicfrs",
    "evidence_changed",
    "evidence_of",
    "file_letter",
    "first_periods",
    "latest_closure",
    "not_accept",
    "open_claim",
    "open_period",
    "part_of_closure",
    "person_of",
    "propose",
    "record_outcome",
    "record_upload",
    "record_verification",
    "reopen",
    "reopen_cause_for_child",
    "replace_letter",
    "seen_mark",
    "seen_marks",
    "send_back",
    "send_back_several",
    "settle_error",
    "supersede",
    "under_way",
    "verdict",
    "why_no_draft",
    "with_changed_evidence",
    "withdraw",
]
