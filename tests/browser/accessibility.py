"""Pages as axe sees them."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def is_clean(page: Page) -> None:
    """axe finds nothing wrong with the page as it is now."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
