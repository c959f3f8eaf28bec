"""The scorer's lines: a JSON object in, a JSON object out, in order, each at once."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from service.domain.findings import Contribution
from workers.filter.model import Model
from workers.filter.scorer import Scorer
from workers.filter.views import Comment


def serve(model: Model, *, lines: TextIO, answers: TextIO) -> None:
    """Until the input ends. A line that cannot be read is answered with what is wrong."""
    at_work = Scorer(model)
    for line in lines:
        if line.strip():
            answers.write(json.dumps(answer(at_work, line), ensure_ascii=False) + "\n")
            answers.flush()


def answer(at_work: Scorer, line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line, parse_constant=_refused)
    except ValueError:
        return {"id": None, "error": "This line is not JSON."}
    except RecursionError:
        return {"id": None, "error": "This line is nested too deeply."}
    if not isinstance(asked, dict):
        return {"id": None, "error": "This line is not a JSON object."}
    try:
        return _operation(asked)(at_work, asked)
    except ValueError as error:
        return {"id": asked.get("id"), "error": str(error)}


def _operation(
    asked: Mapping[str, Any],
) -> Callable[[Scorer, Mapping[str, Any]], dict[str, Any]]:
    named = asked.get("op") or "score"
    if not isinstance(named, str) or named not in OPERATIONS:
        raise ValueError(f"An op is one of {', '.join(OPERATIONS)}.")
    return OPERATIONS[named]


def _score(at_work: Scorer, asked: Mapping[str, Any]) -> dict[str, Any]:
    score = at_work.score(_comment(asked), id=_id(asked))
    answered: dict[str, Any] = {
        "id": asked.get("id"),
        "score": score.probability,
        "band": score.band,
        "signals": [_signal(one) for one in score.contributions],
    }
    if score.duplicate_of is not None:
        answered["duplicate_of"] = score.duplicate_of
    return answered


def _learn(at_work: Scorer, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A label of null takes the decision back."""
    label = asked.get("label", "missing")
    if label is None:
        at_work.unlearn(_id(asked))
    elif isinstance(label, int | float) and label in (0, 1):
        at_work.learn(_comment(asked), id=_id(asked), label=int(label))
    else:
        raise ValueError("A label is 0, 1 or null.")
    return {"id": asked.get("id"), "ok": True}


def _reset(at_work: Scorer, asked: Mapping[str, Any]) -> dict[str, Any]:
    at_work.reset()
    return {"id": asked.get("id"), "ok": True}


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number in JSON.")


OPERATIONS = {"score": _score, "learn": _learn, "reset": _reset}


def _id(asked: Mapping[str, Any]) -> str:
    return "" if asked.get("id") is None else str(asked["id"])


def _comment(asked: Mapping[str, Any]) -> Comment:
    if not isinstance(asked.get("text"), str):
        raise ValueError('A comment needs a "text", and that is a string.')
    text, author, context = (_string(asked.get(key)) for key in ("text", "author", "context"))
    return Comment(text, author, context)


def _string(value: object) -> str:
    """A lone surrogate is no character; it would fail where text becomes bytes."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _signal(one: Contribution) -> dict[str, Any]:
    signal: dict[str, Any] = {"name": one.name, "weight": one.weight}
    if one.span is not None:
        signal["span"] = [one.span.start, one.span.end]
    return signal
