#!/usr/bin/env python3
"""Tests of the commands that work on source files: duso lint, duso check and duso fmt.

    source_tools_test.py --bin build/release/duso [TEST...]

What the rules of the linter find and where the formatter puts things is tested beside the library (tests/unit/syntax);
here the commands are looked at from outside: files, flags, streams and the status they leave.
"""
import json
import os
import re
import shutil
import stat
import unittest
from pathlib import Path

import command_line_test
from command_line_test import Result


class ToolTest(command_line_test.CommandLineTest):
    def assert_result(self, result: Result, out="", err="", status=0):
        self.assertEqual((result.status, result.out, result.err), (status, out, err))

    def text(self, name: str) -> str:
        return (self.home / name).read_bytes().decode("utf-8")


class Lint(ToolTest):
    WARNINGS = """unused = 1
function foo(a, b)
  c = a
  return 1
  print("dead")
end
for i = 1, 3 do
  break
  print(i)
end
missing_fn(1)
print("{{gone}}")
g = function(z) return z end
h = {k = nowhere}
used = 1
used += 1
if used then
  return 1
else
  return 2
end
t = 1
"""

    def test_warnings_go_to_standard_output_and_leave_status_0(self):
        self.save("clean.du", "x = 1\nprint(x)\n")
        self.assert_result(self.duso("lint", "clean.du"))
        self.save("warn.du", self.WARNINGS)
        self.assert_result(self.duso("lint", "warn.du"), """warn.du:1:1: warning: unused variable: unused
warn.du:2:1: warning: unused function: foo
warn.du:3:3: warning: unused variable: c
warn.du:5:8: warning: unreachable code
warn.du:9:8: warning: unreachable code
warn.du:11:1: warning: undefined variable: missing_fn
warn.du:12:10: warning: undefined variable: gone
warn.du:13:1: warning: unused variable: g
warn.du:14:1: warning: unused variable: h
warn.du:14:10: warning: undefined variable: nowhere
warn.du:22:1: warning: unreachable code
warn.du:22:1: warning: unused variable: t
""")

    def test_errors_go_to_standard_error_and_leave_status_1(self):
        self.save("bad.du", "x = 1\nif x then\n")
        self.assert_result(self.duso("lint", "bad.du"), err="bad.du:3:1: expected END, got EOF\n", status=1)
        self.save("lex.du", "a = 1\nb = @\n")
        self.assert_result(self.duso("lint", "lex.du"), err="lex.du:2:5: unexpected character '@' (U+0040)\n", status=1)

    def test_each_file_is_looked_at(self):
        self.save("bad.du", "x = 1\nif x then\n")
        self.save("shadow.du", "print = 5\nfunction len(x)\n  return x\nend\nprint(len(1))\n")
        self.assert_result(self.duso("lint", "nofile.du", "bad.du", "shadow.du"),
                           "shadow.du:1:1: warning: 'print' shadows a builtin function\n"
                           "shadow.du:2:1: warning: 'len' shadows a builtin function\n",
                           "nofile.du: open nofile.du: no such file or directory\n"
                           "bad.du:3:1: expected END, got EOF\n", 1)

    def test_there_must_be_a_file(self):
        for command in ("lint", "check", "fmt"):
            self.assert_result(self.duso(command), err=f"Error: {command} requires at least one file\n", status=1)

    def test_ignore_warnings_and_strict(self):
        self.save("warn.du", self.WARNINGS)
        self.assert_result(self.duso("lint", "warn.du", "-ignore-warnings"))
        self.assert_result(self.duso("lint", "-ignore-warnings", "-strict", "warn.du"))
        self.assertEqual(self.duso("lint", "-strict", "warn.du").status, 1)
        self.save("clean.du", "x = 1\nprint(x)\n")
        self.assert_result(self.duso("lint", "--strict", "clean.du"))

    def test_markdown(self):
        self.save("page.md", "# t\n\n```duso\nx = 1\n```\n\n```lua\nzzz(\n```\n\n```duso\nq = 2\nprint(q)\nunknown(q)\n```\n")
        self.assert_result(self.duso("lint", "page.md"), "page.md:4:1: warning: unused variable: x\n"
                                                         "page.md:14:1: warning: undefined variable: unknown\n")
        self.save("bad.md", "text\n```duso\nprint(1)\ne = @\n```\n```duso\nf = )\n```\n ```duso\n@\n")
        self.assert_result(self.duso("lint", "bad.md"), status=1,
                           err="bad.md:4:5: unexpected character '@' (U+0040)\nbad.md:7:5: unexpected token )(\")\") at 7:5\n")
        self.save("other.md", "```duso example\n@\n```\n\n````duso\n@\n````\n\n```text\n```duso\n@\n```\n")
        self.assert_result(self.duso("lint", "other.md"))

    def test_directories(self):
        (self.home / "src" / "deep").mkdir(parents=True)
        for name in ("src/b.du", "src/a.du", "src/deep/c.du"):
            self.save(name, "missing()\n")
        self.save("src/page.md", "```duso\nmissing()\n```\n")
        self.assert_result(self.duso("lint", "src"), "".join(
            f"{name}:1:1: warning: undefined variable: missing\n" for name in ("src/a.du", "src/b.du", "src/deep/c.du")))

    def test_standard_input(self):
        for name, shown in (("-", "<stdin>"), ("/dev/stdin", "/dev/stdin")):
            self.assert_result(self.duso("lint", name, stdin="x = 1\n"), f"{shown}:1:1: warning: unused variable: x\n")

    def test_json(self):
        self.save("a.du", 'x = missing\n')
        self.save("b.du", 'y = "\n')
        for flags in (["-json"], ["--format", "json"], ["-format=json"]):
            result = self.duso("lint", "a.du", "b.du", *flags)
            self.assertEqual((result.status, result.err), (1, ""))
            self.assertEqual([json.loads(line) for line in result.out.splitlines()], [
                dict(file="a.du", line=1, column=1, end_line=1, end_column=2, severity="warning",
                     rule="unused-variable", message="unused variable: x"),
                dict(file="a.du", line=1, column=5, end_line=1, end_column=12, severity="warning",
                     rule="undefined", message="undefined variable: missing"),
                dict(file="b.du", line=1, column=5, end_line=2, end_column=1, severity="error",
                     rule="parse", message="unterminated string"),
            ])

    def test_builtins_of_later_versions_are_known(self):
        self.save("a.du", "task = http_client\nprint(task, with_timeout, TASK_READY, send_mail, watch, fetch)\n")
        self.assert_result(self.duso("lint", "a.du"))
        self.save("b.du", "watch = 1\nprint(watch)\n")
        self.assert_result(self.duso("lint", "b.du"), "b.du:1:1: warning: 'watch' shadows a builtin function\n")

    def test_included_files_define_names(self):
        (self.home / "src").mkdir()
        self.save("src/a.du", 'include("shared")\nprint(answer, question)\n')
        self.save("src/shared.du", "answer = 42\n")
        self.assert_result(self.duso("lint", "src/a.du"), "src/a.du:2:15: warning: undefined variable: question\n")

    def test_functions_of_test_files_are_used_by_the_test_runner(self):
        code = "function test_a()\n  print(1)\nend\nfunction setup()\n  print(1)\nend\nfunction b()\n  print(1)\nend\n"
        self.save("some_test.du", code)
        self.assert_result(self.duso("lint", "some_test.du"), "some_test.du:7:1: warning: unused function: b\n")
        self.save("some.du", code)
        self.assertEqual(len(self.duso("lint", "some.du").out.splitlines()), 3)

    def test_a_flag_that_does_not_exist(self):
        self.save("a.du", "x=1\n")
        self.assert_result(self.duso("fmt", "-chek", "a.du"), status=1,
                           err="Error: fmt has no flag '-chek'\nDid you mean '-check'?\n")
        self.assert_result(self.duso("check", "a.du", "-qqqqqq"), err="Error: check has no flag '-qqqqqq'\n", status=1)
        self.assert_result(self.duso("lint", "a.du", "-format", "xml"), status=1,
                           err='format: bad value "xml": expected text or json\n')
        self.assertEqual(self.text("a.du"), "x=1\n")
        self.assert_result(self.duso("lint", "-no-color", "--", "a.du"), "a.du:1:1: warning: unused variable: x\n")


