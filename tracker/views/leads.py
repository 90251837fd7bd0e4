"""Who leads what: posts and named officers, their holders, question areas and live actions."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import access, holders_of
from core.dates import today
from inspections.choices import LeadRole
from inspections.models import QuestionLead
from inspections.queries import questions_by_lead
from people.models import Lead
from people.requests import SignedInRequest
from tracker import position


@dataclass(frozen=True)
class Responsibility:
    """What a lead is responsible for.

    Args:
        lead: with `holders_on_day`.
        areas: question areas.
        executive, delivery: live actions led in that role.
    """

    lead: Lead
    areas: list[QuestionLead]
    executive: int
    delivery: int


@access(holders_of("people.view_lead"))
@require_safe
def leads(request: SignedInRequest) -> HttpResponse:
    """Leads with who holds them today, the question areas and the live actions they lead."""
    executive = position.by_lead(today(), LeadRole.EXECUTIVE)
    delivery = position.by_lead(today(), LeadRole.DELIVERY)
    areas = questions_by_lead(today())
    rows = [
        Responsibility(
            lead=lead,
            areas=areas.get(lead.pk, []),
            executive=executive.get(lead.pk, 0),
            delivery=delivery.get(lead.pk, 0),
        )
        for lead in Lead.objects.with_holders(today())
    ]
    return render(
        request,
        "tracker/leads.html",
        {
            "chief_officers": [row for row in rows if row.lead.chief_officer],
            "others": [row for row in rows if not row.lead.chief_officer],
            "without_executive": executive.get(None, 0),
            "without_delivery": delivery.get(None, 0),
        },
    )
