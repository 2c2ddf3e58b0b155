#!/usr/bin/env python3
"""Tests of duso test: which files and functions it takes for tests, how it runs them, and what it says about them.

    test_command_test.py --bin build/release/duso [TEST...]
"""
import json
import re
import signal
import subprocess
import time
import xml.etree.ElementTree as xml
from pathlib import Path

import command_line_test
from command_line_test import Result


class TestCommandTest(command_line_test.CommandLineTest):
    def run_tests(self, *args: str, **more) -> Result:
        """Runs duso test. Times differ from run to run: they become N."""
        result = self.duso("test", *args, **more)
        return Result(result.status, re.sub(r"\(\d+ ms\)", "(N ms)", result.out), result.err)

    def assert_report(self, result: Result, out: str, status=0):
        self.assertEqual((result.out, result.status, result.err), (out, status, ""))

    def results(self, *args: str) -> list[dict]:
        """What duso test -json says of each test; the last one is the summary."""
        return [json.loads(line) for line in self.duso("test", "-json", *args).out.splitlines()]

    def statuses(self, *args: str) -> dict[str, str]:
        return {test["name"]: test["status"] for test in self.results(*args)[:-1]}


class Discovery(TestCommandTest):
    def test_files_are_found_by_their_names(self):
        (self.home / "sub" / "deep").mkdir(parents=True)
        for name in ("b_test.du", "test_a.du", "sub/deep/c_test.du", "app.du", "sub/testing.du", "my_test.txt"):
            self.save(name, "")
        found = "ok b_test.du (N ms)\nok sub/deep/c_test.du (N ms)\nok test_a.du (N ms)\n3 passed, 0 failed, 0 skipped\n"
        self.assert_report(self.run_tests(), found)
        self.assert_report(self.run_tests("."), found)
        self.assert_report(self.run_tests("sub"), "ok sub/deep/c_test.du (N ms)\n1 passed, 0 failed, 0 skipped\n")

    def test_a_file_that_is_named_may_be_called_anything(self):
        self.save("app.du", "function test_it() end")
        self.assert_report(self.run_tests("app.du"), "ok app.du (N ms)\n1 passed, 0 failed, 0 skipped\n")

    def test_no_test_at_all_is_a_failure(self):
        self.save("app.du", "")
        self.assert_report(self.run_tests(), "0 passed, 0 failed, 0 skipped\n", status=1)

    def test_a_file_that_can_not_be_read(self):
        self.assert_report(self.run_tests("none_test.du"), "FAIL none_test.du (N ms)\n  could not read script "
                           "'none_test.du': open none_test.du: file does not exist\n0 passed, 1 failed, 0 skipped\n", 1)

    def test_functions_in_source_order_however_they_are_written(self):
        self.save("a_test.du", "function test_z() end\ntest_a = function() end\nvar test_m = function() end\n"
                               "function helper() throw('not a test') end\ntest_number = 3\n"
                               "if true then function test_inner() throw('not at the top level') end end\n")
        self.assertEqual(list(self.statuses("a_test.du")), ["test_z", "test_a", "test_m"])

    def test_run_chooses_by_name(self):
        self.save("a_test.du", "print('top level') function test_one() end function test_two() throw('no') end")
        self.save("b_test.du", "throw('must not run') function test_other() end")
        self.save("c_test.du", "throw('must not run either')")
        self.assertEqual(self.statuses("-run", "^test_o.e$"), {"test_one": "passed"})
        self.assertEqual(self.run_tests("-run", "c_test").out.splitlines()[0], "FAIL c_test.du (N ms)")
        self.assert_report(self.run_tests("-run", "nothing"), "0 passed, 0 failed, 0 skipped\n", 1)


