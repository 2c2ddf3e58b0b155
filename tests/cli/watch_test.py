#!/usr/bin/env python3
"""Tests of duso -watch: it runs a script again when a file that it has loaded changes.

    watch_test.py --bin build/release/duso [TEST...]
"""
import os
import pty
import signal
import subprocess
import threading
import time

import command_line_test


class Watched:
    """A running duso -watch, and what it has written so far."""

    def __init__(self, test: "Watch", *args: str, before=()):
        self.test = test
        self.process = subprocess.Popen([*before, command_line_test.PROGRAM, *args], cwd=test.home, env=test.environment({}),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.text = ""
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        while chunk := os.read(self.process.stdout.fileno(), 4096):
            self.text += chunk.decode()

    def wait_for(self, text: str):
        deadline = time.monotonic() + command_line_test.SECONDS
        while text not in self.text:
            self.test.assertLess(time.monotonic(), deadline, f"no {text!r} in {self.text!r}")
            time.sleep(0.01)

    def end(self, number=signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.close()

    def close(self) -> int:
        status = self.process.wait(timeout=command_line_test.SECONDS)
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()
        return status


class Watch(command_line_test.CommandLineTest):
    def watch(self, *args: str) -> Watched:
        watched = Watched(self, *args)
        self.addCleanup(lambda: watched.process.poll() is None and watched.end(signal.SIGKILL))
        return watched

    def test_a_script_that_has_ended_runs_again(self):
        self.save("a.du", 'print("one")')
        watched = self.watch("-watch", "a.du")
        watched.wait_for("waiting for a change\n")
        self.save("a.du", 'print("two") shutdown(3)')
        watched.wait_for("status 3, waiting for a change\n")
        self.assertEqual(watched.end(), 3)
        self.assertEqual(watched.text, "one\nwatch: ended with status 0, waiting for a change\n"
                                       "watch: a.du changed, starting again\n"
                                       "two\nwatch: ended with status 3, waiting for a change\n")

    def test_a_script_that_runs_is_ended_first(self):
        self.save("a.du", 'defer(function() print("cleaned up") end) print("one") sleep(60) print("not reached")')
        watched = self.watch("-watch", "a.du")
        watched.wait_for("one\n")
        self.save("a.du", 'error("two") while true do end')
        watched.wait_for("two\n")
        self.assertEqual(watched.end(), 0)
        self.assertEqual(watched.text, "one\nwatch: a.du changed, starting again\ncleaned up\ntwo\n")

    def test_modules_and_other_scripts_count(self):
        self.save("lib.du", 'return "first"')
        self.save("part.du", 'exit("child one")')
        self.save("a.du", 'print(require("lib"), run("part.du")) sleep(60)')
        watched = self.watch("run", "-watch", "a.du")
        watched.wait_for("first child one\n")
        self.save("lib.du", 'return "second"')
        watched.wait_for("second child one\n")
        self.save("part.du", 'exit("child two")')
        watched.wait_for("second child two\n")
        self.save("unrelated.du", "")
        time.sleep(0.5)
        self.assertEqual(watched.end(), 0)
        self.assertEqual(watched.text.count("starting again"), 2)

    def test_a_mistake_can_be_corrected(self):
        self.save("a.du", "x = = 1")
        watched = self.watch("-watch", "a.du")
        watched.wait_for("status 1, waiting for a change\n")
        (self.home / "a.du").unlink()
        watched.wait_for("could not read script 'a.du'")
        self.save("new.du", 'print("right")')
        (self.home / "new.du").rename(self.home / "a.du")
        watched.wait_for("right\n")
        watched.end()

    def test_flags_and_words_reach_every_run(self):
        self.save("a.du", 'print(sys("-n"), sys("args"))')
        watched = self.watch("-watch", "a.du", "word", "-n", "5")
        watched.wait_for('5 ["-watch", "a.du", "word", "-n", "5"]\n')
        self.save("a.du", 'print(sys("-n") + 1)')
        watched.wait_for("6\n")
        watched.end()

    def test_the_run_has_the_standard_input(self):
        self.save("a.du", 'print("got " + input()) sleep(60)')
        watched = self.watch("-watch", "a.du")
        watched.process.stdin.write(b"this\n")
        watched.process.stdin.flush()
        watched.wait_for("got this\n")
        watched.end()

    def test_ctrl_c_on_a_terminal_ends_both(self):
        self.save("a.du", 'defer(function() print("cleaned up") end) print("ready") sleep(60)')
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.home)
            os.execv(command_line_test.PROGRAM, ["duso", "-watch", "a.du"])
        shown = b""
        while b"ready" not in shown:
            shown += os.read(terminal, 4096)
        os.write(terminal, b"\x03")
        _, status = os.waitpid(child, 0)
        shown += os.read(terminal, 4096)
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)
        self.assertIn(b"cleaned up", shown)

    def test_there_must_be_something_to_watch(self):
        result = self.duso("-watch", "none.du")
        self.assertEqual((result.status, result.err),
                         (1, "Error: could not read script 'none.du': open none.du: file does not exist\n"))
        for args in (["-watch", "-"], ["-watch", "-e", "print(1)"]):
            result = self.duso(*args)
            self.assertEqual((result.status, result.out, result.err), (1, "", "Error: -watch requires a script in a file\n"))

    def test_behind_the_script_the_flag_is_the_scripts(self):
        self.save("a.du", 'print(sys("-watch"))')
        self.assert_quiet(self.duso("a.du", "-watch", "this"), "this\n")


class WithoutEvents(Watch):
    """The same where the system has no watch left to give: then looking often has to do."""

    def setUp(self):
        super().setUp()
        self.without_events = ["unshare", "--user", "--map-root-user", "sh", "-c",
                               'echo 0 > /proc/sys/user/max_inotify_instances && exec "$0" "$@"']
        if subprocess.run([*self.without_events, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("the system does not let a test limit itself")

    def watch(self, *args: str) -> Watched:
        watched = Watched(self, *args, before=self.without_events)
        self.addCleanup(lambda: watched.process.poll() is None and watched.end(signal.SIGKILL))
        return watched

    def test_the_builtin_looks_often(self):
        self.save("a.txt", "one")
        self.save("a.du", 'watch("a.txt") print("ready") print(watch("a.txt")) print(watch("*.du", 0), watch("*.du", 0))')
        watched = self.watch("a.du")
        watched.wait_for("ready\n")
        self.save("a.txt", "other")
        self.assertEqual(watched.close(), 0)
        self.assertEqual(watched.text, "ready\ntrue\nfalse false\n")


if __name__ == "__main__":
    command_line_test.main(__doc__)
