#!/usr/bin/env python3
"""Tests of what duso says about a run besides what the script says: -json-errors and -time.

    run_flags_test.py --bin build/release/duso [TEST...]
"""
import json
import re

import command_line_test
from command_line_test import Result


class JsonErrors(command_line_test.CommandLineTest):
    def error_of(self, result: Result) -> dict:
        """What [result] says on standard error, which is one object in one line and nothing else."""
        self.assertEqual((result.status, result.out, result.err.count("\n")), (1, "", 1), result)
        return json.loads(result.err)

    def test_place_message_and_stack(self):
        self.save("e.du", 'function f(x)\n  throw({code = x})\nend\ng = function() f(1) end\ng()\n')
        expected = {"file": "e.du", "line": 2, "column": 8, "message": "{code=1}",
                    "stack": [{"name": "f", "file": "e.du", "line": 4, "column": 17},
                              {"name": "<anonymous>", "file": "e.du", "line": 5, "column": 2}]}
        for args in (["e.du", "-json-errors"], ["-json-errors", "e.du"], ["run", "e.du", "-json-errors", "word"]):
            self.assertEqual(self.error_of(self.duso(*args)), expected)

    def test_the_message_is_the_errors_own(self):
        for thrown, message in (('"plain"', "plain"), ('"two\\nlines \\"quoted\\""', 'two\nlines "quoted"'),
                                ("nil", "unknown error"), ("[1, 2]", "[1, 2]")):
            error = self.error_of(self.duso("eval", f"throw({thrown})", "-json-errors"))
            self.assertEqual((error["file"], error["line"], error["message"]), ("<inline>", 1, message))

    def test_a_syntax_error(self):
        self.save("p.du", "a = 1\nx = = 1\n")
        self.assertEqual(self.error_of(self.duso("p.du", "-json-errors")),
                         {"file": "p.du", "line": 2, "column": 5, "message": 'unexpected token =("=") at 2:5', "stack": []})

    def test_an_error_from_another_script_has_its_place_in_its_message(self):
        self.save("child.du", 'throw("bad")')
        error = self.error_of(self.duso("eval", 'run("child.du")', "-json-errors"))
        self.assertEqual((error["file"], error["line"], error["column"], error["stack"]), (None, None, None, []))
        self.assertEqual(error["message"], "child.du:1:6: bad")

    def test_what_was_printed_comes_first_and_no_other_text(self):
        result = self.duso("eval", 'print("out") throw("bad")', "-json-errors")
        self.assertEqual(result.out, "out\n")
        self.assertEqual(json.loads(result.err)["message"], "bad")

    def test_nothing_is_said_without_an_error(self):
        self.assert_quiet(self.duso("eval", "print(1)", "-json-errors"), "1\n")


class Time(command_line_test.CommandLineTest):
    LINE = r"\Atime: (\d+\.\d{3}) s wall, (\d+\.\d{3}) s CPU\n\Z"

    def test_wall_time_and_cpu_time(self):
        result = self.duso("-time", "-e", "sleep(0.3)")
        self.assertEqual((result.status, result.out), (0, ""))
        self.assertRegex(result.err, self.LINE)
        wall, cpu = map(float, re.match(self.LINE, result.err).groups())
        self.assertGreaterEqual(wall, 0.3)
        self.assertLess(cpu, wall)

    def test_it_comes_last_and_leaves_the_status_alone(self):
        self.save("a.du", 'print("out") shutdown(3)')
        result = self.command("/bin/sh", "-c", 'exec "$0" -time a.du 2>&1', command_line_test.PROGRAM)
        self.assertEqual(result.status, 3)
        self.assertRegex(result.out, r"\Aout\ntime: .*\n\Z")
        self.assertRegex(self.duso("-time", "-e", 'throw("bad")').err, r"(?s)\AError: <inline>:1:6: bad\n(?:.*\n)?time: .*\n\Z")

    def test_behind_the_script_the_flag_is_the_scripts(self):
        self.save("a.du", 'print(sys("-time"))')
        self.assert_quiet(self.duso("a.du", "-time", "12"), "12\n")


if __name__ == "__main__":
    command_line_test.main(__doc__)
