"""Linking evidence and building an inspection pack in a real browser, without a mouse."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from evidence.models import CharacteristicEvidence, Evidence, PackRequest
from inspections.models import Characteristic
from people.models import User
from tests.browser.accessibility import is_clean
from tests.browser.conftest import Desk
from tests.browser.keyboard import press, settle, tab_to, write
from tests.factories import make_evidence, make_link
from tracker.models import Action, ActionEvidence

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("media")]
SitDown = Callable[..., Desk]


def characteristic(question: int, topic: int, number: int) -> Characteristic:
    return Characteristic.objects.get(
        topic__question__framework__version="2023-25",
        topic__question__number=question,
        topic__number=topic,
        number=number,
    )


def some_evidence() -> Evidence:
    """A file that stands for question area 6 and belongs to ST-0045; more beside it."""
    owner = User.objects.get(username="staff")
    audit = make_evidence("Wardrobe safety audit, October 2024", owner=owner, contents=b"%PDF-1.7")
    make_link(audit, characteristic(6, 1, 1), strength="demonstrates")
    make_link(audit, characteristic(6, 2, 3), confirmed=False)
    page = make_evidence("Dashboard of repeat victims", owner=owner, link="https://force.example/1")
    make_link(page, characteristic(6, 1, 2))
    secret = make_evidence(
        "Operation review", owner=owner, marking="OFFICIAL-SENSITIVE", contents=b"%PDF-1.7 s"
    )
    make_link(secret, characteristic(6, 1, 2))
    action = Action.objects.get(reference="ST-0045")
    ActionEvidence.objects.create(action=action, evidence=audit)
    return audit


def fits(page: Page) -> None:
    """Clean, and not wider than a desktop or a phone."""
    for width in (1440, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        is_clean(page)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{page.url} is {overflow} px too wide at {width} px"
    page.set_viewport_size({"width": 1440, "height": 900})


def tick(page: Page, label: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.press("Space")


def test_governance_builds_a_pack_by_keyboard(sit_down: SitDown, tmp_path: Path) -> None:
    some_evidence()
    page = sit_down("governance").open("/evidence/packs/")
    fits(page)
    press(page, "button", "Make a pack")
    fits(page)
    tick(page, "PAF 6: How good is the force at protecting vulnerable people?")
    write(page, "Actions", "st-0045")
    press(page, "button", "Show what it would hold")
    # What the demonstration keeps of the area, and what was added here.
    held = page.get_by_text(re.compile(r"^\d+ pieces of evidence: \d+ files and \d+ links?"))
    expect(held).to_be_visible()
    files = int(held.inner_text().split(": ")[1].split(" ")[0])
    fits(page)
    press(page, "button", "Build the pack")
    expect(page.get_by_text("Can be downloaded until")).to_be_visible()
    fits(page)
    link = page.get_by_role("button", name="Download the pack")
    tab_to(page, link)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    kept = tmp_path / "pack.zip"
    download.value.save_as(kept)
    names = zipfile.ZipFile(kept).namelist()
    numbered = [name for name in names if name[:2].isdigit()]
    assert any(name.endswith("-wardrobe-safety-audit-october-2024.pdf") for name in numbered)
    assert len(numbered) == files
    assert "index.pdf" in names
    assert PackRequest.objects.get().marking == "OFFICIAL-SENSITIVE"
    press(page, "link", "Remove it")
    fits(page)
    press(page, "button", "Remove")
    expect(page.get_by_text("The pack is removed.")).to_be_visible()
    fits(page)


def test_its_owner_says_what_evidence_stands_for_by_keyboard(sit_down: SitDown) -> None:
    audit = some_evidence()
    page = sit_down("staff").open(audit.get_absolute_url())
    fits(page)
    press(page, "button", "Confirm that it supports 6.2.3")
    expect(page.get_by_text("It is confirmed for 6.2.3.")).to_be_visible()
    press(page, "link", "Take off 6.1.1")
    fits(page)
    press(page, "button", "Take it off")
    expect(page.get_by_text("It does not stand for 6.1.1 any more.")).to_be_visible()
    press(page, "button", "Say what it stands for")
    fits(page)
    with page.expect_navigation():
        tab_to(page, page.get_by_role("link", name="PAF 6:"))
        page.keyboard.press("Enter")
    fits(page)
    wanted = characteristic(6, 1, 2)
    tab_to(page, page.locator(f"#id_stands_{wanted.pk}"))
    page.keyboard.press("Space")
    how = page.locator(f"[name=strength_{wanted.pk}]")
    expect(how.first).to_be_visible()
    tab_to(page, how.first)
    page.keyboard.press("ArrowDown")
    fits(page)
    press(page, "button", "Save")
    expect(page.get_by_text("What it stands for in PAF 6 is saved.")).to_be_visible()
    made = CharacteristicEvidence.objects.get(
        evidence=audit, characteristic=wanted, removed_at=None
    )
    assert made.strength == "demonstrates"


def test_a_lead_attaches_what_is_here_and_takes_it_off_by_keyboard(sit_down: SitDown) -> None:
    audit = some_evidence()
    page = sit_down("delivery").open("/actions/ST-0040/")
    press(page, "link", "Attach evidence that is here already")
    write(page, "Words to look for (optional)", "wardrobe october")
    press(page, "button", "Search")
    fits(page)
    press(page, "button", f"Attach “{audit}”")
    expect(page.get_by_text(f"“{audit}” is attached to ST-0040.")).to_be_visible()
    press(page, "link", f"Take off “{audit}”")
    fits(page)
    press(page, "button", "Take it off")
    expect(page.get_by_text(f"“{audit}” is taken off ST-0040.")).to_be_visible()
    page.goto(page.url.split("/actions/")[0] + f"/evidence/{audit.pk}/actions/")
    fits(page)
