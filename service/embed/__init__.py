"""What article pages embed: the widget, the page that needs no script, and a demo article."""

from pathlib import Path

from flask import Blueprint, Flask, Response, render_template, url_for
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from werkzeug.exceptions import RequestEntityTooLarge

from service.actions.errors import NotFound
from service.api import access
from service.api.answers import public_answer
from service.api.limits import limited
from service.config import DEMO_PAGE, DEMO_SITE
from service.embed import feeds, forms, fragment, thread_page

FILES = {path.name: path.read_bytes() for path in (Path(__file__).parent / "static").iterdir()}
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'"
)

pages = Blueprint("embed", __name__, template_folder="templates")


@pages.get("/embed/comments.js")
def widget() -> Response:
    return file("comments.js")


@pages.get("/embed/count.js")
def count() -> Response:
    return file("count.js")


@pages.get("/embed/static/<name>")
def file(name: str) -> Response:
    if name not in FILES:
        raise NotFound
    response = public_answer(FILES[name], TYPES[Path(name).suffix], depends_on=())
    if name.endswith(".json"):
        # The widget fetches its messages, from any website: they are the same for everybody.
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


pages.add_url_rule("/embed/thread", view_func=thread_page.thread)
pages.add_url_rule("/embed/feed", view_func=feeds.feed)
pages.add_url_rule("/embed/fragment", view_func=fragment.fragment)
pages.register_error_handler(RateLimitExceeded, forms.too_often)
pages.register_error_handler(RequestEntityTooLarge, forms.too_large)


@pages.after_request
def _may_be_embedded(response: Response) -> Response:
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def register(app: Flask, limiter: Limiter) -> None:
    app.register_blueprint(pages)
    # Together with the API's: who posts both ways may not post twice as often.
    view = limited(limiter, forms.post_thread, per_minute=20, scope="POST /v1/comments")
    app.add_url_rule("/embed/thread", "embed.post_thread", view, methods=["POST"])


@pages.get(DEMO_PAGE)
def demo() -> Response:
    if not access.settings().demo:
        raise NotFound
    html = render_template(
        "demo/article.html", site=DEMO_SITE, page=DEMO_PAGE, script_url=url_for("embed.widget")
    )
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = f"{CSP}; frame-ancestors 'none'"
    return response
