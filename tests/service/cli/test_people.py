"""Who moderates, as operators set it up."""

import re

from flask import Flask
from sqlalchemy.orm import Session

from service.domain.roles import Role
from service.store import people
from tests.service.desk.people import (
    OTHER,
    PASSWORD,
    a_person,
    enter,
    is_out,
    set_up_app,
    signed_in,
)
from tests.service.desk.visiting import Visitor

ANN = "ann@news.example"
ADDRESS = ("--address", "https://c.example/")


def path(printed: str) -> str:
    """What a command prints is one link, and nothing else."""
    found = re.fullmatch(r"https://c\.example(/desk/(?:invitation|reset)/[\w-]{43})\n", printed)
    assert found, printed
    return found[1]


def test_the_first_administrator_comes_in_by_a_link(run, app: Flask, session: Session, news: str):
    link = path(run("moderator", "add", "Ann@News.example", "--role", "admin", *ADDRESS).output)
    ann = Visitor(app.test_client())
    assert ann.send(link, new=PASSWORD).status_code == 303
    set_up_app(ann)
    assert ann.get("/desk/people").status_code == 200
    assert run("moderator", "list").output == f"{ANN}\tadmin\tall sites\tsecond factor\n"


def test_roles_are_per_site(run, app: Flask, session: Session, news: str) -> None:
    run("site", "add", "paper", "--name", "Paper")
    link = path(run("moderator", "add", ANN, "--site", "news", *ADDRESS).output)
    ann = Visitor(app.test_client())
    assert ann.send(link, new=PASSWORD).status_code == 303
    assert run("moderator", "list").output == f"{ANN}\tmoderator\tnews\tpassword alone\n"
    assert run("moderator", "role", ANN, "viewer", "--site", "news").exit_code == 0
    refused = run("moderator", "role", ANN, "viewer", "--site", "paper")
    assert refused.exit_code == 1
    assert "moderator add" in refused.output
    assert [row.role for row in people.listed(session, None)] == [Role.VIEWER]
    assert run("moderator", "remove", ANN, "--site", "news").exit_code == 0
    assert is_out(ann)


def test_removing_somebody_takes_all_they_have(run, app: Flask, session: Session, news: str):
    ann = signed_in(app, session, ANN, role=Role.EDITOR)
    a_person(session, "bea@news.example")
    assert run("moderator", "remove", ANN).exit_code == 0
    assert is_out(ann)
    assert run("moderator", "list").output.startswith("bea@")


def test_a_lost_password_and_a_lost_second_factor(run, app: Flask, session: Session) -> None:
    ann = signed_in(app, session, ANN)
    set_up_app(ann)
    link = path(run("moderator", "reset", ANN, *ADDRESS).output)
    assert "Code of your app" in ann.send(link, new=OTHER).text
    link = path(run("moderator", "reset", ANN, "--second-factor", *ADDRESS).output)
    assert ann.send(link, new=PASSWORD).status_code == 303
    assert enter(Visitor(app.test_client()), ANN).status_code == 303


def test_what_is_wrong_is_said_in_a_sentence(run, session: Session, news: str) -> None:
    for words in (
        ("add", "no address"), ("add", ANN, "--site", "none"), ("reset", ANN), ("remove", ANN),
        ("role", ANN, "viewer"), ("add", ANN, "--role", "king"),
    ):  # fmt: skip
        refused = run("moderator", *words)
        assert refused.exit_code in (1, 2), words
        assert "Traceback" not in refused.output
