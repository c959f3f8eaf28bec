"""Counts of what screening decided, found and took, for the figures of operators."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from service.domain.findings import Finding, outcome
from service.store import claims, tallies

# Upper bounds, in seconds, of the histogram of times from post to decision.
TIMES = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)


def count(session: Session, judged: Sequence[tuple[datetime, Sequence[Finding]]]) -> None:
    """When each revision was sent, and what was found about it."""
    clock = claims.clock(session)
    counts: Counter[tuple[str, str]] = Counter()
    for sent_at, findings in judged:
        seconds = max(0.0, (clock - sent_at).total_seconds())  # a counter never falls
        counts["decisions", f"screening {outcome(findings)}"] += 1
        counts["decision_seconds", "+Inf"] += 1
        counts["decision_milliseconds_sum", ""] += round(seconds * 1000)
        counts.update(("decision_seconds", str(bound)) for bound in TIMES if seconds <= bound)
        counts.update(("findings", f"{f.check} {f.verdict}") for f in findings)
    tallies.add(session, counts)
