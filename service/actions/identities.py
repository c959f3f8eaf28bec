"""How publishers vouch for their readers: setting up the keys, and telling who a token is about."""

import time
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import NotFound, Unauthenticated
from service.domain.identity import Algorithm, IdentityKey, InvalidToken, SignedReader
from service.domain.sealing import IDENTITY_KEY, seal, unseal
from service.store import identities, sites
from service.store.db import begin_write
from service.store.reader_tables import IdentityKey as StoredKey
from service.store.sites import SiteRecord


def set_key(session: Session, site: str, key: IdentityKey, *, secret: str, by: str) -> int:
    """Take a site's tokens by this key, too; answers how many keys there are now.

    The newest one before it stays, so that tokens it signed are good while the publisher changes
    over; older ones go, and so do those of another algorithm. Raises NotFound.
    """
    begin_write(session)
    site_id = _site(session, site).id
    before = identities.keys(session, site_id)
    kept = [one.id for one in before[:1] if one.algorithm == key.algorithm]
    identities.remove(session, [one for one in before if one.id not in kept], by=by)
    sealed = seal(secret, key.text, purpose=IDENTITY_KEY)
    identities.add(session, site_id, algorithm=key.algorithm, key_sealed=sealed, by=by)
    session.commit()
    return len(kept) + 1


def forget_keys(session: Session, site: str, *, but_newest: bool, by: str) -> int:
    """Take no more tokens by a site's keys, or by its newest alone; answers how many went."""
    begin_write(session)
    found = identities.keys(session, _site(session, site).id)[1 if but_newest else 0 :]
    identities.remove(session, found, by=by)
    session.commit()
    return len(found)


def stored(session: Session, site: str) -> Sequence[StoredKey]:
    return identities.keys(session, _site(session, site).id)


def signed_reader(session: Session, token: str, *, site: SiteRecord, secret: str) -> SignedReader:
    """Who a token is about. Raises Unauthenticated, saying what to do."""
    # Few sites have signed readers, and all would start 40 ms later.
    from service.domain.reader_tokens import verify  # noqa: PLC0415

    keys = _keys(session, site.id, secret)
    try:
        return verify(token, keys=keys, audience=site.key, now=time.time())
    except InvalidToken as error:
        raise Unauthenticated(str(error)) from error


def _keys(session: Session, site_id: UUID, secret: str) -> Sequence[IdentityKey]:
    """Those that open: after AFTERWORD_SECRET was changed, they have to be given anew."""
    opened = [
        (one.algorithm, unseal(secret, one.key_sealed, purpose=IDENTITY_KEY))
        for one in identities.keys(session, site_id)
    ]
    return [IdentityKey(Algorithm(name), text) for name, text in opened if text is not None]


def _site(session: Session, key: str) -> SiteRecord:
    site = sites.find(session, key)
    if site is None:
        raise NotFound(f"There is no site with the key {key!r}.")
    return site
