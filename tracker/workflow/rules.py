"""Who may do what with an action at which point: pure rules, asked before a button is shown and
again, under lock, before anything is written.

Sources: the closing routes of the domain glossary; paper 3.1 (activity levels), 4.1 and 4.2 (the
Board decides), Appendix A (terms of reference: the chair's deputy).
"""

from collections.abc import Callable

from tracker.choices import ClosureStep, Kind, Register, Status
from tracker.routes import NO_FOLLOW_UP
from tracker.workflow.cases import Case, Person, Verb
from tracker.workflow.sentences import ENTERED_IN_ERROR, NO_LEAD_ROLE


def verdict(verb: Verb, case: Case, person: Person) -> str:
    """Why this person may not do this now, as a sentence for them; "" when they may."""
    if case.erroneous:
        return ENTERED_IN_ERROR
    return _RULES[verb](case, person)


_NO_LEVEL = (
    "HMICFRS has not given this action an activity level, which decides how it may close. "
    "Governance records the level when it comes."
)
_GOVERNANCE_ONLY = "Only a governance officer records this."
_CLOSED = "This action is closed already."


def _late(sentence: str, case: Case) -> str:
    """A sentence for somebody who comes too late, with who was faster."""
    return f"{sentence} {case.latest}".strip()


def _where_it_is(case: Case) -> str:
    """Why a step of a closure cannot be taken now: what it waits for, in words."""
    if case.closed:
        return _late(_CLOSED, case)
    return _late(_WAITS.get(case.step, "No closure is proposed for this action."), case)


_WAITS: dict[str, str] = {
    ClosureStep.TO_COMPLETE: "This closure came with the force’s first list: its lead says first "
    "what was done and shows the evidence.",
    ClosureStep.TO_ASSURE: "This closure waits for Review and Assurance.",
    ClosureStep.FOR_BOARD: "This closure waits for the Board’s decision.",
    ClosureStep.LETTER_AWAITED: "This closure is approved and waits for the signed letter.",
    ClosureStep.TO_UPLOAD: "The letter is signed and waits to be uploaded to the HMICFRS portal.",
    ClosureStep.WITH_HMICFRS: "The force has certified this: HMICFRS verifies it at its next "
    "relevant inspection.",
}


def _allocate(case: Case, person: Person) -> str:
    if not person.may("govern_actions"):
        return "Only a governance officer allocates actions."
    return _late(_CLOSED, case) if case.closed else ""


def _propose(case: Case, person: Person) -> str:
    if not person.leads:
        return "Only those who lead this action propose its closure."
    if not person.may("propose_closure"):
        return NO_LEAD_ROLE
    if case.closed:
        return _late(_CLOSED, case)
    if case.route is None:
        return _NO_LEVEL
    if not case.route.proposed:
        return case.route.why_not_proposed
    if case.status == Status.AWAITING_ALLOCATION:
        return "This action is not allocated yet: governance allocates it first."
    if case.status == Status.IN_PROGRESS or case.step == ClosureStep.TO_COMPLETE:
        return ""
    return _where_it_is(case)


def _change_proposal(case: Case, person: Person) -> str:
    if not person.proposed:
        return "Only the person who proposed a closure changes the proposal."
    if not person.leads:
        return "You no longer lead this action: those who do propose its closure anew."
    return "" if case.step == ClosureStep.TO_ASSURE else _where_it_is(case)


def _assure(case: Case, person: Person) -> str:
    if not person.may("assure_closure"):
        return "Only Review and Assurance assures closures."
    again = case.step == ClosureStep.FOR_BOARD and case.evidence_changed
    if case.step != ClosureStep.TO_ASSURE and not again:
        return _where_it_is(case)
    if person.proposed:
        return "You proposed this closure: somebody else assures it."
    if person.posts_for_lead:
        return "You post for a lead of this action: somebody else assures its closure."
    return ""


