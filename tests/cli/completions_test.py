#!/usr/bin/env python3
"""Tests of duso completions: what the shells offer when they have read its scripts.

    completions_test.py --bin build/release/duso [TEST...]

bash is asked itself. The scripts for zsh and fish are checked by these shells where they are installed; that everything
is in them is checked everywhere.
"""
import re
import shutil

import command_line_test


class Bash(command_line_test.CommandLineTest):
    # Calls the function as bash does when the tab key is pressed behind the last of the words.
    ASK = """source <("$0" completions bash)
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_duso
((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"
"""

    def offered(self, *words: str) -> list[str]:
        result = self.command("/bin/bash", "-c", self.ASK, command_line_test.PROGRAM, "duso", *words)
        self.assertEqual((result.status, result.err), (0, ""))
        return sorted(result.out.splitlines())

    def test_commands_and_scripts_come_first(self):
        for name in ("run_me.du", "notes.txt"):
            self.save(name, "")
        (self.home / "sources").mkdir()
        self.assertEqual(self.offered("ru"), ["run", "run_me.du"])
        self.assertEqual(self.offered("s"), ["sources", "syntax"])
        commands = re.findall(r"(?m)^  duso ([a-z]+) +\S", self.duso("help").out.split("Commands:\n")[1].split("\n\n")[0])
        self.assertLessEqual(set(commands), set(self.offered("")))
        self.assertIn("completions", commands)
        self.assertNotIn("notes.txt", self.offered(""))

    def test_flags_are_those_of_the_command(self):
        self.assertEqual(self.offered("lint", "-s"), ["-strict"])
        self.assertEqual(self.offered("fmt", "-"), ["-check", "-diff", "-no-color"])
        self.assertEqual(self.offered("fmt", "-s"), [])
        self.assertEqual(self.offered("app.du", "-log"), ["-log-format", "-log-level"])
        self.assertEqual(self.offered("-max-"), ["-max-call-depth", "-max-heap", "-max-process-heap"])

    def test_values_of_flags(self):
        self.assertEqual(self.offered("app.du", "-log-level", "w"), ["warning"])
        self.assertEqual(self.offered("check", "-format", ""), ["json", "text"])
        self.save("report.xml", "")
        self.assertEqual(self.offered("test", "-junit", ""), ["report.xml"])
        self.assertEqual(self.offered("test", "-jobs", ""), [])

    def test_operands(self):
        self.save("a b.du", "")
        self.save("page.md", "")
        self.assertEqual(self.offered("completions", ""), ["bash", "fish", "zsh"])
        self.assertEqual(self.offered("help", "fm"), ["fmt"])
        self.assertEqual(self.offered("doc", "spl"), ["split"])
        self.assertEqual(self.offered("lint", ""), ["a b.du", "page.md"])
        self.assertEqual(self.offered("run", ""), ["a b.du"])
        self.assertEqual(self.offered("version", ""), [])


class Scripts(command_line_test.CommandLineTest):
    def test_every_flag_is_in_every_script(self):
        flags = re.findall(r"(?m)^  -([a-z-]+)", self.duso("help", "test").out)
        self.assertGreater(len(flags), 10)
        for shell, before in (("bash", r"[ \"]-"), ("zsh", "'-"), ("fish", "__duso_runs test' -o ")):
            script = self.duso("completions", shell).out
            for flag in flags:
                self.assertRegex(script, rf"{before}{flag}\b", (shell, flag))

    def test_the_shells_understand_them(self):
        for shell in ("bash", "zsh", "fish"):
            with self.subTest(shell):
                if shutil.which(shell) is None:
                    self.skipTest(f"{shell} is not installed")
                self.save(shell, self.duso("completions", shell).out)
                self.assert_quiet(self.command(shell, "-n", shell), "")

    def test_a_shell_must_be_named(self):
        for args in ([], ["tcsh"], ["bash", "zsh"]):
            result = self.duso("completions", *args)
            self.assertEqual((result.status, result.out, result.err),
                             (1, "", "Error: completions requires a shell: bash, zsh or fish\n"))


if __name__ == "__main__":
    command_line_test.main(__doc__)
