#!/usr/bin/env python3
"""Runs the code blocks of a Markdown page and compares what they print with the page.

    run_tour.py PROGRAM PAGE

A block marked `duso` is a program; the block marked `text` right after it, with nothing but blank lines between the
two, is what it prints. A program without such a block must end well, whatever it prints.
"""
import re
import sys
import tempfile
from pathlib import Path

from run_case import differences, printable, run

BLOCK = re.compile(r"^```duso\n(?P<code>.*?)^```\n(\s*```text\n(?P<out>.*?)^```$)?", re.MULTILINE | re.DOTALL)


def main(program: str, page: str) -> int:
    text = Path(page).read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    if not blocks:
        print(f"{page} has no code block marked duso")
        return 1
    failed = 0
    for block in blocks:
        line = text.count("\n", 0, block.start()) + 2
        with tempfile.TemporaryDirectory(prefix="duso-tour-") as folder:
            script = Path(folder, "tour.du")
            script.write_text(block["code"], encoding="utf-8")
            got = run(program, script)
        expected = got.out if block["out"] is None else block["out"]
        if got.status == 0 and not got.err and got.out == expected:
            continue
        failed += 1
        print(f"{page}:{line}: exit status {got.status}")
        print(printable("\n".join([*differences(expected, got.out), got.err])))
    print(f"{len(blocks) - failed} of {len(blocks)} blocks run as written")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
