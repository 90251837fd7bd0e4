"""Every kind, level, step, role, earlier step and lead against a table written from the domain
glossary ("How each action may close", "Who may do what"), not from the code.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from people import roles
from tracker.choices import ClosureStep, Kind, Register, Status
from tracker.grants import GRANTS
from tracker.workflow.cases import Case, Person, Verb
from tracker.workflow.rules import verdict

# The rows of the route table: which actions close by which route.
ROUTES: dict[tuple[str, str, int | None], str] = {
    ("recommendation", "hmicfrs", 1): "no follow-up",
    ("afi", "hmicfrs", 1): "no follow-up",
    ("recommendation", "hmicfrs", 2): "local closure",
    ("afi", "hmicfrs", 2): "local closure",
    ("recommendation", "hmicfrs", 3): "self-certification",
    ("afi", "hmicfrs", 3): "self-certification",
    ("recommendation", "hmicfrs", 4): "HMICFRS only",
    ("afi", "hmicfrs", 4): "HMICFRS only",
    ("recommendation", "hmicfrs", None): "not known",
    ("afi", "hmicfrs", None): "not known",
    ("cause_of_concern", "hmicfrs", None): "cause of concern",
    ("recommendation", "super_complaint", None): "local tracking",
    ("recommendation", "other_body", None): "local tracking",
    ("afi", "other_body", None): "local tracking",
    ("recommendation", "internal", None): "local tracking",
}

# Where an action can be: its status, and what its closure waits for.
PLACES: dict[str, tuple[str, str]] = {
    "waits for allocation": (Status.AWAITING_ALLOCATION, ""),
    "in progress": (Status.IN_PROGRESS, ""),
    "returned": (Status.IN_PROGRESS, ClosureStep.ENDED),
    "carried over": (Status.CLOSURE_PROPOSED, ClosureStep.TO_COMPLETE),
    "proposed": (Status.CLOSURE_PROPOSED, ClosureStep.TO_ASSURE),
    "assured": (Status.CLOSURE_PROPOSED, ClosureStep.FOR_BOARD),
    "approved": (Status.CLOSURE_PROPOSED, ClosureStep.LETTER_AWAITED),
    "letter signed": (Status.CLOSURE_PROPOSED, ClosureStep.TO_UPLOAD),
    "with HMICFRS": (Status.WITH_HMICFRS, ClosureStep.WITH_HMICFRS),
    "closed": (Status.CLOSED, ""),
    "closed by closure": (Status.CLOSED, ClosureStep.ENDED),
    # What came after a closure; asked is that closure.
    "re-opened": (Status.IN_PROGRESS, ClosureStep.ENDED),
    "proposed again": (Status.CLOSURE_PROPOSED, ClosureStep.ENDED),
    "closed again": (Status.CLOSED, ClosureStep.ENDED),
}
_OPEN = ("waits for allocation", "in progress", "returned", "re-opened")
_PROPOSED = ("carried over", "proposed", "assured")
REACHED: dict[str, tuple[str, ...]] = {
    "no follow-up": ("closed", "closed again"),
    "local closure": (
        *_OPEN,
        *_PROPOSED,
        "approved",
        "closed",
        "closed by closure",
        "proposed again",
        "closed again",
    ),
    "self-certification": (
        *_OPEN,
        *_PROPOSED,
        "approved",
        "letter signed",
        "with HMICFRS",
        "closed",
        "closed by closure",
        "proposed again",
        "closed again",
    ),
    "HMICFRS only": (*_OPEN, "closed", "closed again"),
    "cause of concern": (*_OPEN, "closed"),
    "local tracking": (*_OPEN, *_PROPOSED, "closed", "closed by closure"),
    "not known": (*_OPEN, "closed"),
}
_FORCE = ("local closure", "self-certification", "local tracking")
_LIVE = tuple(place for place in PLACES if not place.startswith("closed"))

# Verb -> routes and places in which it may be done by the right person.
WHERE: dict[Verb, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Verb.ALLOCATE: (tuple(REACHED), _LIVE),
    Verb.PROPOSE: (_FORCE, ("in progress", "returned", "re-opened", "carried over")),
    Verb.CHANGE_PROPOSAL: (_FORCE, ("proposed",)),
    Verb.ASSURE: (_FORCE, ("proposed",)),
    Verb.RETURN: (_FORCE, (*_PROPOSED, "approved", "letter signed")),
    Verb.APPROVE: (_FORCE, ("assured",)),
    Verb.DEFER: (_FORCE, ("assured",)),
    Verb.FILE_LETTER: (("local closure", "self-certification"), ("approved",)),
    # Once it closed with its letter, whatever came after: `owes_upload`.
    Verb.UPLOAD: (("self-certification",), ("letter signed",)),
    Verb.RECORD_VERIFICATION: (("self-certification",), ("with HMICFRS",)),
    Verb.RECORD_OUTCOME: (("HMICFRS only", "cause of concern"), _OPEN),
    Verb.SUPERSEDE: (tuple(REACHED), _LIVE),
    Verb.WITHDRAW: (tuple(REACHED), _LIVE),
    Verb.NOT_ACCEPT: (("no follow-up", "local closure", "local tracking"), _LIVE),
    Verb.REOPEN: (
        tuple(route for route in REACHED if route != "no follow-up"),
        ("closed", "closed by closure", "closed again"),
    ),
    Verb.CHANGE_LEVEL: (
        ("no follow-up", "local closure", "self-certification", "HMICFRS only", "not known"),
        tuple(PLACES),
    ),
    Verb.CLAIM_ERROR: (tuple(REACHED), tuple(PLACES)),
    Verb.CORRECT_DAY: (tuple(REACHED), tuple(PLACES)),
    Verb.CONFIRM_ERROR: ((), ()),  # only once it is claimed: tested on its own
    Verb.APPROVE_SUMMARY: (
        tuple(REACHED),
        tuple(place for place, (_, step) in PLACES.items() if step),
    ),
}
_GOVERNANCE = {
    Verb.ALLOCATE,
    Verb.FILE_LETTER,
    Verb.UPLOAD,
    Verb.RECORD_VERIFICATION,
    Verb.RECORD_OUTCOME,
    Verb.SUPERSEDE,
    Verb.WITHDRAW,
    Verb.REOPEN,
    Verb.CHANGE_LEVEL,
    Verb.CLAIM_ERROR,
    Verb.APPROVE_SUMMARY,
    Verb.CORRECT_DAY,
}


def right_person(
    verb: Verb, place: str, role: str, took: str, leads: bool, deputy_decides: bool
) -> bool:
    """Who may, by the glossary's table of roles and "three different people"."""
    governance = role == roles.GOVERNANCE
    assures = role == roles.ASSURANCE and took != "proposed"
    decides = role == roles.CHAIR or (role == roles.DEPUTY and deputy_decides)
    decides = decides and not leads and took == "nothing"
    if verb in _GOVERNANCE:
        return governance
    if verb == Verb.PROPOSE:
        return role in (roles.DELIVERY_LEAD, roles.EXECUTIVE_LEAD) and leads
    if verb == Verb.CHANGE_PROPOSAL:
        return took == "proposed" and leads
    if verb == Verb.ASSURE:
        return assures
    if verb in (Verb.APPROVE, Verb.DEFER):
        return decides
    if verb == Verb.RETURN:
        if place in ("carried over", "proposed"):
            return assures
        return decides or (governance and place in ("approved", "letter signed"))
    return verb == Verb.NOT_ACCEPT and role == "chief officer"


