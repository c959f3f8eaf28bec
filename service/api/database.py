"""The database in a web request: a session for each, closed with it.

Workers and commands open theirs with `service.store.db`, which needs no Flask: importing that would
cost each of their processes 10 MiB.
"""

import logging

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy.exc import InterfaceError, OperationalError

from service.store.db import Base

log = logging.getLogger(__name__)


class RequestSession(Session):
    """When it is closed the answer is made: a database that has gone away since spoils it no more.

    Else the client would get an empty 500, and some later request this session, as it is.
    """

    def close(self) -> None:
        try:
            super().close()
        except (OperationalError, InterfaceError) as error:
            log.warning("the database went away", extra={"error": type(error).__name__})
            self.invalidate()


db = SQLAlchemy(
    model_class=Base, session_options={"class_": RequestSession, "expire_on_commit": False}
)
