#!/usr/bin/env python3
"""Tests of the small commands: those that hand out what is inside the program - read, extract, primer, init - and
syntax and install.

    small_commands_test.py --bin build/release/duso [TEST...]
"""
import json
import re
import shutil
import stat
from pathlib import Path

import command_line_test
from command_line_test import Result

HOUSE = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ["basic", "bees", "chat", "hello", "http-server"]
NOTE = "\n**NOTE:** call `duso read path` to list directory or file contents.\n"


class SmallCommandTest(command_line_test.CommandLineTest):
    def assert_result(self, result: Result, out="", err="", status=0):
        self.assertEqual((result.status, result.out, result.err), (status, out, err))

    def files(self, folder: str) -> list[str]:
        root = self.home / folder
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


class Read(SmallCommandTest):
    def test_a_file_comes_out_as_it_is(self):
        text = (HOUSE / "LICENSE").read_text(encoding="utf-8")
        for path in ("LICENSE", "/LICENSE", "/EMBED/LICENSE", "docs/../LICENSE"):
            self.assert_result(self.duso("read", path), text, NOTE)

    def test_a_directory_is_listed(self):
        listing = "".join(f"{name}/\n" for name in TEMPLATES)
        self.assert_result(self.duso("read", "examples/init"), f"Contents of examples/init:\n\n{listing}", NOTE)
        self.assert_result(self.duso("read", "/examples/init/hello/"),
                           "Contents of examples/init/hello/:\n\nREADME.md\nhello.du\n", NOTE)

    def test_without_a_path_the_top_is_listed(self):
        for args in ([], ["/"]):
            result = self.duso("read", *args)
            self.assertEqual((result.status, result.err), (0, NOTE))
            self.assertTrue(result.out.startswith("Contents of /:\n\n"))
            self.assertLess({"LICENSE", "README.md", "docs/", "examples/"}, set(result.out.splitlines()))

    def test_what_is_missing_is_an_error_that_says_what_there_is(self):
        listing = "".join(f"  {name}/\n" for name in TEMPLATES)
        problem = "Error: could not read 'examples/init/nope'\n\nAvailable in examples/init:\n\n"
        self.assert_result(self.duso("read", "/examples/init/nope"), err=problem + listing + NOTE, status=1)
        for path in ("nope", "zzz/yyy", "../etc", "LICENSE/x"):
            result = self.duso("read", path)
            self.assertEqual((result.status, result.out), (1, ""))
            problem = f"Error: could not read '{path}'\n\nAvailable in .:\n\n  "
            self.assertEqual(result.err[:len(problem)], problem)


class Extract(SmallCommandTest):
    def test_files_keep_their_path(self):
        self.assert_result(self.duso("extract", "/EMBED/LICENSE", "deep/er"))
        self.assert_result(self.duso("extract", "examples/init/http-server", "deep/er"))
        self.assertEqual(self.files("deep/er"), ["LICENSE", *(f"examples/init/http-server/{name}" for name in (
            "README.md", "handlers/echo.du", "handlers/hello.du", "handlers/home.du", "http-server.du"))])
        self.assertEqual((self.home / "deep/er/LICENSE").read_bytes(), (HOUSE / "LICENSE").read_bytes())

    def test_all_of_it(self):
        self.assert_result(self.duso("extract", "/", "all"))
        self.assertLess({"README.md", "docs/duso-primer.md", "examples/init/hello/hello.du"}, set(self.files("all")))

    def test_patterns(self):
        self.assert_result(self.duso("extract", "examples/init/*/*.md", "pages"))
        self.assertEqual(self.files("pages"), [f"examples/init/{name}/README.md" for name in TEMPLATES])
        self.assert_result(self.duso("extract", "examples/init/h*o", "whole"))
        self.assertEqual(self.files("whole"), ["examples/init/hello/README.md", "examples/init/hello/hello.du"])
        self.assert_result(self.duso("extract", "*.zip", "none"))
        self.assertFalse((self.home / "none").exists())

    def test_files_that_are_there_are_overwritten(self):
        self.save("LICENSE", "old")
        self.assert_result(self.duso("extract", "LICENSE", "."))
        self.assertEqual((self.home / "LICENSE").read_bytes(), (HOUSE / "LICENSE").read_bytes())

    def test_mistakes(self):
        usage = "Error: extract requires source and destination arguments\nUsage: duso extract <source> <dest>\n"
        for args in ([], ["LICENSE"], ["LICENSE", "README.md", "out"]):
            self.assert_result(self.duso("extract", *args), err=usage, status=1)
        self.assert_result(self.duso("extract", "nope", "out"), err="Error: source not found: /EMBED/nope\n", status=1)
        self.assert_result(self.duso("extract", "../etc/passwd", "out"), status=1,
                           err="Error: source not found: /EMBED/../etc/passwd\n")
        result = self.duso("extract", "docs/**", "out")
        self.assertEqual((result.status, result.first_error), (1, "Error: ** (recursive wildcard) is not supported"))
        self.save("file", "")
        reason = "open file/LICENSE: not a directory (at file/LICENSE)"
        self.assert_result(self.duso("extract", "LICENSE", "file"), status=1,
                           err=f"Error: cannot write file/LICENSE: {reason}\n")
        self.assertEqual(self.files("."), ["file"])


