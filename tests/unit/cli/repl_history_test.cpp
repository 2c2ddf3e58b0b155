// The history of the prompt: what is kept, and that sessions that run at the same time keep each other's.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "cli/repl/history.hpp"

using namespace duso::cli::repl;
using Inputs = std::vector<std::string>;

namespace {

// A name for a file that does not exist yet, in a directory of its own.
class Place {
 public:
  Place() { REQUIRE(mkdtemp(directory_.data()) != nullptr); }
  ~Place() {
    std::remove(path().c_str());
    std::remove((path() + ".link").c_str());
    rmdir(directory_.c_str());
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::string path() const { return directory_ + "/history"; }
  std::string content() const {
    std::ifstream file(path());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void write(const std::string& text) const { std::ofstream(path()) << text; }

 private:
  std::string directory_ = "/tmp/duso-history-XXXXXX";
};

void add_all(const HistoryFile& file, const Inputs& inputs) {
  for (const std::string& input : inputs) CHECK_FALSE(file.add(input).has_value());
}

}  // namespace

TEST_CASE("the next session finds the inputs of the last one", "[repl]") {
  const Place place;
  add_all(HistoryFile(place.path()), {"a = 1", "if a then\n  print(\"\\n\")\nend", "a"});
  CHECK(HistoryFile(place.path()).load().inputs() == Inputs{"a = 1", "if a then\n  print(\"\\n\")\nend", "a"});
  struct stat status = {};
  REQUIRE(stat(place.path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("an input is a line of the file", "[repl]") {
  const Place place;
  add_all(HistoryFile(place.path()), {"f(\n1)", "\"a\\b\""});
  CHECK(place.content() == "f(\\n1)\n\"a\\\\b\"\n");
}

TEST_CASE("the same input twice in a row is kept once", "[repl]") {
  const Place place;
  add_all(HistoryFile(place.path()), {"a", "a", "b", "a"});
  CHECK(HistoryFile(place.path()).load().inputs() == Inputs{"a", "b", "a"});
}

TEST_CASE("the last thousand inputs are kept", "[repl]") {
  const Place place;
  std::string text;
  for (int i = 1; i <= 1000; ++i) text += "x" + std::to_string(i) + "\n";
  place.write(text);
  add_all(HistoryFile(place.path()), {"y"});
  const InputList list = HistoryFile(place.path()).load();
  CHECK(list.inputs().size() == 1000);
  CHECK(list.inputs().front() == "x2");
  CHECK(list.inputs().back() == "y");
}

TEST_CASE("a history that is a link stays one", "[repl]") {
  const Place place;
  std::string text;
  for (int i = 1; i <= 1000; ++i) text += "x" + std::to_string(i) + "\n";
  place.write(text);
  const std::string link = place.path() + ".link";
  REQUIRE(symlink(place.path().c_str(), link.c_str()) == 0);
  add_all(HistoryFile(link), {"y"});
  CHECK(HistoryFile(place.path()).load().inputs().back() == "y");
}

TEST_CASE("what somebody has written by hand is read as well as it can be", "[repl]") {
  const Place place;
  place.write("a\\tb\n\n\nlast without an end\\");
  CHECK(HistoryFile(place.path()).load().inputs() == Inputs{"a\\tb", "last without an end\\"});
  add_all(HistoryFile(place.path()), {"c"});
  CHECK(HistoryFile(place.path()).load().inputs() == Inputs{"a\\tb", "last without an end\\", "c"});
}

TEST_CASE("sessions at the same time lose nothing", "[repl]") {
  const Place place;
  const auto session = [&place](const char* name) {
    for (int i = 0; i < 100; ++i) HistoryFile(place.path()).add(name + std::to_string(i));
  };
  // Long enough already that every input makes a new file.
  std::string text;
  for (int i = 1; i <= 1000; ++i) text += "x" + std::to_string(i) + "\n";
  place.write(text);
  std::thread first(session, "a");
  std::thread second(session, "b");
  first.join();
  second.join();
  const InputList list = HistoryFile(place.path()).load();
  REQUIRE(list.inputs().size() == 1000);
  CHECK(list.inputs()[799] == "x1000");
}

TEST_CASE("a history that cannot be kept says why", "[repl]") {
  const std::optional<std::string> complaint = HistoryFile("/nowhere/history").add("a");
  REQUIRE(complaint.has_value());
  CHECK(*complaint == "/nowhere/history: No such file or directory");
  CHECK(HistoryFile("/nowhere/history").load().inputs().empty());
}

TEST_CASE("without a path nothing is kept", "[repl]") {
  CHECK_FALSE(HistoryFile("").add("a").has_value());
  CHECK(HistoryFile("").load().inputs().empty());
}
