"""A workbook in a layout that nobody knows comes in, is applied, and is taken back: by keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.models import Meaning, Profile, SpreadsheetImport, State
from tests.browser.accessibility import is_clean
from tests.browser.conftest import Desk
from tests.browser.keyboard import press, tab_to, write
from tests.browser.test_setting_up import select
from tests.portal.strange_lists import strange_list
from tests.workbooks import row
from tracker.models import Action

pytestmark = pytest.mark.browser
SitDown = Callable[..., Desk]


def test_an_administrator_brings_a_strange_workbook_in_and_takes_it_back(
    sit_down: SitDown, tmp_path: Path
) -> None:
    before = set(Action.objects.values_list("reference", flat=True))
    rows = [row(n, Local_ref=f"X-{n}", Portal_ref=f"XREC-{n}") for n in (1, 2, 3)]
    rows[0]["Level"] = "Middling"
    rows[1]["Kind"] = "Suggestion"
    rows[2]["Received"] = "31/02/2024"
    target = tmp_path / "strange.xlsx"
    target.write_bytes(strange_list(rows).getvalue())

    page = sit_down("admin").page
    press(page, "link", "Imports")
    is_clean(page)
    chooser = page.get_by_label("Spreadsheet", exact=True)
    tab_to(page, chooser)
    chooser.set_input_files(target)
    press(page, "button", "Upload and preview")

    expect(page.get_by_role("heading", name="What does each column hold?")).to_be_visible()
    is_clean(page)
    select(page, "What column A holds", "Local ref")
    select(page, "What column G holds", "Kind")
    select(page, "What column N holds", "Action required")
    select(page, "What column O holds", "Received")
    write(page, "Remember this layout as (optional)", "Strange list")
    press(page, "button", "Save and go on")

    expect(page.get_by_role("heading", name="What do these words mean?")).to_be_visible()
    is_clean(page)
    select(page, "What “Middling” means", "Activity level 2")
    select(page, "What “Suggestion” means", "AFI")
    press(page, "button", "Save and go on")

    expect(page.get_by_role("heading", name="strange.xlsx")).to_be_visible()
    is_clean(page)
    press(page, "link", "Cannot be read 1")
    expect(page.get_by_text("31/02/2024").first).to_be_visible()
    press(page, "link", "New 2")
    page.locator("input[name=take]").first.press("Space")
    press(page, "link", "Unchanged 0")
    expect(page.get_by_text("Your choices are kept.")).to_be_visible()
    expect(page.get_by_text("No row of this spreadsheet is of this kind.")).to_be_visible()
    press(page, "link", "New 2")
    expect(page.locator("input[name=take]:checked")).to_have_count(1)
    page.locator("input[name=take]").first.press("Space")
    press(page, "button", "Apply 1 row")
    is_clean(page)
    press(page, "button", "Apply 2 rows")
    expect(page.get_by_text("2 rows applied.")).to_be_visible()
    applied = set(Action.objects.values_list("reference", flat=True))
    assert applied - before == {"X-1", "X-2"}

    press(page, "button", "Undo this import")
    is_clean(page)
    press(page, "button", "Undo this import")
    is_clean(page)
    assert set(Action.objects.values_list("reference", flat=True)) == before
    taken_in = SpreadsheetImport.objects.get(original_name="strange.xlsx")
    assert taken_in.state == State.UNDONE
    # What was said once is remembered.
    assert Profile.objects.get().name == "Strange list"
    assert Meaning.objects.count() == 2
