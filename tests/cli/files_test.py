#!/usr/bin/env python3
"""Tests of files and modules that need more than a script in an empty directory: where an application lies, what is
inside the program, who may write where, and the ways out of the sandbox, none of which may lead anywhere.

    files_test.py --bin build/release/duso [TEST...]
"""
import argparse
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from dataclasses import dataclass
from pathlib import Path

PROGRAM = ""
HOUSE = Path(__file__).resolve().parent.parent.parent
SECONDS = 60  # a sanitizer makes a script many times slower


@dataclass
class Result:
    status: int
    out: str
    err: str


class FilesTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        home = tempfile.TemporaryDirectory(prefix="duso-files-")
        self.addCleanup(home.cleanup)
        self.home = Path(home.name).resolve()

    def save(self, name: str, text: str) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def duso(self, *args: str, cwd: Path | None = None, env: dict[str, str] | None = None, stdin: str = "") -> Result:
        done = subprocess.run([PROGRAM, *args], cwd=cwd or self.home, input=stdin.encode(), timeout=SECONDS,
                              env=os.environ | {"DUSO_LIB": ""} | (env or {}), capture_output=True, check=False)
        return Result(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

    def assert_prints(self, out: str, *args: str, **options):
        result = self.duso(*args, **options)
        self.assertEqual((result.err, result.status, result.out), ("", 0, out))


class WhereAnApplicationLies(FilesTest):
    def test_bare_paths_start_at_the_script_and_not_at_the_working_directory(self):
        self.save("app/data.txt", "app")
        self.save("data.txt", "home")
        self.save("app/main.du", 'print(load("data.txt"), load("/HERE/data.txt"), load("/CWD/data.txt"))')
        self.assert_prints("app app home\n", "app/main.du")
        self.assert_prints("app app home\n", str(self.home / "app/main.du"))

    def test_wildcards_give_paths_that_lead_to_the_files_again(self):
        for name in ("a.txt", "b.txt", "sub/c.txt"):
            self.save(f"app/{name}", name)
        self.save("top.txt", "top")
        self.save("app/main.du", """
            print(list_files("*.txt"), list_files("sub/*"), list_files("../*.txt"))
            print(map(list_files("*.txt"), load), load(list_files("../*.txt")[0]))
            print(copy_file("*.txt", "sub"), list_files("/HERE/sub/*"))
        """)
        self.assert_prints('["a.txt", "b.txt"] ["sub/c.txt"] ["../top.txt"]\n["a.txt", "b.txt"] top\n'
                           '["sub/a.txt", "sub/b.txt"] ["app/sub/a.txt", "app/sub/b.txt", "app/sub/c.txt"]\n',
                           "app/main.du")

    def test_a_directory_whose_name_looks_like_a_pattern_is_no_pattern(self):
        self.save("a[b*/x.txt", "x")
        self.save("a[b*/main.du", 'print(list_files("*.txt"), list_files("/HERE/?.txt"))')
        self.assert_prints('["x.txt"] ["a[b*/x.txt"]\n', "a[b*/main.du")

    def test_code_that_is_no_file_lies_in_the_working_directory(self):
        self.save("x.txt", "x")
        code = 'print(load("x.txt"), load("/HERE/x.txt"), load("/CWD/x.txt"))'
        self.assert_prints("x x x\n", "eval", code)
        self.assert_prints("x x x\n", "-", stdin=code)

    def test_a_template_belongs_to_the_file_that_fills_it(self):
        self.save("lib/who.txt", "lib")
        self.save("lib/module.du", """return template("{{load('/HERE/who.txt')}}")""")
        self.save("lib/use.du", """return require("lib/module")()""")
        self.save("main.du", 'print(require("lib/use"))')
        self.assert_prints("lib\n", "main.du")


class InsideTheProgram(FilesTest):
    def test_what_is_embedded_is_what_is_in_the_repository(self):
        for name in ("README.md", "LICENSE", "examples/bank.du", "examples/gettysburg.txt"):
            result = self.duso("eval", f'write(load("/EMBED/{name}"))')
            self.assertEqual(result.out, (HOUSE / name).read_text(encoding="utf-8"), name)

    def test_an_example_runs_anywhere(self):
        text = (HOUSE / "examples/gettysburg.txt").read_text(encoding="utf-8")
        wanted = (HOUSE / "tests/examples/word_count.out").read_text(encoding="utf-8")
        self.assert_prints(wanted, "examples/word_count.du", stdin=text)
        self.assert_prints(wanted, "/EMBED/examples/word_count.du", stdin=text)

    def test_a_file_on_the_disk_comes_first(self):
        self.save("examples/word_count.du", 'print("mine")')
        self.assert_prints("mine\n", "examples/word_count.du")

    def test_a_missing_script_is_missing_in_the_words_of_the_disk(self):
        self.assertEqual(self.duso("examples/none.du").err,
                         "Error: could not read script 'examples/none.du': open examples/none.du: file does not exist\n")


class ModesAndLimits(FilesTest):
    def test_new_files_are_readable_by_all_and_old_ones_keep_their_mode(self):
        old = self.save("old.txt", "old")
        old.chmod(0o600)
        mask = os.umask(0)
        os.umask(mask)
        self.assert_prints("", "eval", 'save("new.txt", "") save("old.txt", "") make_dir("d/e") copy_file("old.txt", "c")')
        self.assertEqual((self.home / "new.txt").stat().st_mode & 0o777, 0o644 & ~mask)
        self.assertEqual((self.home / "c").stat().st_mode & 0o777, 0o644 & ~mask)
        self.assertEqual((self.home / "d").stat().st_mode & 0o777, 0o755 & ~mask)
        self.assertEqual(old.stat().st_mode & 0o777, 0o600)

    def test_a_full_disk_is_an_error(self):
        self.assertEqual(self.duso("eval", 'try save("/dev/full", "x") catch (e) print(e.message) end').out,
                         "cannot save '/dev/full': write /dev/full: no space left on device (at /dev/full)\n")
        self.assertEqual(self.duso("eval", 'try append_file("/dev/full", "x") catch (e) print(e.message) end').out,
                         "cannot append to '/dev/full': write /dev/full: no space left on device (at /dev/full)\n")

    def test_a_file_without_end_stops_at_the_heap_limit(self):
        for call in ('load("/dev/zero")', 'load_binary("/dev/zero")'):
            result = self.duso("eval", f'try {call} catch (e) print(e.message) end', "-max-heap", "8m")
            self.assertIn("read /dev/zero: file too large (at /dev/zero)\n", result.out)

    def test_a_path_with_a_zero_byte_names_nothing(self):
        self.save("a", "secret")
        result = self.duso("eval", 'zero = decode_base64("AA==") try load("a" + zero + ".txt") catch (e) print(e.message) end')
        self.assertTrue(result.out.endswith("invalid argument (at a\0.txt)\n"), result.out)
        result = self.duso("eval", 'try rename_file("a", "b" + decode_base64("AA==")) catch (e) print(e.message) end')
        self.assertIn("invalid argument", result.out)
        self.assertTrue((self.home / "a").exists())

    def test_moving_across_file_systems(self):
        other = Path("/dev/shm")
        if not other.is_dir() or other.stat().st_dev == self.home.stat().st_dev:
            self.skipTest("there is no second file system")
        with tempfile.TemporaryDirectory(dir=other) as there:
            self.save("x.txt", "content")
            self.assert_prints("false content\n", "eval",
                               f'move_file("x.txt", "{there}") print(file_exists("x.txt"), load("{there}/x.txt"))')


class Links(FilesTest):
    def test_reading_and_writing_follow_links(self):
        self.save("real/f.txt", "old")
        (self.home / "to_file").symlink_to("real/f.txt")
        (self.home / "to_folder").symlink_to("real")
        (self.home / "dangling").symlink_to("nowhere")
        self.assert_prints("old old directory file false\nnew! new!\n", "eval", """
            print(load("to_file"), load("to_folder/f.txt"), file_type("to_folder"), file_type("to_file"),
                  file_exists("dangling"))
            save("to_file", "new")
            append_file("to_folder/f.txt", "!")
            print(load("real/f.txt"), load("to_file"))
        """)
        self.assertTrue((self.home / "to_file").is_symlink())

    def test_listing_and_removing_mean_the_link_itself(self):
        self.save("real/f.txt", "kept")
        (self.home / "to_folder").symlink_to("real")
        (self.home / "dangling").symlink_to("nowhere")
        self.assert_prints('dangling false\nreal true\nto_folder false\n["dangling", "to_folder"]\n'
                           '["to_folder"] ["dangling"] kept\n', "eval", """
            for entry in list_dir(".") do print(entry.name, entry.is_dir) end
            print(list_files("[dt]*"))
            print(remove_file("to_folder"), remove_file("dangl*"), load("real/f.txt"))
        """)

    def test_a_file_that_is_two_names_survives_being_copied_onto_itself(self):
        self.save("f.txt", "kept")
        os.link(self.home / "f.txt", self.home / "twin.txt")
        (self.home / "to_file").symlink_to("f.txt")
        self.assert_prints("kept\n", "eval", """
            copy_file("f.txt", "twin.txt") copy_file("f.txt", "to_file") copy_file("to_file", "f.txt")
            print(load("f.txt"))
        """)


class LibraryPath(FilesTest):
    def test_the_flag_comes_before_the_environment(self):
        self.save("one/m.du", 'return "one"')
        self.save("two/m.du", 'return "two"')
        self.save("two/only.du", 'return "only"')
        self.save("main.du", 'print(require("m"), require("only"))')
        self.assert_prints("one only\n", "main.du", "-lib-path", "one", env={"DUSO_LIB": f":{self.home}/two::"})
        self.assert_prints("two only\n", "main.du", env={"DUSO_LIB": "two"})

    def test_a_tilde_is_the_home_directory(self):
        self.save("lib/m.du", 'return "home"')
        self.save("main.du", 'print(require("m"), require("~/lib/m"), file_exists("~/lib/m.du"))')
        self.assert_prints("home home false\n", "main.du", "-lib-path", "~/lib", env={"HOME": str(self.home)})

    def test_more_modules_than_anybody_keeps_in_mind(self):
        self.save("main.du", """
            for i = 1, 2000 do
              save("m{{i}}.du", "return {{i}}")
            end
            total = 0
            for round = 1, 2 do
              for i = 1, 2000 do
                total += require("m{{i}}")
              end
            end
            print(total)
        """)
        self.assert_prints(f"{2 * sum(range(1, 2001))}\n", "main.du")


# Ways out of the sandbox, and what becomes of them. `home` is the directory above the application's. Where nothing else
# is said, the attempt raises the one message of the sandbox.
REFUSED = "filesystem access disabled by -no-files"
NO_SCRIPT = ": " + REFUSED  # behind what was to be parsed
NO_MODULE = "cannot find module"
WAYS_OUT = [
    ('load("secret.txt")', REFUSED),
    ('load("../secret.txt")', REFUSED),
    ('load(home + "/secret.txt")', REFUSED),
    ('load("/HERE/secret.txt")', REFUSED),
    ('load("/HERE/../secret.txt")', REFUSED),
    ('load("/CWD/secret.txt")', REFUSED),
    ('load("/proc/self/environ")', REFUSED),
    ('load("/proc/self/cwd/secret.txt")', REFUSED),
    ('load("/dev/stdin")', REFUSED),
    ('load("//EMBED/../secret.txt")', REFUSED),
    ('load("/EMBED/../secret.txt")', "file not found"),
    ('load("/EMBED/.." + home + "/secret.txt")', "file not found"),
    ('load("/EMBED/..\\\\..\\\\secret.txt")', "file not found"),
    ('load("/STORE/../secret.txt")', "file not found"),
    ('load("/STORE/.." + home + "/secret.txt")', "file not found"),
    ('load("..%2fsecret.txt")', REFUSED),
    ('load("..\\\\secret.txt")', REFUSED),
    ('load(decode_base64("wK7Arg==") + "/secret.txt")', REFUSED),
    ('load("secret.txt" + decode_base64("AA=="))', REFUSED),
    ('load("file://" + home + "/secret.txt")', REFUSED),
    ('load("link_to_secret")', REFUSED),
    ('load(filename = "secret.txt")', REFUSED),
    ('map(["secret.txt"], load)', "error in map function: " + REFUSED),
    ("template(\"{{load('secret.txt')}}\")()", REFUSED),
    ('load_binary("secret.txt")', REFUSED),
    ('load_image("secret.txt")', REFUSED),
    ('save("written.txt", "x")', REFUSED),
    ('save("/tmp/../" + home + "/written.txt", "x")', REFUSED),
    ('save("main.du", "print(1)")', REFUSED),
    ('save("/EMBED/README.md", "x")', "read-only"),
    ('save("/EMBED/../written.txt", "x")', "read-only"),
    ('append_file("secret.txt", "x")', REFUSED),
    ('save_binary(decode_base64("AA==", "binary"), "written.bin")', REFUSED),
    ('save_image(decode_base64("AA==", "binary"), "written.png")', REFUSED),
    ('file_type("secret.txt")', REFUSED),
    ('list_dir(".")', REFUSED),
    ('list_dir("/")', REFUSED),
    ('list_dir("/proc/self/fd")', REFUSED),
    ('list_files("*")', REFUSED),
    ('list_files("/HERE/../*")', REFUSED),
    ('list_files("/*/*")', REFUSED),
    ('make_dir("written")', REFUSED),
    ('remove_dir("folder")', REFUSED),
    ('remove_file("secret.txt")', REFUSED),
    ('remove_file("*.txt")', REFUSED),
    ('rename_file("secret.txt", "/STORE/s")', REFUSED),
    ('rename_file("/STORE/s", "written.txt")', REFUSED),
    ('copy_file("secret.txt", "/STORE/s")', REFUSED),
    ('copy_file("*.txt", "/STORE/s")', REFUSED),
    ('copy_file("/EMBED/LICENSE", "written.txt")', REFUSED),
    ('copy_file("/EMBED/*", ".")', REFUSED),
    ('move_file("secret.txt", "/STORE/s")', REFUSED),
    ('move_file("/STORE/s", "written.txt")', REFUSED),
    ('watch("secret.txt", 0)', REFUSED),
    ('watch("*", 0)', REFUSED),
    ('require("secret.txt")', NO_MODULE),
    ('require("../outside")', NO_MODULE),
    ('require(home + "/outside")', NO_MODULE),
    ('require(home + "/outside.du")', NO_MODULE),
    ('require("/HERE/../outside")', NO_MODULE),
    ('require("/CWD/outside")', NO_MODULE),
    ('require("/proc/self/cwd/outside.du")', NO_MODULE),
    ('require("/EMBED/.." + home + "/outside.du")', NO_MODULE),
    ('require("~/outside")', NO_MODULE),
    ('require("link_to_outside")', NO_MODULE),
    ('require("link_to_secret")', NO_MODULE),
    ('require("folder_link/outside")', NO_MODULE),
    ('include("../outside")', NO_MODULE),
    ('include("link_to_outside.du")', NO_MODULE),
    ('include("/proc/self/environ")', NO_MODULE),
    ("include_from_store()", "file not found"),
    ("require_from_store()", NO_MODULE),
    ('require("/CWD/app/secret.txt")', NO_MODULE),
    ('include("/CWD/outside.du")', NO_MODULE),
    ('require("/dev/fd/0")', NO_MODULE),
    ('require("/proc/self/fd/0")', NO_MODULE),
    ('require(".." + nul + "/outside")', NO_MODULE),
    ('require("../outside.du" + nul)', NO_MODULE),
    ('require("../outside.du" + nul + ".du")', NO_MODULE),
    ('require(repeat("folder/../", 2000) + "../outside")', NO_MODULE),
    ('require(repeat("folder/", 2000) + "inner")', NO_MODULE),
    ("template(raw \"{{include('../outside')}}\")()", NO_MODULE),
    ('load(repeat("folder/../", 2000) + "secret.txt")', REFUSED),
    ('load_binary("/dev/fd/0")', REFUSED),
    ('load("/proc/self/fd/0")', REFUSED),
    ('save("/dev/stdout", "x")', REFUSED),
    ('list_files("/dev/fd/*")', REFUSED),
    ('watch("/proc/self/environ", 0)', REFUSED),
    ('watch(home + "/secret.txt", 0)', REFUSED),
    ('watch("/STORE/s", 0)', "no such file or directory"),
    ('copy_file("/EMBED/.." + home + "/secret.txt", "/STORE/t")', "file not found"),
    ('rename_file("/STORE/../secret.txt", "/STORE/t")', "file not found"),
    # By other hands: tasks, other instances, code that is made at run time.
    ('task(load, "secret.txt").get()', REFUSED),
    ('with_timeout(10, load, "secret.txt")', REFUSED),
    ('throw(parallel([function() return load("secret.txt") end])[0].message)', REFUSED),
    ('throw(runtime.protect(load, "secret.txt").error.message)', REFUSED),
    ('run(function() return load("secret.txt") end).get()', REFUSED),
    ('run(parse("exit(load(\\"secret.txt\\"))"))', REFUSED),
    ('run(parse("exit(load(context()))"), home + "/secret.txt")', REFUSED),
    ('run(parse("exit(run(\\"link_to_outside.du\\"))"))', NO_SCRIPT),
    ('run(parse("exit(require(\\"../outside\\"))"))', NO_MODULE),
    ('run(parse("x = 1"), limits = {no_files = false})', "unknown limit"),
    ('run("secret.txt")', NO_SCRIPT),
    ('run("../outside.du")', NO_SCRIPT),
    ('run(home + "/outside.du")', NO_SCRIPT),
    ('run("link_to_outside.du")', NO_SCRIPT),
    ('run("link_to_secret.du")', NO_SCRIPT),
    ('run("folder_link/outside.du")', NO_SCRIPT),
    ('run("/proc/self/cwd/outside.du")', NO_SCRIPT),
    ('run("/dev/stdin")', NO_SCRIPT),
    ('run("/STORE/../outside.du")', "no such file or directory"),
    ('run("/EMBED/.." + home + "/outside.du")', "no such file or directory"),
    ('spawn("../outside.du")', NO_SCRIPT),
    ('spawn("link_to_secret.du")', NO_SCRIPT),
    ('spawn("../" + home + "/outside.du")', NO_SCRIPT),
    # By what is not a file: descriptors of the process, other programs, documentation.
    ('tasks.fd_read(0)', "descriptor access is disabled"),
    ('tasks.fd_read(3)', "descriptor access is disabled"),
    ('tasks.fd_write(1, "x")', "descriptor access is disabled"),
    ('tasks.fd_close(1)', "descriptor access is disabled"),
    ('wait_readable(0, 0)', "descriptor access is disabled"),
    ('exec("cat", {args = [home + "/secret.txt"]})', "not permitted"),
    ('exec("/bin/sh", {args = ["-c", "cat secret.txt"]})', "not permitted"),
    ('exec("cat secret.txt", {dir = home})', "not permitted"),
    ('throw(doc("secret") or "nil")', "nil"),
    ('throw(doc("../secret") or "nil")', "nil"),
    ('throw(doc(home + "/secret.txt") or "nil")', "nil"),
    ('throw(doc(home + "/outside") or "nil")', "nil"),
]


class TheSandbox(FilesTest):
    SECRET = "TOP SECRET"

    def setUp(self):
        super().setUp()
        self.save("secret.txt", self.SECRET)
        self.save("outside.du", f'print("{self.SECRET}") return "{self.SECRET}"')
        self.save("app/secret.txt", self.SECRET)
        self.save("app/neighbour.du", 'return "a neighbour"')
        self.save("app/folder/inner.du", 'return "inner"')
        (self.home / "app/link_to_secret").symlink_to("../secret.txt")
        (self.home / "app/link_to_secret.du").symlink_to("secret.txt")
        (self.home / "app/link_to_outside.du").symlink_to("../outside.du")
        (self.home / "app/folder_link").symlink_to("..")
        (self.home / "app/link_inside.du").symlink_to("folder/inner.du")

    def everything(self) -> list[tuple[str, str]]:
        """All files and what is in them."""
        return sorted((str(path.relative_to(self.home)), path.read_text() if path.is_file() else "")
                      for path in self.home.rglob("*"))

    def run_sandboxed(self, code: str, *flags: str) -> Result:
        self.save("app/main.du", code)
        return self.duso("app/main.du", *(flags or ("-no-files",)), env={"HOME": str(self.home)})

    def test_no_way_leads_out(self):
        self.assertGreaterEqual(len(WAYS_OUT), 120)
        attempts = "\n".join(f"attempt(function() return {way} end)" for way, _ in WAYS_OUT)
        code = f"""
            home = "{self.home}"
            nul = decode_base64("AA==")
            runtime = require("runtime")
            tasks = require("tasks")
            save("/STORE/s", "x")
            save("/STORE/reader.du", "load('/HERE/../../..{self.home}/secret.txt')")
            save("/STORE/loader.du", "return require('/HERE/../../..{self.home}/outside')")
            function include_from_store() include("/STORE/reader") end
            function require_from_store() return require("/STORE/loader") end
            function attempt(way)
              try
                print("way out:", way())
              catch (e)
                print(replace(e.message, ~\\s+~, " "))
              end
            end
            {attempts}
        """
        self.save("app/main.du", code)
        before = self.everything()
        result = self.run_sandboxed(code)
        self.assertEqual((result.status, result.err), (0, ""))
        lines = result.out.splitlines()
        self.assertEqual(len(lines), len(WAYS_OUT), result.out)
        for (way, message), line in zip(WAYS_OUT, lines):
            with self.subTest(way):
                self.assertNotIn("way out:", line)
                self.assertNotIn(self.SECRET, line)
                (self.assertEqual if message == REFUSED else self.assertIn)(message, line)
        self.assertEqual(self.everything(), before)

    def test_a_link_that_changes_meanwhile_leads_nowhere_else(self):
        """What was opened counts, not what the link said before or says afterwards."""
        link = self.home / "app/neighbour_or_not.du"
        link.symlink_to("neighbour.du")
        ends = threading.Event()

        def turn_the_link():
            while not ends.is_set():
                for target in ("../outside.du", "neighbour.du"):
                    other = link.with_name("other")
                    other.symlink_to(target)
                    other.rename(link)

        turning = threading.Thread(target=turn_the_link)
        turning.start()
        try:
            result = self.run_sandboxed("""
                seen = {}
                for i = 1, 3000 do
                  try
                    seen[require("neighbour_or_not")] = true
                  catch (e)
                    seen.refused = true
                  end
                end
                print(keys(seen))
            """)
        finally:
            ends.set()
            turning.join()
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertNotIn(self.SECRET, result.out)

    def test_a_scheduled_script_is_no_way_out(self):
        result = self.run_sandboxed('schedule("1s", "../outside.du") sleep(1.5) shutdown(0)')
        self.assertEqual((result.status, result.out), (0, ""))
        self.assertIn(REFUSED, result.err)

    def test_every_way_to_start_a_script_knows_the_flag(self):
        code = 'try print(load("secret.txt")) catch (e) print(e.message) end'
        self.save("app/main.du", code)
        self.save("app/main_test.du", 'function test_it() try load("secret.txt") catch (e) throw(e.message) end end')
        for args in (["run", "app/main.du", "-no-files"], ["run", "-no-files", "app/main.du"],
                     ["-time=false", "-no-files", "app/main.du"], ["-no-files", "-e", code], ["-e", code, "-no-files"],
                     ["eval", code, "--no-files"], ["-no-files", "-p", code], ["-p", code, "-no-files"]):
            with self.subTest(args):
                self.assertEqual(self.duso(*args).out.splitlines()[0], REFUSED)
        self.assertIn(REFUSED, self.duso("test", "app", "-no-files", "-json").out)
        piped = self.duso("-", "-no-files", stdin=code.replace("secret.txt", "app/secret.txt"))
        self.assertEqual(piped.out, REFUSED + "\n")

    def test_inherited_descriptors_are_out_of_reach(self):
        with open(self.save("open.txt", self.SECRET), "rb") as inherited:
            self.save("app/main.du", f'print(require("tasks").fd_read({inherited.fileno()}))')
            done = subprocess.run([PROGRAM, "app/main.du", "-no-files"], cwd=self.home, capture_output=True,
                                  timeout=SECONDS, pass_fds=[inherited.fileno()], check=False)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"descriptor access is disabled", done.stderr)

    def test_nothing_is_said_about_what_exists(self):
        result = self.run_sandboxed('print(file_exists("secret.txt"), file_exists("/etc"), file_exists("/EMBED/LICENSE"))')
        self.assertEqual(result.out, "false false true\n")
        found, missing = (self.run_sandboxed(f'try require("/etc/{name}") catch (e) print(e.message) end').out
                          for name in ("passwd", "nobody"))
        self.assertEqual(found.replace("passwd", "nobody"), missing)

    def test_a_program_of_several_files_runs(self):
        self.save("lib/shared.du", 'return "shared"')
        result = self.run_sandboxed('print(require("neighbour"), require("folder/inner"), require("link_inside"), '
                                    'require("shared"))', "-no-files", "-lib-path", str(self.home / "lib"))
        self.assertEqual((result.out, result.err), ("a neighbour inner inner shared\n", ""))

    def test_documentation_comes_from_the_library_path_only(self):
        self.save("app/neighbour.md", self.SECRET)
        self.save("app/docs/reference/secret.md", self.SECRET)
        self.save("lib/shared.du", "")
        self.save("lib/shared.md", "# Shared")
        result = self.run_sandboxed('print(doc("neighbour"), doc("secret"), doc("../secret"), len(doc("shared")) > 0)',
                                    "-no-files", "-lib-path", str(self.home / "lib"))
        self.assertEqual((result.out, result.err), ("nil nil nil true\n", ""))

    def test_memory_is_no_disk(self):
        result = self.run_sandboxed('save("/STORE/big", repeat("0123456789", 1000000)) '
                                    'append_file("/STORE/big", "!") print(len(load("/STORE/big")))')
        self.assertEqual((result.out, result.err), ("10000001\n", ""))

    def test_how_the_flag_is_spelled(self):
        code = 'try print(load("secret.txt")) catch (e) print(e.message) end'
        for flags in (("-no-files",), ("--no-files",), ("-no-files=true",), ("-no-files", "x"), ("-no-files", "-x"),
                      ("-no-files=",), ("-no-files=0",)):
            self.assertEqual(self.run_sandboxed(code, *flags).out, REFUSED + "\n", flags)
        self.assertEqual(self.run_sandboxed(code, "-no-files=false").out, self.SECRET + "\n")

    def test_in_front_of_the_script_the_flag_stays_on(self):
        self.save("app/main.du", 'try print(load("secret.txt")) catch (e) print(e.message) end')
        self.assert_prints(REFUSED + "\n", "-no-files", "app/main.du", "-no-files=false")


def main() -> None:
    global PROGRAM
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help="the duso to test")
    options, rest = parser.parse_known_args()
    PROGRAM = os.path.abspath(options.bin)
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
