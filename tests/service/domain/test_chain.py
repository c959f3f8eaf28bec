"""The hashes of the audit log: the same wherever what they are made of was kept meanwhile."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from service.domain import chain

TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**30), 10**30)
# Of 32 zero bytes and what docs/security.md says, made without this code.
HASH = "90845bd30163856f8ec8ee0ffe69c7f170b0e7a9d8dd1f761d40bb11bd7821ea"
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)


@given(JSON)
def test_a_digest_is_the_same_after_json(value) -> None:
    assert chain.digest(json.loads(json.dumps(value))) == chain.digest(value)


@pytest.mark.parametrize(
    "value",
    [0.0, -0.0, 1.0, 1e15, 1e16, -1e16, 1.5e300, 10**16, 12345678901234567, 10**20, 2**63, 5e-324,
     0.1 + 0.2, 1e-7, [1e22, "1e22"], {"a": [{"b": -0.0}]}],
)  # fmt: skip
def test_a_digest_is_the_same_after_either_database(session: Session, value) -> None:
    column = cast([value], JSONB) if session.get_bind().dialect.name == "postgresql" else None
    back = json.loads(json.dumps([value])) if column is None else session.scalar(select(column))
    assert chain.digest(back) == chain.digest([value])


@given(JSON, JSON)
def test_other_content_has_another_digest(one, other) -> None:
    same = json.dumps(chain._plain(one), sort_keys=True) == json.dumps(
        chain._plain(other), sort_keys=True
    )
    assert (chain.digest(one) == chain.digest(other)) is same
    assert chain.digest(one) != chain.digest(one, salt=b"salt")


def test_the_hash_of_an_entry_is_as_documented() -> None:
    entry = {
        "seq": 2,
        "at": datetime(2026, 11, 26, 22, 41, 54, 123456, UTC),
        "site_id": UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
        "kind": "thread",
        "action": "set up",
        "by": "ann@news.example",
        "actor": None,
        "subject": None,
        "details": chain.details({"page": "p", "mode": None}),
        "content": bytes(32),
    }
    assert chain.linked(chain.START, entry).hex() == HASH
