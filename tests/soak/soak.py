#!/usr/bin/env python3
"""The soak test: one process, several workers, and script instances that do anything at any time.

    soak.py --bin build/release/duso                     twenty seconds, as in ctest
    soak.py --bin build/release/duso --seconds 600       the ten minutes that a release has to stand
    soak.py --bin build/release/duso --seed 42           the same decisions as in another run
    soak.py --bin build/tsan/duso --any-memory           under a sanitizer, which has memory of its own

soak.du spawns and runs instances at random: they sleep, compute without end, recurse beyond their stack, fill their
heap, lose an allocation, panic, talk through channels, locks and queues, start programs and further instances; and they
are killed at any moment. It does so in rounds. After each this program looks at what is left, and holds the process to:

  * it lives, and ends when it is told to;
  * every instance that was started has ended, in exactly one of the known ways;
  * as many instances as were killed say so;
  * cleanups have run;
  * nothing is left: no instance, no task, no leaked object, no job, no child process;
  * there are as many descriptors and threads as after the warm-up, and memory is within a margin of what it was then:
    MARGIN and MARGIN_MB below.

The warm-up is a round of its own, half of the time but at most LONGEST_WARM_UP, for caches, free lists and threads to
fill; it begins with large heaps and deep stacks, of which each worker keeps some. Exit status 1: something is
lost; standard output says what. The figures of all rounds come last.
"""
import argparse
import json
import os
import queue
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
INSTANCES = 60  # that live at the same time
PATIENCE = 150.0  # seconds in which a round must have settled after its load
LONGEST_ROUND = 30.0  # seconds
LONGEST_WARM_UP = 30.0

# What the resident memory may have grown by when all is over: a part of what it was, for fragments in the allocators
# of several threads, and a fixed amount, because a process this small is a few regions of an allocator.
MARGIN = 0.10
MARGIN_MB = 2.0
SHORT_MARGIN_MB = 8.0  # after a warm-up too short to fill everything

# What is claimed for heaps and frozen values may differ by: each thread claims some kilobytes ahead.
HEAP_MARGIN = 512 * 1024

SAID = re.compile(r"spawn: error in <dynamic>: .*?: soak-(\w+) (\S+)")
MARKER = re.compile(r"spawn: error in <dynamic>: .*: soak-marker$")
KILLED = "spawn: error in <dynamic>: killed"
PANICKED = re.compile(r"  instance: (\d+) \(spawn\)")
# What else may stand on standard error: programs that were started, and the rest of the reports of errors and panics.
USUAL = re.compile(r"exec: /|  |Call stack:|Native backtrace:|Panic: |duso \d|$")


@dataclass
class Round:
    """What a round has told of its instances, in the order of no clock: the two streams are read side by side."""
    started: dict[str, int] = field(default_factory=dict)  # pids by id
    asked: set[str] = field(default_factory=set)  # to end
    said: list[tuple[str, str]] = field(default_factory=list)  # ids, and how they ended by what they said themselves
    panicked: set[int] = field(default_factory=set)  # pids
    killed: int = 0  # lines that say so
    runs: dict[str, str] = field(default_factory=dict)  # by somebody who waits: parents by id
    ran: dict[str, str] = field(default_factory=dict)  # how they ended
    problems: list[str] = field(default_factory=list)

    def note_output(self, line: str) -> None:
        match line.split(maxsplit=2):
            case ["start", name, pid]:
                self.started[name] = int(pid)
            case ["kill", name]:
                self.asked.add(name)
            case ["value", name]:
                self.said.append((name, "value"))
            case ["run", name, parent]:
                self.runs[name] = parent
            case ["ran", name, how]:
                self.ran[name] = how
            case _:
                self.problems.append(f"standard output: {line}")

    def note_error(self, line: str) -> None:
        if found := SAID.match(line):
            how, name = found.groups()
            self.said.append((name, how))
            if how == "error" and not line.endswith("on purpose"):
                self.problems.append(line)
        elif found := PANICKED.match(line):
            self.panicked.add(int(found[1]))
        elif line == KILLED:
            self.killed += 1
        elif not USUAL.match(line):
            self.problems.append(f"standard error: {line}")

    def account(self) -> Counter[str]:
        """How many have ended in which way. What does not add up becomes a problem."""
        ends: dict[str, list[str]] = {name: [] for name in self.started}
        for name, how in self.said:
            if name in ends:
                ends[name].append(how)
            else:
                self.problems.append(f"{name} ended ({how}), but was never started")
        counts: Counter[str] = Counter()
        may_be_killed = 0  # who announced its end may still have been killed in the moment between
        for name, hows in ends.items():
            if self.started[name] in self.panicked:
                hows.append("panic")
            if not hows and name in self.asked:
                hows.append("killed")
            elif name in self.asked:
                may_be_killed += 1
            if len(hows) == 1:
                counts[hows[0]] += 1
            else:
                self.problems.append(f"lost: {name} (pid {self.started[name]}) ended in these ways: {hows or 'none'}")
        least, most = counts["killed"], counts["killed"] + may_be_killed
        if not least <= self.killed <= most:
            self.problems.append(f"{least} to {most} were killed, and {self.killed} said so")
        for name in self.runs:
            counts[f"run: {self.end_of_run(name)}"] += 1
        return counts

    def end_of_run(self, name: str) -> str:
        how = self.ran.get(name)
        if how in ("value", "error", "limit", "panic", "timeout"):
            return how
        parent = self.runs[name]
        parent_was_cut_off = parent in self.asked or (
            parent in self.runs and (parent not in self.ran or self.ran[parent] == "timeout"))
        if how is not None or not parent_was_cut_off:
            self.problems.append(f"lost: run() of {name} by {parent} ended in this way: {how}")
        return "with its parent"


