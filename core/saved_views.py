"""What may be done with saved views: keep, rename, share, delete."""

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import QueryDict

from core.history import attribute
from core.listing import ListPage
from core.listing.address import PLACE
from core.models import MAX_QUERY_LENGTH, ListPreference, SavedView, Sharing

SHARE = "core.share_view"


def query_of(list_key: str, text: str) -> str:
    """The part of a query string that a view of this list keeps.

    Raises:
        ValidationError: it is longer than a view can hold.
    """
    page = ListPage.known[list_key]
    known = {*page.filterset_class.base_filters, "sort", "rows", "columns"} - set(PLACE)
    kept = QueryDict(mutable=True)
    for name, values in QueryDict(text).lists():
        if name in known:
            kept.setlist(name, values)
    query = kept.urlencode(safe=",:")
    if len(query) > MAX_QUERY_LENGTH:
        raise ValidationError("This view has too many filters to be kept. Choose fewer.")
    return query


def may_share(user: Any) -> bool:
    return bool(user.has_perm(SHARE))


@transaction.atomic
def save_view(
    view: SavedView, *, actor: Any, name: str, sharing: str, role: Group | None = None
) -> SavedView:
    """Keep a new view, or rename and share one that is there.

    Args:
        view: with its list and query; its owner is set when it is new.
        actor: who does it.
        name, sharing, role: what it is called and whom it is offered to.

    Raises:
        PermissionDenied: somebody else's view, or sharing without the right to.
        ValidationError: the name is taken, or a role is missing.
    """
    if view.pk is None:
        view.owner = actor
    _must_own(view, actor)
    if sharing != Sharing.PRIVATE and not may_share(actor):
        raise PermissionDenied
    view.name = name
    view.sharing = sharing
    view.role = role if sharing == Sharing.ROLE else None
    view.full_clean()
    attribute(view, actor)
    view.save()
    return view


@transaction.atomic
def delete_view(view: SavedView, *, actor: Any) -> None:
    """Delete one's own view.

    Raises:
        PermissionDenied: it is somebody else's.
    """
    _must_own(view, actor)
    attribute(view, actor)
    view.delete()


def _must_own(view: SavedView, actor: Any) -> None:
    if view.owner != actor:
        raise PermissionDenied


@transaction.atomic
def choose_columns(list_key: str, *, actor: Any, columns: list[str], rows: int | None) -> None:
    """Remember which columns of a list somebody wants, and how many rows a page.

    Args:
        columns: names; those the list does not offer are left out, none = the usual ones.
    """
    offered = ListPage.known[list_key].table_class.offered()
    ListPreference.objects.update_or_create(
        user=actor,
        list_key=list_key,
        defaults={"columns": [name for name in columns if name in offered], "rows": rows},
    )


def usual_columns(list_key: str, *, actor: Any) -> None:
    """Forget somebody's choice of columns."""
    ListPreference.objects.filter(user=actor, list_key=list_key).delete()
