"""The description of the API, as JSON for programs and as pages for people."""

from flask import Blueprint, Response, current_app, render_template
from werkzeug.exceptions import NotFound

from service.api.answers import public_answer
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
    content: bytes = current_app.extensions["afterword.openapi"]
    return public_answer(content, depends_on=())


@pages.after_request
def allow_style(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CSP
    return response


@pages.get("/docs")
def reference() -> str:
    return render_template(
        "docs/reference.html",
        spec=current_app.extensions["afterword.spec"],
        problems=PROBLEMS.values(),
    )


@pages.get("/problems/<slug>")
def problem(slug: str) -> str:
    if slug not in PROBLEMS:
        raise NotFound
    return render_template("docs/problem.html", problem=PROBLEMS[slug])
