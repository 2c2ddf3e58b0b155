#!/usr/bin/env python3
"""Measures HTTP servers under wrk on the loopback interface and prints the results as Markdown.

Every server under servers/ answers the same four kinds of requests. The figure to compare is the server's CPU time for
100,000 requests: generator and servers share the machine, so requests per second mean little across runs.
"""
import argparse
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from meter import HERE, cpu_seconds, memory_mb
from peers import dusos, find, python
from tables import fixed, median, row

SERVERS = HERE / "servers"
STARTING = 4.0  # seconds a server may take until it accepts connections


@dataclass(frozen=True)
class Load:
    label: str
    path: str
    connections: int
    script: str | None = None  # for wrk

    @property
    def is_delay(self) -> bool:
        return self.path == "/delay"


LOADS = [
    Load("ping", "/ping", 100),
    Load("echo", "/echo", 100, "echo.lua"),
    Load("static 4 KB", "/static/small.html", 100),
    Load("static 256 KB", "/static/large.bin", 100),
    Load("delay 250", "/delay", 250),
    Load("delay 1000", "/delay", 1000),
    Load("delay 2000", "/delay", 2000),
    Load("delay 5000", "/delay", 5000),
]


@dataclass
class Answered:
    """What one run of wrk against one server gave."""
    per_second: float
    p50_ms: float | None
    p99_ms: float | None
    errors: int
    cpu_100k: float | None  # the server's CPU seconds for 100,000 requests
    idle_mb: float
    peak_mb: float


class Stage:
    """A scratch folder with everything the servers need: pages to serve, scripts, compiled peers."""

    def __enter__(self) -> "Stage":
        self.folder = Path(tempfile.mkdtemp(prefix="bench-http-"))
        self.folder.chmod(0o755)  # nginx serves as another user
        self.pages = self.folder / "static"
        self.pages.mkdir()
        (self.pages / "small.html").write_text(("<p>one line of a small page</p>\n" * 140)[:4096])
        (self.pages / "large.bin").write_bytes(bytes(range(256)) * 1024)
        self.scripts = self.folder / "duso"
        shutil.copytree(SERVERS / "duso", self.scripts)
        shutil.copytree(self.pages, self.scripts / "public")
        return self

    def __exit__(self, *_) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def compile(self, name: str, command: list, environment: dict | None = None) -> str | None:
        """The program that [command] makes when told -o, or None if it fails."""
        program = self.folder / name
        done = subprocess.run([*command[:-1], "-o", program, command[-1]], env={**os.environ, **(environment or {})})
        return str(program) if done.returncode == 0 else None

    def servers(self, subject: str | None, wanted: list[str] | None) -> dict[str, list[str]]:
        """The command of each server that this machine can run."""
        found: dict[str, list[str]] = {}

        def add(name: str, program: str | None, *arguments: object) -> None:
            if program and (not wanted or name in wanted):
                found[name] = [program, *map(str, arguments)]

        for name, binary in dusos(subject).items():
            add(name, binary, self.scripts / "server.du")
        if go := find("BENCH_GO", "go"):
            offline = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOPROXY": "off", "GO111MODULE": "off",
                       "GOCACHE": str(self.folder / "gocache")}
            add("go", self.compile("go_server", [go, "build", SERVERS / "go" / "main.go"], offline))
        if compiler := find("CC", "cc", "gcc", "clang"):
            add("fixed reply (C)", self.compile("fixed", [compiler, "-O2", SERVERS / "limit" / "epoll.c"]))
        add("node", find("BENCH_NODE", "node"), SERVERS / "node" / "server.js")
        add("bun", find("BENCH_BUN", "bun"), SERVERS / "bun" / "server.js")
        add("deno", find("BENCH_DENO", "deno"), "run", "--quiet", "--no-config", "--allow-all",
            SERVERS / "deno" / "server.js")
        add("python", python(), SERVERS / "python" / "server.py")
        add("nginx", find("BENCH_NGINX", "nginx"), "-p", self.folder, "-c", self.folder / "nginx.conf")
        return found

    def configure_nginx(self, port: int) -> None:
        text = (SERVERS / "nginx" / "nginx.conf.in").read_text()
        for mark, value in (("@PORT@", port), ("@STATIC@", self.pages), ("@DIR@", self.folder)):
            text = text.replace(mark, str(value))
        (self.folder / "nginx.conf").write_text(text)


def can_answer(server: str, load: Load) -> bool:
    if server == "fixed reply (C)":
        return load.path == "/ping"
    if server == "nginx":
        return load.path not in ("/echo", "/delay")
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_open(port: int, server: subprocess.Popen) -> None:
    given_up = time.monotonic() + STARTING
    while time.monotonic() < given_up:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.02)
    raise RuntimeError("did not start")


