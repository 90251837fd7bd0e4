"""The main journeys in a real browser, on the demonstration."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from board.models import Meeting
from board.terms import begin_draft
from core.dates import today
from core.markings import Marking
from evidence.editing import withdraw
from evidence.models import CorporateMeeting, GoodPractice
from inspections.choices import PublicationType
from inspections.models import ImprovementItem, Inspection, PlannedInspection
from people.demo import DEMO_PASSWORD
from people.mails import send_digests
from people.models import Lead, User
from people.notices import tell
from portal.models import PortalDifference, Purpose, SpreadsheetImport
from reports.models import CommitteeReport
from tests.browser.conftest import Desk
from tests.browser.keyboard import settle, tab_to
from tests.browser.pages import NOWHERE, PAGES
from tests.documents import PDF, PNG
from tests.factories import (
    make_action,
    make_delegate,
    make_due_request,
    make_evidence,
    make_evidence_file,
    make_inspection,
    make_meeting,
    make_nomination,
    make_publication,
)
from tests.portal.strange_lists import to_set_up
from tests.tracker.closures import a_cast, approved, led_action, signed
from tracker.choices import Register
from tracker.models import Action, Closure, StatusPeriod
from tracker.workflow import draft_letter

pytestmark = pytest.mark.browser
SitDown = Callable[..., Desk]


@pytest.mark.parametrize("username", sorted(PAGES))
def test_no_page_has_an_accessibility_fault_or_scrolls_sideways(
    sit_down: SitDown, username: str
) -> None:
    desk = sit_down(username)
    delivery = User.objects.get(username="delivery")
    tell([delivery], "The closure of ST-0101 was returned.", "/actions/ST-0101/")
    send_digests(today())
    now = StatusPeriod.objects.filter(ended_on=None).order_by("action")
    references = now.values_list("action__reference", flat=True)
    keys: dict[str, Any] = {
        "improvement": ImprovementItem.objects.get(question__number=5).pk,
        "due_request": make_due_request(Action.objects.get(reference="ST-0040"), delivery).pk,
        "delegate": make_delegate(
            Lead.objects.get(slug="head-of-crime"), User.objects.get(username="staff")
        ).pk,
        "proposed": closure_of("ST-0180"),
        "for_board": closure_of("ST-0132"),
        "in_conflict": closure_of("ST-0106"),
        "with_hmicfrs": references.filter(status="with_hmicfrs").first(),
        "board": "2024-11-27",
        "report": CommitteeReport.objects.get().pk,
        "import": SpreadsheetImport.objects.get(purpose=Purpose.LIST).pk,
        "inspection": make_inspection().pk,
        "reviewed": reviewed().pk,
    }
    keys |= on_the_board() | about_inspections() | as_evidence() | around_evidence()
    if username == "governance":
        keys |= on_the_portal() | on_their_way()
    if username == "admin":
        keys |= to_set_up(User.objects.get(username=username))
    for pattern in PAGES[username]:
        path = pattern.format_map(keys)
        page = desk.open(path)
        assert (page.locator("h1").inner_text() == "Page not found") == (path == NOWHERE), path
        for width in (1440, 320):
            page.set_viewport_size({"width": width, "height": 900})
            settle(page)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{path}, {width} px: {found.generate_report()}"
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{path} is {overflow} px too wide at {width} px"
        page.set_viewport_size({"width": 1440, "height": 900})
    # The page that does not exist says so in the console; nothing else may.
    desk.faults = [fault for fault in desk.faults if "status of 404" not in fault]


def about_inspections() -> dict[str, int]:
    """Records of the demonstration's inspections."""
    peel = Inspection.objects.get(title="PEEL inspection 2023-25")
    planned = PlannedInspection.objects.latest("pk")
    return {
        "peel": peel.pk,
        "phase": peel.phases.latest("pk").pk,
        "programme": planned.programme_id,
        "planned": planned.pk,
    }


def around_evidence() -> dict[str, Any]:
    """A corporate meeting, who is reminded of it, and a good practice."""
    board = CorporateMeeting.objects.get(name="Force Performance Board")
    return {
        "performance_board": board.pk,
        "reminded": board.reminded.get(username="delivery").pk,
        "practice": GoodPractice.objects.get(title__startswith="Problem-solving").pk,
    }


def reviewed() -> Inspection:
    """An internal review whose report brought an action."""
    kind = PublicationType.INTERNAL_REVIEW
    report = make_publication("Review of custody records", type=kind)
    make_action(publication=report, register=Register.INTERNAL, on_portal=False)
    return make_inspection("Custody records", report=report, status="published")


