"""Closing in a real browser, on the demonstration, without a mouse; and the chair's minute."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import is_clean
from tests.browser.conftest import Desk
from tests.browser.keyboard import choose_file, pick, press, settle, tab_to, tick, write
from tests.tracker.closures import PDF
from tracker.choices import CloseReason, Status
from tracker.models import Action, Closure, StatusPeriod

pytestmark = pytest.mark.browser
SitDown = Callable[..., Desk]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    path.write_bytes(PDF)
    return path


def now(reference: str) -> StatusPeriod:
    return StatusPeriod.objects.get(action__reference=reference, ended_on=None)


def lead_updates_and_proposes(page: Page, reference: str, paper: Path) -> None:
    press(page, "link", "Actions")
    write(page, "Search", reference)
    page.keyboard.press("Enter")
    press(page, "link", reference)
    press(page, "button", "Post an update")
    write(page, "What has happened", "The new rota is in use at every station.")
    page.keyboard.press("Tab")
    press(page, "button", "Post update")
    expect(page.get_by_text(f"The update of {reference} is posted.")).to_be_visible()

    press(page, "button", "Propose closure")
    write(page, "What was done", "A new rota is in use.")
    write(page, "Its impact", "No shift was below strength in October.")
    press(page, "button", "Keep this and attach evidence")
    write(page, "Title", "Rota and strength, October 2024")
    choose_file(page, "File (optional)", paper)
    tick(page, "I have taken out personal data from operational systems")
    press(page, "button", "Attach")
    expect(page.get_by_label("What was done")).to_have_value("A new rota is in use.")
    expect(page.get_by_label("Rota and strength, October 2024")).to_be_checked()
    press(page, "button", "Propose closure")
    expect(page.get_by_text("The closure is with Review and Assurance.")).to_be_visible()
    is_clean(page)


def assurance_assures(page: Page, reference: str) -> None:
    press(page, "link", "Closures")
    press(page, "link", reference)
    write(page, "What you looked at and found", "Rota compared with the duty system: no gap.")
    press(page, "button", "Assure closure")
    expect(page.get_by_text(f"{reference} is assured.")).to_be_visible()


def chair_approves(page: Page, reference: str) -> None:
    press(page, "link", "Closures")
    press(page, "link", reference)
    is_clean(page)
    press(page, "button", "Approve closure")
    expect(page.get_by_text(f"{reference} is approved.")).to_be_visible()


def governance_files_the_letter(page: Page, reference: str, paper: Path) -> None:
    press(page, "link", "Closures")
    press(page, "link", reference)
    press(page, "button", "Draft a letter")
    press(page, "button", "Draft letter")
    expect(page.get_by_text("is drafted. Download it for signature.")).to_be_visible()
    is_clean(page)
    press(page, "button", "File the signed letter")
    choose_file(page, "Signed letter", paper)
    write(page, "Date signed", "25 November 2024")
    press(page, "button", "File signed letter")
    expect(page.get_by_text("is filed.")).to_be_visible()


def test_four_people_take_a_level_2_action_from_update_to_closed_by_keyboard(
    sit_down: SitDown, paper: Path
) -> None:
    reference = "ST-0045"
    lead_updates_and_proposes(sit_down("delivery").page, reference, paper)
    assurance_assures(sit_down("assurance").page, reference)
    chair_approves(sit_down("chair").page, reference)
    governance_files_the_letter(sit_down("governance").page, reference, paper)

    assert now(reference).close_reason == CloseReason.COMPLETED
    closure = Closure.objects.get(action__reference=reference)
    people = [closure.proposed_by, closure.assured_by, closure.decided_by]
    names = ["Ch Supt Helen Marsh", "Insp Dev Patel", "DCC Fuller"]
    assert [str(each) for each in people] == names
    page = sit_down("staff").open(f"/actions/{reference}/")
    expect(page.get_by_text("Closed on 25 November 2024: Completed").first).to_be_visible()


def test_a_level_3_action_goes_to_hmicfrs_and_comes_back_not_verified_by_keyboard(
    sit_down: SitDown, paper: Path
) -> None:
    reference = "ST-0080"
    lead_updates_and_proposes(sit_down("delivery").page, reference, paper)
    assurance_assures(sit_down("assurance").page, reference)
    chair_approves(sit_down("chair").page, reference)
    desk = sit_down("governance")
    page = desk.page
    governance_files_the_letter(page, reference, paper)
    assert now(reference).status == Status.CLOSURE_PROPOSED

    press(page, "link", f"Record the upload for {reference}")
    press(page, "button", "Record upload")
    page.wait_for_url("**/letters/**")
    assert now(reference).status == Status.WITH_HMICFRS

    desk.open(f"/actions/{reference}/")
    press(page, "button", "Record what HMICFRS found")
    pick(page, "What HMICFRS says", "Not verified: it is in progress again")
    write(page, "What HMICFRS found", "Two stations have no rota.")
    press(page, "button", "Record")
    expect(page.get_by_text(f"What HMICFRS found about {reference} is recorded.")).to_be_visible()
    expect(page.get_by_text("Two stations have no rota.").first).to_be_visible()
    assert now(reference).status == Status.IN_PROGRESS
    page = sit_down("delivery").open("/work/")
    expect(page.get_by_text(f"HMICFRS did not verify {reference}").first).to_be_visible()


def test_the_chair_approves_three_closures_in_five_clicks(sit_down: SitDown) -> None:
    page = sit_down("chair").page
    clicks = 0
    page.get_by_role("link", name="For the Board’s decision: 3").click()
    page.get_by_role("link", name="ST-0132").click()
    clicks += 2
    for reference, after in (("ST-0132", "ST-0187"), ("ST-0187", "ST-0169"), ("ST-0169", "")):
        expect(page.locator("h1")).to_have_text(f"Closure of {reference}")
        page.get_by_role("button", name="Approve closure").click()
        clicks += 1
        expect(page.get_by_text(f"{reference} is approved.")).to_be_visible()
        if after:
            expect(page.locator("h1")).to_have_text(f"Closure of {after}")
    assert clicks <= 12
    assert_three_approved(page)


def test_the_chair_approves_each_of_three_closures_in_twelve_presses_of_a_key(
    sit_down: SitDown,
) -> None:
    page = sit_down("chair").open("/closures/?step=for_board")
    press(page, "link", "ST-0132")
    for reference in ("ST-0132", "ST-0187", "ST-0169"):
        expect(page.locator("h1")).to_have_text(f"Closure of {reference}")
        settle(page)
        presses = 0
        if "#" not in page.url:
            presses = 1 + tab_to(page, page.get_by_role("link", name="Skip to the decision"))
            page.keyboard.press("Enter")
        # From then on the browser stays with the decision, from one closure to the next.
        presses += tab_to(page, page.get_by_role("button", name="Approve closure"))
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"{reference} is approved.")).to_be_visible()
        assert presses + 1 <= 12
    assert_three_approved(page)


def assert_three_approved(page: Page) -> None:
    """The two that the chair leads are left, and were never come across."""
    assert "/closures/?step=for_board" in page.url
    left = Closure.objects.at_step("for_board").values_list("action__reference", flat=True)
    assert list(left) == ["ST-0106", "ST-0112"]
    assert Action.objects.filter(closures__decided_by__username="chair").count() == 4
