#!/usr/bin/env python3
"""Tests of duso bundle: that what it makes runs where nothing else is, and that what was damaged does not.

    bundle_test.py --bin build/release/duso [TEST...]
"""
import os
import re
import shutil
import stat
import subprocess
import time
from pathlib import Path

import command_line_test
from command_line_test import Result

HOUSE = Path(__file__).resolve().parent.parent.parent
FUSE = b"duso fuse e1f02c5d, an application of form 1 follows: "
TRAILER_SIZE = 56
USAGE = ("Usage: duso bundle --bundle-dir DIR --run-script FILE OUT [--add-lib PATH] [--base EXECUTABLE] [--sealed]\n")

MAIN = '''print("main", format_json(sys("args")), sys("-n"))
words = require("lib/words")
print(words.upper_all(trim(load("data/words.txt"))), trim(load("/HERE/data/words.txt")), load("/EMBED/app/empty") == "")
print(list_files("data/*.txt"), list_dir("/EMBED/app/data"), file_type("lib"), file_exists(".hidden"))
include("included.du")
print(included, doc("lib/words"))
'''
FILES = {
    "main.du": MAIN,
    "lib/words.du": 'return {upper_all = function(text) return upper(text) end}\n',
    "lib/words.md": "about words\n",
    "included.du": 'included = "included"\n',
    "data/words.txt": "one two\n",
    "data/.secret.txt": "secret\n",
    "empty": "",
    ".hidden": "hidden\n",
    ".git/config": "hidden\n",
    "other.du": 'print("other", sys("args"), require("deep"))\n',
    "modules/deep.du": 'return "deep"\n',
}
OUTPUT = '''main {args} {n}
ONE TWO one two true
["data/words.txt"] [{{is_dir=false, name="words.txt"}}] directory false
included Documentation from: /EMBED/app/lib/words.md

about words

'''


