// What the system tells about files.
#include "runtime/tasks/file_events.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

using namespace duso::tasks;
namespace fs = std::filesystem;

namespace {

struct Counter final : FileEvents::Listener {
  void on_file_event() override { ++events; }
  int events = 0;
};

// An empty directory, removed at the end.
struct Folder {
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "duso-events-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
  fs::path path;
};

void write(const std::string& path) { std::ofstream(path) << "text"; }

// Waits until [counter] has heard something, at most a few seconds.
bool hears(EventLoop& loop, Counter& counter) {
  const Instant deadline = after(5);
  while (counter.events == 0 && !has_passed(deadline)) loop.wait(deadline);
  return std::exchange(counter.events, 0) > 0;
}

}  // namespace

TEST_CASE("a directory tells of files that are made, written, replaced and removed", "[file_events]") {
  const Folder folder;
  EventLoop loop;
  Counter counter;
  FileEvents events(loop, counter);
  const std::set<std::string> places{folder.path.string()};

  REQUIRE(events.watch(places));
  write(folder / "a");
  CHECK(hears(loop, counter));
  REQUIRE(events.watch(places));
  write(folder / "a");
  CHECK(hears(loop, counter));
  write(folder / "b");
  REQUIRE(events.watch(places));
  fs::rename(folder / "b", folder / "a");
  CHECK(hears(loop, counter));
  REQUIRE(events.watch(places));
  fs::remove(folder / "a");
  CHECK(hears(loop, counter));
}

TEST_CASE("a place that was made anew is watched as what it is now", "[file_events]") {
  const Folder folder;
  EventLoop loop;
  Counter counter;
  FileEvents events(loop, counter);
  const std::string place = folder / "sub";
  fs::create_directory(place);
  REQUIRE(events.watch({place}));
  fs::remove(place);
  CHECK(hears(loop, counter));
  fs::create_directory(place);
  REQUIRE(events.watch({place}));
  write(folder / "sub/a");
  CHECK(hears(loop, counter));
}

TEST_CASE("a place that is not there is left out, and no watch outlives its use", "[file_events]") {
  const Folder folder;
  EventLoop loop;
  Counter counter;
  {
    FileEvents events(loop, counter);
    CHECK(events.watch({folder / "none", folder.path.string()}));
    CHECK(loop.watch_count() == 1);
    CHECK(events.watch({}));
    write(folder / "a");
    CHECK(events.watch({folder / "a"}));
    events.stop();
    CHECK(loop.watch_count() == 0);
    CHECK(events.watch({folder / "a"}));
  }
  CHECK(loop.watch_count() == 0);
  write(folder / "a");
  loop.poll();
  CHECK(counter.events == 0);
}

TEST_CASE("two who watch one place are both told", "[file_events]") {
  const Folder folder;
  EventLoop loop;
  Counter one;
  Counter two;
  FileEvents first(loop, one);
  FileEvents second(loop, two);
  REQUIRE(first.watch({folder.path.string()}));
  REQUIRE(second.watch({folder.path.string()}));
  write(folder / "a");
  CHECK(hears(loop, one));
  CHECK(hears(loop, two));
}
