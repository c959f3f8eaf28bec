"""Every page of the desk on one screen: its address, its view, and who may see or send it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, request
from flask_limiter import Limiter
from marshmallow import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from werkzeug.exceptions import RequestEntityTooLarge

from service.actions.errors import Refused, Unauthenticated
from service.api import access, desk_session
from service.api.limits import limited
from service.api.problem_types import PROBLEMS, Problem
from service.api.problems import REFUSALS, messages_of
from service.desk import (
    account,
    auditing,
    authors,
    bulk,
    entering,
    factor,
    figures,
    links,
    marking,
    people,
    queue,
    removing,
    rules,
    showing,
    threads,
    tokens,
    trials,
    views,
)
from service.domain.roles import ADMIN, DECIDE, POLICY, READ, Permission

MOST_BYTES = 1024 * 1024
SECOND_FACTOR = "/account/second-factor"


@dataclass(frozen=True, slots=True)
class Page:
    method: str
    path: str  # below /desk
    view: Callable[..., Response]
    permission: Permission | None  # None: anyone, whether signed in or not
    per_minute: int | None = None  # requests of one address
    own: bool = False  # for whoever is signed in, whatever their role


PAGES: tuple[Page, ...] = (
    Page("GET", "/sign-in", entering.sign_in, None),
    Page("POST", "/sign-in", entering.sign_in_with_password, None, per_minute=60),
    Page("POST", "/sign-in/code", entering.sign_in_with_code, None, per_minute=60),
    Page("POST", "/sign-in/token", entering.sign_in_with_token, None, per_minute=20),
    Page("POST", "/sign-out", entering.sign_out, None),
    Page("GET", "/invitation/<secret>", links.show_invitation, None),
    Page("POST", "/invitation/<secret>", links.accept_invitation, None, per_minute=60),
    Page("GET", "/reset/<secret>", links.show_reset, None),
    Page("POST", "/reset/<secret>", links.reset_password, None, per_minute=60),
    Page("GET", "/account", account.show_account, None, own=True),
    Page("POST", "/account/password", account.change_password, None, own=True),
    Page("POST", "/account/sessions/end", account.end_session, None, own=True),
    Page("POST", "/account/sessions/end-others", account.end_other_sessions, None, own=True),
    Page("GET", SECOND_FACTOR, factor.show_factor, None, own=True),
    Page("POST", SECOND_FACTOR, factor.begin_factor, None, own=True),
    Page("GET", SECOND_FACTOR + "/code.svg", factor.show_picture, None, own=True),
    Page("POST", SECOND_FACTOR + "/confirmation", factor.confirm_factor, None, own=True),
    Page("POST", SECOND_FACTOR + "/recovery-codes", factor.renew_codes, None, own=True),
    Page("POST", SECOND_FACTOR + "/removal", factor.remove_factor, None, own=True),
    Page("GET", "/people", people.show_people, ADMIN),
    Page("POST", "/people/invitations", people.invite, ADMIN),
    Page("POST", "/people/invitations/removal", people.revoke_invitation, ADMIN),
    Page("POST", "/people/role", people.change_role, ADMIN),
    Page("POST", "/people/removal", people.remove_role, ADMIN),
    Page("POST", "/people/reset", people.make_reset, ADMIN),
    Page("POST", "/people/sessions/end", people.end_sessions, ADMIN),
    Page("GET", "/tokens", tokens.show_tokens, ADMIN),
    Page("POST", "/tokens", tokens.make_token, ADMIN),
    Page("POST", "/tokens/removal", tokens.revoke_token, ADMIN),
    Page("GET", "/audit", auditing.show_audit, READ),
    Page("GET", "/audit/entries", auditing.download, READ, per_minute=10),
    Page("GET", "/", queue.show_queue, READ),
    Page("GET", "/threads", threads.list_threads, READ),
    Page("GET", "/threads/<uuid:id>", threads.show_thread, READ),
    Page("POST", "/threads/<uuid:id>", threads.set_up_thread, DECIDE),
    Page("POST", "/raids", threads.switch_raid_on, DECIDE),
    Page("POST", "/raids/<uuid:id>/end", threads.switch_raid_off, DECIDE),
    Page("GET", "/rules", rules.choose_site, READ),
    Page("GET", "/rules/<site>", rules.show_rules, READ),
    Page("POST", "/rules/<site>", rules.change_rules, POLICY),
    Page("GET", "/rules/<site>/history", rules.show_history, READ),
    Page("GET", "/rules/<site>/history/<int:version>", rules.show_version, READ),
    Page("POST", "/rules/<site>/roll-back", rules.roll_back, POLICY),
    Page("GET", "/rules/<site>/trials/<uuid:id>", trials.show_trial, READ),
    Page("POST", "/rules/<site>/trials/<uuid:id>/adopt", trials.adopt_trial, POLICY),
    Page("POST", "/rules/<site>/trials/<uuid:id>/cancel", trials.cancel_trial, POLICY),
    Page("GET", "/figures", figures.show_figures, READ),
    Page("GET", "/items", queue.show_items, READ),
    Page("POST", "/decisions", queue.decide, DECIDE),
    Page("POST", "/decisions/selected", queue.decide_selected, DECIDE),
    Page("GET", "/authors", authors.show_search, READ),
    Page("POST", "/authors", authors.search, READ),
    Page("GET", "/authors/<uuid:id>", authors.show_author, READ),
    Page("GET", "/comments/<uuid:id>/author", authors.show_author_of, READ),
    Page("POST", "/standings", authors.decide_standing, DECIDE),
    Page("POST", "/standings/<uuid:id>/undo", authors.take_back, DECIDE),
    Page("GET", "/comments/<uuid:id>/removal", removing.show_text, DECIDE),
    Page("POST", "/comments/<uuid:id>/removal", removing.remove, DECIDE),
    Page("POST", "/decisions/undo", queue.undo, DECIDE),
    Page("POST", "/views", views.save, READ),
    Page("POST", "/views/<uuid:id>/removal", views.remove, READ),
    Page("GET", "/bulk", bulk.show_batches, DECIDE),
    Page("POST", "/bulk", bulk.propose, DECIDE),
    Page("GET", "/bulk/<uuid:id>", bulk.show_batch, DECIDE),
    Page("POST", "/bulk/<uuid:id>/run", bulk.run, DECIDE),
    Page("POST", "/bulk/<uuid:id>/cancel", bulk.cancel, DECIDE),
    Page("POST", "/bulk/<uuid:id>/undo", bulk.undo, DECIDE),
)


def register(app: Flask, limiter: Limiter) -> None:
    folder = Path(__file__).parent
    desk = Blueprint(
        "desk", __name__, url_prefix="/desk", root_path=str(folder),
        template_folder="templates", static_folder="static", static_url_path="/static",
    )  # fmt: skip
    for page in PAGES:
        name = f"{page.method} {page.path}".replace(".", " ")
        view = _endpoint(page)
        if page.per_minute is not None:
            view = limited(limiter, view, per_minute=page.per_minute, scope=f"desk {name}")
        desk.add_url_rule(page.path, name, view, methods=[page.method])
    for name, filter in marking.FILTERS.items():
        desk.add_app_template_filter(filter, name)
    app.register_blueprint(desk)


def _endpoint(page: Page) -> Callable[..., Response]:
    def endpoint(**path: object) -> Response:
        request.max_content_length = MOST_BYTES
        try:
            if _has_to_set_up(page):
                return showing.back("/desk" + SECOND_FACTOR)
            _ensure_allowed(page)
            return page.view(**path)
        except Unauthenticated as error:
            if page.method == "GET" and (page.permission is not None or page.own):
                return entering.door(request.full_path.rstrip("?"))
            return _refused(PROBLEMS["unauthenticated"], error.detail)
        except Refused as error:
            return _refused(PROBLEMS[REFUSALS[type(error)]], error.detail)
        except ValidationError as error:
            said = " ".join(text for texts in messages_of(error).values() for text in texts)
            return _refused(PROBLEMS["invalid-request"], said)
        except RequestEntityTooLarge:
            return _refused(PROBLEMS["payload-too-large"], "This form holds more than we take.")
        except (OperationalError, InterfaceError, TimeoutError):
            return _refused(PROBLEMS["unavailable"], PROBLEMS["unavailable"].meaning)

    return endpoint


def _has_to_set_up(page: Page) -> bool:
    """Administrators come no further without a second factor."""
    signed_in = desk_session.present() if page.permission is not None else None
    return signed_in is not None and signed_in.lacks_factor


def _ensure_allowed(page: Page) -> None:
    if page.own:
        access.identify_person()
    elif page.permission is not None:
        access.identify(page.permission)
    elif page.method == "POST":
        desk_session.ensure_from_here()


def _refused(problem: Problem, detail: str) -> Response:
    """Said on a page, since people look at it; without asking the database, which may be away."""
    return showing.bare("desk/refused.html", status=problem.status, problem=problem, detail=detail)