class BundleTest(command_line_test.CommandLineTest):
    def setUp(self):
        super().setUp()
        self.elsewhere = self.home / "elsewhere"
        self.elsewhere.mkdir()
        self.write(FILES)

    def write(self, files: dict[str, str | bytes], folder="app"):
        for name, text in files.items():
            path = self.home / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def bundle(self, *args: str, out="tool", folder="app", script="main.du") -> Path:
        result = self.duso("bundle", "--bundle-dir", folder, "--run-script", script, out, *args)
        self.assert_quiet(result, f"✓ Bundle complete: {out}\n")
        return self.home / out

    def run_alone(self, program: Path, *args: str, files=()) -> Result:
        """Runs [program] under another name in an otherwise empty folder, with nothing in its environment."""
        place = self.elsewhere / "moved"
        place.unlink(missing_ok=True)
        os.link(program, place)
        done = subprocess.run([place, *args], cwd=self.elsewhere, env={}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=command_line_test.SECONDS,
                              check=False)
        return Result(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    def bundle_of(self, script: str, *args: str, **files: str) -> Path:
        self.write({"main.du": script} | files, folder="small")
        return self.bundle(*args, folder="small")


class Running(BundleTest):
    def test_it_runs_where_nothing_else_is(self):
        program = self.bundle()
        shutil.rmtree(self.home / "app")
        self.assert_quiet(self.run_alone(program), OUTPUT.format(args='["app/main.du"]', n="nil"))
        self.assert_quiet(self.run_alone(program, "-n", "5", "--x"),
                          OUTPUT.format(args='["app/main.du","-n","5","--x"]', n="5"))

    def test_its_own_script_wins_over_the_disk(self):
        program = self.bundle_of('print("bundled")')
        self.write({"main.du": 'print("from the disk")'}, folder="elsewhere/app")
        self.assert_quiet(self.run_alone(program), "bundled\n")

    def test_the_folder_of_the_user_is_within_reach(self):
        program = self.bundle_of('save("/CWD/made.txt", "made") print(load("/CWD/made.txt"), file_exists("made.txt"))')
        self.assert_quiet(self.run_alone(program), "made false\n")
        self.assertEqual((self.elsewhere / "made.txt").read_text(), "made")

    def test_nothing_can_be_written_into_it(self):
        program = self.bundle_of('save("x.txt", "x")')
        result = self.run_alone(program)
        self.assertEqual((result.status, result.out), (1, ""))
        self.assertIn("cannot write to /EMBED/: embedded filesystem is read-only (at /EMBED/app/x.txt)", result.err)

    def test_with_words_it_is_duso(self):
        program = self.bundle("--add-lib", "/EMBED/app/modules")
        self.assert_quiet(self.run_alone(program, "eval", "print(1 + 1)"), "2\n")
        self.assert_quiet(self.run_alone(program, "app/other.du", "x"), 'other ["app/other.du", "x"] deep\n')
        self.assert_quiet(self.run_alone(program, "--version"), self.duso("version").out)
        self.save("elsewhere/mine.du", 'print("mine", require("deep"))')
        self.assert_quiet(self.run_alone(program, "mine.du"), "mine deep\n")
        self.assertEqual(self.run_alone(program, "read", "app/included.du").out, FILES["included.du"])
        self.assert_quiet(self.run_alone(program, "extract", "app", "out"), "")
        found = sorted(path.relative_to(self.elsewhere / "out/app").as_posix()
                       for path in (self.elsewhere / "out").rglob("*") if path.is_file())
        self.assertEqual(found, sorted(name for name in FILES if "/." not in f"/{name}"))

    def test_a_sealed_one_keeps_all_words(self):
        program = self.bundle_of('print(sys("args"), sys("-p"))', "--sealed")
        self.assert_quiet(self.run_alone(program, "eval", "print(2)"), '["app/main.du", "eval", "print(2)"] nil\n')
        self.assert_quiet(self.run_alone(program, "--version"), '["app/main.du", "--version"] nil\n')
        self.assert_quiet(self.run_alone(program, "-p", "1"), '["app/main.du", "-p", "1"] 1\n')
        self.assert_quiet(self.run_alone(program), '["app/main.du"] nil\n')

    def test_flags_of_duso_rule_over_it(self):
        program = self.bundle_of('print(load("/CWD/x"))', "--sealed")
        result = self.run_alone(program, "-no-files")
        self.assertEqual(result.first_error, "Error: /EMBED/app/main.du:1:11: filesystem access disabled by -no-files")
        self.assertEqual(self.run_alone(program, "-max-heap", "12q").err, 'max-heap: bad size "12q"\n')

    def test_its_status_is_that_of_the_script(self):
        self.assertEqual(self.run_alone(self.bundle_of("shutdown(7)")).status, 7)
        result = self.run_alone(self.bundle_of("print(nothing)"))
        self.assertEqual((result.status, result.first_error),
                         (1, "Error: /EMBED/app/main.du:1:7: undefined variable: nothing"))

    def test_the_library_path_stands_between_flag_and_environment(self):
        script = 'print(require("a"), require("b"))'
        self.write({"lib/a.du": 'return "bundle"', "lib/b.du": 'return "bundle"'}, folder="small")
        program = self.bundle_of(script, "--add-lib", "/EMBED/app/lib")
        self.write({"b.du": 'return "flag"'}, folder="flag")
        self.write({"a.du": 'return "environment"', "b.du": 'return "environment"'}, folder="environment")
        result = self.command(str(program), "-lib-path", "flag", env={"DUSO_LIB": "environment"})
        self.assert_quiet(result, "bundle flag\n")

    def test_a_start_script_further_down(self):
        self.write({"src/start.du": 'print(load("beside.txt"), load("/EMBED/app/data/words.txt"))',
                    "src/beside.txt": "beside"})
        self.assert_quiet(self.run_alone(self.bundle(script="src/start.du")), "beside one two\n\n")

    def test_workers_and_large_files(self):
        asset = os.urandom(3_000_000) + bytes(3_000_000)
        self.write({"asset.bin": asset}, folder="small")
        program = self.bundle_of('print(run("worker.du"), len(load_binary("asset.bin")), '
                                 'copy_file("asset.bin", "/CWD/copy.bin"))',
                                 **{"worker.du": 'exit(len(load_binary("asset.bin")))'})
        result = self.run_alone(program)
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertTrue(result.out.startswith("6000000 6000000 "), result.out)
        self.assertEqual((self.elsewhere / "copy.bin").read_bytes(), asset)
        self.assertLess(program.stat().st_size, Path(command_line_test.PROGRAM).stat().st_size + 3_100_000)

    def test_its_help(self):
        program = self.bundle_of("print(1)")
        lines = "Custom bundled Duso application: tool\nRuns: app/main.du\n"
        result = self.run_alone(program, "--help")
        self.assertEqual((result.status, result.out, result.err), (0, self.duso("help").out, lines))
        program = self.bundle_of("print(1)", **{"help.md": "# The tool\n"})
        result = self.run_alone(program, "help")
        self.assertEqual((result.status, result.out.strip(), result.err), (0, "The tool", lines))


class Documentation(BundleTest):
    def test_the_example_in_the_page_runs(self):
        page = (HOUSE / "docs/cli.md").read_text(encoding="utf-8")
        section = page.split("## Bundling an application\n")[1].split("\n## ")[0]
        [script] = re.findall(r"(?ms)^```duso\n(.*?)^```$", section)
        self.write({"main.du": script, "pages/index.html": "NAME, N",
                    "lib/words.du": 'return {fill = function(text, args) return text + ": " + join(args, " ") end}'},
                   folder="src")
        self.assert_quiet(self.run_alone(self.bundle(folder="src", out="app-of-src"), "-n", "5"), "")
        self.assertEqual((self.elsewhere / "index.html").read_text(), "NAME, N: app/main.du -n 5")


class Making(BundleTest):
    def assert_fails(self, problem: str, *args: str):
        before = sorted(self.home.rglob("*"))
        result = self.duso("bundle", *args)
        self.assertEqual((result.status, result.out, result.err), (1, "", f"Error: {problem}\n"))
        self.assertEqual(sorted(self.home.rglob("*")), before)

    def test_what_is_missing(self):
        usage = "missing required arguments\n" + USAGE[:-1]
        for args in ([], ["out"], ["--bundle-dir", "app", "out"], ["--bundle-dir", "app", "--run-script", "main.du"]):
            self.assert_fails(usage, *args)
        self.assert_fails("bundle directory does not exist: nodir", "--bundle-dir", "nodir", "--run-script", "x", "out")
        self.assert_fails("run script not found: app/none.du", "--bundle-dir", "app", "--run-script", "none.du", "out")
        self.assert_fails("run script not found: app/lib", "--bundle-dir", "app", "--run-script", "lib", "out")
        self.save("outside.du", "")
        for script in (".hidden", "../outside.du"):
            self.assert_fails(f"run script is not among the files of the bundle: app/{script}",
                              "--bundle-dir", "app", "--run-script", script, "out")

    def test_what_is_too_much(self):
        app = ("--bundle-dir", "app", "--run-script", "main.du")
        self.assert_fails("bundle makes one executable\n" + USAGE[:-1], *app, "a", "b")
        self.assert_fails("bundle has no flag '-target'", *app, "a", "--target", "linux/arm64")

    def test_flags_stand_anywhere_with_one_dash_or_two(self):
        for args in (["tool", "--bundle-dir", "app", "--run-script", "other.du", "--add-lib=/EMBED/app/modules"],
                     ["-sealed", "tool", "-run-script=other.du", "-add-lib", "/EMBED/app/modules", "-bundle-dir=app"]):
            self.assert_quiet(self.duso("bundle", *args), "✓ Bundle complete: tool\n")
            self.assert_quiet(self.run_alone(self.home / "tool"), 'other ["app/other.du"] deep\n')

    def test_where_nothing_can_be_written(self):
        app = ("--bundle-dir", "app", "--run-script", "main.du")
        self.assert_fails("could not write to none/out: no such file or directory", *app, "none/out")
        self.assert_fails("could not write to elsewhere: is a directory", *app, "elsewhere")
        os.mkfifo(self.home / "pipe")
        self.assert_fails("could not write to pipe: invalid argument", *app, "pipe")
        self.assert_fails(f"the bundle cannot take the place of the program that makes it: {command_line_test.PROGRAM}",
                          *app, command_line_test.PROGRAM)

    def test_what_cannot_be_taken_along(self):
        app = ("--bundle-dir", "app", "--run-script", "main.du", "out")
        (self.home / "app/broken").symlink_to("nowhere")
        self.assert_fails("could not read app/broken: no such file or directory", *app)
        (self.home / "app/broken").unlink()
        (self.home / "app/data/up").symlink_to("..")
        self.assert_fails("directory contains itself: app/data/up", *app)
        (self.home / "app/data/up").unlink()
        os.mkfifo(self.home / "app/pipe")
        self.assert_fails("neither file nor directory: app/pipe", *app)
        (self.home / "app/pipe").unlink()
        self.write({"a\\b": ""})
        self.assert_fails("a name in a bundle cannot contain a backslash: app/a\\b", *app)

    def test_links_are_followed(self):
        self.write({"words.txt": "linked"}, folder="shared")
        (self.home / "small").mkdir()
        (self.home / "small/data").symlink_to("../shared")
        (self.home / "small/one.txt").symlink_to("../shared/words.txt")
        program = self.bundle_of('print(load("data/words.txt"), load("one.txt"))')
        self.assert_quiet(self.run_alone(program), "linked linked\n")

    def test_the_executable_replaces_what_was_there_in_one_step(self):
        out = self.save("tool", "an older one")
        out.chmod(0o600)
        program = self.bundle()
        self.assertEqual(stat.S_IMODE(program.stat().st_mode), 0o755)
        self.assertEqual([path.name for path in self.home.glob("tool*")], ["tool"])
        running = subprocess.Popen([self.bundle_of("sleep(30)")], stdin=subprocess.DEVNULL)
        try:
            self.assert_quiet(self.run_alone(self.bundle_of('print("newer")')), "newer\n")
            self.assertIsNone(running.poll())
        finally:
            running.kill()
            running.wait()

    def test_a_bundle_within_its_own_folder_does_not_grow(self):
        for _ in range(2):
            self.bundle(folder=".", script="app/main.du")
            self.assertEqual(self.command("./tool", "read", "app").out, "Contents of app:\n\napp/\n")

    def test_the_same_files_make_the_same_executable(self):
        first = self.bundle().read_bytes()
        time.sleep(0.01)
        for path in (self.home / "app").rglob("*"):
            path.touch()
        self.assertEqual(self.bundle().read_bytes(), first)


class Bases(BundleTest):
    def test_a_bundle_bundles_again(self):
        first = self.bundle()
        self.write({"main.du": 'print("second", load("note.txt"))', "note.txt": "note"}, folder="second")
        args = ["bundle", "--bundle-dir", "second", "--run-script", "main.du"]
        self.assert_quiet(self.command(str(first), *args, "again"), "✓ Bundle complete: again\n")
        self.assert_quiet(self.run_alone(self.home / "again"), "second note\n")
        self.assertEqual(self.run_alone(self.home / "again", "read", "app").out,
                         "Contents of app:\n\nmain.du\nnote.txt\n")
        self.assert_quiet(self.duso(*args, "direct"), "✓ Bundle complete: direct\n")
        self.assertEqual(len((self.home / "again").read_bytes()), len((self.home / "direct").read_bytes()) - 1)
        result = self.command(str(first), *args, str(first))
        self.assertEqual(result.err, f"Error: the bundle cannot take the place of the program that makes it: {first}\n")

    def test_another_executable_as_the_base(self):
        program = Path(command_line_test.PROGRAM).read_bytes()
        self.assertEqual(program.count(FUSE), 1)
        foreign = b"MZ, of another platform, " + FUSE + b"0 and so on"
        self.save("foreign", foreign)
        made = self.bundle("--base", "foreign").read_bytes()
        self.assertEqual(made[:len(foreign)], foreign.replace(b"follows: 0", b"follows: 1"))
        again = self.bundle("--base", "tool", out="again").read_bytes()
        self.assertEqual(again.replace(b"again", b"tool")[:len(foreign)], made[:len(foreign)])
        self.assertEqual(len(again), len(made) + 1)

    def test_what_is_no_base(self):
        args = ("bundle", "--bundle-dir", "app", "--run-script", "main.du", "out", "--base")
        other = "it is no executable of duso, or one of a version that runs no applications"
        for base, problem in (("/bin/true", other), ("none", "no such file or directory"), ("app", "is a directory")):
            result = self.duso(*args, base)
            self.assertEqual((result.status, result.err), (1, f"Error: cannot build on {base}: {problem}\n"))
        whole = self.bundle().read_bytes()
        self.save("cut", whole[:-1])
        self.assertEqual(self.duso(*args, "cut").err,
                         "Error: cannot build on cut: the application in it is damaged: its end is missing\n")


class Damage(BundleTest):
    def assert_refuses(self, content: bytes, problem: str):
        program = self.save("damaged", content, executable=True)
        for args in ((), ("eval", "print(1)"), ("--version",)):
            result = self.run_alone(program, *args)
            self.assertEqual((result.status, result.out, result.err),
                             (1, "", f"Error: the application in this program cannot run: {problem}\n"))

    def test_a_damaged_one_does_not_run(self):
        whole = self.bundle("--sealed").read_bytes()
        size = Path(command_line_test.PROGRAM).stat().st_size
        for at in (size, size + 200, len(whole) - TRAILER_SIZE - 1, len(whole) - 1):
            self.assert_refuses(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1:], "its checksum is wrong")
        for cut in (size, size + 100, len(whole) - TRAILER_SIZE, len(whole) - 1):
            self.assert_refuses(whole[:cut], "its end is missing")
        self.assert_refuses(whole + b"\n", "its end is missing")
        self.assert_refuses(whole[:size] + whole[size + 1:], "its parts do not fit together")
        other_form = bytearray(whole)
        other_form[len(whole) - TRAILER_SIZE + 16] = 2
        self.assert_refuses(bytes(other_form), "it is in a form that this version of duso does not know")

    def test_a_stripped_one_does_not_run(self):
        if shutil.which("strip") is None:
            self.skipTest("strip is not installed")
        program = self.bundle()
        subprocess.run(["strip", program], check=True)
        self.assert_refuses(program.read_bytes(), "its end is missing")


