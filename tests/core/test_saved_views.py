"""Saved views: kept, found again, shared by those who may, and nobody else's business otherwise."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from core import saved_views
from core.models import MAX_QUERY_LENGTH, SavedView, Sharing
from people import roles
from people.models import User
from tests.factories import make_action, make_view

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ADD = "/lists/views/add/"


def role(name: str) -> Group:
    return Group.objects.get(name=name)


# Saving -----------------------------------------------------------------------------------------


def test_a_list_is_saved_with_its_filters_order_and_columns(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    client = sign_in(cast.staff)
    query = "level=2&level=3&sort=-due&columns=reference,due&page=4&export=csv&view=9&junk=1"
    form = client.get(ADD, {"list": "tracker:actions", "query": query})
    assert "Save this view" in form.content.decode()
    response = client.post(
        ADD, {"list": "tracker:actions", "query": query, "name": "Levels 2 and 3"}
    )
    view = SavedView.objects.get()
    assert view.query == "level=2&level=3&sort=-due&columns=reference,due"
    assert (view.owner, view.sharing) == (cast.staff, Sharing.PRIVATE)
    assert response["Location"] == f"/actions/?{view.query}&view={view.pk}"


def test_a_saved_view_shows_the_same_rows_again(cast: SimpleNamespace, sign_in: SignIn) -> None:
    make_action("ST-0001", level=2)
    make_action("ST-0002", level=3)
    view = make_view(cast.staff, query="level=3&columns=reference,kind")
    page = sign_in(cast.staff).get(view.get_absolute_url(), follow=True)
    table = page.context["table"]
    assert [row.record.reference for row in table.rows] == ["ST-0002"]
    assert table.headings() == ["Ref", "Kind"]
    assert 'aria-current="true">My view' in page.content.decode()


def test_saving_needs_a_name(cast: SimpleNamespace, sign_in: SignIn) -> None:
    response = sign_in(cast.staff).post(ADD, {"list": "tracker:actions", "name": " "})
    assert response.status_code == 200
    assert "Enter a name" in response.content.decode()
    assert not SavedView.objects.exists()


def test_two_views_of_one_person_cannot_have_one_name(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_view(cast.staff, "Overdue")
    response = sign_in(cast.staff).post(ADD, {"list": "tracker:actions", "name": "OVERDUE"})
    assert "You already have a view of this name: choose another." in response.content.decode()
    make_view(cast.chair, "Overdue")
    assert SavedView.objects.count() == 2


def test_a_view_with_more_filters_than_can_be_kept_is_refused(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    query = "&".join(f"publication=report-{number}" for number in range(300))
    assert len(query) > MAX_QUERY_LENGTH
    response = sign_in(cast.staff).get(
        ADD, {"list": "tracker:actions", "query": query}, follow=True
    )
    assert "This view has too many filters to be kept." in response.content.decode()


def test_a_view_of_a_list_that_is_not_there_is_not_found(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    assert sign_in(cast.staff).get(ADD, {"list": "nothing"}).status_code == 404


def test_without_a_list_there_is_nothing_to_save(cast: SimpleNamespace, sign_in: SignIn) -> None:
    assert sign_in(cast.staff).get(ADD)["Location"] == reverse("lists:views")


def test_saving_leaves_a_row_of_history_with_its_author(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(cast.staff).post(ADD, {"list": "tracker:actions", "name": "Mine"})
    trail: Any = SavedView.objects.get().history
    history = trail.get()
    assert (history.user_name, history.history_type) == ("Staff", "+")


# Sharing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["governance", "admin", "chair", "corporate"])
def test_those_who_may_share_are_asked_with_whom(
    cast: SimpleNamespace, sign_in: SignIn, name: str
) -> None:
    page = sign_in(getattr(cast, name)).get(ADD, {"list": "tracker:actions"})
    assert "Who sees it" in page.content.decode()


@pytest.mark.parametrize("name", ["staff", "delivery", "executive", "assurance", "deputy"])
def test_others_save_for_themselves_only(cast: SimpleNamespace, sign_in: SignIn, name: str) -> None:
    client = sign_in(getattr(cast, name))
    assert "Who sees it" not in client.get(ADD, {"list": "tracker:actions"}).content.decode()
    client.post(ADD, {"list": "tracker:actions", "name": "Sly", "sharing": Sharing.EVERYONE})
    assert SavedView.objects.get().sharing == Sharing.PRIVATE


def test_the_rule_refuses_sharing_without_the_permission(cast: SimpleNamespace) -> None:
    view = SavedView(list_key="tracker:actions")
    with pytest.raises(PermissionDenied):
        saved_views.save_view(view, actor=cast.staff, name="Sly", sharing=Sharing.EVERYONE)
    assert not SavedView.objects.exists()


def test_a_view_shared_with_a_role_is_seen_by_its_holders_only(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    sign_in(cast.chair).post(
        ADD,
        {
            "list": "tracker:actions",
            "query": "overdue=yes",
            "name": "Late",
            "sharing": Sharing.ROLE,
            "role": role(roles.DELIVERY_LEAD).pk,
        },
    )
    view = SavedView.objects.get()
    seen_by = {
        name
        for name in vars(cast)
        if SavedView.objects.visible_to(getattr(cast, name)).contains(view)
    }
    assert seen_by == {"chair", "delivery"}
    assert "shared with delivery lead" in sign_in(cast.chair).get("/actions/").content.decode()
    assert "from Chair" in sign_in(cast.delivery).get("/actions/").content.decode()


def test_sharing_with_a_role_needs_the_role(cast: SimpleNamespace, sign_in: SignIn) -> None:
    response = sign_in(cast.chair).post(
        ADD, {"list": "tracker:actions", "name": "Late", "sharing": Sharing.ROLE}
    )
    assert "Select the role to share the view with" in response.content.decode()


def test_a_view_for_everyone_is_seen_by_all(cast: SimpleNamespace) -> None:
    view = make_view(cast.chair, sharing=Sharing.EVERYONE)
    assert SavedView.objects.visible_to(cast.staff).get() == view
    assert view.shared_with == "everyone"


def test_a_shared_view_shows_nobody_more_than_they_may_see(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_action("ST-0001", marking="OFFICIAL-SENSITIVE")
    view = make_view(cast.chair, sharing=Sharing.EVERYONE, query="")
    page = sign_in(cast.staff).get(view.get_absolute_url(), follow=True)
    assert page.context["count"] == 0


def test_the_database_wants_a_role_exactly_when_a_view_is_shared_with_one(
    cast: SimpleNamespace,
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_view(cast.chair, sharing=Sharing.ROLE)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_view(cast.chair, sharing=Sharing.PRIVATE, role=role(roles.CHAIR))


# Mine and other people's ------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["view", "view_change", "view_delete"])
def test_a_private_view_of_somebody_else_is_not_found(
    cast: SimpleNamespace, sign_in: SignIn, page: str
) -> None:
    view = make_view(cast.staff)
    assert sign_in(cast.chair).get(reverse(f"lists:{page}", args=[view.pk])).status_code == 404


@pytest.mark.parametrize("page", ["view_change", "view_delete"])
def test_a_view_shared_with_me_is_not_mine_to_change(
    cast: SimpleNamespace, sign_in: SignIn, page: str
) -> None:
    view = make_view(cast.chair, sharing=Sharing.EVERYONE)
    address = reverse(f"lists:{page}", args=[view.pk])
    assert sign_in(cast.staff).get(address).status_code == 403
    assert sign_in(cast.staff).post(address, {"name": "Taken over"}).status_code == 403
    view.refresh_from_db()
    assert view.name == "My view"


def test_the_rules_keep_other_peoples_views_too(cast: SimpleNamespace) -> None:
    view = make_view(cast.chair)
    with pytest.raises(PermissionDenied):
        saved_views.delete_view(view, actor=cast.staff)
    with pytest.raises(PermissionDenied):
        saved_views.save_view(view, actor=cast.staff, name="x", sharing=Sharing.PRIVATE)


def test_a_view_is_renamed_and_its_filters_stay(cast: SimpleNamespace, sign_in: SignIn) -> None:
    view = make_view(cast.staff, query="level=2")
    address = reverse("lists:view_change", args=[view.pk])
    client = sign_in(cast.staff)
    assert 'value="My view"' in client.get(address).content.decode()
    client.post(address, {"name": "Level 2"})
    view.refresh_from_db()
    assert (view.name, view.query) == ("Level 2", "level=2")


def test_a_rename_to_a_taken_name_keeps_what_was_typed(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    make_view(cast.staff, "Taken")
    view = make_view(cast.staff, "Mine")
    response = sign_in(cast.staff).post(
        reverse("lists:view_change", args=[view.pk]), {"name": "taken"}
    )
    assert 'value="taken"' in response.content.decode()
    assert "You already have a view of this name" in response.content.decode()


def test_a_view_is_deleted_after_being_asked(cast: SimpleNamespace, sign_in: SignIn) -> None:
    view = make_view(cast.chair, sharing=Sharing.EVERYONE)
    address = reverse("lists:view_delete", args=[view.pk])
    client = sign_in(cast.chair)
    asked = client.get(address).content.decode()
    assert "It is shared with everyone, who will lose it too." in asked
    assert SavedView.objects.exists()
    assert client.post(address, follow=True).redirect_chain == [("/lists/views/", 302)]
    assert not SavedView.objects.exists()


def test_my_views_and_those_of_others_stand_apart(cast: SimpleNamespace, sign_in: SignIn) -> None:
    make_view(cast.staff, "Mine")
    make_view(cast.chair, "For all", sharing=Sharing.EVERYONE)
    make_view(cast.chair, "Secret")
    make_view(cast.staff, "Of a list that has gone", list_key="gone")
    page = sign_in(cast.staff).get("/lists/views/")
    assert [view.name for view, _ in page.context["mine"]] == ["Mine"]
    assert [view.name for view, _ in page.context["shared"]] == ["For all"]
    assert "Secret" not in page.content.decode()


def test_without_views_the_page_says_how_to_save_one(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    page = sign_in(cast.staff).get("/lists/views/").content.decode()
    assert "select “Save this view” above its table" in page


def test_a_query_is_kept_only_as_far_as_its_list_knows_it() -> None:
    assert saved_views.query_of("tracker:actions", "level=2&x=1&page=3") == "level=2"
    with pytest.raises(ValidationError, match="too many filters"):
        saved_views.query_of("tracker:actions", "q=" + "x" * MAX_QUERY_LENGTH)


def test_a_view_is_called_by_its_name(cast: SimpleNamespace) -> None:
    assert str(make_view(cast.staff, "Overdue in PAF 6")) == "Overdue in PAF 6"
