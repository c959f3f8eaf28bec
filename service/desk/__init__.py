"""The moderators' page: static files over the same API that everybody uses."""

from flask import Blueprint, Response, render_template

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)

pages = Blueprint(
    "desk", __name__, url_prefix="/desk", template_folder="templates", static_folder="static",
    static_url_path="/static",
)  # fmt: skip


@pages.get("/")
def desk() -> Response:
    response = Response(render_template("desk/desk.html"), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = CSP
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-cache"
    return response
