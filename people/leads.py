"""Finding and making leads by name, as lists and reference data give them."""

from django.utils.text import slugify

from core.history import attribute
from people.models import Lead, User


def lead_named(
    name: str, *, chief_officer: bool = False, actor: User | None = None, source: str = ""
) -> Lead:
    """The lead of that name, made if there is none yet.

    Args:
        name: post or officer, e.g. "Head of Crime" or "ACC Baker"; letter case does not matter.
        chief_officer: whether the lead is at Chief Officer level; a lead found without it gains it.
        actor: who causes it, for the audit trail.
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
        lead = Lead(name=wanted, slug=_free_slug(wanted))
    lead.chief_officer = chief_officer
    attribute(lead, actor, source)
    lead.full_clean()
    lead.save()
    return lead


def _free_slug(name: str) -> str:
    stem = slugify(name)[:110] or "lead"
    taken = set(Lead.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
