"""Every URL is described, says who may call it, and asks them."""

import re
from dataclasses import MISSING, fields

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.api.access import Access
from service.api.problem_types import PROBLEMS
from service.api.problems import REFUSALS
from service.api.routes import ROUTES, Route
from service.desk.pages import PAGES as PAGES_OF_DESK
from service.desk.pages import Page

# URLs beside the API, which anybody may open. A new one belongs into ROUTES or here.
PAGES = {
    "/docs", "/docs/static/<path:filename>", "/problems/<slug>",
    "/embed/comments.js", "/embed/count.js", "/embed/static/<name>", "/embed/thread", "/embed/feed",
    "/embed/fragment", "/demo/harbour-library",
    "/desk/static/<path:filename>",
}  # fmt: skip
DESK = {"/desk" + page.path for page in PAGES_OF_DESK}
# Pages of the desk for those who are not signed in yet.
DOORS = {
    "/sign-in", "/sign-in/code", "/sign-in/token", "/sign-out", "/invitation/<secret>",
    "/reset/<secret>",
}  # fmt: skip
# Forms of pages: who may send them, and how often, stands in the view and its tests.
FORMS = {("POST", "/embed/thread")}
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
SOME_ID = "01890a5d-ac96-774b-bcce-b302099a8057"


def test_every_url_is_in_the_table_of_routes_or_a_page(app: Flask):
    table = {route.rule for route in ROUTES}
    unknown = {rule.rule for rule in app.url_map.iter_rules()} - table - PAGES - DESK
    assert not unknown, f"Nobody says who may call these: {unknown}"


def test_pages_are_only_read(app: Flask):
    writing = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule in PAGES
        and {(method, rule.rule) for method in rule.methods & (METHODS - {"GET"})} - FORMS
    ]
    assert not writing, f"What changes something belongs into ROUTES: {writing}"


def test_every_route_is_described_and_nothing_else(app: Flask):
    described = {
        (method.upper(), path)
        for path, operations in app.extensions["afterword.describe"]()["paths"].items()
        for method in operations
        if method.upper() in METHODS
    }
    served = {(route.method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.rule)) for route in ROUTES}
    assert described == served


def test_operations_have_names_of_their_own(app: Flask):
    names = [
        operation["operationId"]
        for operations in app.extensions["afterword.describe"]()["paths"].values()
        for operation in operations.values()
    ]
    assert len(names) == len(set(names))


def test_a_route_cannot_forget_to_say_who_may_call_it():
    [access] = [item for item in fields(Route) if item.name == "access"]
    assert access.default is MISSING, "Route.access has a default, so a forgotten one is public."


def test_what_is_for_moderators_says_so():
    for route in ROUTES:
        is_for_moderators = "/moderation/" in route.rule or route.rule.endswith("/decisions")
        assert is_for_moderators == bool(route.access.permission), route.rule


def test_only_the_doors_of_the_desk_are_open():
    assert {
        page.path for page in PAGES_OF_DESK if page.permission is None and not page.own
    } == DOORS


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES_OF_DESK if page.permission or page.own],
    ids=lambda page: page.path,
)
def test_nobody_sees_the_desk_without_signing_in(client: FlaskClient, page: Page):
    url = "/desk" + re.sub(r"<uuid:\w+>", SOME_ID, page.path).replace("<site>", "news")
    url = re.sub(r"<int:\w+>", "1", url)
    answer = client.open(url, method=page.method, headers={"Origin": "http://localhost"})
    if page.method == "GET":
        assert "Paste your token" in answer.text
    else:
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.access is not Access.ANYONE],
    ids=lambda route: f"{route.method} {route.rule}",
)
def test_nobody_else_gets_in(client: FlaskClient, route: Route):
    url = route.rule.replace("<uuid:id>", SOME_ID).replace("<site>", "news")
    for headers in ({}, {"Authorization": "Bearer aw_wrong"}, {"Authorization": "Edit wrong"}):
        answer = client.open(url, method=route.method, headers=headers, json={"body": "text"})
        assert answer.status_code in (401, 403), f"{route.method} {url} with {headers}"


def test_refusals_and_routes_name_known_problems():
    named = {*REFUSALS.values(), *(slug for route in ROUTES for slug in route.problems)}
    assert named <= set(PROBLEMS)
