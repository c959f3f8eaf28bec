"""The files of the widget and of the page without script."""

import pytest
from flask.testing import FlaskClient

from service.embed import FILES


@pytest.mark.parametrize("name", FILES)
def test_each_file_may_be_kept_for_minutes(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/embed/static/{name}")
    assert (answer.status_code, answer.data) == (200, FILES[name])
    assert "s-maxage=300" in answer.headers["Cache-Control"]
    etag = answer.headers["ETag"]
    again = client.get(f"/embed/static/{name}", headers={"If-None-Match": etag})
    assert again.status_code == 304


def test_there_are_no_others(client: FlaskClient) -> None:
    for name in ("none.js", "..%2f__init__.py", "thread.css/"):
        assert client.get(f"/embed/static/{name}").status_code == 404