def _return(case: Case, person: Person) -> str:
    if case.step in (ClosureStep.TO_COMPLETE, ClosureStep.TO_ASSURE):
        if not person.may("assure_closure"):
            return "Only Review and Assurance returns a closure before it is assured."
        if person.proposed:
            return "You proposed this closure: somebody else assures or returns it."
        return ""
    if case.step == ClosureStep.FOR_BOARD:
        if case.evidence_changed and not _assure(case, person):
            return ""
        return _decider(person)
    if case.step in (ClosureStep.LETTER_AWAITED, ClosureStep.TO_UPLOAD):
        # The Chief Constable does not sign, or the Board thinks again.
        return "" if person.may("govern_actions") else _decider(person)
    return _where_it_is(case)


def _approve(case: Case, person: Person) -> str:
    refusal = _defer(case, person)
    if refusal or not case.evidence_changed:
        return refusal
    return (
        "The evidence has changed since it was assured. Review and Assurance looks at it again "
        "before the Board decides."
    )


def _defer(case: Case, person: Person) -> str:
    return _decider(person) or ("" if case.step == ClosureStep.FOR_BOARD else _where_it_is(case))


def _decider(person: Person) -> str:
    """Why this person does not decide for the Board; "" when they do."""
    chair, deputy = person.may("decide_closure"), person.may("deputise_closure")
    if not chair and not deputy:
        return "Only the Board’s chair decides closures, or a deputy where the chair may not."
    instead = "a deputy decides instead" if chair else "another deputy decides"
    if person.leads:
        return f"You lead this action, so you may not decide its closure: {instead}."
    if person.proposed:
        return f"You proposed this closure, so you may not decide it: {instead}."
    if person.assured:
        return f"You assured this closure, so you may not decide it: {instead}."
    return "" if chair or person.stands_in else _deputy_waits(person)


def _deputy_waits(person: Person) -> str:
    """Why a deputy who does not stand in for the chair leaves a decision to others; "" when they
    decide.
    """
    if person.another_nominated:
        return "Another deputy is nominated for the Board today, and decides in the chair’s place."
    if not person.chair_stands_back:
        return (
            "The Board’s chair decides this closure. A deputy decides where the chair leads the "
            "action, or proposed or assured its closure, and everything while nominated because "
            "the chair is away."
        )
    return ""


def _file_letter(case: Case, person: Person) -> str:
    if not person.may("govern_actions"):
        return "Only a governance officer files signed letters."
    return "" if case.step == ClosureStep.LETTER_AWAITED else _where_it_is(case)


def _upload(case: Case, person: Person) -> str:
    if not person.may("govern_actions"):
        return _GOVERNANCE_ONLY
    if case.step == ClosureStep.TO_UPLOAD:
        return ""
    if case.closed_with_letter:
        if case.upload_due:
            return ""
        return _late("The letter has been uploaded already.", case)
    return _where_it_is(case)


def _record_verification(case: Case, person: Person) -> str:
    if not person.may("govern_actions"):
        return _GOVERNANCE_ONLY
    if case.status == Status.WITH_HMICFRS:
        return ""
    if case.closed:
        return _late(_CLOSED, case)
    return _late("This action is not with HMICFRS for closure.", case)


def _record_outcome(case: Case, person: Person) -> str:
    if not person.may("govern_actions"):
        return _GOVERNANCE_ONLY
    if case.closed:
        return _late(_CLOSED, case)
    if case.route is None:
        return _NO_LEVEL
    if not case.route.decided_by_hmicfrs:
        return (
            "HMICFRS decides by fieldwork of its own only at activity level 4 and on causes of "
            "concern. This action closes by its own route."
        )
    return ""


def closing_cause(case: Case) -> str:
    """Why HMICFRS's closing of a cause of concern cannot be recorded yet; "" when it can."""
    if case.kind != Kind.CAUSE_OF_CONCERN:
        return ""
    if not case.children:
        return (
            "No recommendation of this cause of concern is recorded. Record at least one: the "
            "cause closes after the last of them."
        )
    if case.live_children:
        are = "recommendation is" if case.live_children == 1 else "recommendations are"
        return (
            f"{case.live_children} {are} still live: a cause of concern ends only after its last "
            "recommendation has closed."
        )
    return ""


def _end_otherwise(case: Case, person: Person) -> str:
    if not person.may("govern_actions"):
        return _GOVERNANCE_ONLY
    if case.closed:
        return _late(_CLOSED, case)
    return closing_cause(case) if case.live_children else ""


