#!/usr/bin/env python3
"""Tests of the `duso` command: what it runs, what it says, and the status it leaves.

    command_line_test.py --bin build/release/duso [TEST...]

Each test runs the program as a user would, in a new and empty directory. What scripts themselves can do is tested
elsewhere (tests/conformance); here it is only looked at through the command line.
"""
import argparse
import json
import os
import pty
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest
from dataclasses import dataclass
from pathlib import Path

PROGRAM = ""
SECONDS = 60  # a sanitizer makes a script many times slower
ESCAPE = "\x1b"


@dataclass
class Result:
    status: int
    out: str
    err: str

    @property
    def first_error(self) -> str:
        return self.err.split("\n")[0]


class CommandLineTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        home = tempfile.TemporaryDirectory(prefix="duso-cli-")
        self.addCleanup(home.cleanup)
        self.home = Path(home.name)

    def save(self, name: str, text: str | bytes, executable=False) -> Path:
        path = self.home / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        if executable:
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def environment(self, changes: dict[str, str]) -> dict[str, str]:
        """The environment of this process without what would decide about colours, and with [changes]."""
        kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        return kept | changes

    def command(self, program: str, *args: str, stdin: str | int = "", env: dict[str, str] | None = None) -> Result:
        streams = {"stdin": stdin} if isinstance(stdin, int) else {"input": stdin.encode("utf-8")}
        done = subprocess.run([program, *args], cwd=self.home, env=self.environment(env or {}), timeout=SECONDS,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **streams)
        return Result(done.returncode, *(text.decode("utf-8", "backslashreplace") for text in (done.stdout, done.stderr)))

    def duso(self, *args: str, stdin: str | int = "", env: dict[str, str] | None = None) -> Result:
        return self.command(PROGRAM, *args, stdin=stdin, env=env)

    def duso_on_terminal(self, *args: str, env: dict[str, str] | None = None, stream="stderr") -> Result:
        """Runs duso with a terminal as [stream], stderr or stdout; what it shows is in that field of the result."""
        terminal, line = pty.openpty()
        try:
            streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: line}
            process = subprocess.Popen([PROGRAM, *args], cwd=self.home, env=self.environment(env or {}),
                                       stdin=subprocess.DEVNULL, **streams)
            piped = b"".join(filter(None, process.communicate(timeout=SECONDS)))
            os.close(line)
            line = -1
            shown = b""
            try:
                while chunk := os.read(terminal, 4096):
                    shown += chunk
            except OSError:  # how a terminal says that nobody writes to it any more
                pass
        finally:
            os.close(terminal)
            if line >= 0:
                os.close(line)
        other, seen = piped.decode("utf-8"), shown.decode("utf-8").replace("\r\n", "\n")
        return Result(process.returncode, *((other, seen) if stream == "stderr" else (seen, other)))

    def assert_quiet(self, result: Result, out: str, status=0):
        self.assertEqual((result.status, result.out, result.err), (status, out, ""))


