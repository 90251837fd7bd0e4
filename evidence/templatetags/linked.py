"""What evidence stands for, for templates."""

from django import template

from evidence.linked import Standing, standing_of
from evidence.models import Evidence
from people.models import User

register = template.Library()


@register.simple_tag
def stands_for(evidence: Evidence, user: User) -> Standing:
    """What a piece of evidence stands for, and what this reader may do about it."""
    return standing_of(evidence, user)
