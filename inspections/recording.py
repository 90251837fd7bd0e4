"""What governance records of a publication: that there is one, its details, and the response."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from core.collisions import what_to_write
from core.dates import long_date, today
from core.history import attribute
from inspections.choices import PublicationType, ResponseRule
from inspections.clocks import response_due
from inspections.models import Publication
from inspections.queries import address_of
from people.models import User

# What a publication of a type has to be answered by, until somebody says otherwise; reports of
# HMICFRS come under section 55.
_RULES = {
    PublicationType.SUPER_COMPLAINT: ResponseRule.SUPER_COMPLAINT,
    PublicationType.OTHER_BODY: ResponseRule.NONE,
    PublicationType.INTERNAL_REVIEW: ResponseRule.NONE,
}


@transaction.atomic
def record_publication(
    *, actor: User, published_on: dt.date, type: str, title: str, **fields: Any
) -> Publication:
    """Record a report that was published. Its response clock runs by the rule of its type.

    Args:
        actor: who records it.
        published_on, type, title: of the publication; its address is made of the title.
        fields: further details, by the names of the model's fields.

    Raises:
        ValidationError: published in the future, recorded already, or a field that does not fit.
    """
    _check_published(published_on)
    rule = _RULES.get(PublicationType(type), ResponseRule.SECTION_55)
    publication = Publication(
        title=title,
        slug=address_of(title),
        published_on=published_on,
        type=type,
        response_rule=rule,
        response_due_on=response_due(rule, published_on),
        **fields,
    )
    _check_source(publication)
    _save(publication, actor, "Publication recorded")
    return publication


@transaction.atomic
def change_publication(
    publication: Publication, *, actor: User, version: int, **fields: Any
) -> Publication:
    """Change the details of a publication; its address stays.

    A response date that is the rule's moves with the day of publication; one that was set stays.

    Args:
        version: the one the writer saw.
        fields: what is to be, by the names of the model's fields.

    Raises:
        Overtaken: somebody else changed the same fields first, to something else.
        ValidationError: published in the future, after its response, recorded twice, or a field
            that does not fit.
    """
    current = Publication.objects.select_for_update().get(pk=publication.pk)
    fields = what_to_write(current, version, fields)
    _check_published(fields.get("published_on", current.published_on))
    by_rule = response_due(current.response_rule, current.published_on)
    before, moves = current.published_on, current.response_due_on == by_rule
    for name, value in fields.items():
        setattr(current, name, value)
    if moves:
        current.response_due_on = response_due(current.response_rule, current.published_on)
    if current.published_on != before:
        _check_response(current)
        _check_session(current)
    if "body" in fields or "type" in fields:
        _check_source(current)
    _save(current, actor, "Publication changed")
    return current


@transaction.atomic
def record_response(
    publication: Publication,
    *,
    actor: User,
    version: int,
    rule: str,
    due_on: dt.date | None = None,
    due_reason: str = "",
    published_on: dt.date | None = None,
    url: str = "",
) -> Publication:
    """Record the duty to answer a publication, and the answer once it is published.

    Args:
        version: the one the writer saw.
        rule: a value of `ResponseRule`.
        due_on: where the day is not the rule's; None = the rule's.
        due_reason: why it is not; of another duty, what it comes from.
        published_on, url: of the response; None and "" until there is one.

    Raises:
        Overtaken: somebody else changed the same of the response first, to something else.
        ValidationError: a day without a duty, another day without a reason, a response before its
            publication or in the future, a link without a day.
    """
    current = Publication.objects.select_for_update().get(pk=publication.pk)
    by_rule = response_due(rule, current.published_on)
    own_day = due_on is not None and due_on != by_rule
    fields = {
        "response_rule": rule,
        "response_due_on": due_on or by_rule,
        "response_due_reason": due_reason.strip() if own_day else "",
        "response_published_on": published_on,
        "response_url": url,
    }
    for name, value in what_to_write(current, version, fields).items():
        setattr(current, name, value)
    _check_response(current)
    _save(current, actor, "Response recorded")
    return current


def _check_published(published_on: dt.date) -> None:
    if published_on > today():
        raise ValidationError(
            {
                "published_on": f"{long_date(published_on)} has not come yet. Record a report once "
                "it is published."
            }
        )


def _check_source(publication: Publication) -> None:
    if publication.type == PublicationType.OTHER_BODY and not publication.body.strip():
        raise ValidationError({"body": "Say which body published it"})


def _check_session(publication: Publication) -> None:
    held, first = publication.plenary_on, publication.first_possible_day
    if held is not None and held < first:
        raise ValidationError(
            {
                "published_on": f"Its plenary session was held on {long_date(held)}, which would "
                "be before it was published."
            }
        )


def _check_response(publication: Publication) -> None:
    """What must fit together in the response of a publication.

    Raises:
        ValidationError: by the field that does not.
    """
    due_on, answered_on = publication.response_due_on, publication.response_published_on
    first_day = publication.first_possible_day
    by_rule = response_due(publication.response_rule, publication.published_on)
    wrong = {}
    if publication.response_rule == ResponseRule.NONE and due_on:
        wrong["response_due_on"] = "Without a response duty there is no due date. Leave it empty."
    elif publication.response_rule == ResponseRule.OTHER and not due_on:
        wrong["response_due_on"] = "Enter the day by which this duty is due."
    elif due_on and due_on < first_day:
        wrong["response_due_on"] = (
            f"{long_date(due_on)} is before the report was published "
            f"({long_date(publication.published_on)})."
        )
    elif publication.response_rule == ResponseRule.OTHER and not publication.response_due_reason:
        wrong["response_due_reason"] = "Say what the duty comes from, and who set the day."
    elif due_on and by_rule and due_on != by_rule and not publication.response_due_reason:
        wrong["response_due_reason"] = (
            f"By the rule the response is due on {long_date(by_rule)}. Say why it is "
            f"{long_date(due_on)}, or leave the date empty."
        )
    if answered_on and answered_on > today():
        wrong["response_published_on"] = (
            f"{long_date(answered_on)} has not come yet. Record the response once it is published."
        )
    elif answered_on and answered_on < first_day:
        wrong["response_published_on"] = (
            f"{long_date(answered_on)} is before the report was published "
            f"({long_date(publication.published_on)})."
        )
    elif publication.response_url and not answered_on:
        wrong["response_published_on"] = "Enter the day the response was published."
    if wrong:
        raise ValidationError(wrong)


def _save(publication: Publication, actor: User, reason: str) -> None:
    attribute(publication, actor, reason)
    publication.full_clean()
    publication.save()
