"""What somebody put where RQ keeps its own, at which its workers would end again and again.

Nothing that is thrown away here is needed: the database knows what is to be judged, and the sweep
looks there. What belongs to other queues in the same Redis stays, unless RQ cannot even read it.
"""

from redis import Redis
from rq.utils import as_text

from service.bell import PENDING, QUEUE

OURS = {
    f"rq:queue:{QUEUE}": "list",
    f"rq:queue:{QUEUE}:intermediate": "list",
    f"rq:workers:{QUEUE}": "set",
    f"rq:clean_registries:{QUEUE}": "string",
    **{
        f"rq:{registry}:{QUEUE}": "zset"
        for registry in ("wip", "finished", "failed", "deferred", "scheduled", "canceled")
    },
}
SHARED = {"rq:queues": "set", "rq:workers": "set"}


def clear_away(redis: "Redis") -> None:
    """All that this queue has, and that a bell was rung: it may be among what is thrown away."""
    redis.delete(*OURS, PENDING)
    clear_misfits(redis)


def clear_misfits(redis: "Redis") -> None:
    """Keys that hold something else than RQ keeps under them."""
    kinds = OURS | SHARED
    misfits = [key for key in kinds if as_text(redis.type(key)) not in (kinds[key], "none")]
    if misfits:
        redis.delete(*misfits)
