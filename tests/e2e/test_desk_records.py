"""What the desk tells of the past, in a real browser: the audit log and the figures."""

import csv
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.barriers import ensure_no_barriers
from tests.e2e.browsing import SIX_LINKS, People
from tests.e2e.newspaper import Newspaper, text
from tests.e2e.running import SITE, until
from tests.e2e.test_desk_queue import clear, waiting


def test_what_was_decided_is_found_read_and_taken_along(
    newspaper: Newspaper, people: People, tmp_path: Path
) -> None:
    newspaper.write("audited", text("audited", 1))
    admin = people.open(newspaper.desk_link())
    admin.get_by_role("link", name="Audit").click()
    expect(admin.get_by_role("heading", name="Audit log")).to_be_visible()
    ensure_no_barriers(admin)
    admin.get_by_label("About").select_option("decision")
    admin.get_by_label("By").fill("screening")
    admin.get_by_role("button", name="Show").click()
    row = admin.get_by_role("row").filter(has_text="received → approved").first
    expect(row).to_be_visible()
    row.locator("summary").click()
    expect(row.get_by_text("hash", exact=True)).to_be_visible()
    ensure_no_barriers(admin)
    with admin.expect_download() as download:
        admin.get_by_role("link", name="for a spreadsheet").click()
    file = tmp_path / "audit.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8", newline="") as opened:
        assert {line["kind"] for line in csv.DictReader(opened)} == {"decision"}
    assert "entries are as they were written" in newspaper.command("audit", "verify")


def test_figures_are_drawn_and_lead_to_their_comments(newspaper: Newspaper, people: People) -> None:
    newspaper.write("counted", text("counted", 1))
    newspaper.send("counted", f"{text('counted', 2)} {SIX_LINKS}")
    until(lambda: waiting(newspaper), "it is held")
    clear(newspaper)  # a check is overturned
    reader = people.open(newspaper.desk_link("read"))
    for scheme in ("light", "dark"):
        reader.emulate_media(color_scheme=scheme)
        reader.goto(f"{newspaper.up.address}/desk/figures?site={SITE}&period=today")
        expect(reader.locator("figure.chart svg[role=group]")).to_have_count(4)
        reader.get_by_text("As a table").first.click()
        expect(reader.get_by_role("table", name="Checks")).to_contain_text("100.0 %")
        expect(reader.get_by_role("table", name="Moderators")).to_contain_text("moderator@")
        ensure_no_barriers(reader)
    picture = reader.get_by_role("img", name="How well this site’s filter judges")
    assert picture.evaluate("image => image.naturalWidth") > 0
    bar = reader.locator("figure.chart a:has(.bar.approved)").last
    bar.focus()
    reader.keyboard.press("Enter")
    expect(reader.get_by_text(text("counted", 1))).to_be_visible()
