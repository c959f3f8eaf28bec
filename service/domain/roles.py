"""What people and programs that moderate may do: roles of people, scopes of tokens."""

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    READ = "read"
    DECIDE = "decide"
    POLICY = "policy"
    ADMIN = "admin"


class Role(StrEnum):
    VIEWER = "viewer"
    MODERATOR = "moderator"
    EDITOR = "editor"
    ADMIN = "admin"


READ, DECIDE, POLICY, ADMIN = Permission

ROLES: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({READ}),
    Role.MODERATOR: frozenset({READ, DECIDE}),
    Role.EDITOR: frozenset({READ, DECIDE, POLICY}),
    Role.ADMIN: frozenset(Permission),
}
SCOPES: Mapping[str, frozenset[Permission]] = {
    "read": frozenset({READ}),
    "decide": frozenset({READ, DECIDE}),
    # What programs could do before there were other scopes: decide, and change policies.
    "moderate": frozenset({READ, DECIDE, POLICY}),
    "admin": frozenset(Permission),
}
