"""A policy as a form, made from the table of its settings, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from marshmallow import ValidationError

from service.api.policy_schemas import PolicySettings
from service.api.problems import messages_of
from service.domain.policy import Policy
from service.domain.policy_fields import FIELDS, PolicyField, flat, nested

PARTS = " | "  # between the parts of a record on its line
KINDER = {
    "Not a valid integer.": "Give a whole number.",
    "Not a valid number.": "Give a number.",
    "Missing data for required field.": "This part is missing.",
}


@dataclass(frozen=True, slots=True)
class Input:
    """One setting as it stands in the form."""

    field: PolicyField
    text: str
    is_default: bool
    default: str
    errors: Sequence[str] = ()

    @property
    def id(self) -> str:
        return self.field.path.replace(".", "-").replace("_", "-")

    @property
    def rows(self) -> int:
        return min(12, max(3, self.text.count("\n") + 2))

    @property
    def hint(self) -> str:
        """What may stand there."""
        if self.field.columns:
            return f"One a line: {PARTS.join(self.field.columns)}"
        if self.field.is_list:
            return "One a line"
        low, high = self.field.low, self.field.high
        if low is None or high is None:
            return ""
        unit = " characters" if self.field.kind is str else ""
        return f"{low:,}–{high:,}{unit}"


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    inputs: Sequence[Input]

    @property
    def title(self) -> str:
        return self.name.capitalize() or "In general"

    @property
    def changed(self) -> int:
        return sum(not one.is_default for one in self.inputs)

    @property
    def has_errors(self) -> bool:
        return any(one.errors for one in self.inputs)


@dataclass(frozen=True, slots=True)
class Read:
    """What somebody sent: settings if all is well, otherwise what is wrong beside which field."""

    texts: Mapping[str, str]
    settings: dict[str, Any] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


def sections(texts: Mapping[str, str], errors: Mapping[str, Sequence[str]]) -> list[Section]:
    inputs = [_input(one, texts[path], errors.get(path, ())) for path, one in FIELDS.items()]
    return [
        Section(name, list(those)) for name, those in groupby(inputs, lambda one: one.field.section)
    ]


def _input(one: PolicyField, written: str, errors: Sequence[str]) -> Input:
    default = text(one, one.default)
    return Input(one, written, written.split() == default.split(), default, errors)


def texts(settings: Mapping[str, Any]) -> dict[str, str]:
    return {path: text(FIELDS[path], value) for path, value in flat(settings).items()}


def text(one: PolicyField, value: Any) -> str:
    if one.columns:
        return "\n".join(PARTS.join(record[name] for name in one.columns) for record in value)
    if one.is_list:
        return "\n".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def read(form: Mapping[str, str]) -> Read:
    """What is missing from the form has its default."""
    given = {
        path: form.get(path, text(one, one.default)).replace("\r\n", "\n")
        for path, one in FIELDS.items()
    }
    values = {path: _value(FIELDS[path], written) for path, written in given.items()}
    try:
        loaded = PolicySettings().load(nested(values))
    except ValidationError as error:
        return Read(given, errors=_beside(messages_of(error)))
    return Read(given, settings=Policy.from_json(loaded).as_json())


def _value(one: PolicyField, written: str) -> Any:
    """What is no number stays text, which the schema refuses in words."""
    lines = [line.strip() for line in written.split("\n") if line.strip()]
    if one.columns:
        return [_record(one, line) for line in lines]
    if one.is_list:
        return lines
    if one.kind is int:
        plain = written.strip().replace(",", "")
        return int(plain) if plain.isdecimal() and plain.isascii() else written
    return written.strip()


def _record(one: PolicyField, line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.split("|", len(one.columns) - 1)]
    return dict(zip(one.columns, parts, strict=False))


def _beside(messages: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """By field; of a list with the line that is wrong."""
    found: dict[str, list[str]] = {}
    for name, said in messages.items():
        path = next((one for one in FIELDS if name == one or name.startswith(f"{one}.")), name)
        rest = name[len(path) + 1 :].split(".")
        where = f"Line {int(rest[0]) + 1}: " if rest[0].isdecimal() else ""
        part = f"{rest[1]}: " if len(rest) > 1 else ""
        found.setdefault(path, []).extend(f"{where}{part}{KINDER.get(one, one)}" for one in said)
    return found