class Check(ToolTest):
    def test_only_errors_are_reported(self):
        self.save("warn.du", "x = missing\n")
        self.save("bad.du", "if x = 1 then end\nif\n")
        self.assert_result(self.duso("check", "warn.du"))
        self.assert_result(self.duso("check", "warn.du", "bad.du"), err="bad.du:1:6: expected THEN, got =\n", status=1)
        self.assertEqual(json.loads(self.duso("check", "bad.du", "-json").out)["rule"], "parse")
        self.assertEqual(self.duso("check", "nofile.du").err, "nofile.du: open nofile.du: no such file or directory\n")

    def test_nothing_runs(self):
        self.save("a.du", "print('ran')\n")
        self.assert_result(self.duso("check", "a.du"))


class Fmt(ToolTest):
    def test_files_are_rewritten_in_place(self):
        self.save("a.du", "x=1\n")
        self.save("b.du", "y = 2\n")
        self.assert_result(self.duso("fmt", "a.du", "b.du"))
        self.assertEqual((self.text("a.du"), self.text("b.du")), ("x = 1\n", "y = 2\n"))

    def test_a_file_that_is_formatted_is_not_touched(self):
        path = self.save("a.du", "x = 1\n")
        os.utime(path, ns=(1, 1))
        self.assert_result(self.duso("fmt", "a.du"))
        self.assertEqual(path.stat().st_mtime_ns, 1)

    def test_permissions_and_links_are_kept(self):
        path = self.save("a.du", "#!/usr/bin/env duso\nx=1\n", executable=True)
        (self.home / "link.du").symlink_to("a.du")
        mode = path.stat().st_mode
        self.assert_result(self.duso("fmt", "link.du"))
        self.assertEqual(self.text("a.du"), "#!/usr/bin/env duso\nx = 1\n")
        self.assertEqual(path.stat().st_mode, mode)
        self.assertTrue((self.home / "link.du").is_symlink())
        self.assertEqual(sorted(entry.name for entry in self.home.iterdir()), ["a.du", "link.du"])

    def test_a_file_that_may_not_be_written_is_left_alone(self):
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere")
        path = self.save("a.du", "x=1\n")
        path.chmod(stat.S_IRUSR)
        self.assert_result(self.duso("fmt", "a.du"), err="a.du: write a.du: permission denied\n", status=1)
        self.assertEqual(self.text("a.du"), "x=1\n")

    def test_filter(self):
        self.assert_result(self.duso("fmt", "-", stdin="x=1\nif x then\ny()\nend"), "x = 1\nif x then\n  y()\nend\n")
        self.assert_result(self.duso("fmt", "-", stdin="x = )"), status=1,
                           err="<stdin>:1:5: unexpected token )(\")\") at 1:5\n")

    def test_check_lists_what_would_change_and_changes_nothing(self):
        self.save("a.du", "x=1\n")
        self.save("b.du", "y = 2\n")
        self.assert_result(self.duso("fmt", "-check", "a.du", "b.du"), "a.du\n", status=1)
        self.assert_result(self.duso("fmt", "b.du", "--check"))
        self.assert_result(self.duso("fmt", "-", "-check", stdin="z=1"), "<stdin>\n", status=1)
        self.assertEqual(self.text("a.du"), "x=1\n")

    def test_diff(self):
        lines = [f"line{n} = {n}" for n in range(30)]
        changed = list(lines)
        changed[4] = "line4=4"
        changed[20] = "if a then\n\n  b() end"
        self.save("a.du", "\n".join(changed))
        result = self.duso("fmt", "-diff", "a.du")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(result.out, """--- a.du
+++ a.du (formatted)
@@ -2,7 +2,7 @@
 line1 = 1
 line2 = 2
 line3 = 3
-line4=4
+line4 = 4
 line5 = 5
 line6 = 6
 line7 = 7
@@ -19,8 +19,8 @@
 line18 = 18
 line19 = 19
 if a then
-
-  b() end
+  b()
+end
 line21 = 21
 line22 = 22
 line23 = 23
@@ -29,4 +29,4 @@
 line26 = 26
 line27 = 27
 line28 = 28
-line29 = 29
\\ No newline at end of file
+line29 = 29
""")
        self.assertEqual(self.duso("fmt", "-diff", "-check", "a.du").status, 1)
        self.assertEqual(self.text("a.du"), "\n".join(changed))

    @unittest.skipUnless(shutil.which("patch"), "there is no patch on this machine")
    def test_patch_understands_the_diff(self):
        self.save("a.du", "".join(f"line{n}={n}\n" if n % 7 in (0, 1) else f"line{n} = {n}\n" for n in range(40)))
        self.save("a.patch", self.duso("fmt", "-diff", "a.du").out)
        self.assert_result(self.command("patch", "-s", "-o", "b.du", "a.du", "a.patch"))
        self.assert_result(self.duso("fmt", "a.du"))
        self.assertEqual(self.text("b.du"), self.text("a.du"))

    def test_directories(self):
        (self.home / "src" / "deep").mkdir(parents=True)
        for name in ("src/a.du", "src/deep/b.du", "src/c.txt"):
            self.save(name, "x=1\n")
        self.assert_result(self.duso("fmt", "src", "-check"), "src/a.du\nsrc/deep/b.du\n", status=1)
        self.assert_result(self.duso("fmt", "src"))
        self.assertEqual([self.text(name) for name in ("src/a.du", "src/deep/b.du", "src/c.txt")],
                         ["x = 1\n", "x = 1\n", "x=1\n"])

    def test_a_file_with_an_error_is_left_alone_and_the_others_are_not(self):
        self.save("bad.du", "x  =  )\n")
        self.save("good.du", "x=1\n")
        self.assert_result(self.duso("fmt", "bad.du", "nofile.du", "good.du"), status=1,
                           err="bad.du:1:7: unexpected token )(\")\") at 1:7\n"
                               "nofile.du: open nofile.du: no such file or directory\n")
        self.assertEqual((self.text("bad.du"), self.text("good.du")), ("x  =  )\n", "x = 1\n"))


