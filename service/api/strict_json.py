"""JSON that means one thing. What other parsers let pass is refused: attackers live in the gaps."""

import json
import re
from typing import Any, NoReturn

MAX_DEPTH = 20
STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{\]}]', re.DOTALL)


class InvalidJson(ValueError):
    """The message says what is wrong, without quoting the input."""


def parse(data: bytes) -> Any:
    """UTF-8 without BOM, at most 20 levels, no NaN, infinity, repeated keys or lone surrogates."""
    _ensure_shallow(data)
    try:
        text = data.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
        if r"\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # fails for lone surrogates
    except InvalidJson:
        raise
    except UnicodeError as error:
        raise InvalidJson("The body must be UTF-8, without lone surrogates.") from error
    except ValueError as error:
        raise InvalidJson("The body is not valid JSON.") from error
    return value


def _ensure_shallow(data: bytes) -> None:
    """Counted on the bytes, since the parser itself recurses. One pass, no backtracking."""
    if data.count(b"{") + data.count(b"[") <= MAX_DEPTH:
        return
    depth = 0
    for token in STRUCTURE.finditer(data):
        symbol = token[0]
        if symbol in (b"[", b"{"):
            depth += 1
            if depth > MAX_DEPTH:
                raise InvalidJson(f"The body is nested deeper than {MAX_DEPTH} levels.")
        elif symbol in (b"]", b"}"):
            depth -= 1


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidJson("The body names one key twice.")
    return found


def _refuse_constant(_: str) -> NoReturn:
    raise InvalidJson("The body has a number that JSON does not know (NaN or Infinity).")
