"""What tests of closures share: people who lead, evidence, and an action taken to a step."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from evidence.models import Evidence
from inspections.choices import LeadRole
from people import roles
from people.models import User
from tests.factories import day, make_action, make_evidence, make_lead, make_user
from tracker import workflow
from tracker.models import Action, ActionEvidence, ActionLead, Closure
from tracker.workflow import When

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def a_cast() -> SimpleNamespace:
    """People for every step of a closure; `delivery` and `executive` hold a lead of actions."""
    cast = SimpleNamespace(
        delivery=make_user("lead", roles.DELIVERY_LEAD),
        executive=make_user("chief", roles.EXECUTIVE_LEAD),
        assurance=make_user("assurer", roles.ASSURANCE),
        governance=make_user("officer", roles.GOVERNANCE),
        chair=make_user("dcc", roles.CHAIR),
        deputy=make_user("acc", roles.DEPUTY),
    )
    make_lead("Head of Crime", cast.delivery)
    make_lead("ACC Baker", cast.executive, chief_officer=True)
    return cast


def led_action(**fields: Any) -> Action:
    """An action led by the cast, with one piece of evidence attached."""
    return make_action(**{"executive": "ACC Baker", "delivery": "Head of Crime", **fields})


def attach(action: Action, owner: User) -> Evidence:
    evidence = make_evidence(f"Dip sample for {action}", owner=owner, contents=PDF)
    ActionEvidence.objects.create(action=action, evidence=evidence)
    return evidence


def take_over(action: Action, user: User) -> None:
    """Let somebody hold the executive lead of an action."""
    lead = make_lead(f"Lead {user}", user)
    ActionLead.objects.filter(action=action, role=LeadRole.EXECUTIVE).delete()
    ActionLead.objects.create(
        action=action, role=LeadRole.EXECUTIVE, lead=lead, started_on=day("2023-01-11")
    )


def on(text: str) -> When:
    return When(dt.date.fromisoformat(text), "Recorded later, from the minutes.")


def proposed(action: Action, cast: SimpleNamespace, when: When = workflow.NOW) -> Closure:
    return workflow.propose(
        action,
        actor=cast.delivery,
        did="A new procedure is in use.",
        impact="58 of 60 cases met the standard.",
        evidence=[attach(action, cast.delivery)],
        when=when,
    )


def assured(action: Action, cast: SimpleNamespace, when: When = workflow.NOW) -> Closure:
    closure = proposed(action, cast, when)
    return workflow.assure(closure, actor=cast.assurance, text="Sample re-tested.", when=when)


def approved(action: Action, cast: SimpleNamespace, when: When = workflow.NOW) -> Closure:
    return workflow.approve(assured(action, cast, when), actor=cast.chair, when=when)


def signed(closure: Closure, cast: SimpleNamespace, when: When = workflow.NOW) -> Closure:
    letter = workflow.draft_letter([closure], actor=cast.governance, introduction="Dear HMICFRS,")
    workflow.file_letter(
        letter,
        actor=cast.governance,
        scan=SimpleUploadedFile("letter.pdf", PDF),
        signed_on=when.day,
        when=when,
    )
    return Closure.objects.get(pk=closure.pk)


def status_of(action: Action) -> str:
    return str(workflow.open_period(action).status)