def as_evidence() -> dict[str, Any]:
    """A picture of staff, a sensitive PDF and a piece that was withdrawn."""
    staff, officer = (User.objects.get(username=name) for name in ("staff", "governance"))
    picture = make_evidence("Wardrobe store", owner=staff)
    make_evidence_file(picture, PNG, content_type="image/png", original_name="store.png")
    withdrawn = make_evidence("Kennel audit", owner=staff, link="https://a.example/1")
    return {
        "evidence": picture.pk,
        "sensitive": make_evidence(marking=Marking.SENSITIVE, owner=officer, contents=PDF).pk,
        "withdrawn": withdraw(withdrawn, actor=staff, reason="A name was in it.").pk,
    }


def closure_of(reference: str) -> int:
    return Closure.objects.get(action__reference=reference).pk


def on_the_board() -> dict[str, Any]:
    """The next Board, who is nominated for it, and a draft of the terms of reference."""
    deputy, officer = (User.objects.get(username=name) for name in ("deputy", "governance"))
    meeting = Meeting.objects.next_after(today()) or make_meeting()
    nomination = meeting.nominations.first() or make_nomination(meeting, deputy)
    return {
        "meeting": meeting.held_on.isoformat(),
        "nomination": nomination.pk,
        "draft_terms": begin_draft(actor=officer, version="1.1").version,
    }


def on_the_portal() -> dict[str, Any]:
    """A difference with HMICFRS's portal of each kind that the demonstration has."""
    return dict(PortalDifference.objects.order_by("-pk").values_list("kind", "pk"))


def on_their_way() -> dict[str, Any]:
    """A letter to draft, one to sign, one to upload, and an action at activity level 4."""
    people = a_cast()
    approved(led_action(), people)
    waiting = approved(led_action(level=3), people)
    level_4 = led_action(level=4)
    draft = draft_letter([waiting], actor=people.governance, introduction="Dear colleague,")
    to_upload = signed(approved(led_action(level=3), people), people)
    assert to_upload.letter is not None
    return {
        "draft": draft.pk,
        "signed": to_upload.letter.pk,
        "to_upload": to_upload.pk,
        "level_4": level_4.reference,
    }


def test_staff_find_filter_and_export_what_they_see(sit_down: SitDown, tmp_path: Path) -> None:
    desk = sit_down("staff")
    page = desk.open("/actions/?as_at=2024-11-20")
    expect(page.get_by_text("123 live actions as at 20 November 2024").first).to_be_visible()
    desk.open("/actions/?as_at=2024-11-20&question=6")
    expect(page.get_by_text("40 of 123 live actions").first).to_be_visible()
    with page.expect_download() as download:
        page.evaluate("location.href = location.href + '&export=xlsx'")
    target = tmp_path / "list.xlsx"
    download.value.save_as(target)
    sheet = load_workbook(target).worksheets[0]
    assert sheet.max_row == 41