class RunningAScript(CommandLineTest):
    def test_a_script_gets_its_words_and_flags(self):
        self.save("a.du", 'print(sys("args"), sys("-n"), sys("-x"), sys("-subcommand"))')
        self.assert_quiet(self.duso("a.du", "one", "two words", "-n", "5", "--x"),
                          '["a.du", "one", "two words", "-n", "5", "--x"] 5 true nil\n')

    def test_run_is_the_explicit_form(self):
        self.save("doc", 'print(sys("args"), sys("-subcommand"))')
        self.assert_quiet(self.duso("run", "doc", "x"), '["doc", "x"] run\n')

    def test_a_script_may_be_called_like_a_command(self):
        self.save("help", 'print("a script")')
        self.assert_quiet(self.duso("./help"), "a script\n")

    def test_flags_of_duso_may_stand_before_the_script(self):
        self.save("a.du", 'print(sys("-config").a, sys("args"))')
        for flags in (["-config", "a=1"], ["--config=a=1"]):
            self.assert_quiet(self.duso(*flags, "a.du", "w"),
                              '1 [' + "".join(f'"{word}", ' for word in flags) + '"a.du", "w"]\n')

    def test_every_flag_may_be_spelled_with_one_dash_or_two_in_front_or_behind(self):
        values = {"SIZE": "64m", "N": "3", "TEXT": "a=1", "LIST": "sh", "LEVEL": "info", "FORMAT": "text",
                  "POLICY": "isolate", "DIR": "."}
        flags = re.findall(r"(?m)^  -([a-z-]+)(?: ([A-Z]+)| \[[A-Z]+\])?(?:\s{2,}|\n)", self.duso("help", "run").out)
        self.assertGreater(len(flags), 25)
        for name, value in flags:
            if name == "watch":
                continue  # which goes on for ever, and has tests of its own
            for flag in (f"-{name}", f"--{name}"):
                spellings = [[f"{flag}={values[value]}"], [flag, values[value]]] if value else [[flag]]
                for spelling in spellings:
                    for args in ([*spelling, "-e", "print(1)"], ["-e", "print(1)", *spelling]):
                        result = self.duso(*args)
                        self.assertEqual((result.status, result.out), (0, "1\n"), args)

    def test_flags_of_the_script_are_its_own(self):
        self.save("a.du", 'print(sys("-h"), sys("-v"), sys("-e"), sys("-version"))')
        self.assert_quiet(self.duso("a.du", "-h", "-v", "-e", "code", "--version"), "true true code true\n")

    def test_an_empty_script_is_a_script(self):
        self.save("empty.du", "")
        self.assert_quiet(self.duso("empty.du"), "")

    def test_output_is_complete_and_in_order(self):
        self.save("a.du", 'for i = 1, 20000 do print(i) end\nerror("end")')
        result = self.command("/bin/sh", "-c", 'exec "$0" a.du 2>&1', PROGRAM)
        self.assertEqual(result.out, "".join(f"{i}\n" for i in range(1, 20001)) + "end\n")

    def test_a_script_that_can_not_be_read(self):
        (self.home / "folder").mkdir()
        for name in ("nofile.du", "folder", "nofile.du/x", ""):
            result = self.duso(name)
            self.assertEqual((result.status, result.out, result.err),
                             (1, "", f"Error: could not read script '{name}': open {name}: file does not exist\n"))

    def test_other_reasons_are_given(self):
        name = "x" * 300
        self.assertEqual(self.duso(name).err,
                         f"Error: could not read script '{name}': open {name}: file name too long\n")

    def test_a_command_that_was_misspelled(self):
        for typed, meant in (("versoin", "version"), ("hlep", "help"), ("evla", "eval")):
            result = self.duso(typed)
            self.assertEqual(result.status, 1)
            self.assertEqual(result.err, f"Error: could not read script '{typed}': open {typed}: file does not exist\n"
                                         f"Did you mean the command '{meant}'?\n")
        for typed in ("none", "version.du", "xyz"):
            self.assertEqual(self.duso(typed).err.count("\n"), 1)

    def test_a_flag_that_was_misspelled_in_front_of_the_script(self):
        self.save("a.du", "print(1)")
        result = self.duso("-no-fles", "a.du")
        self.assertEqual((result.status, result.err), (0, "'-no-fles' is no flag of duso, did you mean '-no-files'?\n"))
        self.assertNotIn("1\n", result.out.splitlines()[0])
        for args in (["-no-files"], ["-h"], ["--help"], ["-"], ["--"], []):
            self.assertEqual(self.duso(*args, stdin="").err, "", args)

    def test_sources_of_any_bytes(self):
        name = os.fsdecode(b"b\xff\xfe.du")
        for text in (b"", b"\n", b"#!", b"\xef\xbb\xbf"):
            (self.home / name).write_bytes(text)
            self.assert_quiet(self.duso(name), "")
        for text, problem in ((b"x = \xff", "1:5: unexpected character '\ufffd' (U+FFFD)"),
                              (b"x\x00y", "1:2: unexpected character '\\x00' (U+0000)")):
            (self.home / "a.du").write_bytes(text)
            for args, prefix in (["a.du"], "Error: a.du:"), (["lint", "a.du"], "a.du:"), (["fmt", "a.du"], "a.du:"):
                result = self.duso(*args)
                self.assertEqual((result.status, result.out, result.err.splitlines()[0]), (1, "", prefix + problem))

    def test_a_script_that_is_a_pipe(self):
        os.mkfifo(self.home / "pipe")
        process = subprocess.Popen([PROGRAM, "pipe", "word"], cwd=self.home, stdout=subprocess.PIPE)
        (self.home / "pipe").write_text('print("from a pipe", sys("args")[1])')
        out, _ = process.communicate(timeout=SECONDS)
        self.assertEqual((process.returncode, out), (0, b"from a pipe word\n"))

    def test_run_without_script(self):
        result = self.duso("run")
        self.assertEqual((result.status, result.out, result.err), (1, "", "Error: run requires SCRIPT argument\n"))


