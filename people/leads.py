"""Finding and making leads by name, as lists and reference data give them."""

from django.db import transaction

from core.history import attribute
from core.slugs import free_slug
from people.models import Lead, User


def lead_named(
    name: str, *, actor: User | None, chief_officer: bool = False, source: str = ""
) -> Lead:
    """The lead of that name, made if there is none yet.

    Args:
        name: post or officer, e.g. "Head of Crime" or "ACC Baker"; letter case does not matter.
        actor: who causes it, for the audit trail; None for a command.
        chief_officer: whether the lead is at Chief Officer level; a lead found without it gains it.
        source: why, for the audit trail.

    Raises:
        ValueError: the name is empty.
    """
    wanted = " ".join(name.split())
    if not wanted:
        raise ValueError("A lead needs a name.")
    lead = Lead.objects.filter(name__iexact=wanted).first()
    if lead is not None and (lead.chief_officer or not chief_officer):
        return lead
    if lead is None:
        lead = Lead(name=wanted, slug=free_slug(Lead.objects.all(), wanted, otherwise="lead"))
    lead.chief_officer = chief_officer
    attribute(lead, actor, source)
    lead.full_clean()
    lead.save()
    return lead


@transaction.atomic
def add_lead(*, actor: User, name: str, chief_officer: bool) -> Lead:
    """Make a lead.

    Raises:
        ValidationError: there is one of that name, in capitals or not.
    """
    lead = Lead(name=" ".join(name.split()), chief_officer=chief_officer)
    lead.slug = free_slug(Lead.objects.all(), lead.name, otherwise="lead")
    attribute(lead, actor)
    lead.full_clean()
    lead.save()
    return lead


@transaction.atomic
def change_lead(lead: Lead, *, actor: User, name: str, chief_officer: bool) -> Lead:
    """Rename a lead, or say whether it is at Chief Officer level. Its address stays.

    Raises:
        ValidationError: another lead has that name.
    """
    lead = Lead.objects.select_for_update().get(pk=lead.pk)
    lead.name, lead.chief_officer = " ".join(name.split()), chief_officer
    attribute(lead, actor)
    lead.full_clean()
    lead.save()
    return lead