@dataclass
class State:
    """What the process holds at the end of a round."""
    runtime: dict
    rss_mb: float
    descriptors: int
    threads: int
    children: list[str]

    def line(self) -> str:
        return f"{self.rss_mb:.1f} MB, {self.descriptors} descriptors, {self.threads} threads, " \
               f"{len(self.children)} child processes, {self.runtime['live']} instance, {self.runtime['tasks']} task; " \
               f"the latest wake-up came {self.runtime['latest']} ms late"

    def problems(self) -> list[str]:
        """What is left though nothing should be."""
        told = self.runtime
        found = [f"{name} is {told[name]}, not {wanted}"
                 for name, wanted in (("alone", True), ("live", 1), ("tasks", 1), ("leaks", False), ("pending_jobs", 0),
                                      ("cleaned", told["armed"])) if told[name] != wanted]
        if not told["alone"]:
            found.append(f"instances that are left: {told['instances']}")
        return found + [f"a child process is left: {child}" for child in self.children]

    def compared_with(self, before: "State", margin_mb: float) -> list[str]:
        """What has changed since [before]; memory may have grown by a part, and by so many megabytes."""
        found = [f"{what} were {then}, and are {now}"
                 for what, then, now in (("descriptors", before.descriptors, self.descriptors),
                                         ("threads", before.threads, self.threads)) if then != now]
        grown = self.runtime["process_heap"] - before.runtime["process_heap"]
        if grown > HEAP_MARGIN:
            found.append(f"heaps and frozen values take {grown} bytes more")
        most = before.rss_mb * (1 + MARGIN) + margin_mb
        if self.rss_mb > most:
            found.append(f"memory was {before.rss_mb:.1f} MB, and is {self.rss_mb:.1f} MB: more than {most:.1f} MB")
        return found


