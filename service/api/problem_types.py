"""The kinds of problem that the API answers, a row each; /problems/<slug> shows them to people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    slug: str
    status: int
    title: str
    meaning: str


PROBLEMS = {problem.slug: problem for problem in (
    Problem("bad-request", 400, "Bad request", "The request itself is malformed, or names a host that is not served here."),
    Problem("invalid-json", 400, "Invalid JSON", "The body is not strict JSON: UTF-8, at most 20 levels deep, no key twice, no NaN, no lone surrogates."),
    Problem("unauthenticated", 401, "Not authenticated", "A token is missing, unknown, expired or revoked; the detail says which is wanted."),
    Problem("forbidden", 403, "Not allowed", "The token does not allow this, the time for it is over, the thread is closed, or readers have to sign in first; the detail says which."),
    Problem("origin-not-allowed", 403, "Website not allowed", "The page that sent this is not on the list of the site's origins."),
    Problem("not-found", 404, "Not found", "There is nothing here, or nothing that the asker may see. Held, deleted, foreign and missing comments look the same."),
    Problem("method-not-allowed", 405, "Method not allowed", "The address exists but does not answer this method; the Allow header lists those it does."),
    Problem("conflict", 409, "Somebody was first", "The state or version that was sent is no longer the present one. The answer tells the present state, who moved it and when."),
    Problem("illegal-move", 409, "Illegal decision", "No moderator may move a comment from the one state to the other."),
    Problem("too-many-replays", 409, "Too many replays", "The site has as many unfinished replays as it may. Wait for one to end, or cancel one."),
    Problem("payload-too-large", 413, "Too large", "The body is larger than this address takes."),
    Problem("uri-too-long", 414, "Address too long", "The address is longer than the server takes."),
    Problem("unsupported-media-type", 415, "Unsupported media type", "Bodies must be sent as application/json."),
    Problem("unsupported-encoding", 415, "Unsupported encoding", "Bodies must be sent without Content-Encoding."),
    Problem("invalid-request", 422, "Invalid request", "A field or parameter is missing, unknown or out of bounds; errors says what is wrong with which."),
    Problem("idempotency-mismatch", 422, "Idempotency-Key used before", "The same author sent another comment with this Idempotency-Key."),
    Problem("too-many-requests", 429, "Too many requests", "Please wait; Retry-After says how many seconds."),
    Problem("header-too-large", 431, "Headers too large", "The headers are larger than the server takes."),
    Problem("internal-error", 500, "Our mistake", "Something failed here. It is logged under the answer's X-Request-Id."),
    Problem("unavailable", 503, "Not available right now", "The database does not answer. Nothing was stored; try again after Retry-After seconds."),
    Problem("busy", 503, "Too busy right now", "More is being asked than can be worked on. Nothing was stored; try again after Retry-After seconds."),
)}  # fmt: skip