def test_staff_find_save_a_view_and_export_by_keyboard_only(
    sit_down: SitDown, tmp_path: Path
) -> None:
    page = sit_down("staff").open("/actions/")
    tab_to(page, page.locator("input[name=q]"))
    page.keyboard.type("custody")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=custody**")
    sentence = page.locator("#list-count").inner_text()
    found = int(sentence.split(" of ")[0])
    assert 0 < found < 123
    # The rows that are shown say why they are: each has the word in what the search reads.
    assert page.locator("table tbody tr").count() == min(found, 25)

    tab_to(page, page.get_by_role("link", name="Save this view"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/lists/views/add/**")
    tab_to(page, page.locator("input[name=name]"))
    page.keyboard.type("Custody")
    page.keyboard.press("Enter")
    page.wait_for_url("**/actions/**q=custody**")
    expect(page.get_by_role("link", name="Custody", exact=True).first).to_be_visible()

    tab_to(page, page.locator("summary", has_text="Export"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Excel"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    target = tmp_path / "custody.xlsx"
    download.value.save_as(target)
    assert load_workbook(target).worksheets[0].max_row == found + 1


def test_corporate_services_make_the_paper_as_pdf(sit_down: SitDown, tmp_path: Path) -> None:
    page = sit_down("corporate").open("/reports/")
    link = page.locator("a[href$='paper.pdf']").first
    address = link.get_attribute("href")
    assert address is not None
    response = page.request.get(f"{page.url.removesuffix('/reports/')}{address}")
    assert response.ok
    target = tmp_path / "paper.pdf"
    target.write_bytes(response.body())
    text = " ".join(" ".join(each.extract_text() for each in PdfReader(target).pages).split())
    assert "15 108 123" in text


def test_an_administrator_imports_a_list_to_its_end_and_the_same_again_changes_nothing(
    sit_down: SitDown, tmp_path: Path
) -> None:
    book = load_workbook(settings.BASE_DIR / "fixtures" / "start-list-2024-11-20.xlsx")
    sheet = book["StART"]
    sheet["A241"], sheet["B241"] = "ST-0901", None
    sheet["A240"], sheet["G240"] = "ST-0900", "Wish"
    target = tmp_path / "december.xlsx"
    book.save(target)

    def choose() -> None:
        desk.open("/portal/imports/")
        page.set_input_files("input[type=file]", str(target))
        page.locator("form[enctype] button[type=submit]").click()
        # A word that nobody knows is asked for; it may be left undecided.
        page.wait_for_url("**/portal/imports/*/words/")
        page.get_by_role("button", name="Save and go on").click()
        page.wait_for_url("**/portal/imports/*/")

    desk = sit_down("admin")
    page = desk.page
    choose()
    tabs = page.locator(".app-tabs").inner_text().split()
    assert tabs[:2] == ["New", "1"]
    page.get_by_role("link", name="Cannot be read").click()
    expect(page.locator("main")).to_contain_text("“Wish”")
    page.get_by_role("button", name="Apply 1 row").click()
    page.get_by_role("button", name="Apply 1 row").click()
    expect(page.get_by_text("1 row applied.")).to_be_visible()
    desk.open("/actions/ST-0901/")
    expect(page.locator("h1")).to_be_visible()

    choose()
    expect(page.get_by_text("There is nothing to apply")).to_be_visible()
    assert page.get_by_role("button", name="Apply").count() == 0


def test_governance_records_a_cause_of_concern_with_its_recommendation(sit_down: SitDown) -> None:
    desk = sit_down("governance")
    page = desk.open("/publications/asb-2024/")
    page.get_by_role("button", name="Add actions").click()
    page.get_by_label("Cause of concern", exact=True).check()
    page.fill("textarea[name=action-0-text]", "The force does not answer in time.")
    page.get_by_role("button", name="Add another action").click()
    page.wait_for_url("**/actions/add/#action-2")
    expect(page.locator("textarea[name=action-0-text]")).to_have_value(
        "The force does not answer in time."
    )
    expect(page.locator("select[name=action-1-cause]")).to_have_value("row-0")
    page.fill("textarea[name=action-1-text]", "Answer in time.")
    page.get_by_role("button", name="Record actions").click()
    expect(page.get_by_text("2 actions are recorded: ST-0241 to ST-0242.")).to_be_visible()
    desk.open("/actions/ST-0241/")
    expect(page.locator("main")).to_contain_text("Recommendations of this cause of concern")
    expect(page.locator("main")).to_contain_text("Awaiting allocation")


def test_what_was_typed_outlives_the_session(sit_down: SitDown) -> None:
    desk = sit_down("corporate")
    page = desk.open(f"{CommitteeReport.objects.get().get_absolute_url()}sections/conclusion/")
    page.fill("textarea[name=body]", "A conclusion that took an hour.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("You have been signed out")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in (opens a new tab)").click()
    tab = opened.value
    tab.fill("input[name=login]", "corporate")
    tab.fill("input[name=password]", DEMO_PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"{desk.address}/")
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator("h1")).to_have_text("Your form was not sent")
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url("**/reports/*/#section-conclusion")
    expect(page.locator("main")).to_contain_text("A conclusion that took an hour.")
    # The two refusals say so in the console; nothing else may.
    desk.faults = [fault for fault in desk.faults if "status of 403" not in fault]


def test_the_focus_is_never_hidden_behind_the_buttons_of_the_filters(sit_down: SitDown) -> None:
    page = sit_down("staff").open("/actions/")
    page.locator("input[name=q]").focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """() => {
                const focused = document.activeElement;
                const bar = document.querySelector(".app-filter__buttons");
                if (!bar.parentElement.contains(focused) || bar.contains(focused)) return false;
                const [box, over] = [focused, bar].map((each) => each.getBoundingClientRect());
                return box.bottom > over.top && box.top < over.bottom;
            }"""
        )
        assert not hidden, page.evaluate("document.activeElement.id")
