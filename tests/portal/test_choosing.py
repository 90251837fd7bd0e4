"""Choosing what to take of a preview: rows, columns, and conflicts, on the page too."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from portal.imports.applying import apply_import
from portal.imports.choosing import choose_fields, choose_rows
from portal.imports.previewing import preview_again
from portal.imports.refused import ImportNotPossible
from portal.models import SpreadsheetImport
from tests.portal.conftest import TakeIn
from tests.workbooks import row
from tracker.models import Action

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(cast: SimpleNamespace, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.admin)


@pytest.fixture
def revised(take_in: TakeIn) -> SpreadsheetImport:
    """Three actions that are here, each with another due date and lead, and one new."""
    apply_import(take_in([row(n) for n in range(1, 4)]), actor=None)
    different = {"Due": "1 March 2025", "Delivery lead": "Head of Kennels"}
    return take_in([*({**row(n), **different} for n in range(1, 4)), row(4)])


def due_dates() -> dict[str, str]:
    actions = Action.objects.order_by("reference")
    return {a.reference: str(a.due_dates.order_by("-sequence")[0].due_on) for a in actions}


def test_everything_that_can_be_taken_is_taken_unless_somebody_chooses(
    revised: SpreadsheetImport,
) -> None:
    assert revised.good_rows == 4
    apply_import(revised, actor=None)
    assert set(due_dates().values()) == {"2025-03-01", "2024-12-31"}


def test_rows_that_are_left_out_are_not_applied(
    revised: SpreadsheetImport, cast: SimpleNamespace
) -> None:
    choose_rows(
        revised, seen=revised.previews, shown=[2, 3], taken=[3], conflicts={}, actor=cast.admin
    )
    revised.refresh_from_db()
    assert revised.good_rows == 3
    apply_import(revised, actor=None)
    assert due_dates()["ST-0001"] == "2024-12-31"
    assert due_dates()["ST-0002"] == "2025-03-01"


def test_a_new_row_that_is_left_out_is_not_recorded(
    revised: SpreadsheetImport, cast: SimpleNamespace
) -> None:
    choose_rows(revised, seen=revised.previews, shown=[5], taken=[], conflicts={}, actor=cast.admin)
    revised.refresh_from_db()
    apply_import(revised, actor=None)
    assert not Action.objects.filter(reference="ST-0004").exists()


def test_columns_that_are_left_are_not_applied(
    revised: SpreadsheetImport, cast: SimpleNamespace
) -> None:
    choose_fields(revised, seen=revised.previews, left=["due"], actor=cast.admin)
    revised.refresh_from_db()
    assert revised.good_rows == 4
    apply_import(revised, actor=None)
    assert due_dates()["ST-0001"] == "2024-12-31"
    lead = Action.objects.get(reference="ST-0001").leads.get(role="delivery", ended_on=None)
    assert lead.lead.name == "Head of Kennels"


def test_with_every_column_left_only_new_rows_are_applied(
    revised: SpreadsheetImport, cast: SimpleNamespace
) -> None:
    choose_fields(revised, seen=revised.previews, left=["due", "delivery"], actor=cast.admin)
    revised.refresh_from_db()
    assert revised.good_rows == 1


def test_choices_outlast_a_new_preview(revised: SpreadsheetImport, cast: SimpleNamespace) -> None:
    choose_rows(revised, seen=revised.previews, shown=[2], taken=[], conflicts={}, actor=cast.admin)
    revised.refresh_from_db()
    preview_again(revised, actor=None)
    revised.refresh_from_db()
    assert revised.rows.get(sheet_row=2).left_out
    assert revised.good_rows == 3


def test_nothing_is_chosen_of_an_import_that_is_applied(
    revised: SpreadsheetImport, cast: SimpleNamespace
) -> None:
    apply_import(revised, actor=None)
    with pytest.raises(ImportNotPossible, match="is finished"):
        choose_fields(revised, seen=revised.previews, left=["due"], actor=cast.admin)


def test_on_the_page_unticked_rows_are_left_out_and_applying_is_the_next_page(
    revised: SpreadsheetImport, admin: Client
) -> None:
    shown = admin.get(revised.get_absolute_url() + "?show=changed").content.decode()
    assert shown.count('name="take"') == 3
    response = admin.post(
        reverse("portal:choose", args=[revised.pk]),
        {
            "preview": revised.previews,
            "show": "changed",
            "shown": [2, 3, 4],
            "take": [2, 4],
            "then": "apply",
        },
        follow=True,
    )
    assert response.redirect_chain == [(reverse("portal:apply", args=[revised.pk]), 302)]
    text = response.content.decode()
    assert "Apply 3 rows?" in text
    assert "1 row will be left out, as chosen" in text


def test_choices_are_kept_on_the_way_to_other_rows(
    revised: SpreadsheetImport, admin: Client
) -> None:
    response = admin.post(
        reverse("portal:choose", args=[revised.pk]),
        {
            "preview": revised.previews,
            "show": "changed",
            "shown": [2, 3, 4],
            "take": [2],
            "go": "?show=new&page=2&next=//elsewhere",
        },
    )
    assert response.headers["Location"] == f"{revised.get_absolute_url()}?show=new&page=2"
    assert revised.rows.filter(left_out=True).count() == 2


def test_on_the_page_columns_are_chosen(revised: SpreadsheetImport, admin: Client) -> None:
    response = admin.post(
        reverse("portal:choose_columns", args=[revised.pk]),
        {"preview": revised.previews, "field": ["delivery"]},
        follow=True,
    )
    text = response.content.decode()
    assert "Your choices are kept." in text
    assert text.count("not taken") == 3


def test_a_choice_on_an_older_preview_is_told_and_not_kept(
    revised: SpreadsheetImport, admin: Client
) -> None:
    response = admin.post(
        reverse("portal:choose_columns", args=[revised.pk]),
        {"preview": 99, "field": []},
        follow=True,
    )
    assert (
        "The preview was made again, or somebody chose otherwise, since you opened the page"
        in response.content.decode()
    )
    revised.refresh_from_db()
    assert revised.left_fields == []


def test_the_page_shows_the_cell_as_it_stands(take_in: TakeIn, admin: Client) -> None:
    apply_import(take_in([row(1)]), actor=None)
    received = take_in([row(1, Due="01.03.25", Budget="£4")])
    text = admin.get(received.get_absolute_url() + "?show=changed").content.decode()
    assert "(P2)" in text
    assert "written “01.03.25”" in text
    assert "1 March 2025" in text
