"""Every URL on one screen: its view, who may call it, how often, what it takes and gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Response
from marshmallow import Schema

from service.api import (
    audit_schemas,
    auditing,
    author_schemas,
    authors,
    bulk,
    bulk_schemas,
    documents,
    filtering,
    health,
    look_schemas,
    looking,
    moderating,
    policies,
    policy_schemas,
    posting,
    queue_schemas,
    raid_schemas,
    raids,
    reader_schemas,
    reading,
    replay_schemas,
    replays,
    reporting,
    schemas,
    view_schemas,
    views,
    voting,
)
from service.api import moderation_schemas as moderation
from service.api.access import Access
from service.api.filter_schemas import FilterOut
from service.api.queue_queries import QueueQuery

KIB = 1024
Shape = type[Schema]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    rule: str
    view: Callable[..., Response]
    access: Access
    summary: str
    per_minute: int | None = None  # requests of one address
    query: Shape | None = None
    body: Shape | None = None
    answers: Mapping[int, Shape | None] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    most_bytes: int = 64 * KIB
    cors: bool = False
    idempotent: bool = False  # takes an Idempotency-Key
    takes_signed: bool = False  # readers whom the publisher signed in may send their token
    tells_readers: bool = False  # and others the id that their browser made


COMMENT = "/v1/comments/<uuid:id>"
BULK = "/v1/moderation/bulk/<uuid:id>"
VIEW = "/v1/moderation/views/<uuid:id>"
REPLAY = "/v1/moderation/replays/<uuid:id>"
ANYONE, AUTHOR, READ, DECIDE, POLICY, _ = Access

ROUTES: tuple[Route, ...] = (
    # Readers
    Route("POST", "/v1/comments", posting.post_comment, ANYONE, "Post a comment", per_minute=20, cors=True,
          idempotent=True, takes_signed=True, body=schemas.CommentIn, answers={202: schemas.Receipt},
          problems=("forbidden", "idempotency-mismatch", "not-found", "origin-not-allowed")),
    Route("GET", "/v1/comments", reading.list_comments, ANYONE, "The comments of a page", cors=True,
          query=schemas.PageQuery, answers={200: schemas.PageOut}, problems=("not-found",)),
    Route("GET", COMMENT, reading.get_comment, ANYONE, "One comment", cors=True,
          answers={200: schemas.OwnCommentOut}, problems=("not-found",)),
    Route("PATCH", COMMENT, posting.edit_comment, AUTHOR, "Change a comment", per_minute=20, cors=True,
          body=schemas.EditIn, answers={202: schemas.EditReceipt}, problems=("not-found", "origin-not-allowed")),
    Route("DELETE", COMMENT, posting.delete_comment, AUTHOR, "Withdraw a comment", per_minute=20, cors=True,
          answers={204: None}, problems=("not-found", "origin-not-allowed")),
    Route("PUT", COMMENT + "/vote", voting.put_vote, ANYONE, "Vote on a comment", per_minute=30, cors=True,
          takes_signed=True, tells_readers=True, body=reader_schemas.VoteIn, answers={204: None},
          problems=("forbidden", "not-found", "origin-not-allowed")),
    Route("DELETE", COMMENT + "/vote", voting.delete_vote, ANYONE, "Take a vote back", per_minute=30, cors=True,
          takes_signed=True, tells_readers=True, answers={204: None}, problems=("forbidden", "invalid-request", "not-found", "origin-not-allowed")),
    Route("POST", COMMENT + "/reports", reporting.post_report, ANYONE, "Report a comment to the moderators", per_minute=20, cors=True,
          takes_signed=True, tells_readers=True, body=reader_schemas.ReportIn, answers={202: None},
          problems=("not-found", "origin-not-allowed")),
    Route("GET", "/v1/counts", reading.count_comments, ANYONE, "How many comments pages have", cors=True,
          query=reader_schemas.CountsQuery, answers={200: reader_schemas.CountsOut}, problems=("not-found",)),
    # Moderators
    Route("GET", "/v1/moderation/queue", moderating.list_queue, READ, "What waits for a decision",
          query=QueueQuery, answers={200: queue_schemas.QueueOut}, problems=("not-found",)),
    Route("GET", "/v1/moderation/views", views.list_views, READ, "Saved views of the queue", answers={200: view_schemas.ViewsOut}),
    Route("POST", "/v1/moderation/views", views.post_view, READ, "Save a view of the queue",
          body=view_schemas.NewViewIn, answers={201: view_schemas.ViewOut}, problems=("illegal-move", "not-found")),
    Route("PUT", VIEW, views.put_view, READ, "Change a saved view",
          body=view_schemas.ViewIn, answers={200: view_schemas.ViewOut}, problems=("not-found",)),
    Route("DELETE", VIEW, views.delete_view, READ, "Remove a saved view", answers={204: None}, problems=("not-found",)),
    Route("POST", "/v1/moderation/looks", looking.post_looks, DECIDE, "Take the next comments that nobody else looks at",
          body=look_schemas.LooksIn, answers={200: look_schemas.TakenOut}, problems=("not-found",)),
    Route("PUT", "/v1/moderation/looks", looking.put_looks, DECIDE, "Go on looking at comments",
          body=look_schemas.RenewalIn, answers={200: look_schemas.RenewalOut}),
    Route("DELETE", "/v1/moderation/looks", looking.delete_looks, DECIDE, "Let go of all that you look at", answers={204: None}),
    Route("POST", "/v1/moderation/decisions", moderating.post_decisions, DECIDE, "Decide on up to 500 comments",
          body=moderation.DecisionsIn, answers={200: moderation.ResultsOut}, most_bytes=2048 * KIB),
    Route("POST", "/v1/moderation/decisions/<uuid:id>/undo", moderating.post_decision_undo, DECIDE, "Take a decision back",
          answers={201: moderation.ResultOut}, problems=("conflict", "illegal-move", "not-found")),
    Route("POST", "/v1/moderation/bulk", bulk.post_bulk, DECIDE, "Propose one decision on many comments",
          body=bulk_schemas.BulkIn, answers={201: bulk_schemas.ProposalOut}, most_bytes=2048 * KIB,
          problems=("illegal-move", "not-found")),
    Route("GET", "/v1/moderation/bulk", bulk.list_bulk, DECIDE, "Your bulk decisions", answers={200: bulk_schemas.BatchesOut}),
    Route("GET", BULK, bulk.get_bulk, DECIDE, "What became of a bulk decision",
          query=bulk_schemas.BatchQuery, answers={200: bulk_schemas.BatchResultsOut}, problems=("not-found",)),
    Route("POST", BULK + "/run", bulk.post_bulk_run, DECIDE, "Carry a bulk decision out",
          answers={202: bulk_schemas.BatchOut}, problems=("not-found",)),
    Route("POST", BULK + "/undo", bulk.post_bulk_undo, DECIDE, "Undo a bulk decision as a whole",
          answers={202: bulk_schemas.BatchOut}, problems=("illegal-move", "not-found")),
    Route("DELETE", BULK, bulk.delete_bulk, DECIDE, "Stop a bulk decision", answers={204: None}, problems=("not-found",)),
    Route("POST", COMMENT + "/decisions", moderating.post_decision, DECIDE, "Decide on one comment",
          body=moderation.DecisionIn, answers={201: moderation.ResultOut},
          problems=("conflict", "illegal-move", "not-found")),
    Route("POST", "/v1/moderation/comments/<uuid:id>/removals", moderating.post_removal, DECIDE, "Take part of a text out, visibly",
          body=moderation.RemovalIn, answers={201: moderation.RemovedOut}, problems=("conflict", "illegal-move", "not-found")),
    Route("GET", "/v1/moderation/comments/<uuid:id>", moderating.get_everything, READ, "Everything about a comment", answers={200: moderation.EverythingOut}, problems=("not-found",)),
    Route("GET", "/v1/moderation/comments/<uuid:id>/author", authors.get_author_of, READ, "Everything by who wrote a comment",
          query=author_schemas.AuthorQuery, answers={200: author_schemas.AuthorPageOut}, problems=("not-found",)),
    Route("GET", "/v1/moderation/authors/<uuid:id>", authors.get_author, READ, "Everything by an author",
          query=author_schemas.AuthorQuery, answers={200: author_schemas.AuthorPageOut}, problems=("not-found",)),
    Route("POST", "/v1/moderation/author-searches", authors.find_authors, READ, "Authors by name or e-mail address",
          body=author_schemas.FindAuthorIn, answers={200: author_schemas.FoundAuthorsOut}, problems=("not-found",)),
    Route("POST", "/v1/moderation/standings", authors.post_standing, DECIDE, "Trust, watch, mute or ban an author",
          body=author_schemas.StandingIn, answers={201: author_schemas.StandingOut}, problems=("conflict", "not-found")),
    Route("POST", "/v1/moderation/standings/<uuid:id>/undo", authors.post_undo, DECIDE, "Take that back",
          answers={201: author_schemas.StandingOut}, problems=("conflict", "not-found")),
    Route("GET", "/v1/moderation/sites/<site>/policy", policies.get_policy, READ, "A site's policy",
          answers={200: policy_schemas.PolicyOut}, problems=("not-found",)),
    Route("PUT", "/v1/moderation/sites/<site>/policy", policies.put_policy, POLICY, "Replace a site's policy",
          body=policy_schemas.PolicyIn, answers={200: policy_schemas.PolicyOut}, most_bytes=4096 * KIB,
          problems=("conflict", "not-found")),
    Route("GET", "/v1/moderation/sites/<site>/filter", filtering.get_filter, READ, "How well a site's filter judges",
          answers={200: FilterOut}, problems=("not-found",)),
    Route("GET", "/v1/moderation/sites/<site>/filter.svg", filtering.get_picture, READ, "The same as a picture",
          answers={200: None}, problems=("not-found",)),
    Route("PUT", "/v1/moderation/threads", policies.put_thread_mode, DECIDE, "Set up a thread: mode, pace, note",
          body=policy_schemas.ThreadIn, answers={200: policy_schemas.ThreadIn}, problems=("not-found",)),
    Route("GET", "/v1/moderation/raids", raids.list_raids, READ, "Where a raid is on",
          answers={200: raid_schemas.RaidsOut}),
    Route("POST", "/v1/moderation/raids", raids.post_raid, DECIDE, "Switch premoderation on for a raid",
          body=raid_schemas.RaidIn, answers={201: raid_schemas.RaidOut}, problems=("not-found",)),
    Route("DELETE", "/v1/moderation/raids/<uuid:id>", raids.delete_raid, DECIDE, "Switch it off",
          answers={204: None}, problems=("not-found",)),
    Route("POST", "/v1/moderation/replays", replays.post_replay, POLICY, "Judge past comments by another policy, without acting",
          body=replay_schemas.ReplayIn, answers={202: replay_schemas.ReplayOut}, most_bytes=4096 * KIB,
          problems=("not-found", "too-many-replays")),
    Route("GET", REPLAY, replays.get_replay, READ, "What a policy would have changed",
          answers={200: replay_schemas.ReplayOut}, problems=("not-found",)),
    Route("DELETE", REPLAY, replays.delete_replay, POLICY, "Cancel a replay", answers={204: None}, problems=("not-found",)),
    Route("GET", "/v1/moderation/audit", auditing.list_audit, READ, "What was done, by whom",
          query=audit_schemas.AuditQuery, answers={200: audit_schemas.AuditOut}, problems=("not-found",)),
    # Operators and programs
    Route("GET", "/livez", health.livez, ANYONE, "Is the process alive?", answers={200: schemas.HealthOut}),
    Route("GET", "/readyz", health.readyz, ANYONE, "Can it work?", answers={200: schemas.HealthOut, 503: schemas.HealthOut}),
    Route("GET", "/metrics", health.metrics, ANYONE, "Figures for Prometheus", answers={200: None}, problems=("unauthenticated",)),
    Route("GET", "/openapi.json", documents.openapi, ANYONE, "This description", answers={200: None}),
)  # fmt: skip