class Wrapper(BundleTest):
    """bundle-duso, the command of old."""

    def wrapped(self, *args: str, env=None) -> Result:
        environment = {"DUSO": command_line_test.PROGRAM} | (env or {})
        return self.command(str(HOUSE / "scripts/bundle-duso"), "--bundle-dir", "app", "--run-script", "other.du",
                            "out", *args, env=environment)

    def test_it_takes_the_same_words(self):
        self.assert_quiet(self.wrapped("--add-lib", "/EMBED/app/modules"), "✓ Bundle complete: out\n")
        self.assert_quiet(self.run_alone(self.home / "out"), 'other ["app/other.du"] deep\n')
        result = self.command(str(HOUSE / "scripts/bundle-duso"), env={"DUSO": command_line_test.PROGRAM})
        self.assertEqual((result.status, result.err), (1, "Error: missing required arguments\n" + USAGE))

    def test_without_another_word_the_duso_in_the_path_is_used(self):
        (self.home / "bin").mkdir()
        (self.home / "bin/duso").symlink_to(command_line_test.PROGRAM)
        path = f"{self.home}/bin:{os.environ['PATH']}"
        self.assert_quiet(self.wrapped(env={"DUSO": "", "PATH": path}), "✓ Bundle complete: out\n")

    def test_what_it_ignores_it_says(self):
        result = self.wrapped("--duso-repo", "/src/duso", "--add-lib", "/EMBED/app/modules", env={"DUSO_REPO": "/src"})
        self.assertEqual((result.status, result.out, result.err),
                         (0, "✓ Bundle complete: out\n",
                          "bundle-duso: DUSO_REPO is ignored: no sources are needed\n"
                          "bundle-duso: --duso-repo is ignored: no sources are needed\n"))

    def test_another_platform_needs_a_base(self):
        system, machine = os.uname().sysname.lower(), os.uname().machine
        own = f"{system}/{({'x86_64': 'amd64', 'aarch64': 'arm64'}).get(machine, machine)}"
        self.assert_quiet(self.wrapped(f"--target={own}"), "✓ Bundle complete: out\n")
        result = self.wrapped("--target", "plan9/mips")
        problem = "--target plan9/mips needs an executable of duso for that platform: --base EXECUTABLE"
        self.assertEqual((result.status, result.out, result.err), (1, "", f"Error: {problem}\n"))
        self.save("foreign", FUSE + b"0 and so on")
        self.assert_quiet(self.wrapped("--target", "plan9/mips", "--base", "foreign"), "✓ Bundle complete: out\n")


if __name__ == "__main__":
    command_line_test.main(__doc__)
