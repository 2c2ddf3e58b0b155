// The formatter, on what is worth a name. How whole programs come out shows in tests/format; that nothing is ever
// damaged is shown by all scripts of the repository.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "interpreter/syntax/format/formatter.hpp"
#include "interpreter/syntax/format/words.hpp"
#include "tests/unit/syntax/tree_text.hpp"

using duso::syntax::format_program;
using duso::syntax::ParseResult;
using duso::syntax::same_words;
using duso::syntax::Source;
using duso::syntax::test::parse_text;
using duso::syntax::test::tree_of;

namespace fs = std::filesystem;

namespace {

const fs::path kRepository = DUSO_REPOSITORY;

std::string formatted(std::string_view text) {
  const ParseResult result = parse_text(text);
  if (!result.ok()) return "error: " + result.diagnostics.front().message;
  return format_program(*result.program);
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> files_below(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kRepository / folder)) {
    if (entry.is_regular_file() && entry.path().extension() == extension) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

// The programs of the Markdown page at [path]: its blocks that begin with ```duso, be they files with a name or not.
std::vector<std::string> programs_in(const fs::path& path) {
  std::vector<std::string> programs;
  std::istringstream page(read(path));
  bool is_inside = false;
  for (std::string line; std::getline(page, line);) {
    if (is_inside && line.starts_with("```")) {
      is_inside = false;
    } else if (is_inside) {
      programs.back() += line + '\n';
    } else if (line == "```duso" || line.starts_with("```duso ")) {
      is_inside = true;
      programs.emplace_back();
    }
  }
  return programs;
}

// Checks that [text] survives being formatted. Returns how many programs that were, 1 or 0.
std::size_t check_survival(const std::string& text) {
  const ParseResult original = parse_text(text);
  if (!original.ok()) return 0;
  const std::string once = formatted(text);
  CHECK(tree_of(once) == tree_of(text));
  CHECK(same_words(original.program->source(), Source("formatted", once)));
  CHECK(formatted(once) == once);
  return 1;
}

}  // namespace

TEST_CASE("a formatted program says what it said, and formatting it again changes nothing", "[format]") {
  std::size_t scripts = 0;
  for (const char* folder : {"examples", "bench", "stdlib", "tests"}) {
    for (const fs::path& path : files_below(folder, ".du")) {
      INFO(path);
      scripts += check_survival(read(path));
    }
  }
  CHECK(scripts > 300);
}

TEST_CASE("so does every program of a page", "[format]") {
  std::size_t programs = 0;
  std::vector<fs::path> pages = files_below("docs", ".md");
  pages.push_back(kRepository / "README.md");
  for (const fs::path& path : pages) {
    INFO(path);
    for (const std::string& program : programs_in(path)) programs += check_survival(program);
  }
  CHECK(programs > 150);
}

TEST_CASE("so does every program among the seeds of the fuzz targets", "[format]") {
  std::size_t programs = 0;
  for (const char* corpus : {"parse", "run", "format", "lint"}) {
    const fs::path folder = kRepository / "tests/fuzz/corpus" / corpus;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      INFO(entry.path());
      programs += check_survival(read(entry.path()));
    }
  }
  CHECK(programs > 20);
}

TEST_CASE("programs come out as the golden files have them", "[format]") {
  const std::vector<fs::path> inputs = files_below("tests/format", ".du");
  CHECK(inputs.size() >= 5);
  for (fs::path path : inputs) {
    INFO(path);
    const std::string text = read(path);
    CHECK(formatted(text) == read(path.replace_extension(".out")));
  }
}

TEST_CASE("the examples are formatted", "[format]") {
  for (const fs::path& path : files_below("examples", ".du")) {
    INFO(path);
    CHECK(formatted(read(path)) == read(path));
  }
}

TEST_CASE("blank lines are kept, one at a time, and not at the edges", "[format]") {
  CHECK(formatted("\n\na = 1\n\n\n\nb = 2\n\n") == "a = 1\n\nb = 2\n");
  CHECK(formatted("if a then\n\n  b()\n\n\n  c()\n\nend") == "if a then\n  b()\n\n  c()\nend\n");
  CHECK(formatted("x = [\n\n  1,\n\n\n  2\n\n]") == "x = [\n  1,\n\n  2\n]\n");
  CHECK(formatted("x = 1 +\n\n  2") == "x = 1 +\n  2\n");
}

