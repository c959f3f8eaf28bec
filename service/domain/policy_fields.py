"""The settings of a policy one by one, each under its path, and what differs between two."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from service.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class PolicyField:
    """`kind` is int, float, str, an enumeration, or for lists what they consist of."""

    path: str  # such as flood.window_minutes
    kind: Any
    is_list: bool
    default: Any  # as it is stored
    meaning: str
    low: float | None
    high: float | None

    @property
    def section(self) -> str:
        return self.path.rpartition(".")[0]

    @property
    def is_text(self) -> bool:
        return self.kind is str

    @property
    def choices(self) -> Sequence[str]:
        is_choice = isinstance(self.kind, type) and issubclass(self.kind, StrEnum)
        return [one.value for one in self.kind] if is_choice else ()

    @property
    def columns(self) -> Sequence[str]:
        """Of a list of records: the names of their parts."""
        return [item.name for item in fields(self.kind)] if is_dataclass(self.kind) else ()


def _fields(shape: Any, prefix: str = "") -> Iterator[PolicyField]:
    hints = get_type_hints(shape)
    for item in fields(shape):
        kind, path = hints[item.name], prefix + item.name
        if is_dataclass(kind):
            yield from _fields(kind, f"{path}.")
            continue
        inner = get_args(kind)
        default = item.default
        if item.default_factory is not MISSING:
            default = item.default_factory()
        yield PolicyField(
            path=path,
            kind=inner[0] if inner else kind,
            is_list=bool(inner),
            default=_stored(default),
            meaning=item.metadata["meaning"],
            low=item.metadata["low"],
            high=item.metadata["high"],
        )


def _stored(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_record(one) for one in value]
    return value.value if isinstance(value, StrEnum) else value


def _record(one: Any) -> Any:
    is_record = is_dataclass(one) and not isinstance(one, type)
    return asdict(one) if is_record else one


FIELDS: Mapping[str, PolicyField] = {field.path: field for field in _fields(Policy)}


def flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Stored settings by path; those added since have their defaults."""
    found: dict[str, Any] = {}
    for path, field in FIELDS.items():
        value: Any = settings
        for name in path.split("."):
            value = value.get(name, MISSING) if isinstance(value, Mapping) else MISSING
        value = field.default if value is MISSING else _stored(value)
        found[path] = value
    return found


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by path, as they are stored."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        *sections, name = path.split(".")
        inner = found
        for section in sections:
            inner = inner.setdefault(section, {})
        inner[name] = value
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    field: PolicyField
    before: Any
    after: Any

    @property
    def added(self) -> list[Any]:
        return [one for one in self.after if one not in self.before] if self.field.is_list else []

    @property
    def removed(self) -> list[Any]:
        return [one for one in self.before if one not in self.after] if self.field.is_list else []


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    old, new = flat(before), flat(after)
    return [
        Difference(field, old[path], new[path])
        for path, field in FIELDS.items()
        if old[path] != new[path]
    ]
