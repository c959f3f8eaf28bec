"""The rules of a site in a real browser: edit, try, adopt, go back."""

from playwright.sync_api import expect

from tests.e2e.barriers import ensure_no_barriers
from tests.e2e.browsing import People
from tests.e2e.newspaper import Newspaper, text
from tests.e2e.running import SITE


def links_setting(newspaper: Newspaper) -> int:
    policy = newspaper.ask_as_moderator("GET", f"/v1/moderation/sites/{SITE}/policy")
    return int(policy["settings"]["links"]["hold_above"])


def test_rules_are_tried_adopted_and_taken_back(newspaper: Newspaper, people: People) -> None:
    newspaper.write("rules", text("rules", 1) + " https://shop.example/offer")
    editor = people.open(newspaper.desk_link().replace("/desk/#", "/desk/rules#"))
    ensure_no_barriers(editor)
    editor.get_by_text("Links", exact=True).click()
    field = editor.locator("[name='links.hold_above']")
    field.fill("many")
    editor.get_by_role("button", name="Try").click()
    expect(editor.get_by_role("alert")).to_contain_text("1 place")
    people.complaints.clear()  # Chromium tells of the 422
    expect(field).to_have_value("many")
    expect(field).to_have_attribute("aria-invalid", "true")
    ensure_no_barriers(editor)
    field.fill("0")
    editor.get_by_role("button", name="Try").click()
    expect(editor.get_by_text("would fare otherwise")).to_be_visible(timeout=30_000)
    expect(editor.get_by_text("Done:")).to_be_visible(timeout=30_000)
    expect(editor.get_by_text("https://shop.example/offer")).to_be_visible()
    ensure_no_barriers(editor)
    assert links_setting(newspaper) == 2
    editor.get_by_role("button", name="Adopt").click()
    expect(editor.get_by_text("of the rules is in force.")).to_be_visible()
    assert links_setting(newspaper) == 0
    editor.get_by_role("link", name="History").click()
    ensure_no_barriers(editor)
    editor.locator(".history > li").nth(1).get_by_role("link").click()
    ensure_no_barriers(editor)
    editor.get_by_role("button", name="Go back to version").click()
    expect(editor.get_by_text("are in force again")).to_be_visible()
    assert links_setting(newspaper) == 2


def test_rules_are_tried_without_script(newspaper: Newspaper, people: People) -> None:
    newspaper.write("plain-rules", text("plain-rules", 1) + " https://shop.example/plain")
    token = newspaper.desk_link().partition("#token=")[2]
    editor = people.open(f"{newspaper.up.address}/desk/", scripts=False)
    editor.get_by_text("Sign in with a token instead").click()
    editor.get_by_label("token").fill(token)
    editor.get_by_role("button", name="Sign in with this token").click()
    editor.goto(f"{newspaper.up.address}/desk/rules/{SITE}")
    editor.get_by_role("button", name="Try").click()
    for _ in range(60):
        if editor.get_by_text("Done:").count():
            break
        editor.wait_for_timeout(500)
        editor.get_by_role("link", name="Look again").or_(editor.get_by_text("Done:")).first.click()
    expect(editor.get_by_text("Done:")).to_be_visible()