def owes_upload(route: str, place: str) -> bool:
    """Level 2 closes with its letter; the upload is a queue until it is filled. So it stays one
    when the action is opened again, goes to another level (1: closed that day) or closes again.
    """
    if place == "closed by closure":
        return route == "local closure"
    levels = ("no follow-up", "local closure", "self-certification", "HMICFRS only")
    return route in levels and place in ("re-opened", "proposed again", "closed again")


def every_case() -> Iterator[tuple[str, str, Case]]:
    """Route, place and case of every action there can be."""
    for (kind, register, level), route in ROUTES.items():
        for place in REACHED[route]:
            status, step = PLACES[place]
            children = 2 if kind == Kind.CAUSE_OF_CONCERN else 0
            yield (
                route,
                place,
                Case(
                    kind=kind,
                    register=register,
                    level=level,
                    status=status,
                    step=step,
                    children=children,
                    closed_with_letter=owes_upload(route, place),
                    upload_due=owes_upload(route, place),
                ),
            )


# Who of the deputies is nominated today -> whether one decides, the chair standing back or not
# (terms of reference: a deputy "empowered to make decisions on their behalf").
NOMINATIONS: dict[str, tuple[bool, bool]] = {
    "nobody": (True, False),
    "this one, the chair being away": (True, True),
    "another one": (False, False),
}


