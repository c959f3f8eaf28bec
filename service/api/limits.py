"""How often one address may ask for what costs something."""

from collections.abc import Callable

from flask import Response
from flask_limiter import Limiter

View = Callable[..., Response]


def limited(limiter: Limiter, view: View, *, per_minute: int, scope: str) -> View:
    """What has the same scope is counted together, whichever view it was sent to."""
    if not limiter.enabled:
        return view
    # The library finds a view's limits by its name. Those that one function makes have the same,
    # and each would have the limits of them all.
    view.__qualname__ = f"{view.__qualname__} {scope}"
    return limiter.shared_limit(f"{per_minute} per minute", scope=scope)(view)
