"""Evidence in a real browser: staff add what a meeting showed, with the keyboard; previews."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect
from weasyprint import HTML

from evidence.models import CorporateMeeting, Evidence
from people.models import User
from tests.browser.accessibility import is_clean
from tests.browser.conftest import Desk
from tests.browser.keyboard import press, settle, tab_to, tick, write
from tests.factories import day, make_evidence, make_evidence_file

pytestmark = pytest.mark.browser
SitDown = Callable[..., Desk]


def a_pdf() -> bytes:
    page = "<html lang='en'><title>Audit</title><h1>Wardrobe audit</h1></html>"
    return bytes(HTML(string=page).write_pdf())


def a_picture() -> bytes:
    contents = io.BytesIO()
    Image.new("RGB", (300, 150), (30, 120, 90)).save(contents, "PNG")
    return contents.getvalue()


def papers(folder: Path) -> list[Path]:
    """Two good files and one that is not let in."""
    files = [folder / "crime_performance-minutes.pdf", folder / "store.png", folder / "old.doc"]
    for path, contents in zip(files, (a_pdf(), a_picture(), b"old"), strict=True):
        path.write_bytes(contents)
    return files


def choose(page: Page, files: list[Path]) -> None:
    """With the keyboard: to the button that chooses files, and Enter."""
    tab_to(page, page.locator("#id_uploads"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(files)


def test_staff_add_evidence_from_a_meeting_with_two_files_by_keyboard(
    sit_down: SitDown, tmp_path: Path, media: Path
) -> None:
    meeting = CorporateMeeting.objects.create(name="Crime performance")
    before = set(Evidence.objects.values_list("pk", flat=True))
    desk = sit_down("staff", width=320)
    page = desk.open(f"{reverse('evidence:add')}?meeting={meeting.pk}&date=2024-11-18")
    settle(page)
    choose(page, papers(tmp_path))
    expect(page.get_by_text("3 files chosen")).to_be_visible()
    write(page, "What it shows (optional)", "What the meeting decided.")

    # Without the word on personal data nothing is sent; the files stay chosen.
    tab_to(page, page.get_by_role("button", name="Add evidence", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_text("3 files chosen")).to_be_visible()
    is_clean(page)
    tick(page, "I have taken out personal data from operational systems")
    tab_to(page, page.get_by_role("button", name="Add evidence", exact=True))
    page.keyboard.press("Enter")

    expect(page.locator(".app-uploads__file").filter(has_text="old.doc")).to_contain_text(
        "Files of this kind are not kept here."
    )
    expect(page.get_by_role("link", name="Crime performance minutes")).to_be_visible()
    expect(page.locator("[data-said]")).to_have_text("2 kept, 1 not kept.")
    expect(page.locator(".govuk-error-summary").get_by_role("link")).to_have_count(1)
    is_clean(page)
    fits(page)
    press(page, "link", "Go on with the 2 that are kept")
    is_clean(page)
    fits(page)
    title = page.get_by_label("Title").first
    tab_to(page, title)
    page.keyboard.press("Control+A")
    page.keyboard.type("Minutes of 18 November")
    press(page, "button", "Save")
    expect(page.get_by_text("Two pieces of evidence are kept.")).to_be_visible()

    added = Evidence.objects.exclude(pk__in=before).order_by("pk")
    assert [each.title for each in added] == ["Minutes of 18 November", "Store"]
    for each in added:
        assert (each.meeting, each.dated_on) == (meeting, day("2024-11-18"))
        assert each.shows == "What the meeting decided."


def fits(page: Page) -> None:
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0


def test_files_are_dropped_and_taken_off_again(
    sit_down: SitDown, tmp_path: Path, media: Path
) -> None:
    page = sit_down("staff").open(reverse("evidence:add"))
    settle(page)
    page.evaluate(
        """() => {
            const files = new DataTransfer();
            for (const name of ["one.txt", "two.txt"]) {
                files.items.add(new File([name], name, { type: "text/plain" }));
            }
            document.querySelector("#id_uploads").dispatchEvent(
                new DragEvent("drop", { bubbles: true, dataTransfer: files }));
        }"""
    )
    expect(page.get_by_text("2 files chosen")).to_be_visible()
    page.get_by_role("button", name="Take off two.txt").click()
    expect(page.get_by_text("1 file chosen")).to_be_visible()
    page.get_by_label("I have taken out personal data").check()
    page.get_by_role("button", name="Add evidence", exact=True).click()
    page.wait_for_url(re.compile(r"/evidence/\d+/$"))
    expect(page.get_by_role("heading", name="One", exact=True)).to_be_visible()


def test_refused_files_are_told_on_top_and_what_is_kept_already_is_linked_instead(
    sit_down: SitDown, tmp_path: Path, media: Path
) -> None:
    desk = sit_down("staff", width=320)
    page = desk.open(reverse("evidence:add"))
    settle(page)
    good, _, bad = papers(tmp_path)
    page.set_input_files("input[type=file]", [good])
    page.get_by_label("I have taken out personal data").check()
    page.get_by_role("button", name="Add evidence", exact=True).click()
    page.wait_for_url(re.compile(r"/evidence/\d+/$"))

    page = desk.open(f"{reverse('evidence:add')}?characteristic=1.1.1")
    settle(page)
    page.set_input_files("input[type=file]", [good, bad])
    page.set_input_files("input[type=file]", [bad])
    expect(page.get_by_text("2 files chosen")).to_be_visible()
    expect(page.locator("[data-said]")).to_contain_text("chosen already")
    page.get_by_label("I have taken out personal data").check()
    page.get_by_role("button", name="Add evidence", exact=True).click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    expect(page).to_have_title(re.compile("^Error: Add evidence"))
    is_clean(page)
    fits(page)
    summary.get_by_role("link", name="old.doc").click()
    expect(page.get_by_role("listitem").filter(has_text="Take off old.doc")).to_be_focused()
    page.get_by_role("button", name="Take off old.doc").click()
    expect(summary.get_by_role("link")).to_have_count(1)
    page.get_by_role("button", name="Link “Crime performance minutes” to 1.1.1 instead").click()
    expect(page.get_by_text("“Crime performance minutes” is linked.")).to_be_visible()


def test_without_a_script_the_same_files_are_kept_and_refused(
    demo: str, browser: Any, sit_down: SitDown, tmp_path: Path, media: Path
) -> None:
    signed_in = sit_down("staff").page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    page.goto(f"{demo}{reverse('evidence:add')}")
    page.set_input_files("input[type=file]", papers(tmp_path))
    page.get_by_label("I have taken out personal data").check()
    page.get_by_role("button", name="Add evidence", exact=True).click()
    expect(page.get_by_role("heading", name="1 not kept")).to_be_visible()
    expect(page.get_by_role("heading", name="2 kept")).to_be_visible()
    expect(page.get_by_label("Title").first).to_have_value("Crime performance minutes")
    context.close()


def test_a_pdf_and_a_picture_are_shown_within_their_pages(sit_down: SitDown, media: Path) -> None:
    staff = User.objects.get(username="staff")
    document = make_evidence("Audit", owner=staff, contents=a_pdf())
    picture = make_evidence("Store", owner=staff)
    make_evidence_file(picture, a_picture(), content_type="image/png", original_name="store.png")
    desk = sit_down("staff")

    page = desk.open(picture.get_absolute_url())
    shown = page.get_by_role("img", name=re.compile("^Preview of store.png"))
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 300

    page = desk.open(document.get_absolute_url())
    page.locator("iframe").scroll_into_view_if_needed()
    # Chromium's viewer is a frame of its own within ours; in a sandbox it would be an error page.
    for _ in range(60):
        if any(frame.url.startswith("chrome-extension:") for frame in page.frames):
            return
        page.wait_for_timeout(250)
    raise AssertionError([frame.url for frame in page.frames])