def every_person() -> Iterator[tuple[str, str, bool, bool, Person]]:
    """Role, earlier step, whether they lead it, whether a deputy decides, and the person."""
    whoever = product(
        (*roles.ROLES, "chief officer"),
        ("nothing", "proposed", "assured"),
        (False, True),
        (False, True),
        NOMINATIONS,
    )
    for role, took, leads, stands_back, nominated in whoever:
        if nominated != "nobody" and role not in (roles.DEPUTY, roles.CHAIR):
            continue  # Only of deputies is it asked, and the chair needs no nomination.
        permissions = {name for name, held_by in GRANTS.items() if role in held_by}
        where_chair_may_not, where_chair_may = NOMINATIONS[nominated]
        yield (
            role,
            took,
            leads,
            where_chair_may_not if stands_back else where_chair_may,
            Person(
                permissions=frozenset(permissions),
                leads=leads,
                chief_officer=role == "chief officer",
                proposed=took == "proposed",
                assured=took == "assured",
                chair_stands_back=stands_back,
                stands_in=nominated.startswith("this one"),
                another_nominated=nominated == "another one",
            ),
        )


CASES = list(every_case())
PEOPLE = list(every_person())


@pytest.mark.parametrize("verb", Verb)
def test_a_step_is_open_exactly_where_and_to_whom_the_glossary_says(verb: Verb) -> None:
    routes, places = WHERE[verb]
    for route, place, case in CASES:
        here = route in routes and place in places
        if verb == Verb.CLAIM_ERROR and case.children:
            here = False
        if verb == Verb.WITHDRAW and case.register in (Register.OTHER_BODY, Register.INTERNAL):
            here = False
        if verb == Verb.UPLOAD:
            here = here or owes_upload(route, place)
        if verb == Verb.CHANGE_LEVEL and place.startswith("closed") and route != "no follow-up":
            here = False
        for role, took, leads, deputy_decides, person in PEOPLE:
            expected = here and right_person(verb, place, role, took, leads, deputy_decides)
            said = verdict(verb, case, person)
            told = (verb, route, place, role, took, leads, deputy_decides, said)
            assert (said == "") == expected, told
            if said:
                assert said[0].isupper() and said.endswith(".") and len(said.split()) >= 5, told


@pytest.mark.parametrize("verb", Verb)
def test_nobody_without_a_role_does_anything_but_what_is_theirs(verb: Verb) -> None:
    for _, _, case in CASES:
        assert verdict(verb, case, Person(leads=True))


def case(level: int | None = 2, **fields: Any) -> Case:
    values: dict[str, Any] = {
        "kind": Kind.RECOMMENDATION,
        "register": Register.HMICFRS,
        "level": level,
        "status": Status.IN_PROGRESS,
    }
    return Case(**{**values, **fields})


def assured(**fields: Any) -> Case:
    return case(status=Status.CLOSURE_PROPOSED, step=ClosureStep.FOR_BOARD, **fields)


def of_role(role: str, **fields: Any) -> Person:
    held = frozenset(name for name, holders in GRANTS.items() if role in holders)
    return Person(permissions=held, **fields)


def test_who_posts_for_a_lead_does_not_assure_its_work() -> None:
    proposed = case(status=Status.CLOSURE_PROPOSED, step=ClosureStep.TO_ASSURE)
    person = of_role(roles.ASSURANCE, posts_for_lead=True)
    assert "somebody else assures" in verdict(Verb.ASSURE, proposed, person)
    assert verdict(Verb.ASSURE, proposed, of_role(roles.ASSURANCE)) == ""


def test_evidence_that_changed_since_assurance_stops_the_decision() -> None:
    said = verdict(Verb.APPROVE, assured(evidence_changed=True), of_role(roles.CHAIR))

    assert said.startswith("The evidence has changed since it was assured.")


def test_evidence_that_changed_is_assured_again_or_returned() -> None:
    changed, assurer = assured(evidence_changed=True), of_role(roles.ASSURANCE)

    assert verdict(Verb.ASSURE, changed, assurer) == ""
    assert verdict(Verb.RETURN, changed, assurer) == ""
    assert verdict(Verb.DEFER, changed, of_role(roles.CHAIR)) == ""


