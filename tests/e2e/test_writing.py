"""What happens to what readers write, also when the connection fails at the worst moment."""

import json

from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.e2e.browsing import People, comment
from tests.e2e.newspaper import Newspaper, text
from tests.e2e.running import until

KEYS = "afterword.drafts"


def form_of(reader: Page) -> Locator:
    return reader.get_by_role("form", name="Your comment")


def fill_in(reader: Page, body: str, *, name: str = "Ann") -> Locator:
    form = form_of(reader)
    form.get_by_label("Name").fill(name)
    form.get_by_label("Your comment").fill(body)
    reader.wait_for_timeout(2_100)  # a form that is sent faster is taken for a robot's
    return form


def send(form: Locator) -> None:
    form.get_by_role("button", name="Post comment").click()


def posts_of(reader: Page) -> list[Request]:
    sent: list[Request] = []
    reader.on("request", lambda request: request.method == "POST" and sent.append(request))
    return sent


def ensure_failed_requests_are_all(people: People) -> None:
    assert all("Failed to load resource" in complaint for complaint in people.complaints)
    people.complaints.clear()


def test_an_incomplete_form_says_what_is_missing_and_sends_nothing(
    newspaper: Newspaper, people: People
) -> None:
    reader = people.open(newspaper.article("incomplete"))
    sent, form = posts_of(reader), form_of(reader)
    form.get_by_label("E-mail").fill("ann at home")
    send(form)
    alert = form.get_by_role("alert")
    expect(alert).to_contain_text("Please write something.")
    expect(alert).to_contain_text("Please give a name.")
    expect(alert).to_contain_text("Please check the e-mail address, or leave it out.")
    body = form.get_by_label("Your comment")
    expect(body).to_be_focused()
    expect(body).to_have_attribute("aria-invalid", "true")
    expect(body).to_have_accessible_description(alert.inner_text())
    assert sent == []


def test_what_the_service_refuses_is_said_at_the_form(newspaper: Newspaper, people: People) -> None:
    reader = people.open(newspaper.article("refused"))
    form = fill_in(reader, text("refused", 1), name="An\u202en")
    send(form)
    expect(form.get_by_role("alert")).to_contain_text("invisible and control characters")
    expect(form.get_by_label("Name")).to_be_focused()
    expect(form.get_by_label("Your comment")).to_have_value(text("refused", 1))
    ensure_failed_requests_are_all(people)


def test_what_the_service_refuses_is_said_in_the_language_of_the_page(
    newspaper: Newspaper, people: People
) -> None:
    reader = people.open(newspaper.article("refused-in-german", lang="de"))
    form = reader.get_by_role("form", name="Ihr Kommentar")
    form.get_by_label("Name").fill("An\u202en")
    form.locator("textarea").fill(text("refused-in-german", 1))
    form.get_by_role("button", name="Kommentar senden").click()
    alert = form.get_by_role("alert")
    expect(alert).to_have_text(
        "Bitte lassen Sie unsichtbare Zeichen und Steuerzeichen im Namen weg."
    )
    newspaper.set_mode("refused-in-german", "closed")
    form.get_by_label("Name").fill("Ann")
    form.get_by_role("button", name="Kommentar senden").click()
    expect(alert).to_have_text("Die Kommentare zu diesem Artikel sind geschlossen.")
    ensure_failed_requests_are_all(people)


def test_the_preview_is_what_the_service_makes_of_it(newspaper: Newspaper, people: People) -> None:
    written = (
        "**Strong**, *soft*, `code`, ~~struck~~ and [a link](https://mail.example/fog)\n"
        "<b>no markup</b> snake_case_name\n\n"
        "> quoted\n\n- one\n- two\n\n1. first\n\n```\nx  =  1\n```"
    )
    reader = people.open(newspaper.article("preview"))
    form = fill_in(reader, written)
    form.get_by_role("button", name="Preview").click()
    preview = form.locator(".preview")
    expect(preview.locator("strong")).to_have_text("Strong")
    shown = preview.evaluate(STRUCTURE)
    send(form)
    expect(reader.get_by_role("heading", name="1 comment")).to_be_visible()
    body = comment(reader, "no markup").locator(".body")
    expect(body).to_contain_text("(mail.example)")  # where the link leads, which the service adds
    assert body.evaluate(STRUCTURE) == shown.replace("a link</a>", "a link</a> (mail.example)")
    expect(preview).to_be_empty()


# Elements and text, without spaces between blocks and without attributes.
STRUCTURE = r"""node => node.innerHTML.replace(/<(\w+)[^>]*>/g, "<$1>").replace(/>\s+</g, "><")
    .replace(/\s+/g, " ").replace(/ ?(<br>|<\/code><\/pre>) ?/g, "$1").trim()"""


