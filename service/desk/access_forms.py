"""What the forms of signing in, of people and of tokens hold."""

from typing import Any

from flask import request
from marshmallow import EXCLUDE, Schema, fields, validate

from service.domain.roles import SCOPES, Role

PLAIN = validate.Regexp(r"[^\x00-\x1f\x7f]+\Z", error="Please leave out control characters.")
EMAIL = [validate.Length(1, 254, error="Please give an e-mail address."), PLAIN]
SECRET = validate.Length(1, 1_024, error="Please fill in all fields.")
SITE = fields.UUID(load_default=None, allow_none=True)


class Form(Schema):
    class Meta:
        unknown = EXCLUDE  # such as what proves that the form is ours


class SignInForm(Form):
    email = fields.String(required=True, validate=EMAIL)
    password = fields.String(required=True, validate=SECRET)
    next = fields.String(load_default="")


class CodeForm(Form):
    waiting = fields.String(required=True, validate=SECRET)
    code = fields.String(required=True, validate=SECRET)
    next = fields.String(load_default="")


class NewPasswordForm(Form):
    new = fields.String(required=True, validate=SECRET)


class PasswordChangeForm(NewPasswordForm):
    present = fields.String(required=True, validate=SECRET)


class PasswordForm(Form):
    password = fields.String(required=True, validate=SECRET)


class OneCodeForm(Form):
    code = fields.String(required=True, validate=SECRET)


class InvitationForm(Form):
    email = fields.Email(required=True, validate=EMAIL,
                         error_messages={"invalid": "This is not an e-mail address."})  # fmt: skip
    role = fields.Enum(Role, by_value=True, required=True)
    site = SITE


class SessionForm(Form):
    session = fields.UUID(required=True)


class LinkForm(Form):
    link = fields.UUID(required=True)


class TokenRemovalForm(Form):
    token = fields.UUID(required=True)


class PersonForm(Form):
    person = fields.UUID(required=True)


class RemovalForm(PersonForm):
    site = SITE


class RoleForm(RemovalForm):
    role = fields.Enum(Role, by_value=True, required=True)


class TokenForm(Form):
    name = fields.String(required=True, validate=[validate.Length(1, 100), PLAIN])
    scopes = fields.List(
        fields.String(validate=validate.OneOf(list(SCOPES))),
        required=True,
        validate=validate.Length(1, error="Please choose what the token may do."),
    )
    site = SITE
    days = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 3_650))


def filled(form: type[Form]) -> dict[str, Any]:
    """What was sent; nothing counts as none. Raises ValidationError."""
    schema = form()
    given: dict[str, Any] = {}
    for name, field in schema.fields.items():
        if isinstance(field, fields.List):
            given[name] = request.form.getlist(name)
        elif name in request.form:
            text = request.form[name]
            given[name] = None if field.allow_none and not text else text
    loaded: dict[str, Any] = schema.load(given)
    return loaded