def test_a_chair_who_leads_the_action_is_told_who_decides_before_it_comes_to_the_board() -> None:
    proposed = case(status=Status.CLOSURE_PROPOSED, step=ClosureStep.TO_ASSURE)

    said = verdict(Verb.APPROVE, proposed, of_role(roles.CHAIR, leads=True))

    assert said == (
        "You lead this action, so you may not decide its closure: a deputy decides instead."
    )


def test_a_deputy_decides_where_the_chair_may_not() -> None:
    deputy = of_role(roles.DEPUTY, chair_stands_back=True)

    assert verdict(Verb.APPROVE, assured(), deputy) == ""
    assert "The Board’s chair decides" in verdict(Verb.APPROVE, assured(), of_role(roles.DEPUTY))


def test_a_deputy_who_stands_in_decides_like_the_chair() -> None:
    deputy = of_role(roles.DEPUTY, stands_in=True)
    approved = case(status=Status.CLOSURE_PROPOSED, step=ClosureStep.LETTER_AWAITED)

    for verb in (Verb.APPROVE, Verb.DEFER, Verb.RETURN):
        assert verdict(verb, assured(), deputy) == ""
    assert verdict(Verb.RETURN, approved, deputy) == ""
    assert verdict(Verb.APPROVE, assured(), of_role(roles.CHAIR)) == ""


@pytest.mark.parametrize("conflict", ["leads", "proposed", "assured"])
def test_conflicts_stand_against_a_deputy_who_stands_in(conflict: str) -> None:
    deputy = of_role(roles.DEPUTY, stands_in=True, **{conflict: True})

    said = verdict(Verb.APPROVE, assured(), deputy)

    assert said.endswith("another deputy decides.")


def test_while_another_deputy_is_nominated_a_deputy_leaves_it_to_them() -> None:
    deputy = of_role(roles.DEPUTY, chair_stands_back=True, another_nominated=True)

    assert verdict(Verb.APPROVE, assured(), deputy) == (
        "Another deputy is nominated for the Board today, and decides in the chair’s place."
    )


def test_being_nominated_lets_nobody_decide_who_is_no_deputy() -> None:
    for role in (roles.BOARD_MEMBER, roles.GOVERNANCE, roles.STAFF):
        assert verdict(Verb.APPROVE, assured(), of_role(role, stands_in=True))


def test_somebody_who_comes_too_late_is_told_who_was_faster() -> None:
    approved = case(
        status=Status.CLOSURE_PROPOSED,
        step=ClosureStep.LETTER_AWAITED,
        latest="Approved by DCC Fuller on 25 November 2024.",
    )

    said = verdict(Verb.APPROVE, approved, of_role(roles.CHAIR))

    assert said.endswith("Approved by DCC Fuller on 25 November 2024.")


@pytest.mark.parametrize("verb", [Verb.SUPERSEDE, Verb.WITHDRAW])
def test_a_cause_of_concern_does_not_end_while_a_recommendation_is_live(verb: Verb) -> None:
    cause = case(None, kind=Kind.CAUSE_OF_CONCERN, children=3, live_children=1)

    said = verdict(verb, cause, of_role(roles.GOVERNANCE))

    assert said.startswith("1 recommendation is still live")


def test_an_entry_in_error_is_confirmed_by_somebody_else() -> None:
    claimed = case(error_claimed=True)
    officer = of_role(roles.GOVERNANCE)

    assert verdict(Verb.CONFIRM_ERROR, claimed, officer) == ""
    assert verdict(Verb.CONFIRM_ERROR, claimed, of_role(roles.ASSURANCE)) == ""
    assert "somebody else confirms" in verdict(
        Verb.CONFIRM_ERROR, claimed, of_role(roles.GOVERNANCE, claimed_error=True)
    )
    assert "Nobody says" in verdict(Verb.CONFIRM_ERROR, case(), officer)
    assert "already" in verdict(Verb.CLAIM_ERROR, claimed, officer)


def test_a_letter_is_uploaded_once() -> None:
    done = case(status=Status.CLOSED, step=ClosureStep.ENDED, closed_with_letter=True)

    said = verdict(Verb.UPLOAD, done, of_role(roles.GOVERNANCE))

    assert said == "The letter has been uploaded already."
