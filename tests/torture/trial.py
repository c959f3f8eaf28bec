"""A trial: what it is given, and what comes of it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """One run of a trial; the same seed does the same again, as far as clocks allow."""

    database: str  # sqlite or postgresql
    folder: Path
    seed: int
    times: int  # faults, or whatever the trial counts
    slack: float = 1.0  # by how much limits of time are stretched, where others use the machine
    tell: Callable[[int], None] = lambda _done: None  # how many of them are done

    @property
    def is_hurried(self) -> bool:
        """Within `make test`, which has little time."""
        return self.slack > 1


@dataclass
class Outcome:
    """What was broken, by promise, and figures for the report."""

    run: Run
    trials: int
    broken: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    figures: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def break_if(self, condition: bool, promise: str, what: str) -> None:
        if condition:
            self.broken.setdefault(promise, []).append(what)

    def holds(self, promise: str) -> bool:
        return not self.broken.get(promise)

    def in_words(self) -> str:
        """For whoever runs it: printed, and shown by pytest when it fails."""
        lines = [f"seed {self.run.seed}, {self.run.database}: {self.trials} trials"]
        lines += [f"  {promise}: {figure}" for promise, figure in self.figures.items()]
        lines += [f"  {note}" for note in self.notes]
        for promise, examples in self.broken.items():
            lines += [f"  {promise} BROKEN: {example}" for example in examples[:10]]
            if len(examples) > 10:
                lines.append(f"  {promise}: … {len(examples)} in all")
        return "\n".join(lines)
