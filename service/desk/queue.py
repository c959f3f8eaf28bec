"""The queue of what waits for a decision."""

from flask import Response

from service.desk.showing import show


def show_queue() -> Response:
    return show("desk/queue.html")