class Process:
    """The process under test."""

    def __init__(self, program: Path, seed: int, workers: int) -> None:
        config = f"seed={seed}, instances={INSTANCES}, readable='{HERE / 'soak.py'}'"
        command = [program, HERE / "soak.du", "-worker-threads", str(workers), "-time-slice", "2", "-test-faults",
                   "-allow-exec", "cat,sleep", "-config", config]
        self.round = Round()
        self.answers: queue.Queue[dict | None] = queue.Queue()
        self.all_said = threading.Event()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, errors="replace", start_new_session=True)
        for reader in (self.read_output, self.read_errors):
            threading.Thread(target=reader, daemon=True).start()

    def read_output(self) -> None:
        for line in self.process.stdout:
            if line.startswith("settled "):
                self.answers.put(json.loads(line.removeprefix("settled ")))
            else:
                self.round.note_output(line.rstrip("\n"))
        self.answers.put(None)

    def read_errors(self) -> None:
        for line in self.process.stderr:
            if MARKER.match(line):
                self.all_said.set()
            else:
                self.round.note_error(line.rstrip("\n"))

    def order(self, text: str) -> None:
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def load(self, seconds: float, tell) -> tuple[Round, State | None]:
        """A round of so many seconds. No state: the process did not answer any more."""
        self.order(f"load {seconds}")
        deadline = time.monotonic() + seconds + PATIENCE
        while time.monotonic() < deadline:
            tell(self)
            try:
                answer = self.answers.get(timeout=0.5)
            except queue.Empty:
                continue
            if answer is None or not self.all_said.wait(10):
                break
            self.all_said.clear()
            finished, self.round = self.round, Round()
            return finished, self.state(answer)
        return self.round, None

    def state(self, runtime: dict) -> State:
        place = Path(f"/proc/{self.process.pid}")
        children = [child for task in (place / "task").iterdir()
                    for child in (task / "children").read_text().split()]
        return State(runtime, self.rss_mb(), len(list((place / "fd").iterdir())), len(list((place / "task").iterdir())),
                     [Path(f"/proc/{child}/stat").read_text() for child in children])

    def rss_mb(self) -> float:
        found = re.search(r"VmRSS:\s*(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0

    def end(self) -> int:
        """Its exit status when it is told to end."""
        self.order("end")
        return self.process.wait(30)

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Soak:
    def __init__(self, process: Process, seconds: float, any_memory: bool) -> None:
        self.process = process
        self.started = time.monotonic()
        self.seconds = seconds
        self.warm_up = min(LONGEST_WARM_UP, seconds / 2)
        self.margin_mb = MARGIN_MB if self.warm_up == LONGEST_WARM_UP else SHORT_MARGIN_MB
        if any_memory:
            self.margin_mb = float("inf")
        self.counts: Counter[str] = Counter()
        self.states: list[State] = []
        self.problems: list[str] = []

    def tell(self, process: Process) -> None:
        if not sys.stderr.isatty():
            return
        ended = sum(count for how, count in self.counts.items() if not how.startswith("run"))
        print(f"\r{time.monotonic() - self.started:6.0f} s of {self.seconds:.0f}, "
              f"{ended + len(process.round.started)} instances, {process.rss_mb():.1f} MB, "
              f"{len(self.problems)} problems ", end="", file=sys.stderr, flush=True)

    def one_round(self, seconds: float) -> bool:
        finished, state = self.process.load(seconds, self.tell)
        if state is None:
            status = self.process.process.poll()
            self.problems.append(f"the process did not answer; its status is {status}")
            self.problems += finished.problems
            return False
        self.counts += finished.account()
        self.problems += finished.problems + state.problems()
        self.states.append(state)
        return True

    def run(self) -> None:
        left = self.seconds
        length = self.warm_up
        while left > 0 and self.one_round(length):
            left -= length
            length = min(LONGEST_ROUND, left)
        if left <= 0:
            status = self.process.end()
            if status != 0:
                self.problems.append(f"exit status {status}")
            self.problems += self.states[-1].compared_with(self.states[0], self.margin_mb)
        self.process.kill()

    def report(self) -> None:
        for number, state in enumerate(self.states):
            print(f"{f'round {number}' if number else 'warm-up'}: {state.line()}")
        for how, count in sorted(self.counts.items()):
            print(f"{count:8} {how}")
        for problem in self.problems[:50]:
            print(problem)
        print(f"{len(self.problems)} problems" if self.problems else "all is accounted for")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, required=True, help="the duso to test")
    parser.add_argument("--seconds", type=float, default=20, help="of load, the warm-up included")
    parser.add_argument("--seed", type=int, help="of the decisions; one is made up and printed if there is none")
    parser.add_argument("--workers", type=int, default=4, help="threads that run scripts")
    parser.add_argument("--any-memory", action="store_true", help="do not look at how much memory is used")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.randrange(1_000_000)
    print(f"seed {seed}", flush=True)
    process = Process(arguments.bin.resolve(), seed, arguments.workers)
    try:
        soak = Soak(process, arguments.seconds, arguments.any_memory)
        soak.run()
    finally:
        process.kill()
    if sys.stderr.isatty():
        print(file=sys.stderr)
    soak.report()
    return 1 if soak.problems else 0


if __name__ == "__main__":
    sys.exit(main())
