"""The same bytes out of a Flask view: what keeping ready answers is worth without our layer.

python -m benchmarks.plain_view PORT FOLDER: every file in FOLDER, plain and as .gz, under its name.
"""

import hashlib
import sys
from dataclasses import fields
from pathlib import Path

from flask import Flask, Response, request
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from service.cli.serving import BACKLOG
from service.config import Settings


def make_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    contents = {path.name: path.read_bytes() for path in Path(sys.argv[2]).iterdir()}
    etags = {name: hashlib.sha256(data).hexdigest()[:32] for name, data in contents.items()}

    @app.get("/<name>")
    def show(name: str) -> Response:
        is_gzip = "gzip" in request.accept_encodings
        found = f"{name}.gz" if is_gzip else name
        response = Response(contents[found], content_type="application/json")
        if is_gzip:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = "public, max-age=0, s-maxage=2"
        response.headers["Vary"] = "Accept-Encoding, Origin"
        response.set_etag(etags[found])
        response.make_conditional(request)
        return response

    return app


if __name__ == "__main__":
    ours = {item.name: item.default for item in fields(Settings)}
    Server(
        "benchmarks.plain_view:make_app",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        factory=True,
        workers=ours.get("web_processes", 1),
        blocking_threads=ours.get("web_threads", 4),
        backlog=BACKLOG,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()
