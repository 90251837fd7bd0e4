"""Saved layouts: what each header of a kind of workbook fills, under a name that people chose."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from core.history import attribute
from people.models import User
from portal.layouts.columns import header_key, header_text
from portal.models import Profile, Purpose


def profiles_of(purpose: str) -> list[Profile]:
    """The saved layouts of a purpose, by name."""
    return list(Profile.objects.filter(purpose=purpose))


def fields_by_header(columns: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What a layout keeps of the columns of an import.

    Args:
        columns: as `SpreadsheetImport.columns`.

    Returns:
        Header key -> field, "" where the column is not read. Of two columns with one header the
        one that is read counts; a column without a header cannot be found again.
    """
    fields: dict[str, str] = {}
    for column in columns:
        key = header_key(column["header"])
        if key and not fields.get(key):
            fields[key] = column["field"]
    return fields


def written_headers(columns: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The headers of the columns of an import by their keys, each as it is written first."""
    headers: dict[str, str] = {}
    for column in columns:
        if key := header_key(column["header"]):
            headers.setdefault(key, header_text(column["header"]))
    return headers


@transaction.atomic
def save_profile(
    *,
    name: str,
    purpose: Purpose,
    sheet: str,
    columns: Iterable[Mapping[str, Any]],
    actor: User | None,
) -> Profile:
    """Keep a layout under a name; a layout of that name is replaced.

    Args:
        name: what people call it.
        purpose: for whose spreadsheets.
        sheet: the name of the sheet it was found in.
        columns: as `SpreadsheetImport.columns`.
        actor: who saves it; None for a command.

    Raises:
        ValidationError: the name is too long or empty.
    """
    name, columns = " ".join(name.split()), list(columns)
    profile = Profile.objects.select_for_update().filter(purpose=purpose, name__iexact=name).first()
    reason = "Saved again" if profile else "Saved"
    profile = profile or Profile(purpose=purpose, created_by=actor)
    profile.name, profile.sheet = name, sheet[:100]
    profile.fields, profile.headers = fields_by_header(columns), written_headers(columns)
    attribute(profile, actor, reason)
    profile.full_clean()
    profile.save()
    return profile


@transaction.atomic
def rename_profile(profile: Profile, *, name: str, actor: User) -> Profile:
    """Call a layout something else.

    Raises:
        ValidationError: another layout of the purpose has that name, or it is too long or empty.
    """
    locked = Profile.objects.select_for_update().get(pk=profile.pk)
    locked.name = " ".join(name.split())
    attribute(locked, actor, "Renamed")
    locked.full_clean()
    locked.save()
    return locked


@transaction.atomic
def delete_profile(profile: Profile, *, actor: User) -> None:
    """Forget a layout; imports that were set up with it stay as they are."""
    locked = Profile.objects.select_for_update().filter(pk=profile.pk).first()
    if locked is None:
        return
    attribute(locked, actor, "Deleted")
    locked.delete()