def test_the_limit_is_told_when_it_is_near(newspaper: Newspaper, people: People) -> None:
    reader = people.open(newspaper.article("limit"))
    form = form_of(reader)
    body, counter = form.get_by_label("Your comment"), form.locator("output")
    body.fill("😀" * 4_000)
    expect(counter).to_be_hidden()
    body.fill("😀" * 4_990)
    expect(counter).to_have_text("10 characters left")
    body.fill("😀" * 5_001)
    expect(counter).to_have_text("Please shorten it by 1 character.")
    sent = posts_of(reader)
    send(form)
    expect(form.get_by_role("alert")).to_contain_text("Please shorten it by 1 character.")
    assert sent == []


def test_a_draft_outlives_the_page_and_goes_when_it_is_sent(
    newspaper: Newspaper, people: People
) -> None:
    address = newspaper.article("draft")
    reader = people.open(address)
    fill_in(reader, text("draft", 1))
    reader.reload()
    form = form_of(reader)
    expect(form.get_by_label("Your comment")).to_have_value(text("draft", 1))
    expect(form.get_by_label("Name")).to_have_value("Ann")
    reader.goto(newspaper.article("another"))
    expect(form.get_by_label("Your comment")).to_have_value("")
    reader.goto(address)
    reader.wait_for_timeout(2_100)
    send(form)
    expect(reader.get_by_role("heading", name="1 comment")).to_be_visible()
    assert json.loads(reader.evaluate(f"localStorage['{KEYS}']")) == {}
    reader.reload()
    expect(form.get_by_label("Your comment")).to_have_value("")


def test_a_lost_answer_posts_nothing_twice_even_after_a_reload(
    newspaper: Newspaper, people: People
) -> None:
    reader = people.open(newspaper.article("lost"))
    sent, lost = posts_of(reader), []

    def lose_the_answer(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
            lost.append(route.request)
        else:
            route.continue_()

    reader.route("**/v1/comments", lose_the_answer)
    form = fill_in(reader, text("lost", 1))
    send(form)
    expect(form.get_by_role("alert")).to_contain_text("Your text is still here.")
    form.get_by_role("button", name="Try again").click()
    until(lambda: reader.wait_for_timeout(50) or len(lost) == 2, "the second was lost, too")
    reader.unroute("**/v1/comments")
    reader.reload()
    expect(form.get_by_label("Your comment")).to_have_value(text("lost", 1))
    send(form)
    expect(reader.get_by_role("heading", name="1 comment")).to_be_visible()
    expect(comment(reader, "Text 1:")).to_have_count(1)
    posted = [request for request in sent if request.method == "POST"]
    assert len(posted) == 3
    assert len({request.headers["idempotency-key"] for request in posted}) == 1
    assert len({request.post_data for request in posted}) == 1
    assert newspaper.count("lost") == 1
    ensure_failed_requests_are_all(people)


def test_what_is_sent_offline_goes_out_when_the_connection_is_back(
    newspaper: Newspaper, people: People
) -> None:
    reader = people.open(newspaper.article("offline"))
    form = fill_in(reader, text("offline", 1))
    reader.context.set_offline(True)
    send(form)
    expect(form.get_by_role("alert")).to_contain_text("You are offline.")
    reader.context.set_offline(False)
    expect(reader.get_by_role("heading", name="1 comment")).to_be_visible()
    expect(form.get_by_role("alert")).to_have_count(0)
    assert newspaper.count("offline") == 1
    ensure_failed_requests_are_all(people)


def test_the_states_of_an_own_comment_are_told_also_to_who_does_not_see(
    newspaper: Newspaper, people: People
) -> None:
    reader = people.open(newspaper.article("states"))
    reader.evaluate(RECORD)
    form = fill_in(reader, text("states", 1))
    send(form)
    own = comment(reader, "Text 1:")
    expect(own.locator("header")).to_contain_text("published")
    expect(own).to_be_focused()
    expect(
        reader.get_by_role("status").filter(has_text="Your comment is published.")
    ).to_be_visible()
    assert reader.evaluate("notes")[0] == "Being checked…"


RECORD = """() => {
  window.notes = [];
  const root = document.querySelector("afterword-comments").shadowRoot;
  new MutationObserver(() => {
    const note = root.querySelector(".note")?.textContent;
    if (note && notes.at(-1) !== note) notes.push(note);
  }).observe(root, { childList: true, subtree: true });
}"""


def test_the_pages_own_shortcuts_do_not_hear_who_is_typing(
    newspaper: Newspaper, people: People
) -> None:
    reader = people.open(newspaper.article("shortcuts"))
    reader.evaluate("addEventListener('keydown', ({ key }) => (window.heard ??= []).push(key))")
    form_of(reader).get_by_label("Your comment").press_sequentially("jk")
    reader.locator("h1").click()
    reader.keyboard.press("n")
    assert reader.evaluate("heard") == ["n"]