TEST_CASE("an empty program stays empty", "[format]") {
  CHECK(formatted("").empty());
  CHECK(formatted(" \n\t\n;\n").empty());
  CHECK(formatted("// only this") == "// only this\n");
  CHECK(formatted("#!/usr/bin/env duso") == "#!/usr/bin/env duso\n");
}

TEST_CASE("a line for the shell, a byte order mark and carriage returns are kept", "[format]") {
  CHECK(formatted("#!/usr/bin/env duso  \nx=1") == "#!/usr/bin/env duso  \nx = 1\n");
  CHECK(formatted("#!/usr/bin/env duso\n\n\nx=1") == "#!/usr/bin/env duso\n\nx = 1\n");
  CHECK(formatted("\xEF\xBB\xBFx=1") == "\xEF\xBB\xBFx = 1\n");
  CHECK(formatted("x=1\r\ny=2") == "x = 1\r\ny = 2\r\n");
  CHECK(formatted("x=1\ny=2\r\n") == "x = 1\ny = 2\n");
}

TEST_CASE("a line that seems to begin something, and goes on with the line before, is shown to do so", "[format]") {
  CHECK(formatted("a = b\n(c)") == "a = b(c)\n");
  CHECK(formatted("a = [1]\n[0]") == "a = [1][0]\n");
  CHECK(formatted("f()\n++x") == "f()++\nx\n");
  CHECK(formatted("function f() return\n1 end") == "function f()\n  return 1\nend\n");
}

TEST_CASE("words that would become another word are kept apart", "[format]") {
  CHECK(formatted("x = -(-1) - - 1 - - --y") == "x = -(-1) - -1 - - --y\n");
  CHECK(formatted("function f() return 0x1F end") == "function f() return 0 x1F end\n");
  CHECK(formatted("x = 1 .e5") == "x = 1.e5\n");
  CHECK(tree_of("x = 1.e5") == tree_of("x = 1 .e5"));
}

TEST_CASE("semicolons separate the statements of a line and nothing else", "[format]") {
  CHECK(formatted("if a then b(); c() d(); end; e();") == "if a then b(); c() d() end\ne()\n");
}

TEST_CASE("what follows a line break is aligned if it was, and indented otherwise", "[format]") {
  CHECK(formatted("value=f(a,\n       b)") == "value = f(a,\n  b)\n");
  CHECK(formatted("value = f(a,\n          b)") == "value = f(a,\n          b)\n");
  CHECK(formatted("value = first   + second +\n        third") == "value = first + second +\n        third\n");
  CHECK(formatted("f(a, function()\n b()\nend,\n  c)") == "f(a, function()\n  b()\nend,\n  c)\n");
  // Nothing is aligned with what is far to the right.
  const std::string name(100, 'n');
  CHECK(formatted(name + "(a,\n" + std::string(101, ' ') + "b)") == name + "(a,\n  b)\n");
}

TEST_CASE("neighbouring comments that were in one column share a column", "[format]") {
  CHECK(formatted("a=1   // x\nbb = 2// y") == "a = 1   // x\nbb = 2  // y\n");
  CHECK(formatted("a   = 1  // x\nbbbb = 2  // y\n") == "a = 1  // x\nbbbb = 2  // y\n");
  CHECK(formatted("a   = 1 // x\nbbb = 2 // y\n") == "a = 1   // x\nbbb = 2 // y\n");
}

TEST_CASE("a comment that is never closed is not added to", "[format]") {
  CHECK(formatted("x=1\n/* open") == "x = 1\n/* open");
  CHECK(formatted("x=1 /* a /* b */") == "x = 1 /* a /* b */");
  CHECK(formatted("x=1 /* a /* b */ */") == "x = 1 /* a /* b */ */\n");
}

TEST_CASE("programs are compared by their words, comments and line for the shell", "[format]") {
  const auto same = [](const char* a, const char* b) { return same_words(Source("a", a), Source("b", b)); };
  CHECK(same("x = 1", "x\n=\n1;"));
  CHECK(same("x = 1 // c  ", "x = 1 // c"));
  CHECK_FALSE(same("x = 1", "x = 2"));
  CHECK_FALSE(same("x = 'a'", "x = \"a\""));
  CHECK_FALSE(same("x = 1", "x = 1 y"));
  CHECK_FALSE(same("x = 1 // c", "x = 1"));
  CHECK_FALSE(same("x = 1 /* c */", "x = 1 /* c  */"));
  CHECK_FALSE(same("#!a\nx", "#!b\nx"));
  CHECK_FALSE(same("#!a\nx", "x"));
}
