"""The database in a web request: a session for each, closed with it.

Workers and commands open theirs with `service.store.db`, which needs no Flask: importing that would
cost each of their processes 10 MiB.
"""

from flask_sqlalchemy import SQLAlchemy

from service.store.db import Base

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
