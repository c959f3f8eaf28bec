"""The description of the API, as JSON for programs and as pages for people."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template
from werkzeug.exceptions import NotFound

from service.api.answers import public_json
from service.api.problem_types import PROBLEMS

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)

pages = Blueprint(
    "documents",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/docs/static",
)


def openapi() -> Response:
    return public_json(_spec(), depends_on=())


def _spec() -> dict[str, Any]:
    """By way of the app, since what makes it reads the table of routes, and that names this."""
    made: dict[str, Any] = current_app.extensions["afterword.describe"]()
    return made


@pages.after_request
def allow_style(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CSP
    return response


@pages.get("/docs")
def reference() -> str:
    return render_template(
        "docs/reference.html",
        spec=_spec(),
        problems=PROBLEMS.values(),
    )


@pages.get("/problems/<slug>")
def problem(slug: str) -> str:
    if slug not in PROBLEMS:
        raise NotFound
    return render_template("docs/problem.html", problem=PROBLEMS[slug])
