"""Posting: how fast a comment is taken, judged, and what that costs."""

import time

from benchmarks import machine
from benchmarks.load import Connection, Posted
from benchmarks.machine import Meter
from benchmarks.sample import Sample, milliseconds, percentile
from benchmarks.stack import Stack, System, running
from benchmarks.stored import Stored
from benchmarks.texts import Writer

SELDOM = 0.5  # seconds between two posts: long enough for the one before to be judged
OFTEN = 0.05
POLL = 0.005
CONNECTIONS = (1, 4, 16)
STARTS = 5
REST = 1.0  # seconds in which a machine comes to rest after load
SECONDS_TO_DECIDE = 30


def latency(
    stack: Stack, stored: Stored, seconds: float, *, table: str, every: float
) -> list[Sample]:
    """One reader after the other, on an otherwise idle service."""
    meter = Meter(stack.trees)
    posted = stack.post_for(seconds, every=every)
    usage = meter.read()
    stored.wait_until_decided()
    times = [one.seconds for one in posted]
    decided = stored.decision_seconds(posted)
    values = {
        **milliseconds(times, 0.50, 0.95, 0.99),
        "decided after, p50 ms": percentile(decided, 0.50) * 1000,
        "decided after, p95 ms": percentile(decided, 0.95) * 1000,
        "CPU ms a comment": usage.server / len(posted) * 1000,
        "other load, cores": usage.other,
    }
    return [Sample(table, (stack.system.name,), values)]


def idle(system: System, seconds: float) -> list[Sample]:
    """Posts that find everything at rest, on a service started for them."""
    with running(system) as (stack, stored), machine.pinned_to(machine.GENERATOR_CORES):
        stack.post_for(2, every=SELDOM)  # the first ones open connections and compile statements
        return latency(stack, stored, seconds * 5, table="idle", every=SELDOM)


def decision(stack: Stack, stored: Stored, count: int, when: str) -> list[Sample]:
    """From the sending of a post until its author is told that it is decided on.

    Nearly all are approved; a few in ten thousand are by chance too much like an earlier one.
    """
    connection = Connection(stack.port)
    writer = Writer(f"{stack.port} {len(stack.posted)}")
    before = len(stack.posted)
    seen: list[float] = []
    for number in range(count):
        # Out of step with the sweep, which would otherwise judge always or never.
        time.sleep(0.1 + 0.037 * (number % 7))
        posted = connection.post(writer.draft())
        stack.posted.append(posted)
        seen.append(_seconds_until_decided(connection, posted))
    connection.close()
    exact = stored.decision_seconds(stack.posted[before:])
    values = {
        "seen p50 ms": percentile(seen, 0.50) * 1000,
        "seen p95 ms": percentile(seen, 0.95) * 1000,
        "stored p50 ms": percentile(exact, 0.50) * 1000,
        "stored p95 ms": percentile(exact, 0.95) * 1000,
    }
    return [Sample("decision", (stack.system.name, when), {**values, "comments": before})]


def _seconds_until_decided(connection: Connection, posted: Posted) -> float:
    while (passed := time.perf_counter() - posted.sent_at) < SECONDS_TO_DECIDE:
        if connection.state(posted) != "received":
            return time.perf_counter() - posted.sent_at
        time.sleep(POLL)
    raise TimeoutError(f"A comment was not judged within {passed:.0f} s.")


def throughput(stack: Stack, stored: Stored, seconds: float, connections: int) -> list[Sample]:
    """As many posts as go through, and the screening of what is left at the end."""
    meter = Meter(stack.trees)
    posted = stack.post_for(seconds, connections=connections)
    usage = meter.read()
    backlog, began = stored.waiting(), time.perf_counter()
    stored.wait_until_decided()
    drained = time.perf_counter() - began
    whole = meter.read()
    times = [one.seconds for one in posted]
    values = {
        "accepted/s": len(posted) / usage.seconds,
        **milliseconds(times, 0.50, 0.99),
        "accepted/CPU-s": len(posted) / usage.server,
        "backlog": backlog,
        "backlog gone after s": drained,
        "then judged/s": backlog / drained,
        "CPU ms a comment, judged": whole.server / len(posted) * 1000,
        "other load, cores": whole.other,
    }
    return [Sample("throughput", (stack.system.name, str(connections)), values)]


SERVING = "without supervisor"  # web, workers and Valkey


def memory(stack: Stack, when: str, *, table: str = "memory") -> list[Sample]:
    time.sleep(REST)
    parts = machine.pss(stack.roots)
    own = {part: size for part, size in parts.items() if part != "PostgreSQL"}
    together = sum(own.values())
    values = {**own, SERVING: together - own["supervisor"], "together": together}
    return [Sample(table, (stack.system.name, when), values)]


def measure(system: System, seconds: float) -> list[Sample]:
    """Everything about posting, once, on a service started for it."""
    with running(system) as (stack, stored), machine.pinned_to(machine.GENERATOR_CORES):
        count = max(5, round(seconds * 4))
        samples = memory(stack, "idle")
        samples += latency(stack, stored, seconds * 2, table="latency", every=OFTEN)
        samples += decision(stack, stored, count, "before the load")
        for connections in CONNECTIONS:
            samples += throughput(stack, stored, seconds, connections)
            time.sleep(REST)
        samples += decision(stack, stored, count, "after the load")
        samples += memory(stack, "after the load")
        share = {"approved %": stored.approved_share() * 100, "comments": len(stack.posted)}
        return [*samples, Sample("verified", (system.name,), share)]


def start_up(system: System) -> list[Sample]:
    """Starting again with the data of before, on all cores, as anybody would."""
    samples = []
    with running(system, cores=machine.ALL_CORES) as (stack, _):
        for _ in range(STARTS):
            stack.stop()
            samples.append(Sample("start", (system.name,), {"first 200 after s": stack.start()}))
    return samples
