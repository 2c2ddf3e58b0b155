"""The runtimes that duso is measured beside: which of them this machine has, and how each is started.

A runtime is found through an environment variable, else on PATH; one that is not there is left out of the tables.
"""
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def find(variable: str, *names: str) -> str | None:
    """The program that the environment variable names, or else the first of [names] on PATH."""
    chosen = os.environ.get(variable)
    if chosen:
        return shutil.which(chosen)
    return next(filter(None, map(shutil.which, names)), None)


def python() -> str:
    """The Python to measure: the one that runs this, so that it is no wrapper script with costs of its own."""
    return os.environ.get("BENCH_PYTHON") or sys.executable


def dusos(subject: str | None) -> dict[str, str]:
    """The duso binaries at hand: the one under test, and the original implementation if DUSO_REFERENCE names it."""
    found = {}
    if subject:
        found["duso"] = os.path.abspath(subject)
    reference = find("DUSO_REFERENCE")
    if reference:
        found["reference"] = os.path.abspath(reference)
    return found


@dataclass
class Runtime:
    extension: str  # of its version of each workload
    command: Callable[[Path, int], list[str]]  # from the program's file and the size to work on


def runtimes(subject: str | None) -> dict[str, Runtime]:
    """Every runtime of the language workloads that this machine has, by the name that heads its column."""
    found: dict[str, Runtime] = {}

    def add(name: str, extension: str, *start: str) -> None:
        found[name] = Runtime(extension, lambda file, size: [*start, str(file), str(size)])

    for name, binary in dusos(subject).items():
        found[name] = Runtime("du", lambda file, size, binary=binary: [binary, str(file), "-config", f"n={size}"])
    if lua := find("BENCH_LUA", "lua5.4", "lua"):
        add("lua5.4", "lua", lua)
    if luajit := find("BENCH_LUAJIT", "luajit"):
        add("luajit", "lua", luajit)
        add("luajit -joff", "lua", luajit, "-joff")
    add("python3", "py", python())
    if ruby := find("BENCH_RUBY", "ruby"):
        add("ruby", "rb", ruby)
        if works(ruby, "--yjit", "-e", "0"):
            add("ruby --yjit", "rb", ruby, "--yjit")
    if node := find("BENCH_NODE", "node"):
        add("node", "js", node)
        add("node --jitless", "js", node, "--jitless", "--no-warnings")
    if (quickjs := find("BENCH_QJS", "qjs")) and works(quickjs, "-e", "0"):
        add("qjs", "js", quickjs, "--std")
    if bun := find("BENCH_BUN", "bun"):
        add("bun", "js", bun)
    if deno := find("BENCH_DENO", "deno"):
        add("deno", "js", deno, "run", "--quiet", "--no-config", "--allow-read", "--allow-env")
    return found


def works(*command: str) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
