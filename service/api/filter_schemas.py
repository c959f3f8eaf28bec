"""What a report on a site's filter consists of."""

from marshmallow import Schema, fields


def share(meaning: str, *, required: bool = True) -> fields.Float:
    return fields.Float(required=required, allow_none=True, metadata={"description": meaning})


class BandsOut(Schema):
    """Null means: not proven on this site yet, so the shipped bound holds and nothing rejects."""

    good = fields.Integer(
        required=True, metadata={"description": "Good comments that the bounds are proven on."}
    )
    hold_from = share("From which probability on comments are held.")
    hold_good_at_most = share("The promise: at most this share of good comments is held.")
    hold_takes_good = fields.Integer(
        required=True, metadata={"description": "How many good comments prove that."}
    )
    reject_from = share("From which probability on comments are rejected.", required=False)
    reject_good_at_most = share("At most this share of good ones is rejected.", required=False)
    reject_takes_good = fields.Integer()


class CalibrationOut(Schema):
    """Of the comments that were given about this probability."""

    predicted = share("The mean of what was given.")
    observed = share("The share that moderators did not want.")
    count = fields.Integer(required=True)


class CurveOut(Schema):
    """What lies at a probability or above it."""

    probability = share("The probability.")
    good = share("The share of good comments.")
    bad = share("The share of unwanted ones.")


class JudgedOut(Schema):
    """Measured on decisions that the judge had not seen; held from a probability of 0.5 on."""

    good = fields.Integer(required=True)
    bad = fields.Integer(required=True)
    precision = share("Of those above 0.5, the share that is unwanted.")
    recall = share("Of the unwanted, the share above 0.5.")
    auc = share("How often an unwanted one scores higher than a good one.")
    log_loss = share("In nats a comment.")
    calibration_error = share("By how much the given probabilities are off, on average.")
    calibration = fields.List(fields.Nested(CalibrationOut), required=True)
    curve = fields.List(fields.Nested(CurveOut), required=True)


class PointOut(Schema):
    """One version of the site's model."""

    version = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    labels = fields.Integer(required=True)
    adopted = fields.Boolean(required=True)
    precision = share("As above.")
    recall = share("As above.")
    auc = share("As above.")
    log_loss = share("As above.")
    shipped_log_loss = share("The shipped model's on the same decisions.")


class KindOut(Schema):
    version = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The one that judges."}
    )
    newest = fields.Integer(required=True, allow_none=True)
    why = fields.String(required=True, metadata={"description": "Why that one judges."})
    labels = fields.Integer(required=True, metadata={"description": "Decisions learnt from."})
    taught_until = fields.AwareDateTime(required=True, allow_none=True)
    bands = fields.Nested(BandsOut, required=True)
    held_back = fields.Nested(JudgedOut, required=True, allow_none=True)
    shipped = fields.Nested(JudgedOut, required=True, allow_none=True)
    learning = fields.List(fields.Nested(PointOut), required=True)


class ModeratedOut(Schema):
    """What screening made of comments that moderators decided on in the last 30 days."""

    screening = fields.String(required=True)
    moderator = fields.String(required=True)
    count = fields.Integer(required=True)


class FilterOut(Schema):
    site = fields.String(required=True)
    spam = fields.Nested(KindOut, required=True)
    conduct = fields.Nested(KindOut, required=True)
    against_moderators = fields.List(fields.Nested(ModeratedOut), required=True)