class Primer(SmallCommandTest):
    def test_it_is_the_page(self):
        self.assert_result(self.duso("primer"), (HOUSE / "docs/duso-primer.md").read_text(encoding="utf-8"))


class Init(SmallCommandTest):
    MENU = ("Available templates:\n\n" + "".join(f"  {at}. {name}\n" for at, name in enumerate(TEMPLATES, 1)) +
            "\nSelect a template (1-5): ")

    def question(self, folder: str) -> str:
        return f"\nCreate new project at:\n{self.home.resolve() / folder}? [y/N]: "

    def success(self, folder: str, template: str) -> str:
        return (f"\n✅ Project created at: {self.home.resolve() / folder}\n"
                f"Run with: cd {folder} && duso {template}.du\n")

    def test_a_conversation(self):
        self.assert_result(self.duso("init", "proj", stdin="4\ny\n"),
                           self.MENU + self.question("proj") + self.success("proj", "hello"))
        self.assertEqual(self.files("proj"), ["README.md", "hello.du"])
        self.assert_result(self.duso("-init", "a/b", stdin="5\nY"),
                           self.MENU + self.question("a/b") + self.success("a/b", "http-server"))
        self.assertEqual(self.files("a/b"), ["README.md", "handlers/echo.du", "handlers/hello.du", "handlers/home.du",
                                             "http-server.du"])

    def test_no_is_no(self):
        for answer in ("n\n", "yes\n", "\n", ""):
            self.assert_result(self.duso("init", "no", stdin="2\n" + answer),
                               self.MENU + self.question("no") + "Cancelled.\n")
        self.assertEqual(self.files("."), [])

    def test_a_selection_must_be_one(self):
        for answer in ("9\n", "0\n", "x\n", "1 2\n", "\n", ""):
            self.assert_result(self.duso("init", "no", stdin=answer), self.MENU, "Error: invalid selection\n", 1)
        self.assert_result(self.duso("init", "no", "-no-stdin", stdin="1\ny\n"), self.MENU,
                           "Error: invalid selection\n", 1)

    def test_a_name_is_needed(self):
        self.assert_result(self.duso("init"), err="Error: project name is required: duso -init my-project\n", status=1)
        self.assert_result(self.duso("init", "a", "b"), err="Error: init takes one directory\n", status=1)

    def test_without_questions(self):
        for args in (["proj", "-template", "basic", "-yes"], ["-yes", "-template=basic", "proj2"]):
            name = next(arg for arg in args if arg.startswith("proj"))
            self.assert_result(self.duso("init", *args), self.success(name, "basic"))
            self.assertEqual(self.files(name), ["README.md", "basic.du"])
        result = self.duso("init", "proj3", "-template", "nosuch", "-yes")
        self.assertEqual((result.status, result.out), (1, ""))
        self.assertIn("nosuch", result.err)
        self.assertFalse((self.home / "proj3").exists())

    def test_a_full_directory_needs_force_or_a_y(self):
        (self.home / "proj").mkdir()
        self.save("proj/hello.du", "mine")
        self.save("proj/other.du", "other")
        self.assert_result(self.duso("init", "proj", "-template", "hello", "-yes"), status=1,
                           err=f"Error: {self.home.resolve() / 'proj'} is not empty (-force writes into it)\n")
        self.assertEqual((self.home / "proj/hello.du").read_text(), "mine")
        self.assert_result(self.duso("init", "proj", "-template", "hello", "-yes", "-force"),
                           self.success("proj", "hello"))
        hello = (HOUSE / "examples/init/hello/hello.du").read_text(encoding="utf-8")
        self.assertEqual((self.home / "proj/hello.du").read_text(encoding="utf-8"), hello)
        self.assertEqual((self.home / "proj/other.du").read_text(), "other")

        self.save("proj/hello.du", "mine again")
        self.assert_result(self.duso("init", "proj", "-template", "hello", stdin="y\n"),
                           self.question("proj") + self.success("proj", "hello"))
        self.assertEqual((self.home / "proj/hello.du").read_text(encoding="utf-8"), hello)

    def test_what_cannot_be_written(self):
        self.save("file", "")
        result = self.duso("init", "file/proj", "-template", "hello", "-yes")
        self.assertEqual((result.status, result.out), (1, ""))
        self.assertTrue(result.err.startswith("Error: cannot write "), result.err)

    def test_the_templates_make_good_scripts(self):
        for template in TEMPLATES:
            self.assert_result(self.duso("init", template, "-template", template, "-yes"), self.success(template, template))
            self.assert_result(self.duso("lint", "-strict", template))
            self.assert_result(self.duso("fmt", "-check", template))

    def test_the_templates_that_need_nothing_run(self):
        self.duso("init", "proj", "-template", "basic", "-yes")
        result = self.duso("proj/basic.du")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual((result.out.splitlines()[0], result.out.splitlines()[-1]),
                         ("Hello, world! 5 letters, WORLD in capitals.", "caught: a mistake"))
        self.duso("init", "greet", "-template", "hello", "-yes")
        for args, name in (([], "world"), (["Ann"], "Ann")):
            result = self.duso("greet/hello.du", *args)
            self.assertEqual((result.status, result.err), (0, ""))
            self.assertIn(f"Hello, {name}!", result.out)


