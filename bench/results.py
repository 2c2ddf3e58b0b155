"""The measurements of one benchmark run, and the figures that are derived from them."""
import math
from collections import Counter
from dataclasses import dataclass, field

from meter import KILLED, Run
from tables import median

LEAST_NET = 0.0005  # seconds: what remains of a run after start-up is never taken for less than the clock resolves


@dataclass
class Cell:
    """All runs of one workload by one runtime."""
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    peak_kb: list[int] = field(default_factory=list)
    checksum: str | None = None
    failure: str | None = None

    def add(self, run: Run) -> None:
        if run.status != 0:
            self.failure = "timeout" if run.status == KILLED else f"failed with status {run.status}: {run.err[-300:]}"
            return
        self.checksum = run.out.strip().rpartition("\n")[2].strip()
        self.cpu.append(run.cpu)
        self.wall.append(run.wall)
        self.peak_kb.append(run.peak_kb)


class Results:
    """One cell for each pair of workload and runtime. Figures of a cell that failed or was not run are None."""

    def __init__(self, workloads: list[str], runtimes: list[str]):
        self.workloads = workloads
        self.runtimes = runtimes
        self.cells = {(workload, runtime): Cell() for workload in workloads for runtime in runtimes}

    def compare_checksums(self) -> None:
        """Fails every cell whose program printed another result than most of the others did."""
        for workload in self.workloads:
            cells = [self.cells[workload, runtime] for runtime in self.runtimes]
            votes = Counter(canonical(cell.checksum) for cell in cells if cell.checksum is not None)
            for cell in cells:
                if cell.checksum is not None and canonical(cell.checksum) != votes.most_common(1)[0][0]:
                    cell.failure = f"wrong: {cell.checksum} where most have {votes.most_common(1)[0][0]}"

    def failures(self) -> list[str]:
        return [f"{workload} / {runtime}: {cell.failure}" for (workload, runtime), cell in self.cells.items()
                if cell.failure]

    def cpu(self, workload: str, runtime: str) -> float | None:
        """Median of user and system seconds of the whole process."""
        return self._median(workload, runtime, "cpu")

    def wall(self, workload: str, runtime: str) -> float | None:
        return self._median(workload, runtime, "wall")

    def peak_mb(self, workload: str, runtime: str) -> float | None:
        peak_kb = self._median(workload, runtime, "peak_kb")
        return None if peak_kb is None else peak_kb / 1024

    def times_faster(self, workload: str, runtime: str, than: str) -> float | None:
        """How many times [runtime] does the work in the time of [than], the start-up of each left out."""
        ours, theirs = self._net(workload, runtime), self._net(workload, than)
        return None if ours is None or theirs is None else theirs / ours

    def mean_times_faster(self, runtime: str, than: str, workloads: list[str]) -> float | None:
        """The geometric mean of times_faster() over those of [workloads] that both have done."""
        factors = [self.times_faster(workload, runtime, than) for workload in workloads if workload != "empty"]
        logs = [math.log(factor) for factor in factors if factor is not None]
        return math.exp(sum(logs) / len(logs)) if logs else None

    def _median(self, workload: str, runtime: str, what: str) -> float | None:
        cell = self.cells[workload, runtime]
        return None if cell.failure else median(getattr(cell, what))

    def _net(self, workload: str, runtime: str) -> float | None:
        cpu = self.cpu(workload, runtime)
        start = self.cpu("empty", runtime) if "empty" in self.workloads else None
        return None if cpu is None else max(cpu - (start or 0.0), LEAST_NET)


def canonical(checksum: str) -> str:
    """One spelling for a number that languages print differently: 5, 5.0, 5e0."""
    try:
        return repr(float(checksum))
    except ValueError:
        return checksum
