// Programs that are kept: when a file is read again, and that one code serves many runs.
#include "runtime/program_cache.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/interpreter.hpp"
#include "runtime/host.hpp"
#include "stdlib/builtins/table.hpp"

using namespace duso;

namespace {

namespace fs = std::filesystem;

// A directory with one file, gone at the end of the test.
class TestFile {
 public:
  TestFile() : directory_(fs::temp_directory_path() / ("duso-cache-" + std::to_string(getpid()))) {
    fs::create_directory(directory_);
  }
  ~TestFile() { fs::remove_all(directory_); }
  TestFile(const TestFile&) = delete;
  TestFile& operator=(const TestFile&) = delete;

  void write(const std::string& text) const { std::ofstream(path()) << text; }
  // Lets the last change be so long ago that it is settled.
  void age(std::chrono::seconds by) const { fs::last_write_time(path(), fs::file_time_type::clock::now() - by); }
  fs::path path() const { return directory_ / "file.du"; }
  Location place() const { return {Volume::kDisk, path().string()}; }

 private:
  fs::path directory_;
};

std::string text_of(ProgramCache& cache, Files& files, const Location& place) {
  const auto program = cache.load(files, place);
  REQUIRE(program.ok());
  return std::string(program.value()->tree->source().text());
}

// Many instances of one engine, each with surroundings that all share.
class Worker {
 public:
  Worker() {
    register_value_types();
    engine_.emplace(stdlib::all_builtins());
  }

  Files& files() { return files_; }
  ProgramCache& programs() { return programs_; }

  // What [text] throws when it runs in an instance of its own.
  std::string run(std::string_view text) {
    execution::Instance instance(*engine_, {}, host_);
    syntax::ParseResult parsed = syntax::parse(std::make_shared<const syntax::Source>("main.du", std::string(text)));
    REQUIRE(parsed.ok());
    return execution::run_program(instance, std::move(parsed.program)).error;
  }

 private:
  Console console_;
  CommandLine command_line_;
  Files files_;
  ProgramCache programs_;
  Host host_{console_, command_line_, files_, programs_};
  std::optional<execution::Engine> engine_;
};

}  // namespace

TEST_CASE("a file that was left alone is parsed once", "[cache]") {
  const TestFile file;
  Files files;
  ProgramCache cache;
  file.write("return 1");
  for (int i = 0; i < 3; ++i) CHECK(text_of(cache, files, file.place()) == "return 1");
  file.age(std::chrono::seconds(10));
  for (int i = 0; i < 3; ++i) CHECK(text_of(cache, files, file.place()) == "return 1");
  CHECK(cache.parse_count() == 1);
}

TEST_CASE("every change of a file is seen, however soon after the last one", "[cache]") {
  const TestFile file;
  Files files;
  ProgramCache cache;
  for (int i = 0; i < 200; ++i) {
    const std::string text = "return " + std::to_string(100 + i);
    file.write(text);
    REQUIRE(text_of(cache, files, file.place()) == text);
  }
  file.write("return 1");
  file.age(std::chrono::seconds(20));
  CHECK(text_of(cache, files, file.place()) == "return 1");
  file.write("return 2");
  file.age(std::chrono::seconds(19));
  CHECK(text_of(cache, files, file.place()) == "return 2");
}

TEST_CASE("a file that is gone is not run from memory", "[cache]") {
  const TestFile file;
  Files files;
  ProgramCache cache;
  file.write("return 1");
  file.age(std::chrono::seconds(10));
  CHECK(cache.load(files, file.place()).ok());
  fs::remove(file.path());
  CHECK(cache.load(files, file.place()).error().kind == FileError::Kind::kNotFound);
}

TEST_CASE("a program with a mistake is kept with what is wrong with it", "[cache]") {
  Files files;
  ProgramCache cache;
  const Location place = location_of("/STORE/bad.du");
  REQUIRE(files.write(place, "x = = 1", WriteMode::kReplace).ok());
  CHECK(cache.load(files, place).value()->parse_error == "/STORE/bad.du:1:5: unexpected token =(\"=\") at 1:5");
  CHECK_FALSE(cache.load(files, place).value()->parse_error.empty());
  CHECK(cache.parse_count() == 1);
  REQUIRE(files.write(place, "x = 1", WriteMode::kReplace).ok());
  CHECK(cache.load(files, place).value()->parse_error.empty());
}

TEST_CASE("the cache has a bound, and what was used last stays", "[cache]") {
  Files files;
  ProgramCache cache;
  const auto place = [](int i) { return location_of("/STORE/" + std::to_string(i) + ".du"); };
  for (int i = 0; i < 3000; ++i) {
    REQUIRE(files.write(place(i), "return 1", WriteMode::kReplace).ok());
    REQUIRE(cache.load(files, place(i)).ok());
    REQUIRE(cache.load(files, place(0)).ok());
  }
  CHECK(cache.size() <= 1024);
  CHECK(cache.parse_count() == 3000);
}

TEST_CASE("one lowered module serves many runs in many instances", "[cache]") {
  Worker worker;
  const Location module = location_of("/STORE/m.du");
  REQUIRE(worker.files()
              .write(module, R"(
    total = 0
    point = {x = 1, scale = function(by) x = x * by return self end}
    function add(n)
      total += n
      return total
    end
    include("/STORE/part")
    return {add = add, point = point, late = function() return from_part end}
  )",
                     WriteMode::kReplace)
              .ok());
  REQUIRE(worker.files().write(location_of("/STORE/part.du"), "from_part = total + 40", WriteMode::kReplace).ok());
  for (int i = 0; i < 50; ++i) {
    const std::string result = worker.run(R"(
      a = require("/STORE/m")
      b = require("/STORE/m")
      for i = 1, 5 do a.add(i) end
      b.add(1)
      a.point.y = 1
      a.point.scale(3)
      throw([a.add(0), b.add(0), a.point.x, b.point.scale(2).x, a.late(), b.late()])
    )");
    REQUIRE(result.ends_with("[15, 1, 3, 2, 40, 40]"));
  }
  CHECK(worker.programs().parse_count() == 2);
}

TEST_CASE("a function outlives the module's place in the cache", "[cache]") {
  Worker worker;
  REQUIRE(worker.files().write(location_of("/STORE/m.du"), "return function() return 1 end", WriteMode::kReplace).ok());
  CHECK(worker
            .run(R"(
    old = require("/STORE/m")
    save("/STORE/m.du", "return function() return 2 end")
    throw([old(), require("/STORE/m")(), old()])
  )")
            .ends_with("[1, 2, 1]"));
}