def rules_of(rule: dict, repository: dict) -> list[tuple[dict, dict]]:
    """The rules that a rule of a TextMate grammar comes down to, each with the names that it may include."""
    if "include" in rule:
        named = repository[rule["include"].removeprefix("#")]
        return rules_of(named, repository)
    known = repository | rule.get("repository", {})
    if "match" in rule or "begin" in rule:
        return [(rule, known)]
    return [found for inner in rule["patterns"] for found in rules_of(inner, known)]


def scopes_in(grammar: dict, text: str) -> list[str | None]:
    """The innermost scope of each character, found as an editor does: the first match wins, the earlier rule a tie."""
    scopes: list[str | None] = [None] * len(text)

    def fill(begin: int, end: int, scope: str | None):
        scopes[begin:end] = [scope] * (end - begin)

    def paint(match: re.Match, scope: str | None, captures: dict):
        fill(*match.span(), scope)
        for number, capture in captures.items():
            fill(*match.span(int(number)), capture["name"])

    stack = [(grammar, grammar["repository"])]
    at = 0
    while at < len(text):
        rule, repository = stack[-1]
        inside = rule.get("contentName", rule.get("name")) if len(stack) > 1 else None
        found = [(rule, repository, re.compile(rule["end"]).search(text, at), True)] if len(stack) > 1 else []
        for inner in rule.get("patterns", []):
            for each, known in rules_of(inner, repository):
                pattern = re.compile(each.get("match") or each["begin"], re.MULTILINE)
                found.append((each, known, pattern.search(text, at), False))
        found = [entry for entry in found if entry[2] and entry[2].end() > at]
        if not found:
            fill(at, len(text), inside)
            break
        chosen, known, match, is_end = min(found, key=lambda entry: entry[2].start())
        fill(at, match.start(), inside)
        if is_end:
            paint(match, rule.get("name"), rule.get("endCaptures", {}))
            stack.pop()
        elif "match" in chosen:
            paint(match, chosen["name"], chosen.get("captures", {}))
        else:
            paint(match, chosen.get("name"), chosen.get("beginCaptures", {}))
            stack.append((chosen, known))
        at = match.end()
    return scopes


