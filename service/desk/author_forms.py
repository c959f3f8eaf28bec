"""What the forms of authors and of removals hold: what was left empty is missing."""

from typing import Any

from flask import request
from marshmallow import EXCLUDE, Schema, pre_load


class Form(Schema):
    class Meta:
        unknown = EXCLUDE  # such as the button that was pressed

    @pre_load
    def _drop_empty(self, data: Any, **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value != ""}


def load(shape: type[Form]) -> Any:
    return shape().load(request.form)
