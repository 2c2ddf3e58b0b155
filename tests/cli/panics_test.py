#!/usr/bin/env python3
"""Tests of how the process ends when duso itself is at fault: signals, reports, crash files, flags.

    panics_test.py --bin build/release/duso [TEST...]

What scripts see of panics is in tests/conformance/panics; reports and signal handlers by themselves in tests/unit.
"""
import re
import signal

import command_line_test

FAULT = """rt = require("runtime")
function inner(kind) rt.test_fault(kind) end
function outer(kind) inner(kind) end
task(function() sleep(60) end)
yield_now()
print("before")
try outer(sys("-kind")) catch (e) print("caught") end
print("after")
"""

REPORT = r"""Panic: {message}
  kind:     {kind}
  at:       fault\.du:2:35
  instance: 0 \(main\) fault\.du
  task:     main

Call stack:
  at inner \(fault\.du:3:27\)
  at outer \(fault\.du:7:10\)

Native backtrace:
(  #\d+ 0x[0-9a-f]{{16}} .*
)+
duso [\d.]+, Linux \S+, up \d+\.\d{{3}} s, heap \S+ (bytes|KB) of 16 MB, 1 instance, 2 tasks
"""

FATAL = {
    "segv": (signal.SIGSEGV, "SIGSEGV at address 0x0000000000000010", "signal"),
    "abort": (signal.SIGABRT, "SIGABRT", "signal"),
    "native_overflow": (signal.SIGSEGV, "native stack overflow", "native_overflow"),
}


class PanicTest(command_line_test.CommandLineTest):
    def fault(self, kind: str, *flags: str):
        self.save("fault.du", FAULT)
        return self.duso("fault.du", "-test-faults", "-max-heap", "16m", "-kind", kind, *flags)

    def assert_report(self, text: str, message: str, kind: str):
        self.assertRegex(text, "^" + REPORT.format(message=re.escape(message), kind=kind) + "$")

    def crash_files(self) -> list[str]:
        folder = self.home / "crashes"
        return [path.read_text() for path in sorted(folder.glob("duso-crash-*-*-*.txt"))]


class Signals(PanicTest):
    def test_a_fatal_signal_is_reported_with_the_stack_of_the_script_and_ends_the_process(self):
        for fault, (number, message, kind) in FATAL.items():
            with self.subTest(fault):
                result = self.fault(fault)
                self.assertEqual(result.status, -number)
                self.assert_report(result.err, message, kind)

    def test_the_report_goes_to_a_file_too(self):
        (self.home / "crashes").mkdir()
        result = self.fault("segv", "-crash-dir", "crashes")
        self.assertEqual(self.crash_files(), [result.err])

    def test_without_a_handler_there_is_none(self):
        for fault, (number, _, _) in FATAL.items():
            with self.subTest(fault):
                result = self.fault(fault, "-no-panic-handler")
                self.assertEqual((result.status, result.err), (-number, ""))


class Recoverable(PanicTest):
    def test_a_panic_of_the_main_script_ends_the_process_with_70(self):
        for fault, kind in (("exception", "exception"), ("check", "invariant")):
            for flags in ([], ["-panic-policy", "abort"]):
                with self.subTest(fault, flags=flags):
                    result = self.fault(fault, *flags)
                    self.assertEqual((result.status, result.out), (70, "before\n"))
                    self.assert_report(result.err, "test fault", kind)

    def test_a_crash_file_tells_more(self):
        (self.home / "crashes").mkdir()
        result = self.fault("check", "-crash-dir", "crashes", "-panic-history", "7")
        [text] = self.crash_files()
        self.assertTrue(text.startswith(result.err))
        for piece in ("\nConfiguration:\n", "  max_heap_size: 16777216\n", "  panic_history_size: 7\n", "\nMemory:\n",
                      "\nInstances of this worker, 1 of 1:\n  0 (main) fault.du, heap ", ", 2 tasks\n",
                      "    main at fault.du:2:35\n      at inner (fault.du:3:27)\n",
                      "    task-1 at fault.du:4:22\n", "\nLast panics:\n  1 invariant fault.du:2:35 test fault\n"):
            self.assertIn(piece, text)

    def test_a_crash_file_that_can_not_be_written_is_noted(self):
        result = self.fault("check", "-crash-dir", "nowhere")
        self.assertEqual(result.status, 70)
        self.assertRegex(result.err, r"\npanic: cannot write nowhere/duso-crash-\S+: No such file or directory\n$")


class Flags(PanicTest):
    def test_a_bad_value_stops_duso_before_the_script_runs(self):
        self.save("one.du", "print(1)")
        for flags, complaint in (
            (["-panic-history", "1001"], 'panic-history: bad number "1001": expected a whole number from 0 to 1000'),
            (["-panic-history", "few"], 'panic-history: bad number "few": expected a whole number from 0 to 1000'),
            (["-panic-policy", "hope"], 'panic-policy: bad value "hope": expected isolate or abort'),
            (["-crash-dir"], 'crash-dir: bad value "": expected a text'),
        ):
            with self.subTest(flags):
                result = self.duso("one.du", *flags)
                self.assertEqual((result.status, result.out, result.err), (1, "", complaint + "\n"))


if __name__ == "__main__":
    command_line_test.main(__doc__)
