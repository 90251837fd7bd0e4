"""A person without a mouse."""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError


def tab_to(page: Page, locator: Locator) -> int:
    """Press Tab until an element has the focus; nothing else moves it.

    Returns:
        How many times Tab was pressed.

    Raises:
        AssertionError: it cannot be reached.
    """
    for presses in range(150):
        if locator.evaluate("element => element === document.activeElement"):
            return presses
        page.keyboard.press("Tab")
    raise AssertionError(f"{locator} cannot be reached with the Tab key")


def settle(page: Page) -> None:
    """Wait until a page is painted: before that, the browser drops what is pressed."""
    page.wait_for_load_state("load")
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def press(page: Page, role: str, name: str) -> None:
    """Go to a link or button by its name, and press Enter; another page comes."""
    tab_to(page, page.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]
    with page.expect_navigation():
        page.keyboard.press("Enter")
    settle(page)


def write(page: Page, label: str, text: str) -> None:
    """Go to a field by its label, empty it, and type."""
    field = page.get_by_label(label, exact=True)
    tab_to(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def pick(page: Page, group: str, label: str) -> None:
    """Go to a group of choices by its name, and down to the one of a label."""
    choices = page.get_by_role("group", name=group).get_by_role("radio")
    tab_to(page, choices.first)
    page.keyboard.press("Space")
    for _ in range(choices.count()):
        if page.get_by_label(label).is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"“{label}” is not a choice of “{group}”")


def choose_file(page: Page, label: str, path: Path) -> None:
    """Go to a file field by its label, open it, and choose.

    A browser under load may open the chooser before anybody listens for it, so it is opened again.
    """
    tab_to(page, page.get_by_label(label, exact=True))
    for _ in range(4):
        with suppress(TimeoutError):
            with page.expect_file_chooser(timeout=5_000) as chooser:
                page.keyboard.press("Space")
            chooser.value.set_files(path)
            return
    raise AssertionError(f"No file can be chosen for “{label}”")


def tick(page: Page, label: str) -> None:
    """Go to a box by its label, and tick it."""
    box = page.get_by_label(label, exact=True)
    tab_to(page, box)
    page.keyboard.press("Space")
    assert box.is_checked()
