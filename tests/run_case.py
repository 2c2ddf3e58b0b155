#!/usr/bin/env python3
"""Runs one script and compares what it does with what stands in the files next to it.

    run_case.py [options] PROGRAM SCRIPT

The expectations of NAME.du share its stem:

    NAME.out    standard output, byte for byte (the only file that must exist)
    NAME.code   exit status, 0 if there is no such file
    NAME.err    regular expressions, one a line; each must match somewhere in standard error
    NAME.args   arguments after the script's name, quoted as for a shell
    NAME.stdin  standard input, empty if there is no such file
    NAME.d/     a folder whose content lies in the script's working directory

The script runs as a copy in a new, otherwise empty directory, in a process group of its own that does not outlive it.
A report of a sanitizer fails the case whatever the expectations say.

Exit status: 0 the case passed; 1 it failed, with the differences on standard output; 77 it failed and is disputed.
"""
import argparse
import difflib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

DISPUTED = 77
LONGEST_DIFF = 80  # lines
SANITIZER_REPORT = re.compile(r"(ERROR|WARNING): \w+Sanitizer|^\S+:\d+:\d+: runtime error: ", re.MULTILINE)


@dataclass
class Outcome:
    out: str
    err: str
    status: int | None  # None: it was still running when its time was up


@dataclass
class Expectations:
    out: str
    status: int
    errors: list[str]
    args: list[str]
    stdin: str
    folder: Path | None

    @classmethod
    def beside(cls, stem: Path) -> "Expectations":
        def text(suffix: str) -> str:
            path = stem.with_name(stem.name + suffix)
            return decode(path.read_bytes()) if path.exists() else ""

        if not stem.with_name(stem.name + ".out").exists():
            sys.exit(f"{stem}.out does not exist: a case needs the output it expects")
        folder = stem.with_name(stem.name + ".d")
        return cls(
            out=text(".out"),
            status=int(text(".code").strip() or 0),
            errors=[line for line in text(".err").splitlines() if line],
            args=shlex.split(text(".args")),
            stdin=text(".stdin"),
            folder=folder if folder.is_dir() else None,
        )


def decode(data: bytes) -> str:
    """Text that turns back into exactly [data], whatever bytes a script prints."""
    return data.decode("utf-8", "surrogateescape")


def printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def run(program: str, script: Path, args=(), stdin="", folder: Path | None = None, seconds=10.0) -> Outcome:
    """Runs [program] with a copy of [script] in a new directory that also holds the content of [folder]."""
    with tempfile.TemporaryDirectory(prefix="duso-case-", ignore_cleanup_errors=True) as home:
        if folder:
            shutil.copytree(folder, home, dirs_exist_ok=True)
        shutil.copy(script, home)
        process = subprocess.Popen(
            [os.path.abspath(program), script.name, *args], cwd=home, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(stdin.encode("utf-8", "surrogateescape"), timeout=seconds)
            status = process.returncode
        except subprocess.TimeoutExpired:
            end_group(process)
            out, err = process.communicate()
            status = None
        finally:
            end_group(process)
        return Outcome(decode(out), decode(err), status)


def end_group(process: subprocess.Popen) -> None:
    """Ends what is left of the case: [process] itself and any child that it started and forgot."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def differences(want: str, got: str) -> list[str]:
    """A unified diff of two outputs; a missing newline at the end and carriage returns show."""
    def lines(text: str) -> list[str]:
        parts = text.replace("\r", "\\r").split("\n")
        return parts[:-1] if parts[-1] == "" else parts[:-1] + [parts[-1] + "  (no newline at the end)"]

    diff = list(difflib.unified_diff(lines(want), lines(got), "expected", "printed", lineterm=""))
    if len(diff) > LONGEST_DIFF:
        diff = diff[:LONGEST_DIFF] + [f"... and {len(diff) - LONGEST_DIFF} lines more"]
    return diff


def problems(want: Expectations, got: Outcome, seconds: float) -> list[str]:
    """What [got] does wrong, one paragraph each; empty if the case passed."""
    found = []
    if got.status is None:
        found.append(f"still running after {seconds:g} s, itself or a child that holds its output")
    elif got.status != want.status:
        found.append(f"exit status {got.status}, expected {want.status}")
    if SANITIZER_REPORT.search(got.err):
        found.append("a sanitizer complained")
    if got.out != want.out:
        found.append("\n".join(["standard output differs", *differences(want.out, got.out)]))
    for pattern in want.errors:
        if not re.search(pattern, got.err, re.MULTILINE):
            found.append(f"standard error does not match {pattern}")
    if found and got.err:
        found.append("standard error was\n" + got.err.rstrip())
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the duso to test")
    parser.add_argument("script", type=Path)
    parser.add_argument("--expect", type=Path, metavar="STEM", help="where the expectations are, if not next to SCRIPT")
    parser.add_argument("--seconds", type=float, default=10, help="how long the script may run (default: 10)")
    parser.add_argument("--disputed", action="store_true", help="report a failure with status 77")
    options = parser.parse_args()

    want = Expectations.beside(options.expect or options.script.with_suffix(""))
    got = run(options.program, options.script, want.args, want.stdin, want.folder, options.seconds)
    found = problems(want, got, options.seconds)
    for paragraph in found:
        print(printable(paragraph))
    if found:
        return DISPUTED if options.disputed else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
