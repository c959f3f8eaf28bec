"""People at the desk, as the pages know them."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.service.desk.visiting import Visitor, sign_in


@pytest.fixture
def visitor(app: Flask, news: str) -> Visitor:
    """Somebody who is not signed in, at a service that has the site `news`."""
    return Visitor(app.test_client())


@pytest.fixture
def desk(app: Flask, session: Session, news: str) -> Visitor:
    """An administrator of all sites, signed in."""
    return sign_in(Visitor(app.test_client()), session, scope="admin", name="admin@news.example")
