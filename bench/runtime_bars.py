#!/usr/bin/env python3
"""Measures what tasks, instances and memory cost against the bars of their specification, and prints a table of both.

Each script in runtime/ does one thing n times and prints one figure; memory is what the kernel saw. A figure is the
best of the runs, since other programs on the machine only ever make it worse.

Exit status 1: a bar was missed or a script failed.
"""
import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from meter import HERE, Meter, Run, memory_mb
from tables import table

SCRIPTS = HERE / "runtime"
SIGNAL_ROUNDS = 5


def figure(value: float, _: Run) -> float:
    """What the script printed."""
    return value


def peak_mb(_: float, run: Run) -> float:
    """The most memory that the run occupied."""
    return run.peak_kb / 1024


@dataclass
class Figure:
    name: str
    value: float
    bar: float
    unit: str

    @property
    def reached(self) -> bool:
        return self.value <= self.bar


class Bench:
    def __init__(self, meter: Meter, subject: Path, runs: int) -> None:
        self.meter, self.subject, self.runs = meter, subject, runs
        self.figures: list[Figure] = []

    def add(self, name: str, bar: float, unit: str, value: float) -> None:
        self.figures.append(Figure(name, value, bar, unit))
        print(f"{name}: {value:.4g} {unit}", file=sys.stderr)

    def run(self, script: str, *flags: str, **config: float) -> tuple[float, Run]:
        """One run of [script]: the figure that it prints, and what the run cost."""
        settings = ", ".join(f"{name}={str(value).lower()}" for name, value in config.items())
        run = self.meter.run([self.subject, SCRIPTS / f"{script}.du", "-config", settings, *flags], 120)
        if run.status != 0:
            raise SystemExit(f"{script}.du ended with status {run.status}: {run.err}")
        return float(run.out), run

    def best(self, script: str, pick: Callable[[float, Run], float], *flags: str, **config: float) -> float:
        return min(pick(*self.run(script, *flags, **config)) for _ in range(self.runs))

    def cpu_each(self, script: str, each: int, n: int) -> float:
        """CPU seconds for one of the [each] * [n] things that [script] does: on one core, and whatever else runs."""
        return self.best(script, lambda _, run: run.cpu, n=n) / (each * n)

    def times_slower(self, script: str, flag: str, **config: float) -> float:
        """How many times as much CPU time [script] takes with [flag], which reports to a file that nobody reads."""
        def cpu(*flags: str) -> float:
            return self.best(script, lambda _, run: run.cpu, *flags, **config)
        return cpu(flag, os.devnull) / cpu()

    def resident_mb(self, instances: int) -> float:
        """Megabytes of a process in which so many instances sleep, without those of one in which none does."""
        def resident(count: int) -> float:
            config = f"n={count}, seconds=30"
            process = subprocess.Popen([self.subject, SCRIPTS / "resident_instances.du", "-config", config])
            try:
                before = -1.0
                while (now := memory_mb(process.pid)) != before:  # until it has settled
                    before = now
                    time.sleep(1)
                return now
            finally:
                process.kill()
                process.wait()
        return resident(instances) - resident(0)

    def interrupted_after(self) -> float:
        """Seconds from Ctrl-C to the end of a process that computes."""
        worst = 0.0
        for _ in range(SIGNAL_ROUNDS):
            process = subprocess.Popen([self.subject, SCRIPTS / "busy.du"], stdout=subprocess.PIPE)
            process.stdout.readline()
            time.sleep(0.05)  # it is in its loop now
            started = time.monotonic()
            process.send_signal(signal.SIGINT)
            process.wait(10)
            worst = max(worst, time.monotonic() - started)
            process.stdout.close()
        return worst

    def measure(self) -> None:
        self.measure_tasks()
        self.measure_instances()
        self.measure_memory()
        self.measure_fairness()

    def measure_tasks(self) -> None:
        seconds, run = self.run("sleepers", n=100_000)
        self.add("100,000 tasks in sleep(1), all done", 4, "s", seconds)
        self.add("their peak memory", 500, "MB", peak_mb(seconds, run))
        self.add("create and finish a task", 3, "us", 1e6 * self.cpu_each("create_finish", 1, 1_000_000))
        self.add("switch between two tasks", 200, "ns", 1e9 * self.cpu_each("switch", 2, 1_000_000))
        self.add("channel hand-over between two tasks", 500, "ns", 1e9 * self.cpu_each("channel", 1, 1_000_000))
        peaks = [self.best("one_after_another", peak_mb, n=n) for n in (100_000, 1_000_000)]
        self.add("growth from 100,000 to 1,000,000 tasks in a row", 1, "MB", peaks[1] - peaks[0])

    def measure_instances(self) -> None:
        self.add("10,000 spawned sleep(1), all done", 1.3, "s", self.best("spawned_sleepers", figure, n=10_000))
        self.add("memory of 10,000 sleeping instances", 100, "MB", self.resident_mb(10_000))
        self.add("run() of an empty script", 100, "us", 1e6 * self.cpu_each("run_trivial", 1, 100_000))
        peaks = [self.best("run_trivial", peak_mb, n=n) for n in (1_000, 100_000)]
        self.add("growth over 100,000 instances in a row", 2, "MB", peaks[1] - peaks[0])

    def measure_memory(self) -> None:
        million = 1_000_000
        self.add("freeing a list of 1,000,000 nodes", 200, "ms", 1e3 * self.best("free_list", figure, n=million))
        self.add("a dead cycle beside 1,000,000 living containers", 1, "ms",
                 1e3 * self.best("collect", figure, n=million, touched=False))
        self.add("the same with all of them candidates", 300, "ms",
                 1e3 * self.best("collect", figure, n=million, touched=True))
        self.add("memory profile", 2, "times as long", self.times_slower("allocate", "-profile-memory", n=500_000))

    def measure_fairness(self) -> None:
        self.add("two computing instances beside one", 1.5, "times as long", self.best("two_cores", figure, n=20_000_000))
        workers = os.cpu_count() or 1
        self.add("a sleeper wakes late beside busy loops", 20, "ms", 1e3 * self.best("beside_busy", figure, workers=workers))
        self.add("kill of a busy loop", 50, "ms", 1e3 * self.best("kill_busy", figure))
        self.add("timeout of a busy loop", 50, "ms", 1e3 * self.best("timeout_busy", figure))
        self.add("Ctrl-C in a busy loop", 50, "ms", 1e3 * self.interrupted_after())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subject", type=Path, default=HERE.parent / "build/release/duso", help="the duso to measure")
    parser.add_argument("--runs", type=int, default=3, help="runs per figure")
    arguments = parser.parse_args()
    with Meter() as meter:
        bench = Bench(meter, arguments.subject.resolve(), arguments.runs)
        bench.measure()

    def cell(figure: Figure, column: str) -> str:
        return {"measured": f"{figure.value:.4g} {figure.unit}", "bar": f"{figure.bar:g} {figure.unit}",
                "reached": "yes" if figure.reached else "NO"}[column]

    names = {figure.name: figure for figure in bench.figures}
    print(table("", names, ["measured", "bar", "reached"], lambda name, column: cell(names[name], column)))
    return 0 if all(figure.reached for figure in bench.figures) else 1


if __name__ == "__main__":
    sys.exit(main())