class Running(TestCommandTest):
    def test_setup_and_teardown_stand_around_each_test(self):
        self.save("a_test.du", """steps = []
function setup() push(steps, "setup") end
function teardown() push(steps, "teardown") end
function test_fails() push(steps, "fails") throw("bad") end
function test_sees_them() assert(join(steps, " ") == "setup fails teardown setup") end
""")
        self.assertEqual(self.statuses(), {"test_fails": "failed", "test_sees_them": "passed"})

    def test_a_test_whose_setup_fails_is_not_run(self):
        self.save("a_test.du", "function setup() throw('no ground') end\nfunction teardown() print('torn') end\n"
                               "function test_it() print('ran') end")
        test, summary = self.results()
        self.assertEqual((test["status"], test["message"], test["output"]), ("failed", "no ground", ""))
        self.assertEqual(summary, {"passed": 0, "failed": 1, "skipped": 0})

    def test_a_failing_teardown_fails_the_test(self):
        self.save("a_test.du", "function teardown() throw('torn') end\nfunction test_it() end\n"
                               "function test_worse() throw('first') end")
        good, bad, _ = self.results()
        self.assertEqual((good["message"], bad["message"]), ("torn", "first"))
        self.assertIn("teardown failed too: Error: a_test.du:1:26: torn\n", bad["output"])

    def test_a_file_without_test_functions_is_a_test(self):
        for number, (code, status) in enumerate({"assert(true)": "passed", "throw('x')": "failed", "exit(3)": "passed",
                                                 "throw({skip = 'why'})": "skipped", "shutdown()": "passed",
                                                 "shutdown(3)": "failed", "x = = 1": "failed"}.items()):
            self.save(f"{number}_test.du", code)
            with self.subTest(code):
                self.assertEqual(self.statuses(f"{number}_test.du"), {"": status})

    def test_what_ends_the_script_fails_the_test_and_the_others_go_on(self):
        self.save("a_test.du", "function test_exit() exit() end function test_shutdown() shutdown() end\n"
                               "function test_after() end")
        self.assertEqual(self.statuses(), {"test_exit": "failed", "test_shutdown": "failed", "test_after": "passed"})
        self.save("a_test.du", "exit() function test_never() end")
        self.assertEqual(self.statuses(), {"": "failed"})

    def test_each_file_is_a_script_of_its_own(self):
        (self.home / "sub").mkdir()
        self.save("sub/lib.du", "return {name = 'lib of sub'}")
        self.save("sub/a_test.du", 'shared = 1\nfunction test_it()\n  assert(require("lib").name == "lib of sub")\n'
                                   '  assert(context() == nil) assert(input() == nil)\n'
                                   '  assert(sys("args")[0] == "sub/a_test.du") assert(sys("-subcommand") == "test")\nend')
        self.save("sub/b_test.du", "function test_it()\n  try\n    print(shared)\n    throw('seen')\n  catch (e)\n"
                                   "    assert(e.message == 'undefined variable: shared')\n  end\nend")
        self.assert_report(self.run_tests(), "ok sub/a_test.du (N ms)\nok sub/b_test.du (N ms)\n"
                                             "2 passed, 0 failed, 0 skipped\n")

    def test_flags_for_scripts_hold_for_tests(self):
        self.save("a_test.du", 'function test_it() assert(sys("-config").n == 5) a = repeat("x", 4000000) end')
        self.assertEqual(self.statuses("-config", "n=5", "-max-heap", "64m", "a_test.du"), {"test_it": "passed"})
        test, _ = self.results("-config", "n=5", "-max-heap", "1m", "a_test.du")
        self.assertEqual(test["message"], "out of memory: heap limit of 1 MB reached")

    def test_a_task_that_fails_unseen_fails_the_file(self):
        self.save("a_test.du", "function test_it() task(function() throw('lost') end) end")
        lines = self.run_tests().out.splitlines()
        self.assertEqual(lines[:2], ["FAIL a_test.du (N ms)", "  a task failed, and nobody took its error"])
        self.assertIn("a_test.du:1:41: lost", "\n".join(lines))

    def test_a_crash_takes_nobody_along(self):
        self.save("a_test.du", """function test_before() end
function test_crash() print("last words") exec("sh", {args = ["-c", "kill -SEGV $PPID"]}) sleep(60) end
function test_never() end
""")
        self.save("b_test.du", "function test_it() end")
        result = self.duso("test", "-json", "-allow-exec", "sh")
        before, crash, other, summary = map(json.loads, result.out.splitlines())
        self.assertEqual((before["status"], crash["name"], crash["status"]), ("passed", "test_crash", "failed"))
        self.assertRegex(crash["message"], r"^the process ended (by signal 11 .*|with status \d+) before the tests were done$")
        self.assertTrue(crash["output"].startswith("last words\n"), crash["output"])
        self.assertEqual((other["status"], summary["failed"], result.status), ("passed", 1, 1))

    def test_files_run_at_the_same_time(self):
        for number in range(4):
            self.save(f"{number}_test.du", 'print("x") sleep(1)')
        begin = time.monotonic()
        result = self.run_tests("-jobs", "4")
        self.assertLess(time.monotonic() - begin, 3.5)
        self.assert_report(result, "".join(f"ok {number}_test.du (N ms)\n" for number in range(4)) +
                           "4 passed, 0 failed, 0 skipped\n")
        begin = time.monotonic()
        self.run_tests("-jobs", "1")
        self.assertGreaterEqual(time.monotonic() - begin, 4.0)

    def test_tests_end_with_their_runner(self):
        self.save("a_test.du", 'save("started", "") sleep(2) save("survived", "")')
        runner = subprocess.Popen([command_line_test.PROGRAM, "test"], cwd=self.home, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + command_line_test.SECONDS
        while not (self.home / "started").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        runner.send_signal(signal.SIGKILL)
        runner.wait()
        time.sleep(3)
        self.assertFalse((self.home / "survived").exists())


class Reports(TestCommandTest):
    SEVERAL = """print("loading")
function test_good() print("unseen") end
function test_bad()
  print("seen")
  error("on standard error")
  assert(1 == 2, "not equal")
end
function test_later() throw({skip = "not today"}) end
"""

    def test_of_a_failure_place_source_and_output(self):
        self.save("a_test.du", self.SEVERAL)
        failure = """  FAIL test_bad (N ms)
    Error: a_test.du:6:9: not equal

      6 |   assert(1 == 2, "not equal")
        |         ^
    output:
      seen
      on standard error
"""
        end = "1 passed, 1 failed, 1 skipped\n"
        self.assert_report(self.run_tests(), "FAIL a_test.du (N ms)\n" + failure + end, 1)
        self.assert_report(self.run_tests("-verbose"), "FAIL a_test.du (N ms)\n  ok test_good (N ms)\n" + failure +
                           "  skip test_later (N ms): not today\n" + end, 1)

    def test_of_a_file_that_is_skipped(self):
        self.save("a_test.du", "throw({skip = 'no database'})")
        self.assert_report(self.run_tests(), "skip a_test.du (N ms): no database\n0 passed, 0 failed, 1 skipped\n")

    def test_two_texts_are_shown_as_a_difference(self):
        self.save("a_test.du", r"""function expect(actual, expected)
  if actual != expected then throw({message = "wrong text", actual = actual, expected = expected}) end
end
function test_lines() expect("a\nx\nc\n", "a\nb\nc\n") end
function test_end() expect("a\nb", "a\nb\n") end
function test_words() expect("one", "two") end
function test_other() throw({expected = [1], actual = nil}) end
""")
        lines, end, words, other, _ = self.results()
        self.assertEqual(lines["message"], "wrong text")
        self.assertEqual(lines["difference"], "--- expected\n+++ actual\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n")
        self.assertEqual(end["difference"], "--- expected\n+++ actual\n@@ -1,2 +1,2 @@\n a\n-b\n+b\n"
                                            "\\ No newline at end of file\n")
        self.assertEqual(words["difference"], "expected: two\nactual:   one\n")
        self.assertEqual(other["difference"], "expected: [1]\nactual:   nil\n")
        self.assertEqual(other["message"], "not what was expected")
        text = self.run_tests().out
        self.assertIn("    Error: a_test.du:2:35: wrong text\n", text)
        self.assertIn("    --- expected\n    +++ actual\n    @@ -1,3 +1,3 @@\n     a\n    -b\n    +x\n     c\n", text)

    def test_as_json(self):
        self.save("a_test.du", self.SEVERAL)
        good, bad, later, summary = self.results()
        self.assertEqual((good.pop("seconds") >= 0, good),
                         (True, {"file": "a_test.du", "name": "test_good", "status": "passed"}))
        self.assertGreaterEqual(bad.pop("seconds"), 0)
        self.assertEqual(bad, {"file": "a_test.du", "name": "test_bad", "status": "failed", "message": "not equal",
                               "error_file": "a_test.du", "line": 6, "column": 9, "stack": [],
                               "output": "seen\non standard error\n"})
        self.assertEqual((later["status"], later["reason"]), ("skipped", "not today"))
        self.assertEqual(summary, {"passed": 1, "failed": 1, "skipped": 1})

    def test_the_stack_of_a_failure(self):
        self.save("a_test.du", "function check() throw('deep') end\nfunction test_it() check() end")
        test, _ = self.results()
        self.assertEqual(test["stack"], [{"name": "check", "file": "a_test.du", "line": 2, "column": 25}])

    def test_as_junit(self):
        self.save("a_test.du", self.SEVERAL.replace("not equal", "<&>\\x01"))
        self.save("b_test.du", "")
        result = self.run_tests("-junit", "report.xml")
        self.assertEqual((result.status, result.out.splitlines()[-1]), (1, "2 passed, 1 failed, 1 skipped"))
        document = xml.parse(self.home / "report.xml").getroot()
        self.assertEqual([document.get(name) for name in ("tests", "failures", "skipped")], ["4", "1", "1"])
        first, second = document.findall("testsuite")
        self.assertEqual((first.get("name"), first.get("tests"), second.get("name")), ("a_test.du", "3", "b_test.du"))
        good, bad, later = first.findall("testcase")
        self.assertEqual((good.get("classname"), good.get("name"), len(good)), ("a_test.du", "test_good", 0))
        self.assertTrue(bad.find("failure").get("message").startswith("<&>"))
        self.assertIn("a_test.du:6:9: <&>", bad.find("failure").text)
        self.assertEqual(bad.find("system-out").text, "seen\non standard error\n")
        self.assertEqual(later.find("skipped").get("message"), "not today")
        self.assertEqual(self.duso("test", "-junit", "none/x.xml").err, "Error: open none/x.xml: no such file or directory\n")

    def test_mistakes_on_the_command_line(self):
        for args, complaint in ((["-run", "("], "Error: -run: error parsing regexp: missing ): (\n"),
                                (["-jbs", "3"], "Error: test has no flag '-jbs'\nDid you mean '-jobs'?\n"),
                                (["-jobs", "0"], 'jobs: bad number "0": expected a whole number from 1\n'),
                                (["-junit"], "junit: bad value \"\": expected a text\n")):
            result = self.duso("test", *args)
            self.assertEqual((result.status, result.out, result.err), (1, "", complaint))


class Documentation(TestCommandTest):
    PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"

    def test_the_example_prints_what_stands_below_it(self):
        section = self.PAGE.read_text(encoding="utf-8").split("## Testing scripts\n")[1]
        code, out = re.search(r"```duso\n(.*?)```\n\n```text\n(.*?)```", section, re.DOTALL).groups()
        self.save("words_test.du", code)
        self.assert_report(self.run_tests(), re.sub(r"\(\d+ ms\)", "(N ms)", out), 1)


if __name__ == "__main__":
    command_line_test.main(__doc__)