def answer(command: list[str], name: str, load: Load, stage: Stage, wrk: str, seconds: int) -> Answered:
    """Starts a server, puts [load] on it for so many [seconds], and ends it."""
    port = free_port()
    if name == "nginx":
        stage.configure_nginx(port)
    environment = {**os.environ, "BENCH_PORT": str(port), "BENCH_STATIC": str(stage.pages)}
    with open(stage.folder / f"{name}.err", "w") as errors:
        server = subprocess.Popen(command, env=environment, cwd=stage.scripts, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=errors)
    try:
        wait_until_open(port, server)
        time.sleep(0.3)  # let it finish what it does at start
        idle_mb, cpu_before = memory_mb(server.pid), cpu_seconds(server.pid)
        script = ["-s", str(SERVERS / load.script)] if load.script else []
        url = f"http://127.0.0.1:{port}{load.path}"
        text = subprocess.run(
            [wrk, "-t1", f"-c{load.connections}", f"-d{seconds}s", "--latency", "--timeout", "10s", *script, url],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds + 40).stdout
        if server.poll() is not None:
            raise RuntimeError("died")
        cpu = cpu_seconds(server.pid) - cpu_before
        return read_wrk(text, cpu, idle_mb, memory_mb(server.pid, "VmHWM"))
    finally:
        server.terminate()
        try:
            server.wait(2)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def read_wrk(text: str, cpu: float, idle_mb: float, peak_mb: float) -> Answered:
    """The figures in wrk's report."""
    total = int(re.search(r"(\d+) requests in", text)[1])
    latency = dict(re.findall(r"^\s+(50|99)%\s+(\S+)", text, re.MULTILINE))
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return Answered(
        per_second=float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        p50_ms=milliseconds(latency.get("50")),
        p99_ms=milliseconds(latency.get("99")),
        errors=sum(map(int, broken.groups() if broken else ())) + int(refused[1] if refused else 0),
        cpu_100k=cpu / total * 100_000 if total else None,
        idle_mb=idle_mb,
        peak_mb=peak_mb,
    )


def milliseconds(text: str | None) -> float | None:
    """wrk's spans of time: 870us, 1.59ms, 1.01s, 1.00m."""
    if text is None:
        return None
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def middle(runs: list[Answered]) -> Answered:
    """The median of each figure on its own."""
    columns = {name: [asdict(run)[name] for run in runs] for name in asdict(runs[0])}
    return Answered(**{name: median(value for value in values if value is not None)
                       for name, values in columns.items()})


def report(load: Load, runs: dict[str, list[Answered]], failures: dict[str, str]) -> str:
    lines = [
        f"### {load.label} ({load.connections} connections)\n",
        row(["server", "requests/s", "p50 ms", "p99 ms", "errors", "server CPU s per 100k", "idle MB", "peak MB"]),
        "|---|" + "---:|" * 7,
    ]
    for name in runs:
        if runs[name]:
            typical = middle(runs[name])
            lines.append(row([name, fixed(typical.per_second, 0), fixed(typical.p50_ms, 2), fixed(typical.p99_ms, 2),
                              fixed(typical.errors, 0), fixed(typical.cpu_100k, 2), fixed(typical.idle_mb, 1),
                              fixed(typical.peak_mb, 1)]))
        elif name in failures:
            lines.append(row([name, failures[name], *[""] * 6]))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subject", metavar="DUSO", help="the binary under test")
    parser.add_argument("--peers", type=lambda text: text.split(","), help="these servers, with commas")
    parser.add_argument("--only", type=lambda text: text.split(","), help="these loads, with commas")
    parser.add_argument("--seconds", type=int, default=5, help="length of one run (default: 5)")
    parser.add_argument("--rounds", type=int, default=2, help="runs of each load; the delays run once (default: 2)")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    wrk = find("BENCH_WRK", "wrk")
    if not wrk:
        parser.error("wrk is not installed")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # wrk and the servers inherit it

    loads = [load for load in LOADS if not options.only or load.label in options.only]
    print(f"wrk with one thread, {options.seconds} s a run, generator and server on the same {os.cpu_count()} "
          f"processors; load average before {os.getloadavg()[0]:.2f}")
    failures: dict[tuple[Load, str], str] = {}
    with Stage() as stage:
        servers = stage.servers(options.subject, options.peers)
        runs = {load: {name: [] for name in servers} for load in loads}
        for number in range(options.rounds):
            for load in loads:
                if number and load.is_delay:
                    continue
                for name in list(servers) if number % 2 == 0 else reversed(servers):
                    if not can_answer(name, load):
                        continue
                    try:
                        runs[load][name].append(answer(servers[name], name, load, stage, wrk, options.seconds))
                    except (RuntimeError, OSError, ValueError, TypeError, subprocess.TimeoutExpired) as error:
                        failures[load, name] = str(error)  # one broken server must not stop the others
                    print(load.label, name, runs[load][name][-1:] or failures.get((load, name)), file=sys.stderr)
    for load in loads:
        print("\n" + report(load, runs[load], {name: text for (of, name), text in failures.items() if of == load}))
    if options.json:
        figures = {load.label: {name: asdict(middle(given)) for name, given in runs[load].items() if given}
                   for load in loads}
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
