#!/usr/bin/env python3
"""Measures the datastore and the cost of starting tasks, and prints the results as Markdown.

Five sections, each of which --skip leaves out:

    ops      operations per second of one script: in memory, with a log, encrypted, synced at each write
    contend  many tasks on one store and one key
    floor    the same loops on a plain table of another language: what the loop itself costs
    redis    a server on the loopback interface, the usual alternative
    tasks    starting and ending many tasks, beside other runtimes' cheapest unit of concurrency
"""
import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from meter import HERE, Meter, cpu_seconds, memory_mb
from peers import dusos, find, python
from tables import fixed, median, rate, row, table

DATA = HERE / "data"
SECTIONS = ["ops", "contend", "floor", "redis", "tasks"]
OPERATIONS = {"memory": 100_000, "wal": 50_000, "encrypted": 50_000, "fsync": 300}  # by mode of the store
WORKERS = [1, 2, 4, 16, 64]
CONTENDED_OPERATIONS = 200_000  # in all, shared between the workers
FLOOR_OPERATIONS = 300_000


def figures(text: str) -> dict[str, float]:
    """The numbers a program printed, one `name of it NUMBER` a line."""
    matches = (re.fullmatch(r"(.+?) ([\d.e+-]+)", line.strip()) for line in text.splitlines())
    return {match[1]: float(match[2]) for match in matches if match}


def duso(binary: str, program: str, **config: int) -> list[str]:
    """The command that runs data/[program] with [config]."""
    return [binary, str(DATA / program), "-config", ",".join(f"{name}={value}" for name, value in config.items())]


def complain(what: str, errors: str) -> None:
    print(f"{what} failed: {errors[-200:]}", file=sys.stderr)


def operations(meter: Meter, binaries: dict[str, str], rounds: int) -> tuple[str, object]:
    rates: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))  # by column, then operation
    for _ in range(rounds):
        for name, binary in binaries.items():
            for mode, count in OPERATIONS.items():
                with tempfile.TemporaryDirectory(dir=meter.folder) as folder:
                    run = meter.run(duso(binary, "ops.du", n=count), 60, {"BENCH_MODE": mode, "BENCH_DIR": folder})
                if run.status or f"check {count} true" not in run.out:
                    complain(f"ops {name} {mode}", run.err)
                    continue
                for operation, per_second in figures(run.out).items():
                    rates[f"{name} {mode}"][operation].append(per_second)
                rates[f"{name} {mode}"]["peak MB"].append(run.peak_kb / 1024)

    def cell(operation: str, column: str) -> str:
        values = rates[column][operation]
        if not values:
            return "-"
        return fixed(median(values), 0) if operation == "peak MB" else f"{rate(median(values))} / {rate(max(values))}"

    rows = list(dict.fromkeys(operation for column in rates.values() for operation in column))
    text = "### Datastore operations per second, one script: median / best\n\n"
    return text + table("operation", rows, list(rates), cell), rates