class Documentation(ToolTest):
    """docs/cli.md tells the truth: its examples are run."""

    PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"

    def setUp(self):
        super().setUp()
        self.page = self.PAGE.read_text(encoding="utf-8")

    @staticmethod
    def blocks(text: str, language: str) -> list[str]:
        return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)

    def test_every_rule_has_an_example_that_breaks_it_and_one_that_does_not(self):
        sections = re.findall(r"(?ms)^#### (\S+)\n(.*?)(?=^###)", self.page)
        self.assertEqual(len(sections), 13)
        for rule, section in sections:
            with self.subTest(rule=rule):
                wrong, right = self.blocks(section, "duso")
                [said] = self.blocks(section, "text")
                self.save("example.du", wrong)
                result = self.duso("lint", "example.du")
                self.assertEqual(result.err + result.out, said)
                found = [json.loads(line)["rule"] for line in self.duso("lint", "-json", "example.du").out.splitlines()]
                self.assertIn(rule, found)
                self.save("example.du", right)
                self.assert_result(self.duso("lint", "example.du"))

    def test_the_example_of_fmt(self):
        before, after = self.blocks(self.page.split("### duso fmt", 1)[1].split("\n## ")[0], "duso")
        self.assert_result(self.duso("fmt", "-", stdin=before), after)
        self.assert_result(self.duso("fmt", "-", stdin=after), after)

    def test_the_example_of_lint_ignore(self):
        [example] = self.blocks(self.page.split("### The rules", 1)[0], "duso")
        self.save("example.du", example)
        self.assert_result(self.duso("lint", "example.du"))


class HelpPages(ToolTest):
    def test_each_command_has_one(self):
        for command, flag in (("lint", "-strict"), ("check", "-json"), ("fmt", "-diff")):
            page = self.duso("help", command)
            self.assertEqual((page.status, page.err), (0, ""))
            self.assertIn(f"duso {command} FILE|DIR|-...", page.out)
            self.assertRegex(page.out, rf"(?m)^  {flag} ")
            self.assertLessEqual(max(map(len, page.out.splitlines())), 80)


if __name__ == "__main__":
    command_line_test.main(__doc__)
