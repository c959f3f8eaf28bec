"""What would keep people from using a page: found by axe-core, or on a small screen."""

from contextlib import suppress
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

AXE = Axe()


def ensure_no_barriers(page: Page, *, looks_at: str = "body") -> None:
    """`looks_at` has to be among what was looked at, or nothing found would mean nothing."""
    found = _look(page)
    _ensure_it_fits(page)
    barriers = [
        f"{page.url} {one['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
    assert not barriers, "\n".join(barriers)
    looked_at = [str(node["target"]) for one in found["passes"] for node in one["nodes"]]
    assert any(looks_at in target for target in looked_at), looked_at


def _look(page: Page) -> Any:
    """Again when the page was just being left for another."""
    for _ in range(5):
        page.wait_for_load_state()
        with suppress(Error):
            return AXE.run(page, options={"resultTypes": ["violations", "passes"]}).response
    raise AssertionError(f"{page.url} cannot be looked at")


def _ensure_it_fits(page: Page) -> None:
    """No reading line by line to and fro: 320 points are what 1280 are at 400 %."""
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": 320, "height": size["height"]})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size(size)
