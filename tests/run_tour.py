#!/usr/bin/env python3
"""Runs the code blocks of a Markdown page and compares what they print with the page.

    run_tour.py PROGRAM PAGE

A block marked `duso` is a program; the block marked `text` right after it, with nothing but blank lines between the
two, is what it prints. A program without such a block must end well, whatever it prints.

A block marked `duso NAME` is the file NAME: it is not run, but lies beside all that comes after it. A block marked `sh`
shows commands behind `$ `, each with what it prints, on standard error too; the program is called `duso` there. How
long something took, as in `(12 ms)`, is not compared. A line `$ duso ... # status 1` says with which status it ends.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from run_case import decode, differences, printable, run

BLOCK = re.compile(r"^```(?P<kind>duso|sh)(?: (?P<name>\S+))?\n(?P<code>.*?)^```\n(\s*```text\n(?P<out>.*?)^```$)?",
                   re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (?P<command>.*?)(?: +# status (?P<status>\d+))?\n(?P<out>(?:(?!\$ ).*\n)*)", re.MULTILINE)
DURATION = re.compile(r"\(\d+ ms\)")
SECONDS = 60


class Page:
    """The programs of a page, which run in the order in which they stand there."""

    def __init__(self, program: str, files: Path):
        self.program = program
        self.files = files  # a folder with the files that the page has shown so far
        self.problems: list[str] = []

    def complain(self, what: str, want: str, got: str, rest: str = ""):
        self.problems.append(printable("\n".join([what, *differences(want, got), rest])))

    def run_program(self, code: str, out: str | None):
        with tempfile.TemporaryDirectory(prefix="duso-tour-") as folder:
            script = Path(folder, "tour.du")
            script.write_text(code, encoding="utf-8")
            got = run(self.program, script, folder=self.files)
        want = got.out if out is None else out
        if got.status != 0 or got.err or got.out != want:
            self.complain(f"exit status {got.status}", want, got.out, got.err)

    def run_commands(self, text: str):
        with tempfile.TemporaryDirectory(prefix="duso-tour-") as folder:
            home, programs = Path(folder, "home"), Path(folder, "bin")
            shutil.copytree(self.files, home)
            programs.mkdir()
            (programs / "duso").symlink_to(os.path.abspath(self.program))
            for command in COMMAND.finditer(text):
                done = subprocess.run(["sh", "-c", command["command"]], cwd=home, timeout=SECONDS, check=False,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      env=os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"})
                want, got = (DURATION.sub("(1 ms)", part) for part in (command["out"], decode(done.stdout)))
                if got != want or done.returncode != int(command["status"] or 0):
                    self.complain(f"{command['command']}: exit status {done.returncode}", want, got)

    def take(self, block: re.Match):
        if block["kind"] == "sh":
            self.run_commands(block["code"])
        elif block["name"]:
            (self.files / block["name"]).write_text(block["code"], encoding="utf-8")
        else:
            self.run_program(block["code"], block["out"])


def main(program: str, path: str) -> int:
    text = Path(path).read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    if not blocks:
        print(f"{path} has no code block marked duso")
        return 1
    failed = 0
    with tempfile.TemporaryDirectory(prefix="duso-tour-") as files:
        page = Page(program, Path(files))
        for block in blocks:
            page.problems = []
            page.take(block)
            for problem in page.problems:
                print(f"{path}:{text.count(chr(10), 0, block.start()) + 2}: {problem}")
            failed += bool(page.problems)
    print(f"{len(blocks) - failed} of {len(blocks)} blocks run as written")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
