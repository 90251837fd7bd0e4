"""Daily work in a real browser, on the demonstration: an update, a due date, an allocation."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tracker.models import Action

pytestmark = pytest.mark.browser
SitDown = Callable[..., Desk]


def test_a_lead_posts_one_line_from_my_work(sit_down: SitDown) -> None:
    page = sit_down("delivery").open("/work/")
    stale = page.get_by_role("region", name="Not updated for 30 days", exact=True)
    reference = stale.get_by_role("rowheader").first.inner_text()
    cure = stale.get_by_role("link", name=re.compile(f"^Post an update.*{reference}$"))
    cure.click()
    page.get_by_label("What has happened").fill("Two more officers are trained.")
    page.get_by_role("button", name="Post update").click()

    expect(page.get_by_text(f"The update of {reference} is posted.")).to_be_visible()
    expect(page.get_by_text("Two more officers are trained.")).to_be_visible()
    page.get_by_role("link", name=re.compile(r"^My work \(\d+ ")).click()
    expect(stale).to_be_visible()
    expect(cure).to_have_count(0)


def test_a_lead_asks_for_a_date_and_the_executive_lead_agrees(sit_down: SitDown) -> None:
    page = sit_down("delivery").open("/actions/ST-0040/")
    page.get_by_role("link", name="Ask for another due date").click()
    page.get_by_label("New due date").fill("30.4.25")
    page.get_by_label("Reason").fill("The trainer is away.")
    page.get_by_role("button", name="Ask for this date").click()
    expect(page.get_by_text("that it be due 30 April 2025")).to_be_visible()

    page = sit_down("executive").open("/")
    page.get_by_role("link", name=re.compile(r"^My work \(1")).click()
    page.get_by_role("link", name=re.compile("^Agree or decline.*ST-0040$")).click()
    page.get_by_role("button", name="Agree 30 April 2025").click()
    expect(page.get_by_text("Due date changed 1 time, 61 days later")).to_be_visible()


def test_governance_ticks_rows_and_allocates_them(sit_down: SitDown) -> None:
    page = sit_down("governance").open("/actions/?overdue=yes")
    boxes = page.locator("input[name=chosen]")
    references = [boxes.nth(place).get_attribute("value") for place in (0, 1)]
    for reference in references:
        page.get_by_role("checkbox", name=str(reference)).check()
    page.get_by_role("button", name="Allocate").click()
    expect(page.get_by_role("heading", name="Allocate 2 actions")).to_be_visible()
    page.get_by_label("Delivery lead").select_option(label="Head of Crime")
    page.get_by_role("textbox", name="Reason", exact=True).fill("New portfolio.")
    page.get_by_role("button", name="Allocate").click()

    expect(page.get_by_text("2 actions are allocated.")).to_be_visible()
    assert page.url.endswith("/actions/?overdue=yes")
    led = Action.objects.filter(leads__lead__name="Head of Crime", leads__ended_on=None)
    assert led.filter(reference__in=references).count() == 2