class Syntax(SmallCommandTest):
    def grammar(self) -> dict:
        result = self.duso("syntax")
        self.assertEqual((result.status, result.err), (0, ""))
        grammar = json.loads(result.out)
        self.assertEqual(result.out, json.dumps(grammar, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
        return grammar

    def test_the_grammar_lists_all_words(self):
        repository = self.grammar()["repository"]
        self.assertEqual(repository["keywords"]["patterns"][0]["match"],
                         r"\b(and|break|catch|continue|do|else|elseif|end|false|for|function|if|in|nil|not|or|raw"
                         r"|return|then|true|try|var|while)\b")
        usual, added = (re.fullmatch(r"\\b\((.*)\)\\b", pattern["match"])[1].split("|")
                        for pattern in repository["builtins"]["patterns"])
        self.assertEqual((usual, added), (sorted(usual), sorted(added)))
        self.assertLess({"abs", "load_binary", "http_server", "write"}, set(usual))
        self.assertLess({"task", "http_client"}, set(added))
        pages = {path.stem for path in (HOUSE / "docs/reference").glob("*.md")
                 if "\n## Signature\n" in path.read_text(encoding="utf-8")}
        self.assertEqual(pages - set(usual) - set(added), set())
        self.assertEqual(set(usual) & set(added), set())

    def test_editors_colour_scripts_with_it(self):
        grammar = self.grammar()
        for text, fragment, scope in (
                ("x = 1 // it's a { comment", "// it's a { comment", "comment.line.duso"),
                ("/* a /* b */ // c */ x = 1", "/* a /* b */ // c */", "comment.block.duso"),
                ("/* a /* b */ c */ return", "return", "keyword.control.duso"),
                ('print("a\\n")', "print", "support.function.duso"),
                ('print("a\\n")', '"a', "string.quoted.double.duso"),
                ('print("a\\n")', "\\n", "constant.character.escape.duso"),
                ("x = 'it'", "'it'", "string.quoted.single.duso"),
                ('"a {{x + 1}} b"', "{{", "punctuation.definition.template.begin.duso"),
                ('"a {{x + 1}} b"', "x", "variable.other.duso"),
                ('"a {{x + 1}} b"', "}}", "punctuation.definition.template.end.duso"),
                ('"a {{x + 1}} b"', ' b"', "string.quoted.double.duso"),
                ('raw "{{x}}"', "{{x}}", "string.quoted.double.duso"),
                ('raw "{{x}}"', "raw", "keyword.control.duso"),
                ('"\\{{x}}"', "x", "variable.other.duso"),
                ('"\\{\\{x}}"', "x", "string.quoted.double.duso"),
                ('x = """a "b" c""" y = 1', 'a "b" c', "string.quoted.double.duso"),
                ('x = """a "b" c""" y = 1', "1", "constant.numeric.duso"),
                ("x = '''a'''", "'''", "punctuation.bracket.multiline.begin.duso"),
                ("x = ~a\\~[\"]~ + 2", "\\~", "constant.character.escape.regexp.duso"),
                ("x = ~a\\~[\"]~ + 2", "2", "constant.numeric.duso"),
                ("function area(w) end", "function", "keyword.control.duso"),
                ("function area(w) end", "area", "entity.name.function.duso"),
                ("a = Account(x = 1)", "Account", "entity.name.function.duso"),
                ("a = 1.5e-3", "1.5e-3", "constant.numeric.duso"),
                ("a1 = 2", "a1", None),
                ("a += 1", "+=", "keyword.operator.assignment.duso"),
                ("a == 1", "==", "keyword.operator.comparison.duso"),
                ("a++", "++", "keyword.operator.postfix.duso"),
                ("a % b", "%", "keyword.operator.arithmetic.duso"),
                ("a ? b : c", "?", "keyword.operator.ternary.duso"),
                ("a[1]", "[", "punctuation.duso")):
            with self.subTest(text=text, fragment=fragment):
                begin = text.index(fragment)
                found = scopes_in(grammar, text)[begin:begin + len(fragment)]
                self.assertEqual(found, [scope] * len(fragment))


class Install(SmallCommandTest):
    def test_the_program_is_copied_in_one_step(self):
        place = self.home / "usr/local/bin/duso"
        environment = {"DESTDIR": str(self.home)}
        self.assert_result(self.duso("install", env=environment), status=1,
                           err=f"Error: could not write to {place}: no such file or directory\n")
        place.parent.mkdir(parents=True)
        place.write_text("an older one")
        place.chmod(0o600)
        done = f"✓ Duso installed to {place}\n"
        self.assert_result(self.duso("install", env=environment), done)
        self.assertEqual(stat.S_IMODE(place.stat().st_mode), 0o755)
        self.assertEqual(self.files("usr"), ["local/bin/duso", "local/share/man/man1/duso.1"])
        page = self.home / "usr/local/share/man/man1/duso.1"
        self.assertEqual(page.read_bytes(), (HOUSE / "docs/man/duso.1").read_bytes())
        self.assert_result(self.command(str(place), "-p", "1 + 1"), "2\n")
        # It may even replace itself while it runs.
        self.assert_result(self.command(str(place), "install", env=environment), done)
        self.assert_result(self.command(str(place), "-p", "1 + 1"), "2\n")

        page.unlink()
        page.parent.rmdir()
        page.parent.touch()
        result = self.duso("install", env=environment)
        self.assertEqual((result.status, result.out), (1, done))
        self.assertTrue(result.err.startswith(f"Error: cannot write {page}"), result.err)


class WithoutLibraries(SmallCommandTest):
    """Two libraries are loaded when they are first needed. A copied program may find neither."""

    def setUp(self):
        super().setUp()
        for library in ("libmd4c.so.0", "libsimdjson.so.14"):
            self.save(library, "")
        self.lacking = {"LD_LIBRARY_PATH": str(self.home)}

    def test_markdown_says_which_package_it_needs(self):
        problem = "Markdown needs the library libmd4c.so.0 (package libmd4c0)"
        self.assert_result(self.duso("doc", "len", env=self.lacking), err=f"Error: {problem}\n", status=1)
        self.assert_result(self.duso("eval", 'try markdown_ansi("*a*") catch (e) print(e.message) end',
                                     env=self.lacking), problem + "\n")

    def test_json_does_without(self):
        self.save("data.json", json.dumps([{"id": at, "name": f"name {at}", "x": at / 7} for at in range(10000)]))
        code = 'text = load("data.json") print(len(parse_json(text)), parse_json(text)[9999].name)'
        for environment in ({}, self.lacking):
            self.assert_result(self.duso("eval", code, env=environment), "10000 name 9999\n")
        code = 'parse_json("[" + repeat("1,", 100000) + "x]")'
        with_library, without = (self.duso("eval", code, env=environment).err for environment in ({}, self.lacking))
        self.assertEqual(with_library, without)
        self.assertIn("at offset 200001", without)


class HelpPages(SmallCommandTest):
    def test_the_overview_is_a_page_inside_the_program_too(self):
        page = f"# The duso command\n\n```text\n{self.duso('help').out}```\n"
        self.assertEqual((HOUSE / "docs/cli/help.md").read_text(encoding="utf-8"), page, "run scripts/reference")
        self.assert_result(self.duso("read", "docs/cli"), "Contents of docs/cli:\n\nhelp.md\n", NOTE)

    def test_each_command_has_one(self):
        for command in ("read", "extract", "primer", "init", "syntax", "install"):
            page = self.duso("help", command)
            self.assertEqual((page.status, page.err), (0, ""))
            self.assertIn(f"\n  duso {command} ", page.out)
            self.assertLessEqual(max(map(len, page.out.splitlines())), 80)


class ManualPage(SmallCommandTest):
    PAGE = HOUSE / "docs/man/duso.1"

    def test_it_is_what_the_declarations_say(self):
        page = self.command(str(HOUSE / "scripts/manual_page"), command_line_test.PROGRAM)
        self.assertEqual((page.status, page.err), (0, ""))
        self.assertEqual(self.PAGE.read_text(encoding="utf-8"), page.out, "run scripts/reference")

    def test_every_command_and_flag_is_in_it(self):
        page = self.PAGE.read_text(encoding="utf-8")
        overview = self.duso("help").out
        for command in re.findall(r"(?m)^  duso ([a-z]+)  ", overview):
            self.assertRegex(page, rf"(?m)^\.It Ic {command}\b")
            for flag in re.findall(r"(?m)^  -([a-z-]+)", self.duso("help", command).out):
                self.assertRegex(page, rf"(?m)^\.It Fl {flag}\b", command)

    def test_it_can_be_shown_without_a_complaint(self):
        formatters = {"groff": ["-mandoc", "-Tutf8", "-ww", "-P-c", "-rLL=80n"], "mandoc": ["-Tlint"]}
        installed = [name for name in formatters if shutil.which(name)]
        if not installed:
            self.skipTest("neither groff nor mandoc is installed")
        for name in installed:
            shown = self.command(name, *formatters[name], str(self.PAGE))
            self.assertEqual((shown.status, shown.err), (0, ""))
            plain = re.sub(".\b", "", shown.out)
            if name == "mandoc":
                self.assertEqual(plain, "")
            else:
                self.assertIn("duso — run scripts written in Duso", plain)
                self.assertLessEqual(max(map(len, plain.splitlines())), 80)


if __name__ == "__main__":
    command_line_test.main(__doc__)
