"""A workbook in a strange layout is set up with the keyboard alone, on the demonstration."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.models import Profile, State
from tests.browser.conftest import Desk
from tests.browser.keyboard import press, tab_to, write
from tests.portal.strange_lists import kept, strange_list
from tests.workbooks import row

pytestmark = pytest.mark.browser
SitDown = Callable[..., Desk]


def select(page: Page, label: str, starts: str) -> None:
    """Go to a select by its label, and type the beginning of what is to be chosen."""
    tab_to(page, page.get_by_label(label, exact=True))
    page.keyboard.type(starts)


def chosen(page: Page, label: str) -> str:
    """What a select says."""
    words = page.get_by_label(label, exact=True).evaluate("each => each.selectedOptions[0].text")
    return str(words)


@pytest.mark.parametrize("width", [1440, 320])
def test_sheet_columns_and_words_are_said_with_the_keyboard(sit_down: SitDown, width: int) -> None:
    rows = [
        row(number, Local_ref=f"X-{number}", Portal_ref=f"XREC-{number}") for number in (1, 2, 3)
    ]
    rows[1]["Level"] = "Middling"
    rows[2]["Delivery lead"] = "Head of Crimes"
    of = kept(strange_list(rows))
    desk = sit_down("admin", width)
    page = desk.open(f"/portal/imports/{of.pk}/sheet/")

    # The first row that names several columns is offered, and another can be chosen.
    tab_to(page, page.get_by_label("Row 4 of Tracker", exact=True))
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Row 2 of Tracker", exact=True)).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Row 4 of Tracker", exact=True)).to_be_checked()
    press(page, "button", "Save and go on")

    expect(page.get_by_role("heading", name="What does each column hold?")).to_be_visible()
    select(page, "What column A holds", "Local ref")
    select(page, "What column N holds", "Kind")
    press(page, "button", "Save and go on")
    expect(page.get_by_role("alert")).to_contain_text("Column G holds “Kind” already.")
    assert chosen(page, "What column A holds") == "Local ref"
    select(page, "What column N holds", "Action required")
    select(page, "What column O holds", "Received")
    write(page, "Remember this layout as (optional)", "Strange list")
    press(page, "button", "Save and go on")

    expect(page.get_by_text("The layout is remembered as “Strange list”.")).to_be_visible()
    expect(page.get_by_role("heading", name="What do these words mean?")).to_be_visible()
    assert chosen(page, "What “Head of Crimes” means") == "Head of Crime"
    select(page, "What “Middling” means", "Activity level 3")
    press(page, "button", "Save and go on")

    page.wait_for_url(f"**/portal/imports/{of.pk}/")
    of.refresh_from_db()
    assert (of.state, of.counts["new"], of.unknown_words) == (State.PREVIEWED, 3, {})
    assert Profile.objects.get().name == "Strange list"
