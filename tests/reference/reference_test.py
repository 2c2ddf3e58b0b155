#!/usr/bin/env python3
"""Tests of the reference: that docs/reference/ is what the declarations say, and that what they say is true.

    reference_test.py --bin PROGRAM --generator REFERENCE_PAGES --pages docs/reference [TEST...]

The comments in an example are what it prints, line by line. The errors of a page are the first lines of messages, words
in braces standing for any text.
"""
import argparse
import itertools
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

OPTIONS = argparse.Namespace()
SECONDS = 60  # a sanitizer makes a script many times slower

COMMENT = re.compile(r"(?:^|\s)//(?: (?P<text>.*))?$")
# Values that most functions have not asked for, and that do no harm to those which have.
ODD_VALUES = ["nil", "true", '""', "[]", "{}", "~x~", "-1", "0"]


class Page:
    def __init__(self, path: Path):
        self.name = path.stem
        self.text = path.read_text(encoding="utf-8")

    def section(self, title: str) -> str:
        found = re.search(rf"^## {title}\n\n(.*?)(?=^## |\Z)", self.text, re.MULTILINE | re.DOTALL)
        assert found, f"{self.name} has no section {title}"
        return found[1]

    @property
    def is_about_builtin(self) -> bool:
        return "\n## Signature\n" in self.text

    @property
    def example(self) -> str:
        return re.fullmatch(r"```duso\n(.*)```\n", self.section("Example"), re.DOTALL)[1]

    @property
    def errors(self) -> list[re.Pattern]:
        messages = re.findall(r"^- `(.*)`$", self.section("Errors"), re.MULTILINE)
        return [re.compile(".*".join(map(re.escape, re.split(r"\{\w+\}", message)))) for message in messages]

    @property
    def parameter_count(self) -> int:
        return len(re.findall(r"^- `\w+", self.section("Parameters"), re.MULTILINE))


def pages() -> list[Page]:
    found = [Page(path) for path in sorted(OPTIONS.pages.glob("*.md")) if path.stem != "index"]
    assert found, f"no pages in {OPTIONS.pages}"
    return found


def run(code: str) -> subprocess.CompletedProcess:
    with tempfile.TemporaryDirectory(prefix="duso-reference-") as folder:
        Path(folder, "example.du").write_text(code, encoding="utf-8")
        return subprocess.run([OPTIONS.bin, "example.du"], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=SECONDS, check=False)


class Reference(unittest.TestCase):
    maxDiff = None

    def test_pages_are_current(self):
        with tempfile.TemporaryDirectory(prefix="duso-reference-") as folder:
            subprocess.run([OPTIONS.generator, folder], check=True, timeout=SECONDS)
            wanted = {path.name: path.read_text(encoding="utf-8") for path in Path(folder).iterdir()}
        found = {path.name: path.read_text(encoding="utf-8") for path in OPTIONS.pages.iterdir()}
        self.assertEqual(sorted(found), sorted(wanted), "run scripts/reference")
        for name, text in wanted.items():
            self.assertEqual(found[name], text, f"{name}: run scripts/reference")

    def test_examples_print_what_they_say(self):
        for page in pages():
            with self.subTest(page.name):
                comments = filter(None, map(COMMENT.search, page.example.splitlines()))
                promised = [comment["text"] or "" for comment in comments]
                done = run(page.example)
                self.assertEqual((done.stdout.splitlines(), done.returncode), (promised, 0), done.stderr)
                self.assertTrue(promised, "nothing is shown")

    def test_errors_are_those_declared(self):
        for page in filter(lambda page: page.is_about_builtin, pages()):
            with self.subTest(page.name):
                raised = self.errors_raised_by(page)
                for message in raised:
                    self.assertTrue(any(error.fullmatch(message) for error in page.errors), f"not declared: {message}")
                self.assertTrue(raised or not page.errors, "declares errors, but none of the wrong calls raised one")

    def errors_raised_by(self, page: Page) -> set[str]:
        # From many arguments to none: the shorter a call, the better the chance that it is right, and exit() ends it all.
        calls = [f"{page.name}({', '.join(values)})"
                 for count in range(min(page.parameter_count, 2), -1, -1)
                 for values in itertools.product(ODD_VALUES, repeat=count)]
        calls[:0] = [f"{page.name}({', '.join(ODD_VALUES[5:] * 2)})", f'{page.name}("x", "x", 5)']
        lines = [f'try {call} catch (e) print("\\nraised: " + tostring(e.message)) end' for call in calls]
        return set(re.findall(r"^raised: (.*)$", run("\n".join(lines)).stdout, re.MULTILINE))

    def test_pages_fit_a_terminal(self):
        for name in ["index", *(page.name for page in pages())]:
            with self.subTest(name):
                shown = subprocess.run([OPTIONS.bin, "doc", name], capture_output=True, text=True, timeout=SECONDS,
                                       check=False)
                self.assertEqual(shown.returncode, 0)
                # A message cannot be broken, so the longest of them are wider.
                lines = [line for line in shown.stdout.splitlines() if not re.match(r"• .*\(\)", line)]
                self.assertLessEqual(max(map(len, lines)), 80)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("bin", "generator", "pages"):
        parser.add_argument(f"--{option}", required=True, type=lambda path: Path(path).resolve())
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
