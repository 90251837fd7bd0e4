"""A whole Board in a real browser, on the demonstration, without a mouse."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from board.models import ActionArising, Meeting
from tests.browser.accessibility import is_clean
from tests.browser.conftest import Desk
from tests.browser.keyboard import press, write
from tracker.choices import ClosureStep
from tracker.models import Closure

pytestmark = pytest.mark.browser
SitDown = Callable[..., Desk]
DAY = "27 November 2024"


@pytest.fixture(autouse=True)
def the_day(settings: Any) -> None:
    """The Board of the demonstration is held today."""
    settings.TODAY = dt.date(2024, 11, 27)


def to_the_agenda(page: Page) -> None:
    press(page, "link", "Board")
    press(page, "link", DAY)


def step_of(reference: str) -> str:
    closures = Closure.objects.filter(action__reference=reference).order_by("-pk")
    return str(closures.values_list("step", flat=True)[0])


def support_compiles(page: Page) -> None:
    to_the_agenda(page)
    press(page, "button", "Add what has come since")
    expect(page.get_by_text("Nothing new has come.")).to_be_visible()
    press(page, "button", "Add to the agenda")
    page.get_by_label("Any other business").focus()
    page.keyboard.press("Space")
    write(page, "Title", "Winter pressures")
    write(
        page,
        "Briefing note, which members read beforehand (optional)",
        "The call handling plan for December.",
    )
    page.keyboard.press("Tab")
    press(page, "button", "Add to the agenda")
    expect(page.get_by_text("“Winter pressures” is on the agenda.")).to_be_visible()
    expect(page.get_by_text("Late item: added within two")).to_have_count(2)
    is_clean(page)


def chair_decides(page: Page) -> None:
    to_the_agenda(page)
    is_clean(page)
    press(page, "button", "Approve the closure of ST-0132")
    expect(page.get_by_text("ST-0132 is approved.")).to_be_visible()
    press(page, "button", "Return the closure of ST-0187")
    write(page, "Reason", "Show the figures of November too.")
    page.keyboard.press("Tab")
    press(page, "button", "Return closure")
    expect(page.get_by_text("ST-0187 is returned.")).to_be_visible()
    press(page, "button", "Defer the closure of ST-0169")
    write(page, "Reason", "The partner agency answers in December.")
    page.keyboard.press("Tab")
    press(page, "button", "Defer decision")
    expect(page.get_by_text("ST-0169 is deferred to the next Board.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve the closure of ST-0106")).to_have_count(0)
    assert step_of("ST-0132") == ClosureStep.LETTER_AWAITED
    assert step_of("ST-0187") == ClosureStep.ENDED
    assert step_of("ST-0169") == ClosureStep.FOR_BOARD


def deputy_decides(page: Page) -> None:
    to_the_agenda(page)
    for reference in ("ST-0106", "ST-0112"):
        press(page, "button", f"Approve the closure of {reference}")
        expect(page.get_by_text(f"{reference} is approved.")).to_be_visible()
        assert step_of(reference) == ClosureStep.LETTER_AWAITED


def support_takes_notes(page: Page) -> None:
    to_the_agenda(page)
    press(page, "link", "Take notes : Minutes and actions arising")
    is_clean(page)
    write(page, "Notes (optional)", "The minutes of 16 October were agreed.")
    page.keyboard.press("Tab")
    press(page, "button", "Save, then “Closures for decision”")
    write(page, "Notes (optional)", "Five closures were heard.")
    page.keyboard.press("Tab")
    press(page, "button", "Save and go to the agenda")
    press(page, "link", "Add an action arising : ST-0187")
    write(page, "What is to be done", "Add the figures of November and propose again.")
    page.get_by_label("Owner").focus()
    page.keyboard.type("ACC Fel")
    write(page, "Due date", "18 December 2024")
    page.keyboard.press("Tab")
    press(page, "button", "Add the action")
    expect(page.get_by_text("ACC Felton is asked, and told.")).to_be_visible()
    is_clean(page)
    assert ActionArising.objects.get(item__title="ST-0187").owner.username == "deputy"


def support_closes(page: Page) -> None:
    press(page, "link", "Attendance")
    page.get_by_label("Name", exact=False).first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("DCC Fuller")
    page.get_by_role("combobox", name="Attendance, ").first.focus()
    page.keyboard.type("Pres")
    press(page, "button", "Save")
    press(page, "button", "Close this Board")
    is_clean(page)
    press(page, "button", "Close this Board")
    expect(page.get_by_text("Nothing here changes any more")).to_be_visible()
    is_clean(page)


def minutes(page: Page) -> str:
    """The text of the minutes, as somebody downloads them with the keyboard."""
    link = page.get_by_role("button", name="Minutes (PDF)")
    link.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    content = download.value.path().read_bytes()
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_board_from_its_agenda_to_its_minutes(sit_down: SitDown) -> None:
    support = sit_down("support").open("/")
    # Making the minutes takes seconds, more of them on a busy machine.
    support.set_default_timeout(120_000)
    support_compiles(support)
    chair_decides(sit_down("chair").open("/"))
    deputy_decides(sit_down("deputy").open("/"))
    support_takes_notes(support)
    support_closes(support)

    meeting = Meeting.objects.get(held_on=dt.date(2024, 11, 27))
    assert meeting.closed
    text = minutes(support)
    for said in (
        "Winter pressures",
        "Approved by DCC Fuller on 27 November 2024",
        "Show the figures of November too.",
        "Deferred by DCC Fuller on 27 November 2024",
        "Approved by ACC Felton on 27 November 2024",
        "The minutes of 16 October were agreed.",
        "Add the figures of November and propose again.",
        "PAF 2",
        "DCC Fuller leads this action",
    ):
        assert said in text, said
    dossier = sit_down("member").open("/board/2024-11-27/")
    expect(dossier.get_by_text("Five closures were heard.")).to_be_visible()
