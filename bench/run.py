#!/usr/bin/env python3
"""Measures the language workloads in every runtime that this machine has, and prints the results as Markdown.

Each workload is a folder under work/ with the same program in several languages; it takes its size as an argument and
prints one line, the checksum of what it did. Runs of the runtimes are interleaved, the order turned round each time, so
that a busy minute of the machine hurts all of them alike. README.md says how to read the figures.

Exit status 1: a program failed, printed another checksum than the others, or --bars were asked for and not reached.
"""
import argparse
import json
import os
import platform
import re
import sys
import time
from pathlib import Path

import bars
from document import write_document
from meter import HERE, Meter
from peers import Runtime, runtimes
from results import Results
from tables import fixed, row, table

README = HERE / "README.md"
TABLE_IN_README = re.compile(r"(?<=<!-- table -->\n).*(?=<!-- /table -->)", re.DOTALL)


def measure(found: dict[str, Runtime], sizes: dict[str, int], rounds: int, seconds: int) -> Results:
    """Runs each workload of [sizes] in each of the runtimes [found], [rounds] times, at most [seconds] each time."""
    results = Results(list(sizes), list(found))
    started = time.monotonic()
    with Meter() as meter:
        environment = {"BENCH_JSON_DOC": str(meter.folder / "document.json")}
        if "json_document" in sizes:
            write_document(meter.folder / "document.json")
        for number in range(rounds):
            for workload, size in sizes.items():
                for name in list(found) if number % 2 == 0 else reversed(found):
                    cell = results.cells[workload, name]
                    program = HERE / "work" / workload / f"bench.{found[name].extension}"
                    if program.exists() and not cell.failure:
                        cell.add(meter.run(found[name].command(program, size), seconds, environment))
            print(f"round {number + 1} of {rounds}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    results.compare_checksums()
    return results


def report(results: Results, base: str, rounds: int, load: float) -> str:
    """The tables of [results], with ratios to the runtime [base]."""
    names = results.runtimes
    body = [workload for workload in results.workloads if workload != "empty"]

    def cpu(workload: str, runtime: str) -> str:
        failure = results.cells[workload, runtime].failure
        return failure.partition(" ")[0].rstrip(":") if failure else fixed(results.cpu(workload, runtime), 3)

    def times_faster(workload: str, runtime: str) -> str:
        return fixed(results.times_faster(workload, runtime, base), 2)

    def peak(workload: str, runtime: str) -> str:
        return fixed(results.peak_mb(workload, runtime), 1)

    means = [fixed(results.mean_times_faster(runtime, base, body), 2) for runtime in names]
    paragraphs = [
        f"{platform.machine()}, {os.cpu_count()} processors, {time.strftime('%Y-%m-%d')}; median of {rounds} "
        f"interleaved runs; load average {load:.2f} before, {os.getloadavg()[0]:.2f} after.",
        "### User and system CPU seconds of the whole process",
        table("workload", results.workloads, names, cpu),
        f"### Times faster than {base}: CPU time without start-up, below 1 is slower",
        table("workload", body, names, times_faster) + "\n" + row(["**geometric mean**", *means]),
        "### Peak resident memory, MB",
        table("workload", results.workloads, names, peak),
    ]
    return "\n\n".join(paragraphs)


def raw(results: Results, base: str) -> dict:
    """Everything that was measured, for later comparison."""
    return {
        "date": time.strftime("%Y-%m-%d %H:%M"),
        "base": base,
        "results": {
            workload: {
                runtime: {
                    "cpu_s": results.cpu(workload, runtime),
                    "wall_s": results.wall(workload, runtime),
                    "peak_mb": results.peak_mb(workload, runtime),
                    "cpu_all": results.cells[workload, runtime].cpu,
                    "checksum": results.cells[workload, runtime].checksum,
                    "failure": results.cells[workload, runtime].failure,
                }
                for runtime in results.runtimes
            }
            for workload in results.workloads
        },
    }


def comma_separated(text: str) -> list[str]:
    return text.split(",")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subject", metavar="DUSO", help="the binary under test, e.g. build/release/duso")
    parser.add_argument("--against", metavar="RUNTIME", help="what the ratios are taken to (default: lua5.4)")
    parser.add_argument("--runs", type=int, default=5, help="how often everything is run (default: 5)")
    parser.add_argument("--only", type=comma_separated, metavar="NAMES", help="these workloads, with commas")
    parser.add_argument("--runtimes", type=comma_separated, metavar="NAMES", help="these columns, with commas")
    parser.add_argument("--timeout", type=int, default=60, help="seconds for one run (default: 60)")
    parser.add_argument("--sizes", default="sizes.json",
                        help="the sizes of the workloads, a file of this folder; sizes-long.json is ten times the work")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was measured here")
    parser.add_argument("--bars", action="store_true", help="say whether duso is as far ahead of lua5.4 as it must be")
    parser.add_argument("--write-readme", action="store_true", help="put the tables into README.md")
    options = parser.parse_args()

    sizes = json.loads((HERE / options.sizes).read_text())
    found = runtimes(options.subject)
    if options.bars:
        sizes = {name: size for name, size in sizes.items() if name == "empty" or name in bars.WORKLOADS}
        found = {name: runtime for name, runtime in found.items() if name in ("duso", bars.RIVAL)}
        if len(found) != 2:
            parser.error(f"--bars needs --subject and {bars.RIVAL}")
    if options.only:
        sizes = {name: size for name, size in sizes.items() if name in options.only}
    if options.runtimes:
        found = {name: runtime for name, runtime in found.items() if name in options.runtimes}
    if not sizes or not found:
        parser.error("nothing to measure")
    base = options.against or (bars.RIVAL if bars.RIVAL in found else next(iter(found)))
    if base not in found:
        parser.error(f"there is no {base} to compare with")

    load = os.getloadavg()[0]
    results = measure(found, sizes, options.runs, options.timeout)
    failures = results.failures()
    for failure in failures:
        print(failure, file=sys.stderr)
    reached = True
    if options.bars:
        text, reached = bars.judge(results)
    else:
        text = report(results, base, options.runs, load)
    print(text)
    if options.json:
        options.json.write_text(json.dumps(raw(results, base), indent=1) + "\n")
    if options.write_readme:
        README.write_text(TABLE_IN_README.sub(lambda _: text + "\n", README.read_text()))
    return 0 if reached and not failures else 1


if __name__ == "__main__":
    sys.exit(main())
