"""A lead assesses a question area in a real browser, on the demonstration, without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inspections.choices import Judgement
from inspections.models import Assessment, Characteristic
from tests.browser.accessibility import is_clean
from tests.browser.conftest import Desk
from tests.browser.keyboard import press, tab_to, write

pytestmark = pytest.mark.browser
SitDown = Callable[..., Desk]


def judge(page: Page, code: str, judgement: str, why: str) -> None:
    """Go to the judgements of a characteristic, down to one of them, and say why."""
    group = page.get_by_role("group", name=f"Judgement of {code}")
    chosen = group.get_by_role("radio", name=judgement, exact=True)
    tab_to(page, group.get_by_role("radio", checked=True))
    for _ in range(4):
        if chosen.is_checked():
            break
        page.keyboard.press("ArrowDown")
    assert chosen.is_checked()
    write(page, f"Why, in one or two sentences ({code})", why)
    if not why:
        page.keyboard.press("Delete")


def test_a_lead_assesses_a_question_area_by_keyboard(sit_down: SitDown) -> None:
    desk = sit_down("delivery")
    page = desk.open("/paf/2023-25/5/")
    press(page, "button", "Assess this question area")
    is_clean(page)
    judge(page, "5.1.1", "Meets", "Every post of an accredited detective is filled.")
    judge(page, "5.2.2", "Does not meet", "")
    press(page, "button", "Save the assessment")
    expect(page.get_by_role("link", name="Say why 5.2.2 is “Does not meet”")).to_be_visible()
    is_clean(page)
    judge(page, "5.2.2", "Does not meet", "Reasons were missing in half of the files.")
    press(page, "button", "Save the assessment")
    expect(page.get_by_text("2 characteristics of PAF 5 are saved.")).to_be_visible()
    expect(page.get_by_text("Reasons were missing in half of the files.")).to_be_visible()
    is_clean(page)

    place = Characteristic.objects.get(topic__question__number=5, topic__number=2, number=2)
    said = [each.judgement for each in Assessment.objects.filter(characteristic=place)]
    assert said == [Judgement.DOES_NOT, Judgement.PARTLY]
    assert desk.faults == []


@pytest.mark.parametrize("address", ["/paf/2023-25/", "/paf/2023-25/5/", "/paf/2023-25/5/assess/"])
def test_nothing_runs_over_the_side_of_a_narrow_phone(sit_down: SitDown, address: str) -> None:
    desk = sit_down("delivery")
    desk.page.set_viewport_size({"width": 320, "height": 640})
    page = desk.open(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    is_clean(page)
