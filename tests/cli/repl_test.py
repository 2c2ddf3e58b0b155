#!/usr/bin/env python3
"""Tests of the prompt: duso repl on a terminal, as a user has it, and on a pipe.

    repl_test.py --bin build/release/duso [TEST...]
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import command_line_test

PROMPT = "duso> "
CONTINUATION = "    > "
UP, DOWN, HOME, END, LEFT = "\x1b[A", "\x1b[B", "\x1b[H", "\x1b[F", "\x1b[D"
CTRL_C, CTRL_D, CTRL_E, CTRL_R, CTRL_Z, TAB, ENTER = "\x03", "\x04", "\x05", "\x12", "\x1a", "\t", "\r"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()=>][A-Z0-9]?|\x07")


class Terminal:
    """A session of duso on a terminal, and what it has shown so far."""

    def __init__(self, test: "Repl", *args: str, env: dict[str, str], columns=80, program=()):
        self.test = test
        self.raw = ""
        self.seen = 0  # characters of the text that a wait has found already
        self.side, line = pty.openpty()
        fcntl.ioctl(line, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

        def own_the_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(program or [command_line_test.PROGRAM, "repl", *args], cwd=test.home,
                                        env=test.environment(env), stdin=line, stdout=line, stderr=line,
                                        preexec_fn=own_the_terminal)
        os.close(line)

    @property
    def text(self) -> str:
        """What was shown, without escape sequences."""
        return ESCAPES.sub("", self.raw).replace("\r", "")

    def read(self, deadline: float) -> bool:
        """Reads what comes next. False at the end."""
        if not select.select([self.side], [], [], max(0, deadline - time.monotonic()))[0]:
            self.test.fail(f"nothing more after {self.text[-600:]!r}")
        try:
            chunk = os.read(self.side, 65536)
        except OSError:  # the other side is closed
            return False
        self.raw += chunk.decode("utf-8", "replace")
        return bool(chunk)

    def wait_for(self, text: str) -> str:
        """Waits until [text] is shown, behind what was waited for before. Returns what stands between."""
        deadline = time.monotonic() + command_line_test.SECONDS
        while (found := self.text.find(text, self.seen)) < 0:
            if not self.read(deadline):
                self.test.fail(f"no {text!r} in {self.text[self.seen:]!r}")
        between = self.text[self.seen:found]
        self.seen = found + len(text)
        return between

    def type(self, keys: str):
        data = keys.encode()
        while data:
            data = data[os.write(self.side, data):]

    def enter(self, line: str) -> str:
        """Types [line] and returns what is shown up to the next prompt, without the echo."""
        self.type(line + ENTER)
        self.wait_for("\n")
        return self.wait_for(PROMPT)

    def close(self) -> int:
        """Waits for the end and returns the status."""
        deadline = time.monotonic() + command_line_test.SECONDS
        while self.read(deadline):
            pass
        status = self.process.wait(timeout=command_line_test.SECONDS)
        os.close(self.side)
        return status


class Repl(command_line_test.CommandLineTest):
    def usual_environment(self) -> dict[str, str]:
        return {"HOME": str(self.home), "TERM": "xterm-256color", "NO_COLOR": "1"}

    def terminal(self, *args: str, env: dict[str, str] | None = None, columns=80) -> Terminal:
        terminal = Terminal(self, *args, env=self.usual_environment() | (env or {}), columns=columns)
        self.addCleanup(self.put_to_end, terminal)
        terminal.wait_for(PROMPT)
        return terminal

    def put_to_end(self, terminal: Terminal):
        if terminal.process.poll() is None:
            terminal.process.kill()
            terminal.process.wait()

    def leave(self, terminal: Terminal, by=CTRL_D) -> int:
        terminal.type(by)
        terminal.wait_for("Goodbye!")
        return terminal.close()

    # --- the session ---

    def test_values_are_shown_and_variables_stay(self):
        terminal = self.terminal()
        self.assertEqual(terminal.enter("x = 20"), "")
        self.assertEqual(terminal.enter("x + 1"), "21\n")
        self.assertEqual(terminal.enter("_ * 2"), "42\n")
        self.assertEqual(terminal.enter("var y = x"), "")
        self.assertEqual(terminal.enter("function f() y += 1 return y end"), "")
        self.assertEqual(terminal.enter("f()"), "21\n")
        self.assertEqual(terminal.enter("y"), "21\n")
        self.assertEqual(terminal.enter("nil"), "")
        self.assertEqual(self.leave(terminal), 0)

    def test_ways_to_leave(self):
        for line in ("exit\n", " quit \n", "exit()\n", CTRL_D):
            with self.subTest(line):
                self.assertEqual(self.leave(self.terminal(), line), 0)
        self.assertEqual(self.leave(self.terminal(), "shutdown(3)\n"), 3)

    def test_the_terminal_is_left_as_it_was_found(self):
        side, line = pty.openpty()
        before = termios.tcgetattr(line)
        process = subprocess.Popen([command_line_test.PROGRAM, "repl"], cwd=self.home, stdin=line, stdout=line,
                                   stderr=line, env=self.environment({"HOME": str(self.home), "TERM": "xterm"}))
        os.write(side, b"1 + 1\nexit\n")
        while process.poll() is None:
            if select.select([side], [], [], 0.05)[0]:
                os.read(side, 65536)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(termios.tcgetattr(line), before)
        os.close(line)
        os.close(side)

    def test_a_task_may_end_the_process_while_the_prompt_waits(self):
        terminal = self.terminal()
        terminal.type("t = task(function() sleep(0.01) shutdown(4) end)\r")
        terminal.wait_for("Goodbye!")
        self.assertEqual(terminal.close(), 4)
        self.assertIn("\x1b[?2004l", terminal.raw[terminal.raw.rindex(PROMPT):])  # the editor has cleaned up

    def test_ctrl_z_stops_the_process_until_it_is_continued(self):
        shell = Terminal(self, program=["sh", "-i"], env=self.usual_environment())
        self.addCleanup(self.put_to_end, shell)
        shell.type(f"PS1='sh''> '; '{command_line_test.PROGRAM}' repl\n")
        shell.wait_for(PROMPT)
        shell.type("1 + " + CTRL_Z)
        shell.wait_for("Stopped")
        shell.wait_for("sh> ")
        shell.type("fg\n")
        shell.wait_for(PROMPT + "1 + ")
        self.assertEqual(shell.enter("1"), "2\n")
        shell.type(CTRL_D)
        shell.wait_for("Goodbye!")
        shell.wait_for("sh> ")
        shell.type("exit\n")
        shell.close()

    def test_sigterm_at_the_prompt_ends_quietly(self):
        terminal = self.terminal()
        terminal.process.send_signal(signal.SIGTERM)
        self.assertEqual(terminal.close(), 0)
        self.assertNotIn("Error", terminal.text)

    def test_output_without_a_line_end_stays_beside_the_prompt(self):
        terminal = self.terminal()
        self.assertEqual(terminal.enter('write("abc")'), "abc\n")

    # --- several lines ---

    def test_an_open_block_goes_on(self):
        terminal = self.terminal()
        terminal.type("for i = 1, 2 do\n")
        terminal.wait_for(CONTINUATION)
        terminal.type("print('line', i)\n")
        terminal.wait_for(CONTINUATION)
        self.assertEqual(terminal.enter("end"), "line 1\nline 2\n")

    def test_a_backslash_goes_on(self):
        terminal = self.terminal()
        terminal.type("1 \\\n")
        terminal.wait_for(CONTINUATION)
        self.assertEqual(terminal.enter("+ 2"), "3\n")

    def test_the_end_of_input_in_a_block_says_what_is_missing(self):
        terminal = self.terminal()
        terminal.type("f(1,\n")
        terminal.wait_for(CONTINUATION)
        terminal.type(CTRL_D)
        self.assertIn("Error: <stdin>:1:5: ", terminal.wait_for(PROMPT))

    def test_lines_that_come_all_at_once(self):
        terminal = self.terminal()
        terminal.type("a = 5\nif a > 3 then\nprint('big')\nend\na * 2\nprint('th' + 'ere')\n")
        terminal.wait_for("\nbig\n")
        terminal.wait_for("\n10\n")
        terminal.wait_for("\nthere\n")
        terminal.wait_for(PROMPT)

    def test_a_marked_paste_is_one_input(self):
        terminal = self.terminal()
        terminal.type("\x1b[200~function f(n)\r  return n * 2\rend\rprint(f(4))\r\x1b[201~")
        terminal.wait_for("print(f(4))")
        self.assertEqual(terminal.enter(""), "8\n")
        self.assertEqual(terminal.enter("f(5)"), "10\n")

    # --- history ---

    def test_up_brings_back_what_was_typed(self):
        terminal = self.terminal()
        terminal.enter("first = 1")
        terminal.enter("second = 2")
        terminal.type(UP + UP)
        terminal.wait_for("first = 1")
        self.assertEqual(terminal.enter("0"), "")
        self.assertEqual(terminal.enter("first"), "10\n")

    def test_history_outlives_the_session(self):
        terminal = self.terminal()
        terminal.enter("x = 41")
        terminal.type("if true then\nprint('it' + ' is')\nend\n")
        terminal.wait_for("it is\n")
        terminal.wait_for(PROMPT)
        self.leave(terminal)
        self.assertEqual((self.home / ".duso_history").read_text(),
                         "x = 41\nif true then\\nprint('it' + ' is')\\nend\n")

        terminal = self.terminal()
        terminal.type(UP)
        terminal.wait_for("end")
        self.assertEqual(terminal.enter("").splitlines()[-1], "it is")
        self.leave(terminal)

    def test_search_in_the_history(self):
        terminal = self.terminal()
        terminal.enter("apple = 12")
        terminal.enter("pear = 13")
        terminal.type(CTRL_R + "appl")
        terminal.wait_for("apple = 12")
        terminal.type(CTRL_E + "5" + ENTER)
        terminal.wait_for(PROMPT)
        self.assertEqual(terminal.enter("apple"), "125\n")

    def test_where_history_is_kept(self):
        terminal = self.terminal(env={"DUSO_HISTORY": str(self.home / "mine")})
        terminal.enter("1")
        self.leave(terminal)
        self.assertEqual((self.home / "mine").read_text(), "1\n")
        terminal = self.terminal(env={"DUSO_HISTORY": ""})
        terminal.enter("2")
        self.leave(terminal)
        self.assertEqual(sorted(path.name for path in self.home.iterdir()), ["mine"])

    def test_history_that_cannot_be_kept_is_said_once(self):
        terminal = self.terminal(env={"DUSO_HISTORY": "/nowhere/at/all"})
        self.assertIn("warning: cannot keep the history: /nowhere/at/all: ", terminal.enter("1"))
        self.assertEqual(terminal.enter("2"), "2\n")

    # --- editing ---

    def test_keys_that_move_and_delete(self):
        terminal = self.terminal()
        self.assertEqual(terminal.enter("2 * 3" + HOME + "1" + END + "0"), "360\n")
        self.assertEqual(terminal.enter("1 + 9" + LEFT + "\x0b" + "5"), "6\n")  # Ctrl-K
        self.assertEqual(terminal.enter("nonsense here\x15" + "7"), "7\n")  # Ctrl-U
        self.assertEqual(terminal.enter("8 + nothing\x17" + "1"), "9\n")  # Ctrl-W

    def test_text_beyond_ascii(self):
        terminal = self.terminal()
        self.assertEqual(terminal.enter("len('größe €')" + LEFT + LEFT + "!" + END), "8\n")

    # --- completion ---

    def test_completion_of_keywords_builtins_and_variables(self):
        terminal = self.terminal()
        terminal.enter("customer_name = 'ada'")
        self.assertEqual(terminal.enter("custo" + TAB), "ada\n")
        self.assertEqual(terminal.enter("starts_w" + TAB + "('abc', 'a')"), "true\n")
        terminal.type("funct" + TAB + " twice(n) return n * 2 end\n")
        terminal.wait_for(PROMPT)
        self.assertEqual(terminal.enter("twi" + TAB + "(4)"), "8\n")

    def test_completion_of_members(self):
        terminal = self.terminal()
        terminal.enter("config = {server = {portnumber = 80, protocol = 'http'}, debug = false}")
        self.assertEqual(terminal.enter("config.ser" + TAB + ".port" + TAB), "80\n")
        terminal.type("config.server.p" + TAB)
        terminal.wait_for("\nportnumber  protocol\n")
        terminal.wait_for("duso> config.server.p")
        self.assertEqual(terminal.enter("r" + TAB), "http\n")

    def test_completion_of_commands_and_topics(self):
        terminal = self.terminal()
        terminal.enter("customer = 1")
        self.assertEqual(terminal.enter(":va" + TAB), "customer = 1\n")
        self.assertIn("upper(", terminal.enter(":doc upp" + TAB))

    def test_tab_at_the_beginning_of_a_line_indents(self):
        terminal = self.terminal()
        terminal.type("if true then\n")
        terminal.wait_for(CONTINUATION)
        terminal.type(TAB + "print('in')\n")
        terminal.wait_for(CONTINUATION)
        self.assertEqual(terminal.enter("end"), "in\n")

    # --- Ctrl-C ---

    def test_ctrl_c_discards_the_line(self):
        terminal = self.terminal()
        terminal.type("print('no')" + CTRL_C)
        terminal.wait_for("^C\n")
        terminal.wait_for(PROMPT)
        terminal.type("function f()\n")
        terminal.wait_for(CONTINUATION)
        terminal.type("print('no')" + CTRL_C)
        terminal.wait_for("^C\n")
        terminal.wait_for(PROMPT)
        self.assertEqual(terminal.enter("1 + 1"), "2\n")

    def interrupt(self, terminal: Terminal, line: str):
        """Types [line], which prints "go" before it takes long, and interrupts it."""
        terminal.type(line + "\n")
        terminal.wait_for("go\n")
        terminal.type(CTRL_C)
        terminal.wait_for("Interrupted\n")
        terminal.wait_for(PROMPT)

    def test_ctrl_c_ends_what_runs_and_not_the_session(self):
        terminal = self.terminal()
        terminal.enter("x = 1")
        for line in ("while true do x += 1 end", "sleep(600)", "try sleep(600) catch (e) print('caught') end",
                     "task(function() sleep(600) end, name = 'other') channel().recv()", "input('')", "input('')", "input('')", "input('')", "input('')",
                     "task(function() sleep(600) end).wait()", "parallel([function() sleep(600) end])"):
            with self.subTest(line):
                self.interrupt(terminal, "print('g' + 'o') " + line)
        self.assertEqual(terminal.enter("x > 1"), "true\n")
        terminal.type("'<' + input() + '>'" + ENTER + "typed ahead" + ENTER)
        terminal.wait_for("\n<typed ahead>\n")
        terminal.wait_for(PROMPT)
        self.assertEqual(self.leave(terminal), 0)

    def test_tasks_survive_ctrl_c(self):
        terminal = self.terminal()
        terminal.enter("c = channel(1)")
        terminal.enter("t = task(function() c.recv() return 'survived' end)")
        self.interrupt(terminal, "print('g' + 'o') sleep(600)")
        terminal.enter("c.send(1)")
        self.assertEqual(terminal.enter("t.get()"), "survived\n")

    # --- tasks ---

    def test_tasks_go_on_while_the_prompt_waits(self):
        terminal = self.terminal()
        self.assertEqual(terminal.enter("t = task(function() sleep(0.01) print('ti' + 'ck') end)"), "")
        terminal.wait_for("tick\n")
        terminal.wait_for(PROMPT)
        self.assertEqual(terminal.enter("1"), "1\n")

    def test_output_of_a_task_leaves_the_line_alone(self):
        terminal = self.terminal()
        terminal.enter("c = channel()")
        terminal.enter("t = task(function() sleep(0.05) write('ti' + 'ck') end)")
        terminal.type("1 + 1")
        terminal.wait_for("tick\n")
        terminal.wait_for("duso> 1 + 1")
        terminal.type("\n")
        terminal.wait_for("\n2\n")

    def test_the_failure_of_a_task_is_told(self):
        terminal = self.terminal()
        terminal.type("t = task(function() throw('it broke') end)\n")
        terminal.wait_for("task: error in task-1: <stdin>:1:")
        terminal.wait_for("it broke")

    def test_input_of_a_script_at_the_prompt(self):
        terminal = self.terminal()
        terminal.type("name = input('who? ')\n")
        terminal.wait_for("\nwho? ")
        terminal.type("ada\n")
        terminal.wait_for(PROMPT)
        self.assertEqual(terminal.enter("name"), "ada\n")

    # --- errors ---

    def test_errors_show_the_place(self):
        terminal = self.terminal()
        self.assertEqual(terminal.enter("1 + nothing_here"),
                         "Error: <stdin>:1:5: undefined variable: nothing_here\n\n"
                         "  1 | 1 + nothing_here\n"
                         "    |     ^\n")
        self.assertIn("  1 | x = )\n    |     ^\n", terminal.enter("x = )"))

    def test_errors_know_the_names_of_the_session(self):
        terminal = self.terminal()
        terminal.enter("temperature = 20")
        self.assertIn("did you mean 'temperature'?", terminal.enter("temprature"))

    def test_errors_in_functions_of_earlier_inputs(self):
        terminal = self.terminal()
        terminal.enter("function half(n) return n / nil end")
        shown = terminal.enter("half(1)")
        self.assertIn("  1 | function half(n) return n / nil end\n", shown)
        self.assertIn("  at half (<stdin>:1:5)", shown)

    def test_the_heap_limit_is_an_error(self):
        terminal = self.terminal("-max-heap", "2m")
        self.assertIn("heap limit of 2 MB reached", terminal.enter("a = [] while true do push(a, [1, 2, 3]) end"))
        terminal.enter(":reset")
        self.assertEqual(terminal.enter("1 + 1"), "2\n")

    # --- values ---

    def test_values_are_cut_and_broken(self):
        terminal = self.terminal(columns=40)
        self.assertIn("… 9,900 more\n]\n(shortened; print(_) shows all of it)\n", terminal.enter("range(1, 10000)"))
        self.assertEqual(terminal.enter("len(_)"), "10000\n")
        self.assertEqual(terminal.enter("{name = 'somebody', place = 'somewhere else'}"),
                         '{\n  name="somebody",\n  place="somewhere else"\n}\n')

    def test_colours(self):
        terminal = self.terminal(env={"NO_COLOR": ""})
        terminal.enter("[1, 'a', nil]")
        self.assertIn("[\x1b[36m1\x1b[0m, \x1b[32m\"a\"\x1b[0m, \x1b[35mnil\x1b[0m]", terminal.raw)
        terminal = self.terminal("-no-color", env={"NO_COLOR": ""})
        self.assertEqual(terminal.enter("[1, 'a', nil]"), '[1, "a", nil]\n')
        self.assertNotIn("\x1b[36m", terminal.raw)

    # --- commands ---

    def test_commands(self):
        self.save("lib.du", "function triple(n)\n  return n * 3\nend\nloaded = 'yes'\n")
        terminal = self.terminal()
        for name in (":help", ":doc", ":type", ":time", ":load", ":vars", ":reset"):
            self.assertIn(f"  {name} ", terminal.enter(":help"))
        self.assertIn("split(", terminal.enter(":doc split"))
        self.assertIn("Cannot find a doc for", terminal.enter(":doc nonsense"))
        self.assertEqual(terminal.enter(":type [1]"), "array\n")
        self.assertEqual(terminal.enter(":type nil"), "nil\n")
        self.assertRegex(terminal.enter(":time 6 * 7"), r"^42\ntime: [0-9.]+ (µs|ms|s)\n$")
        self.assertEqual(terminal.enter(":load lib.du"), "")
        self.assertEqual(terminal.enter("triple(14)"), "42\n")
        self.assertEqual(terminal.enter(":vars"), '_ = 42\nloaded = "yes"\ntriple = <function>\n')
        self.assertEqual(terminal.enter(":reset"), "")
        self.assertEqual(terminal.enter(":vars"), "")
        self.assertIn("undefined variable: triple", terminal.enter("triple(1)"))

    def test_commands_that_fail(self):
        self.save("bad.du", "x = 1\ny = (\n")
        terminal = self.terminal()
        self.assertEqual(terminal.enter(":nonsense 1"), "Error: no command ':nonsense', :help lists all there are\n")
        self.assertIn("could not read script 'no.du'", terminal.enter(":load no.du"))
        self.assertIn("Error: bad.du:3:1: ", terminal.enter(":load bad.du"))
        self.assertIn("undefined variable: zzz", terminal.enter(":type zzz"))
        self.assertIn(":load needs the name of a file", terminal.enter(":load"))
        self.interrupt(terminal, ":time (function() print('g' + 'o') sleep(600) end)()")

    # --- pipes ---

    def test_a_pipe_gets_plain_values_and_errors(self):
        result = self.duso("repl", stdin="range(1, 100)\nx = nothing\n[1,\n_ = 3\n:type _\n")
        self.assertEqual(result.status, 0)
        self.assertEqual(result.out, "[" + ", ".join(map(str, range(1, 101))) + "]\nnumber\n")
        self.assertEqual(result.err.replace(PROMPT, ""),
                         "Duso REPL (type 'exit' to quit, use \\ for line continuation)\n\n"
                         "Error: <stdin>:1:5: undefined variable: nothing\n"
                         "Error: <stdin>:1:4: expected ] to close [ opened at line 1, col 1, but got EOF\n"
                         "\nGoodbye!\n")
        self.assertFalse((self.home / ".duso_history").exists())

    def test_a_pipe_may_feed_input(self):
        result = self.duso("repl", stdin="name = input()\nada\nname\n")
        self.assertEqual(result.out, "ada\n")

    def test_tasks_run_between_the_lines_of_a_pipe(self):
        result = self.duso("repl", stdin="t = task(function() print('task') end)\nprint('main')\nt.wait()\n")
        self.assertEqual(result.out, "task\nmain\n")

    def test_flags_count(self):
        result = self.duso("repl", "-config", "port=80", stdin="sys('-config').port\nsys('-subcommand')\n")
        self.assertEqual(result.out, "80\nrepl\n")
        self.assertEqual(self.duso("-repl", stdin="1 + 1\n").out, "2\n")

    def test_a_panic_ends_the_process_with_a_report(self):
        lines = "require('runtime').panic('oops')\nprint('not reached')\n"
        result = self.duso("repl", "-test-faults", stdin=lines)
        self.assertEqual(result.status, 70, result.err)
        self.assertEqual(result.out, "")


if __name__ == "__main__":
    command_line_test.main(__doc__)