class Shebang(CommandLineTest):
    def test_a_script_is_its_own_program(self):
        script = self.save("tool", f"#!{os.path.abspath(PROGRAM)}\nprint(sys('args')[1], sys('-n'))\n", executable=True)
        self.assert_quiet(self.command(str(script), "word", "-n", "2"), "word 2\n")

    def test_a_script_finds_duso_through_env(self):
        (self.home / "bin").mkdir()
        (self.home / "bin" / "duso").symlink_to(os.path.abspath(PROGRAM))
        script = self.save("tool", "#!/usr/bin/env duso\nthrow('here')\n", executable=True)
        path = f"{self.home / 'bin'}:{os.environ['PATH']}"
        result = self.command(str(script), env={"PATH": path})
        self.assertEqual((result.status, result.first_error), (1, f"Error: {script}:2:6: here"))

    def test_flags_in_the_first_line(self):
        (self.home / "bin").mkdir()
        (self.home / "bin" / "duso").symlink_to(os.path.abspath(PROGRAM))
        script = self.save("tool", "#!/usr/bin/env -S duso -no-files -max-heap 8m\n"
                                   "try load('x') catch (e) print(e.message) end\n"
                                   "print(require('runtime').limits().max_heap, sys('-x'))\n", executable=True)
        path = f"{self.home / 'bin'}:{os.environ['PATH']}"
        self.assert_quiet(self.command(str(script), "-x", "1", env={"PATH": path}),
                          "filesystem access disabled by -no-files\n8388608 1\n")

    def test_byte_order_mark_and_windows_line_ends(self):
        self.save("bom.du", b"\xef\xbb\xbfx = 1\r\nprint(x)\r\n")
        self.assert_quiet(self.duso("bom.du"), "1\n")