def contention(meter: Meter, binaries: dict[str, str], rounds: int) -> tuple[str, object]:
    runs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _ in range(rounds):
        for name, binary in binaries.items():
            for workers in WORKERS:
                run = meter.run(duso(binary, "contend.du", workers=workers, ops=CONTENDED_OPERATIONS // workers), 60)
                if run.status:
                    complain(f"contend {name} {workers}", run.err)
                    continue
                runs[f"{name} {workers}"].append((figures(run.out)["ops/s"], run.cpu))

    def cell(workers: int, name: str) -> str:
        rates, cpu = zip(*runs[f"{name} {workers}"]) if runs[f"{name} {workers}"] else ((), ())
        return f"{rate(median(rates))} / {rate(max(rates))} ({median(cpu):.2f})" if rates else "failed"

    text = ("### Contention: increment one key, set a key of one's own, get the shared key; operations per second, "
            "median / best (CPU s)\n\n")
    return text + table("workers", WORKERS, list(binaries), cell), runs


def floor(meter: Meter, rounds: int) -> tuple[str, object]:
    programs = {"python dict": [python(), DATA / "floor.py"]}
    for program, variable in (("lua5.4", "BENCH_LUA"), ("luajit", "BENCH_LUAJIT")):
        if found := find(variable, program):
            programs[f"{program} table"] = [found, DATA / "floor.lua"]
    rates: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for _ in range(rounds):
        for name, command in programs.items():
            for operation, per_second in figures(meter.run([*command, str(FLOOR_OPERATIONS)]).out).items():
                rates[name][operation].append(per_second)
    text = "### Floor: the same loop on a plain table in the same process, operations per second\n\n"
    return text + table("operation", list(rates["python dict"]), list(programs),
                        lambda operation, name: rate(median(rates[name][operation]))), rates


def redis(meter: Meter) -> tuple[str, object] | None:
    server, client = find("BENCH_REDIS", "redis-server"), find("BENCH_REDIS_BENCHMARK", "redis-benchmark")
    if not server or not client:
        return None
    durable = ["--appendonly", "yes", "--appendfsync"]
    variants = {
        "redis memory": (["--appendonly", "no"], 200_000),
        "redis aof everysec": ([*durable, "everysec"], 200_000),
        "redis aof always": ([*durable, "always"], 100_000),
    }
    rates = {}
    for name, (arguments, requests) in variants.items():
        for clients, of_one_run in redis_rates(meter, server, arguments, client, requests).items():
            rates[f"{name} / {clients}"] = of_one_run

    def cell(operation: str, column: str) -> str:
        value = rates[column].get(operation)
        return fixed(value, 2) if operation == "server cpu us/op" else rate(value)

    text = "### redis on the loopback interface, requests per second; 50 clients at P1 and P16\n\n"
    rows = ["set", "get", "incr", "lpush", "lpop", "hset", "server cpu us/op"]
    return text + table("operation", rows, list(rates), cell), rates


def redis_rates(meter: Meter, server: str, arguments: list[str], client: str, requests: int) -> dict[str, dict]:
    """Requests per second of a new redis: one client without pipelining, then 50 with 1 and with 16 in a packet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])

    def ask(operations: str, count: int, *more: str) -> dict[str, float]:
        text = subprocess.run([client, "-p", port, "-t", operations, "-n", str(count), "--csv", *more],
                              stdout=subprocess.PIPE, text=True, timeout=120).stdout
        lines = re.findall(r'^"([^"]+)","([\d.]+)"', text, re.MULTILINE)
        return {name.split(" ")[0].lower(): float(value) for name, value in lines if name != "test"}

    with tempfile.TemporaryDirectory(dir=meter.folder) as folder:
        process = subprocess.Popen(
            [server, "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", folder, *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(0.5)
            # One client that waits for each reply: what a script sees.
            rates = {"1 client": ask("set,get,incr", min(requests, 20_000), "-c", "1")}
            for pipelined in (1, 16):
                before = cpu_seconds(process.pid)
                answered = ask("set,get,incr,lpush,lpop,hset", requests, "-c", "50", "-P", str(pipelined), "-d", "16",
                               "-r", "10000")
                answered["server cpu us/op"] = (cpu_seconds(process.pid) - before) / (6 * requests) * 1e6
                rates[f"P{pipelined}"] = answered
            print(f"redis {' '.join(arguments)}: {memory_mb(process.pid):.1f} MB", file=sys.stderr)
            return rates
        finally:
            process.terminate()
            process.wait()


def task_programs(meter: Meter, binaries: dict[str, str]) -> list[tuple[str, int, str, list]]:
    """What to start, how many of it, in which runtime, and the command."""
    jobs = []
    for name, binary in binaries.items():
        for what, program, count in (("spawn, sleep 1 s", "spawn.du", 1_000),
                                     ("spawn, sleep 1 s", "spawn.du", 10_000),
                                     ("parallel, sleep 1 s", "parallel_sleep.du", 1_000),
                                     ("parallel, return at once", "parallel.du", 1_000),
                                     ("run() one after another", "run.du", 5_000)):
            jobs.append((what, count, name, duso(binary, program, n=count)))

    sleepers = {"python asyncio": [python(), DATA / "sleepers.py"], "python threads": [python(), DATA / "threads.py"]}
    for name, arguments in (("node", []), ("bun", []), ("deno", ["run", "--quiet", "--no-config"])):
        if found := find("BENCH_" + name.upper(), name):
            sleepers[f"{name} promises"] = [found, *arguments, DATA / "sleepers.js"]
    if go := find("BENCH_GO", "go"):
        program = meter.folder / "sleepers"
        offline = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOPROXY": "off", "GO111MODULE": "off",
                   "GOCACHE": str(meter.folder / "gocache")}
        build = [go, "build", "-o", program, DATA / "sleepers.go"]
        if subprocess.run(build, env={**os.environ, **offline}).returncode == 0:
            sleepers["go goroutines"] = [program]
    for count in (1_000, 10_000):
        jobs += [("spawn, sleep 1 s", count, name, [*command, str(count)]) for name, command in sleepers.items()]
    return jobs


def tasks(meter: Meter, binaries: dict[str, str], rounds: int) -> tuple[str, object]:
    jobs = task_programs(meter, binaries)
    runs: dict[tuple[str, int, str], list[dict]] = defaultdict(list)
    for _ in range(rounds):
        for what, count, runtime, command in jobs:
            run = meter.run(command, 60)
            if run.status:
                complain(f"{what} {count} {runtime}", run.err)
                continue
            printed = figures(run.out)
            runs[what, count, runtime].append({"start": printed.get("issue"), "all": printed.get("total"),
                                               "cpu": run.cpu, "peak": run.peak_kb / 1024})
    lines = [row(["what", "count", "runtime", "starting them, s", "all done, s", "CPU s", "peak MB"]),
             "|---|---:|---|" + "---:|" * 4]
    for what, count, runtime in sorted(runs, key=lambda job: job[:2]):
        typical = {name: median(run[name] for run in runs[what, count, runtime] if run[name] is not None)
                   for name in ("start", "all", "cpu", "peak")}
        lines.append(row([what, count, runtime, fixed(typical["start"], 4), fixed(typical["all"], 3),
                          fixed(typical["cpu"], 3), fixed(typical["peak"], 1)]))
    return "### Starting tasks\n\n" + "\n".join(lines), {" ".join(map(str, job)): run for job, run in runs.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subject", metavar="DUSO", help="the binary under test")
    parser.add_argument("--runs", type=int, default=3, help="how often everything is run (default: 3)")
    parser.add_argument("--skip", type=lambda text: text.split(","), default=[], metavar="SECTIONS",
                        help="sections to leave out, with commas")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    unknown = set(options.skip) - set(SECTIONS)
    if unknown:
        parser.error(f"there is no section {', '.join(sorted(unknown))}")

    binaries = dusos(options.subject)
    print(f"load average before {os.getloadavg()[0]:.2f}; median of {options.runs} runs")
    measured = {}
    with Meter() as meter:
        sections = {
            "ops": lambda: operations(meter, binaries, options.runs),
            "contend": lambda: contention(meter, binaries, options.runs),
            "floor": lambda: floor(meter, options.runs),
            "redis": lambda: redis(meter),
            "tasks": lambda: tasks(meter, binaries, options.runs),
        }
        for name in SECTIONS:
            result = None if name in options.skip else sections[name]()
            if result:
                text, measured[name] = result
                print("\n" + text)
    if options.json:
        options.json.write_text(json.dumps(measured, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
