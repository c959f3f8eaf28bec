"""Coming to the desk as a person: invited, with a password, with a second factor, and out again."""

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.barriers import ensure_no_barriers
from tests.e2e.browsing import People
from tests.e2e.newspaper import ONE_DATABASE, Newspaper
from tests.e2e.test_accessibility import SCHEMES
from tests.service.desk.people import OTHER, PASSWORD, App

pytestmark = pytest.mark.browser
numbers = itertools.count(1)


def invited(newspaper: Newspaper, email: str, *words: str) -> str:
    """The link that an operator's command prints."""
    assert newspaper.command is not None
    return newspaper.command(
        "moderator", "add", email, *words, "--address", newspaper.up.address
    ).strip()


def choose_password(page: Page) -> None:
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Accept").click()


def sign_in(page: Page, address: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{address}/desk/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def set_up_factor(page: Page) -> App:
    page.get_by_label("Your password").first.fill(PASSWORD)
    page.get_by_role("button", name="Show a new code to scan").click()
    picture = page.get_by_role("img", name="QR code")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.naturalWidth") > 0
    app = App(page.locator("code").inner_text())
    page.get_by_label("The code that it shows").fill(app.code())
    page.get_by_role("button", name="Confirm").click()
    return app


@pytest.mark.parametrize(
    ("newspaper", "scripts"), [("sqlite", False), ("postgresql", True)], indirect=["newspaper"],
    ids=["without script", "with script"],
)  # fmt: skip
def test_from_the_invitation_to_the_end_of_a_session(
    newspaper: Newspaper, people: People, scripts: bool
) -> None:
    number = next(numbers)
    chief_email, ann_email = f"chief{number}@news.example", f"ann{number}@news.example"
    address = newspaper.up.address

    chief = people.open(invited(newspaper, chief_email, "--role", "admin"), scripts=scripts)
    choose_password(chief)
    expect(chief.get_by_text("Administrators need a second factor.")).to_be_visible()
    chief.goto(f"{address}/desk/people")
    expect(chief.get_by_role("heading", name="Second factor", exact=True)).to_be_visible()
    telephone = set_up_factor(chief)
    expect(chief.locator(".codes li")).to_have_count(10)

    chief.get_by_role("link", name="on to the desk").click()
    chief.get_by_role("link", name="People", exact=True).click()
    chief.get_by_label("E-mail address").fill(ann_email)
    chief.get_by_label("Role", exact=True).select_option("viewer")
    chief.get_by_label("Site", exact=True).select_option(index=1)
    chief.get_by_role("button", name="Make a link").click()
    link = chief.get_by_label("The link").input_value()

    ann = people.open(link, scripts=scripts)
    choose_password(ann)
    expect(ann.get_by_role("link", name=ann_email)).to_be_visible()
    expect(ann.get_by_role("link", name="People", exact=True)).to_have_count(0)
    ann.goto(f"{address}/desk/people")
    expect(ann.get_by_role("heading", name="Not allowed")).to_be_visible()
    ann.goto(link)
    expect(ann.get_by_text("This link was used already")).to_be_visible()

    elsewhere = people.open(f"{address}/desk/sign-in", scripts=scripts)
    sign_in(elsewhere, address, ann_email, "wrong password here")
    expect(elsewhere.get_by_role("alert")).to_contain_text("do not belong together")
    people.complaints.clear()  # browsers complain about a 401
    sign_in(elsewhere, address, ann_email)
    elsewhere.get_by_role("link", name=ann_email).click()
    expect(elsewhere.get_by_role("row", name=re.compile("Chrome on Linux"))).to_have_count(2)
    elsewhere.get_by_role("button", name="Sign out Chrome on Linux").click()
    expect(elsewhere.get_by_text("That browser is signed out.")).to_be_visible()
    ann.reload()
    ann.goto(f"{address}/desk/")
    expect(ann.get_by_role("button", name="Sign in", exact=True)).to_be_visible()

    chief.goto(f"{address}/desk/people")
    chief.get_by_role("button", name=f"Remove {ann_email} from").click()
    expect(chief.get_by_text("The role is removed")).to_be_visible()
    elsewhere.goto(f"{address}/desk/account")
    expect(elsewhere.get_by_role("button", name="Sign in", exact=True)).to_be_visible()

    again = people.open(f"{address}/desk/sign-in", scripts=scripts)
    sign_in(again, address, chief_email)
    again.get_by_label("Code of your app").fill(telephone.code())
    again.get_by_role("button", name="Go on").click()
    expect(again.get_by_role("link", name="People", exact=True)).to_be_visible()
    people.complaints.clear()


@ONE_DATABASE
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(newspaper: Newspaper, people: People, scheme: str) -> None:
    number = next(numbers)
    email = f"axe{number}@news.example"
    address = newspaper.up.address
    chief = people.open(
        invited(newspaper, email, "--role", "admin"), color_scheme=scheme, bypass_csp=True
    )
    ensure_no_barriers(chief)
    choose_password(chief)
    ensure_no_barriers(chief)
    telephone = set_up_factor(chief)
    ensure_no_barriers(chief)
    chief.goto(f"{address}/desk/account/second-factor")
    chief.get_by_label("Your password").first.fill(PASSWORD)
    chief.get_by_role("button", name="Show a new code to scan").click()
    ensure_no_barriers(chief)
    chief.goto(f"{address}/desk/account")
    chief.get_by_label("Present password").fill("wrong")
    chief.get_by_label("New password").fill(OTHER)
    chief.get_by_role("button", name="Change the password").click()
    expect(chief.get_by_role("alert")).to_be_visible()
    ensure_no_barriers(chief)
    chief.goto(f"{address}/desk/people")
    chief.get_by_label("E-mail address").fill(f"guest{number}@news.example")
    chief.get_by_role("button", name="Make a link").click()
    ensure_no_barriers(chief)
    invitation = chief.get_by_label("The link").input_value()
    chief.goto(f"{address}/desk/people")
    ensure_no_barriers(chief)
    chief.get_by_role("button", name=f"New password for {email}").click()
    reset = chief.get_by_label("The link").input_value()
    chief.goto(f"{address}/desk/tokens")
    ensure_no_barriers(chief)
    chief.get_by_label("Name").fill(f"robot {number}")
    chief.get_by_label("Read the queue").check()
    chief.get_by_role("button", name="Make a token").click()
    ensure_no_barriers(chief)
    chief.goto(f"{address}/desk/tokens")
    ensure_no_barriers(chief)
    chief.goto(invitation)
    ensure_no_barriers(chief)
    guest = people.open(reset, color_scheme=scheme, bypass_csp=True)
    ensure_no_barriers(guest)
    sign_in(guest, address, email)
    ensure_no_barriers(guest)
    guest.get_by_label("Code of your app").fill(telephone.code())
    guest.goto(f"{address}/desk/sign-in")
    guest.get_by_text("Sign in with a token instead").click()
    ensure_no_barriers(guest)
    people.complaints.clear()


@ONE_DATABASE
def test_pages_fit_on_a_telephone(newspaper: Newspaper, people: People) -> None:
    email = f"narrow{next(numbers)}@news.example"
    address = newspaper.up.address
    chief = people.open(
        invited(newspaper, email, "--role", "admin"), viewport={"width": 320, "height": 700}
    )
    choose_password(chief)
    set_up_factor(chief)
    for page in ("people", "tokens", "account", "account/second-factor"):
        chief.goto(f"{address}/desk/{page}")
        assert chief.evaluate("document.documentElement.scrollWidth") <= 320, page
