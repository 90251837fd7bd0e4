"""Reconciling with HMICFRS's portal in a real browser, without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.models import Answer, PortalDifference
from tests.browser.accessibility import is_clean
from tests.browser.conftest import Desk
from tests.browser.keyboard import pick, press, tab_to, write
from tracker.choices import Status
from tracker.models import StatusPeriod

pytestmark = pytest.mark.browser
SitDown = Callable[..., Desk]


def difference_of(reference: str) -> PortalDifference:
    return PortalDifference.objects.get(action__reference=reference)


def test_governance_reconciles_three_differences_by_keyboard(sit_down: SitDown) -> None:
    page = sit_down("governance").page
    press(page, "link", "HMICFRS portal")
    expect(page.locator("#list-count")).to_have_text("12 open differences")
    is_clean(page)

    # What HMICFRS has closed is closed here by the step its route has for that.
    press(page, "link", "ST-0135 status")
    is_clean(page)
    press(page, "button", "Adopt what the portal says")
    expect(page.get_by_label("Day it took effect")).to_have_value("18 November 2024")
    press(page, "button", "Adopt")
    expect(page.get_by_text("ST-0135: this difference is settled.")).to_be_visible()
    is_clean(page)
    assert StatusPeriod.objects.get(action__reference="ST-0135", ended_on=None).status == (
        Status.CLOSED
    )

    press(page, "link", "HMICFRS portal")
    expect(page.locator("#list-count")).to_have_text("11 open differences")
    press(page, "link", "ST-0127 status")
    press(page, "button", "Record a decision")
    pick(page, "Decision", "We wait for the portal: what we hold is right")
    press(page, "button", "Save")
    expect(page.get_by_text("Waiting for the portal").first).to_be_visible()
    assert difference_of("ST-0127").answer == Answer.WAITING

    press(page, "link", "HMICFRS portal")
    press(page, "link", "ST-0188 due date as issued")
    press(page, "button", "Record a decision")
    pick(page, "Decision", "It is accepted until a date")
    press(page, "button", "Save")
    expect(page.get_by_text("Enter the day until which it is accepted.").first).to_be_visible()
    is_clean(page)
    write(page, "Accepted until (optional)", "31 January 2025")
    write(page, "Note (optional)", "HMICFRS moves it at the turn of the year.")
    tab_to(page, page.get_by_role("button", name="Save"))
    press(page, "button", "Save")
    expect(page.get_by_text("Accepted until 31 January 2025").first).to_be_visible()
    is_clean(page)

    # Rows that are ticked in the list wait together.
    press(page, "link", "HMICFRS portal")
    for reference in ("ST-0152", "ST-0166"):
        tab_to(page, page.get_by_label(f"Status: {reference}"))
        page.keyboard.press("Space")
    press(page, "button", "Wait for the portal")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Wait for the portal with 2 differences"
    )
    press(page, "button", "They wait for the portal")
    expect(page.get_by_text("2 differences changed: waiting for the portal.")).to_be_visible()
    assert {difference_of(each).answer for each in ("ST-0152", "ST-0166")} == {Answer.WAITING}