def _withdraw(case: Case, person: Person) -> str:
    refusal = _end_otherwise(case, person)
    if refusal or case.register in (Register.HMICFRS, Register.SUPER_COMPLAINT):
        return refusal
    return (
        "HMICFRS did not make this action, so it cannot withdraw it. It can be superseded, or not "
        "accepted by a chief officer."
    )


def _not_accept(case: Case, person: Person) -> str:
    if not person.chief_officer:
        return "Only a chief officer says that the force does not accept an action."
    if case.closed:
        return _late(_CLOSED, case)
    if case.route is None:
        return _NO_LEVEL
    if not case.route.may_be_refused:
        return (
            "The force cannot decline activity levels 3 and 4 or a cause of concern: only HMICFRS "
            "withdraws or supersedes them."
        )
    return ""


def _reopen(case: Case, person: Person) -> str:
    if not person.may("govern_actions"):
        return _GOVERNANCE_ONLY
    if not case.closed:
        return _late("This action is live already.", case)
    if case.route == NO_FOLLOW_UP:
        return (
            "At activity level 1 HMICFRS does not follow up, so nothing can be re-opened. Record "
            "the new level if HMICFRS has given it one: that re-opens it."
        )
    return ""


def _change_level(case: Case, person: Person) -> str:
    if not person.may("govern_actions"):
        return _GOVERNANCE_ONLY
    if case.register != Register.HMICFRS or case.kind == Kind.CAUSE_OF_CONCERN:
        return "Causes of concern and actions that HMICFRS does not follow up have no level."
    if case.closed and case.route != NO_FOLLOW_UP:
        return _late("This action is closed: re-open it before its level changes.", case)
    return ""


def erroneous_cause(case: Case) -> str:
    """Why an action cannot be taken as entered in error; "" when it can."""
    if not case.children:
        return ""
    return (
        "Recommendations belong to this cause of concern. Move them, or record first that they "
        "were entered in error."
    )


def _claim_error(case: Case, person: Person) -> str:
    if not person.may("govern_actions"):
        return _GOVERNANCE_ONLY
    if case.error_claimed:
        return _late("It has been said already that this was entered in error.", case)
    return erroneous_cause(case)


def _confirm_error(case: Case, person: Person) -> str:
    if not person.may("confirm_error"):
        return "Only governance or Review and Assurance confirms an entry in error."
    if not case.error_claimed:
        return _late("Nobody says that this action was entered in error.", case)
    if person.claimed_error:
        return "You said that this was entered in error: somebody else confirms it."
    return ""


def _approve_summary(case: Case, person: Person) -> str:
    if not person.may("govern_actions"):
        return "Only a governance officer approves a public summary."
    return "" if case.step else "No closure is proposed, so there is nothing to summarise."


def _correct_day(case: Case, person: Person) -> str:
    return "" if person.may("govern_actions") else _GOVERNANCE_ONLY


_RULES: dict[Verb, Callable[[Case, Person], str]] = {
    Verb.ALLOCATE: _allocate,
    Verb.PROPOSE: _propose,
    Verb.CHANGE_PROPOSAL: _change_proposal,
    Verb.ASSURE: _assure,
    Verb.RETURN: _return,
    Verb.APPROVE: _approve,
    Verb.DEFER: _defer,
    Verb.FILE_LETTER: _file_letter,
    Verb.UPLOAD: _upload,
    Verb.RECORD_VERIFICATION: _record_verification,
    Verb.RECORD_OUTCOME: _record_outcome,
    Verb.SUPERSEDE: _end_otherwise,
    Verb.WITHDRAW: _withdraw,
    Verb.NOT_ACCEPT: _not_accept,
    Verb.REOPEN: _reopen,
    Verb.CHANGE_LEVEL: _change_level,
    Verb.CLAIM_ERROR: _claim_error,
    Verb.CONFIRM_ERROR: _confirm_error,
    Verb.APPROVE_SUMMARY: _approve_summary,
    Verb.CORRECT_DAY: _correct_day,
}