class StandardInput(CommandLineTest):
    def test_a_program_from_standard_input(self):
        for name in ("-", "/dev/stdin"):
            self.assert_quiet(self.duso(name, "w", "-n", "3", stdin='print("piped", sys("args"), sys("-n") + 1)'),
                              f'piped ["{name}", "w", "-n", "3"] 4\n')

    def test_its_name_in_messages(self):
        result = self.duso("-", stdin="\nthrow('x')")
        self.assertEqual((result.status, result.first_error), (1, "Error: <stdin>:2:6: x"))

    def test_nothing_is_left_for_input(self):
        self.assert_quiet(self.duso("-", stdin="print(input())\nprint(input())\n"), "nil\nnil\n")

    def test_nothing_is_left_on_a_terminal_either(self):
        # A terminal ends the program with one end-of-file and would wait for the next line of input() after it.
        terminal, line = pty.openpty()
        try:
            process = subprocess.Popen([PROGRAM, "-"], stdin=line, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            os.write(terminal, b'print("got", input())\n\x04')
            out, err = process.communicate(timeout=SECONDS)
        finally:
            os.close(terminal)
            os.close(line)
        self.assertEqual((process.returncode, out, err), (0, b"got nil\n", b""))

    def test_a_program_that_arrives_in_pieces(self):
        process = subprocess.Popen([PROGRAM, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for piece in (b'print("a', b'b", len("', b"x" * 200_000, b'"))'):
            process.stdin.write(piece)
            process.stdin.flush()
            time.sleep(0.02)
        out, _ = process.communicate(timeout=SECONDS)
        self.assertEqual((process.returncode, out), (0, b"ab 200000\n"))

    def test_a_closed_standard_input_is_an_empty_program(self):
        self.assert_quiet(self.command("/bin/sh", "-c", 'exec "$0" - <&-', PROGRAM), "")

    def test_input_reads_line_by_line(self):
        self.save("a.du", 'print(input("? "), input(), input())')
        self.assert_quiet(self.duso("a.du", stdin="first\nlast"), "? first last nil\n")

    def test_no_stdin(self):
        self.save("a.du", 'print("[" + input("? ") + "]")')
        for args in (["a.du", "-no-stdin"], ["--no-stdin", "a.du"]):
            self.assert_quiet(self.duso(*args, stdin="unread\n"),
                              "? warning: stdin disabled, input() returned ''\n[]\n")


class Eval(CommandLineTest):
    def test_the_code_is_the_script(self):
        self.assert_quiet(self.duso("eval", "x = 2\nprint(x * 3)"), "6\n")
        self.assert_quiet(self.duso("-eval", "print(1)"), "1\n")
        self.assert_quiet(self.duso("-e", "print(1)"), "1\n")
        self.assert_quiet(self.duso("-no-color", "-e", "print(1)"), "1\n")
        self.assert_quiet(self.duso("-e=print(1)"), "1\n")

    def test_the_value_is_not_shown(self):
        self.assert_quiet(self.duso("eval", "1 + 1"), "")
        self.assert_quiet(self.duso("eval", ""), "")

    def test_words_and_flags_behind_the_code(self):
        self.assert_quiet(self.duso("--eval", "print(sys('args')[1], sys('-n'), sys('-subcommand'))", "w", "-n", "5"),
                          "w 5 eval\n")
        self.assert_quiet(self.duso("-e", "print(sys('args')[2], sys('-e'), sys('-n'))", "w", "-n", "5", "-e", "own"),
                          "w own 5\n")

    def test_input_is_there(self):
        self.assert_quiet(self.duso("eval", "print(input())", stdin="typed\n"), "typed\n")

    def test_missing_code(self):
        for args in (["eval"], ["eval", "-x"], ["-e"]):
            result = self.duso(*args)
            self.assertEqual((result.status, result.out, result.err), (1, "", "Error: eval requires CODE argument\n"))

    def test_errors_name_the_code_inline(self):
        result = self.duso("eval", "print(nothing)")
        self.assertEqual((result.status, result.first_error), (1, "Error: <inline>:1:7: undefined variable: nothing"))


class ExitStatus(CommandLineTest):
    def test_of_an_ending_script(self):
        for code, status in (("", 0), ("exit()", 0), ("exit(5)", 0), ('exit("text")', 0), ("shutdown()", 0),
                             ("shutdown(4)", 4), ("shutdown(code = 255)", 255)):
            with self.subTest(code=code):
                self.assert_quiet(self.duso("eval", code), "", status)

    def test_of_errors(self):
        for code in ("throw('bad')", "x = = 1", "print(nothing)", "x = @", "shutdown(256)"):
            with self.subTest(code=code):
                result = self.duso("eval", code)
                self.assertEqual((result.status, result.out), (1, ""))
                self.assertTrue(result.err.startswith("Error: <inline>:1:"), result.err)

    def test_output_before_the_end_is_kept(self):
        for ending, status in (("exit(1)", 0), ("shutdown(3)", 3), ("throw('x')", 1)):
            result = self.duso("eval", f"write('a') write('b') {ending}")
            self.assertEqual((result.status, result.out), (status, "ab"))

    def test_of_a_reader_that_has_gone(self):
        result = self.command("/bin/sh", "-c", '{ "$0" eval "while true do print(1) end"; echo $? >&2; } | head -n 1',
                              PROGRAM)
        self.assertEqual((result.out, result.err), ("1\n", "141\n"))

    def test_of_a_closed_output(self):
        self.assert_quiet(self.command("/bin/sh", "-c", 'exec "$0" eval "print(1)" >&-', PROGRAM), "")


    def test_of_a_full_disk(self):
        self.save("a.du", "x=1")
        for args in (["eval", "print(1)"], ["version"], ["help"], ["syntax"], ["-p", "1"], ["fmt", "-diff", "a.du"]):
            with self.subTest(args), open("/dev/full", "w") as full:
                done = subprocess.run([PROGRAM, *args], cwd=self.home, stdout=full, stderr=subprocess.PIPE, check=False)
                self.assertEqual((done.returncode, done.stderr.decode()),
                                 (1, "Error: cannot write to standard output: No space left on device\n"))
        with open("/dev/full", "w") as full:
            status = subprocess.run([PROGRAM, "eval", "print(1) shutdown(3)"], stdout=full, stderr=subprocess.DEVNULL,
                                    check=False).returncode
        self.assertEqual(status, 3)

    def test_of_commands_whose_reader_has_gone(self):
        for command in ("help", "primer", "syntax", "help run", "doc"):
            result = self.command("/bin/sh", "-c", f'"$0" {command} | head -n 1 >/dev/null', PROGRAM)
            self.assertEqual(result.err, "")


class Signals(CommandLineTest):
    """The first SIGINT or SIGTERM ends a script in order, with status 0."""

    def ended_by(self, number: int, script: str) -> Result:
        """Runs [script], which prints `ready`, and sends it the signal then. Standard input stays open."""
        self.save("busy.du", script)
        process = subprocess.Popen([PROGRAM, "busy.du"], cwd=self.home, env=self.environment({}),
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with process:
            seen = process.stdout.read(len("ready"))
            process.send_signal(number)
            process.wait(timeout=SECONDS)
            return Result(process.returncode, (seen + process.stdout.read()).decode(), process.stderr.read().decode())

    def test_a_busy_loop(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                # What goes to standard error takes along what waits in the output buffer.
                result = self.ended_by(number, 'write("ready") error("") while true do end')
                self.assertEqual((result.status, result.out), (0, "ready"))

    def test_catch_blocks_do_not_see_it(self):
        result = self.ended_by(signal.SIGTERM,
                               'write("ready") error("") try while true do end catch (e) print("caught") end print("on")')
        self.assertEqual((result.status, result.out), (0, "ready"))

    def test_a_script_that_waits_for_input(self):
        result = self.ended_by(signal.SIGINT, 'line = input("ready") print("went on", line)')
        self.assertEqual((result.status, result.out), (0, "ready"))


class ErrorReports(CommandLineTest):
    def shown(self, *args: str) -> Result:
        return self.duso_on_terminal(*args, env={"NO_COLOR": "1"})

    def test_programs_get_the_text_alone(self):
        self.save("e.du", "x = 1\n  print(x, nothing)\n")
        self.assertEqual(self.duso("e.du").err, "Error: e.du:2:12: undefined variable: nothing\n")

    def test_the_source_line_stands_below_the_text(self):
        self.save("e.du", "x = 1\n  print(x, nothing)\n")
        self.assertEqual(self.shown("e.du").err, "Error: e.du:2:12: undefined variable: nothing\n"
                                                "\n"
                                                "  2 |   print(x, nothing)\n"
                                                "    |            ^\n")

    def test_and_below_the_call_stack(self):
        self.save("e.du", "function f(x)\n\tthrow(x)\nend\n\n\n\n\n\n\nf('bad')\n")
        self.assertEqual(self.shown("e.du").err, "Error: e.du:2:7: bad\n"
                                                "\n"
                                                "Call stack:\n"
                                                "  at f (e.du:10:2)\n"
                                                "\n"
                                                "  2 | \tthrow(x)\n"
                                                "    | \t     ^\n")

    def test_a_parse_error(self):
        self.save("p.du", "print('never')\nx = = 1\n")
        result = self.shown("p.du")
        self.assertEqual(result.out, "")
        self.assertEqual(result.err, 'Error: p.du:2:5: unexpected token =("=") at 2:5\n'
                                     "\n"
                                     "  2 | x = = 1\n"
                                     "    |     ^\n")

    def test_a_character_that_is_none(self):
        self.assertEqual(self.duso("eval", "x = @").first_error,
                         "Error: <inline>:1:5: unexpected character '@' (U+0040)")

    def test_an_empty_line_is_not_shown(self):
        self.save("p.du", "if true then\n")
        self.assertEqual(self.shown("p.du").err, "Error: p.du:2:1: expected END, got EOF\n")

    def test_a_thrown_object(self):
        self.assertEqual(self.duso("eval", 'throw({message = "hi", code = 2})').first_error,
                         'Error: <inline>:1:6: {code=2, message="hi"}')

    def test_a_misspelled_name_is_recognised(self):
        for code, meant in (("pussh([])", "push"), ("total = 1  print(totl)", "total"),
                            ("function area(width) return widht end  area(1)", "width")):
            self.assertIn(f"^ did you mean '{meant}'?\n", self.shown("eval", code).err)
        for code in ("print(zebra)", 'throw("undefined variable: pussh")', "if false then lonely = 1 end  print(lonely)"):
            self.assertNotIn("did you mean", self.shown("eval", code).err)

    def test_a_long_line_is_cut(self):
        result = self.shown("eval", f"s = '{'x' * 3000}' throw(1) t = '{'y' * 3000}'")
        self.assertEqual(result.first_error, "Error: <inline>:1:3013: 1")
        self.assertLess(len(result.err), 400)
        self.assertIn("throw(1)", result.err)


class Colours(CommandLineTest):
    CODE = "throw('x')"
    PLAIN = "Error: <inline>:1:6: x\n\n  1 | throw('x')\n    |      ^\n"

    def test_a_terminal_gets_colours(self):
        shown = self.duso_on_terminal("eval", self.CODE).err
        self.assertIn(ESCAPE, shown)
        without = shown.replace(f"{ESCAPE}[1;31m", "").replace(f"{ESCAPE}[90m", "").replace(f"{ESCAPE}[0m", "")
        self.assertEqual(without, self.PLAIN)

    def test_a_pipe_gets_none(self):
        self.assertNotIn(ESCAPE, self.duso("eval", self.CODE).err)

    def test_nobody_does_who_asked_for_none(self):
        self.assertEqual(self.duso_on_terminal("eval", self.CODE, "-no-color").err, self.PLAIN)
        self.assertEqual(self.duso_on_terminal("--no-color", "-e", self.CODE).err, self.PLAIN)
        self.assertEqual(self.duso_on_terminal("eval", self.CODE, env={"NO_COLOR": "1"}).err, self.PLAIN)

    def test_an_empty_no_color_asks_for_nothing(self):
        self.assertIn(ESCAPE, self.duso_on_terminal("eval", self.CODE, env={"NO_COLOR": ""}).err)

    def test_what_a_script_prints_is_its_own(self):
        result = self.duso_on_terminal("eval", "error('plain')")
        self.assertEqual((result.status, result.err), (0, "plain\n"))


class Limits(CommandLineTest):
    HUNGRY = """
try
  a = []
  while true do push(a, "0123456789" + len(a)) end
catch (e)
  a = nil
  print(e.message)
end
print("alive", sys("-max-heap"))
"""
    DEEP = """
function f(n) return f(n + 1) + 1 end
try
  f(1)
catch (e)
  lines = split(e.stack, "\\n")
  print(e.message, trim(lines[len(lines) - 1]))
end
"""

    def test_max_heap(self):
        self.save("a.du", self.HUNGRY)
        for size, shown in (("1048576", "1 MB"), ("1m", "1 MB"), ("1M", "1 MB"), ("1mb", "1 MB"), ("1MB", "1 MB"),
                            ("1536k", "1.5 MB"), ("900Kb", "900 KB")):
            with self.subTest(size=size):
                self.assert_quiet(self.duso("a.du", "-max-heap", size),
                                  f"out of memory: heap limit of {shown} reached\nalive {size}\n")
        self.assert_quiet(self.duso("--max-heap=1m", "a.du"),
                          "out of memory: heap limit of 1 MB reached\nalive 1m\n")

    def test_the_last_of_several_counts(self):
        self.save("a.du", self.HUNGRY)
        self.assertIn("limit of 1 MB ", self.duso("a.du", "-max-heap", "2m", "-max-heap", "1m").out)

    def test_out_of_memory_that_nobody_catches(self):
        result = self.duso("eval", "a = []\nwhile true do push(a, [1, 2, 3]) end", "-max-heap", "1m")
        self.assertEqual(result.status, 1)
        self.assertRegex(result.first_error, r"^Error: <inline>:2:\d+: out of memory: heap limit of 1 MB reached$")

    def test_a_bad_size(self):
        self.save("a.du", "print('ran')")
        for flag in ("max-heap", "stack-size"):
            for size in ("12q", "k", "1.5m", "1mm", "1kbb", "0x10", "", " 1", "99999999999g", "18446744073709551616"):
                with self.subTest(flag=flag, size=size):
                    result = self.duso("a.du", f"--{flag}", size)
                    self.assertEqual((result.status, result.out, result.err), (1, "", f'{flag}: bad size "{size}"\n'))
        self.assertEqual(self.duso("a.du", "-max-heap=-5").err, 'max-heap: bad size "-5"\n')
        self.assertEqual(self.duso("a.du", "-max-heap").err, 'max-heap: bad size ""\n')
        self.assertEqual(self.duso("-max-heap", "12q", "a.du").err, 'max-heap: bad size "12q"\n')
        self.assertEqual(self.duso("eval", "print(1)", "-max-heap", "12q").err, 'max-heap: bad size "12q"\n')

    def test_a_bad_number(self):
        self.save("a.du", "print('ran')")
        for flag, least, values in (("max-call-depth", 0, ("x", "1k", "1.5", "")),
                                    ("profile-memory-rate", 1, ("0", "x")),
                                    ("gc-threshold", 1, ("0", "1e3", "99999999999999999999"))):
            for value in values:
                with self.subTest(flag=flag, value=value):
                    result = self.duso("a.du", f"-{flag}", value)
                    self.assertEqual((result.status, result.out, result.err),
                                     (1, "", f'{flag}: bad number "{value}": expected a whole number from {least}\n'))

    def test_no_size_is_asked_for_where_no_script_runs(self):
        self.assertEqual(self.duso("version", "-max-heap", "12q").status, 0)

    def test_stack_size(self):
        self.save("a.du", self.DEEP)
        self.assert_quiet(self.duso("a.du", "-stack-size", "2m"), "stack overflow limit: 2 MB of script stack\n")

    def test_max_call_depth(self):
        self.save("a.du", self.DEEP)
        self.assert_quiet(self.duso("a.du", "-max-call-depth", "100"), "stack overflow limit: 100 nested calls\n")

    # Every round leaves a cycle of four kilobytes behind.
    WASTEFUL = """
try
  for i = 1, 12000 do a = [repeat("x", 4096)]  push(a, a) end
  print("done")
catch (e)
  print(e.message)
end
"""

    def test_no_gc(self):
        self.save("a.du", self.WASTEFUL)
        self.assert_quiet(self.duso("a.du", "-max-heap", "1m"), "done\n")
        self.assert_quiet(self.duso("a.du", "-max-heap", "1m", "-no-gc"),
                          "out of memory: heap limit of 1 MB reached\n")

    def test_gc_threshold(self):
        if b"__asan_" in Path(PROGRAM).read_bytes():
            self.skipTest("the address sanitizer keeps freed memory for a while, and so hides what this test looks at")
        self.save("a.du", self.WASTEFUL)
        usual = self.peak("a.du")
        self.assertLess(self.peak("a.du", "-gc-threshold", "100"), usual + 2000)
        self.assertGreater(self.peak("a.du", "-gc-threshold", "100000"), usual + 15000)

    def test_max_process_heap(self):
        self.save("a.du", self.WASTEFUL)
        self.assert_quiet(self.duso("a.du", "-max-process-heap", "1m"), "done\n")
        self.assert_quiet(self.duso("a.du", "-max-process-heap", "1m", "-no-gc"),
                          "out of memory: process heap limit of 1 MB reached\n")

    def peak(self, *args: str) -> int:
        """Kilobytes that duso occupied at most; the test itself is the floor."""
        process = subprocess.Popen([PROGRAM, *args], cwd=self.home, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return used.ru_maxrss


class ReportsTest(CommandLineTest):
    SCRIPT = """
kept = []
for i = 1, 100 do push(kept, {n = i}) end
print(len(kept))
"""

    def test_memory_profile_on_standard_error(self):
        self.save("a.du", self.SCRIPT)
        for args in (["-profile-memory", "a.du"], ["a.du", "-profile-memory"], ["a.du", "--profile-memory"]):
            result = self.duso(*args)
            self.assertEqual((result.status, result.out), (0, "100\n"))
            self.assertEqual(result.first_error, "-- memory profile: a.du (instance 0) --")
            self.assertRegex(result.err, r"(?m)^a\.du:3:30 +object +100 +100 +\d+$")

    def test_memory_profile_in_a_file_one_for_every_instance(self):
        self.save("a.du", "for i = 1, 3 do run(parse('x = [1]')) end")
        self.assert_quiet(self.duso("a.du", "-profile-memory", "profile.txt"), "")
        self.assert_quiet(self.duso("a.du", "-profile-memory=profile.txt"), "")
        text = (self.home / "profile.txt").read_text()
        self.assertEqual(text.count("-- memory profile: "), 8)
        self.assertEqual(text.count("-- memory profile: a.du (instance 0) --\n"), 2)
        self.assertEqual(text.count("potential leaks      0\n"), 8)

    def test_a_memory_profile_that_can_not_be_written(self):
        self.save("a.du", self.SCRIPT)
        result = self.duso("a.du", "-profile-memory", "no/such/folder.txt")
        self.assertEqual((result.status, result.out), (0, "100\n"))
        self.assertEqual(result.err, "duso: cannot write the memory profile to no/such/folder.txt: "
                                     "No such file or directory\n")

    def test_a_memory_profile_of_few_allocations(self):
        self.save("a.du", "kept = []\nfor i = 1, 10000 do push(kept, {n = i}) end")
        result = self.duso("a.du", "-profile-memory", "-profile-memory-rate", "10")
        match = re.search(r"(?m)^a\.du:2:\d+ +object +(\d+) +(\d+)", result.err)
        self.assertIsNotNone(match, result.err)
        self.assertTrue(9000 <= int(match[1]) <= 11000, result.err)
        self.assertEqual(match[1], match[2])

    def test_reports_of_a_script_that_fails(self):
        self.save("a.du", "throw('no')")
        result = self.duso("a.du", "-profile-memory", "-runtime-stats")
        self.assertEqual(result.status, 1)
        self.assertIn("-- memory profile: a.du (instance 0) --", result.err)
        self.assertIn('"uptime": ', result.err)
        self.assertIn("Error: a.du:1:6: no", result.err)

    def test_runtime_statistics(self):
        self.save("a.du", "run(parse('x = 1'))  print('done')")
        result = self.duso("a.du", "-runtime-stats")
        self.assertEqual((result.status, result.out), (0, "done\n"))
        statistics = json.loads(result.err)
        self.assertEqual(statistics["instances"]["created"], 2)
        self.assertEqual(statistics["tasks"]["completed"], 1)
        self.assertGreater(statistics["memory"]["heap_used"], 0)

    def test_nothing_is_reported_unasked(self):
        self.save("a.du", self.SCRIPT)
        self.assert_quiet(self.duso("a.du"), "100\n")


class Config(CommandLineTest):
    def test_values_for_the_script(self):
        code = "c = sys('-config') print(type(c), c)"
        for text, shown in (("port=8080, name='x'", 'object {name="x", port=8080}'), ("a=1+2*3", "object {a=7}"),
                            ("{a=[1,2]}", "object {a=[1, 2]}"), ("x", "string x"), ("", "nil nil")):
            with self.subTest(text=text):
                self.assert_quiet(self.duso("eval", code, "-config", text), shown + "\n")


class Version(CommandLineTest):
    def test_all_spellings(self):
        version = self.duso("version")
        self.assertEqual((version.status, version.err), (0, ""))
        self.assertRegex(version.out, r"^\d+\.\d+\.\d+\n$")
        for spelling in ("-version", "--version", "-v"):
            self.assertEqual(self.duso(spelling), version)
        self.assert_quiet(self.duso("eval", "print(sys('version'))"), version.out)


class Help(CommandLineTest):
    def test_all_spellings(self):
        page = self.duso()
        self.assertEqual((page.status, page.err), (0, ""))
        for args in (["help"], ["-help"], ["--help"], ["-h"], ["--h"], ["-no-color"], ["-mine", "a.du"]):
            self.assertEqual(self.duso(*args), page, args)

    def test_every_command_and_flag_is_listed(self):
        page = self.duso("help").out
        self.assertIn("duso script.du", page)
        for word in ("run", "eval", "doc", "version", "help"):
            self.assertRegex(page, rf"(?m)^  duso {word} +\S")
        for flag in ("-config TEXT", "-no-stdin", "-no-color", "-max-heap SIZE", "-stack-size SIZE",
                     "-max-call-depth N", "-gc-threshold N", "-no-gc", "-max-process-heap SIZE",
                     r"-profile-memory \[FILE\]", "-profile-memory-rate N", "-runtime-stats"):
            self.assertRegex(page, rf"(?m)^  {flag}\s+\S")

    def test_it_fits_a_terminal_and_has_no_colours_in_a_pipe(self):
        for args in (["help"], ["help", "run"], ["help", "eval"], ["help", "doc"], ["help", "version"],
                     ["help", "help"]):
            page = self.duso(*args).out
            self.assertNotIn(ESCAPE, page)
            self.assertLessEqual(max(map(len, page.splitlines())), 80)

    def test_the_page_of_a_command(self):
        for command, usage in (("run", "duso run SCRIPT [WORDS...] [FLAGS...]"), ("eval", "duso eval CODE"),
                               ("doc", "duso doc [TOPIC]"), ("version", "duso version"), ("help", "duso help [COMMAND]")):
            result = self.duso("help", command)
            self.assertEqual((result.status, result.err), (0, ""))
            self.assertIn(f"\nUsage:\n  {usage}", result.out)

    def test_of_a_command_that_does_not_exist(self):
        result = self.duso("help", "evla")
        self.assertEqual((result.status, result.out), (1, ""))
        self.assertEqual(result.err, "Error: no command 'evla'\nDid you mean 'eval'?\n")


class Doc(CommandLineTest):
    def test_the_page_of_a_builtin(self):
        page = self.duso("doc", "split")
        self.assertEqual((page.status, page.err), (0, ""))
        self.assertTrue(page.out.startswith("\nDocumentation from: /EMBED/docs/reference/split.md\n\nsplit\n\nCuts"))
        for line in ("  split(str, separator)", "• separator: a string", "An array.",
                     "• split() requires a string as first argument"):
            self.assertIn(line, page.out.splitlines())
        for spelling in ("-doc", "--doc"):
            self.assertEqual(self.duso(spelling, "split"), page)

    def test_the_index_names_every_builtin_by_topic(self):
        page = self.duso("doc")
        self.assertEqual((page.status, page.err), (0, ""))
        self.assertIn("Documentation from: /EMBED/docs/reference/index.md\n", page.out)
        self.assertRegex(page.out, r"\n\nText\n\nlen, substr, split,")
        self.assertEqual(self.duso("doc", "index"), page)

    def test_of_a_topic_that_there_is_none_of(self):
        for topic, meant in (("splitt", "split"), ("lenght", ""), ("nothing_like_this", "")):
            page = self.duso("doc", topic)
            self.assertEqual((page.status, page.err), (1, ""))
            self.assertIn(f"Cannot find a doc for {topic}\n", page.out)
            self.assertIn("duso doc TOPIC", page.out)
            self.assertEqual(re.findall(r"Did you mean (\w+)\?", page.out), [meant] if meant else [])

    def test_a_topic_is_no_markdown(self):
        self.assertIn("Cannot find a doc for *a*\n", self.duso("doc", "*a*").out)

    def test_colours_are_for_terminals(self):
        plain = self.duso("doc", "split").out
        self.assertNotIn(ESCAPE, plain)
        coloured = self.duso_on_terminal("doc", "split", stream="stdout").out
        self.assertIn(f"{ESCAPE}[33m{ESCAPE}[1m{ESCAPE}[4msplit{ESCAPE}[0m\n", coloured)
        self.assertEqual(re.sub(ESCAPE + r"\[\d+m", "", coloured), plain)
        self.assertEqual(self.duso_on_terminal("doc", "split", "-no-color", stream="stdout").out, plain)
        self.assertEqual(self.duso_on_terminal("doc", "split", env={"NO_COLOR": "1"}, stream="stdout").out, plain)


class MissingCommands(CommandLineTest):
    def test_a_word_that_the_language_reserves_is_never_a_script(self):
        self.save("types", "print('ran')")
        result = self.duso("types")
        self.assertEqual((result.status, result.out), (1, ""))
        self.assertIn("./types", result.err)


def main(description: str | None) -> None:
    """Runs the tests of the script that was started, which says in [description] what it is about."""
    global PROGRAM
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="the duso to test")
    options, rest = parser.parse_known_args()
    PROGRAM = os.path.abspath(options.bin)
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main(__doc__)
