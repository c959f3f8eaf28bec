"""Requests whose end or meaning two servers could see differently."""

import re
from wsgiref.types import WSGIEnvironment

HOST = re.compile(r"([\w.~-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?", re.ASCII)
FORM = "application/x-www-form-urlencoded"


def fault(environ: WSGIEnvironment) -> str:
    """What is wrong with the request, in words; nothing when it can be taken."""
    coding = environ.get("HTTP_TRANSFER_ENCODING", "chunked").lower()
    method, host = environ["REQUEST_METHOD"], environ.get("HTTP_HOST", "")
    if method != method.upper():
        return "Methods are written in capitals."
    if not HOST.fullmatch(host) and (host or environ["SERVER_PROTOCOL"] == "HTTP/1.1"):
        return "A request has one Host header, with the name of this service."
    if coding != "chunked":
        return "Bodies are sent as they are, or with Transfer-Encoding: chunked alone."
    # Of JSON a half is no JSON. Half of a form looks like a shorter form.
    if environ.get("CONTENT_TYPE", "").startswith(FORM) and "HTTP_TRANSFER_ENCODING" in environ:
        return "A form is sent with a Content-Length."
    return ""
