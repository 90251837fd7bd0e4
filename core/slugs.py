"""Addresses made of names."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

# Room for "-2", "-3" and so on behind the name.
_NUMBER = 10


def free_slug(
    records: QuerySet[Any], name: str, *, otherwise: str, reserved: Collection[str] = ()
) -> str:
    """A slug for a name that none of these records has yet: "head-of-crime", "head-of-crime-2".

    Args:
        records: of a model with the field `slug`.
        name: what it is made of.
        otherwise: the slug of a name without a letter or figure in it.
        reserved: words that stand for something else in the address, such as "add".
    """
    longest = records.model._meta.get_field("slug").max_length - _NUMBER
    stem = slugify(name)[:longest].strip("-") or otherwise
    taken = set(records.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= set(reserved)
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
