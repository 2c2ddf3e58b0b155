#include "runtime/files/location.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace duso;

namespace {

// The place of [path] for code in `here` of an application in `app`.
Location place(std::string_view path, std::string_view app = "app", std::string_view here = "app/here") {
  return locate(path, {app, here});
}

}  // namespace

TEST_CASE("a prefix decides about the file system", "[files]") {
  CHECK(place("/EMBED/docs/x.md").volume == Volume::kEmbedded);
  CHECK(place("/EMBED/docs/x.md").key() == "docs/x.md");
  CHECK(place("/STORE/a//b").volume == Volume::kStore);
  CHECK(place("/STORE/a//b").key() == "a//b");
  CHECK(place("/EMBED").volume == Volume::kDisk);
  CHECK(place("/EMBEDDED/x").volume == Volume::kDisk);
  CHECK(place("/embed/x").volume == Volume::kDisk);
  CHECK(place("x/EMBED/y").volume == Volume::kDisk);
}

TEST_CASE("bare paths start at the application, unless it lies in the working directory", "[files]") {
  CHECK(place("x.txt").path == "app/x.txt");
  CHECK(place("../x.txt").path == "x.txt");
  CHECK(place("a/../x.txt", ".").path == "a/../x.txt");
  CHECK(place("", ".").path.empty());
  CHECK(place("/a//b").path == "/a//b");
  CHECK(place("~/x", ".").path == "~/x");
}

TEST_CASE("the directory of the code is /HERE/", "[files]") {
  CHECK(place("/HERE/x.txt").path == "app/here/x.txt");
  CHECK(place("/HERE/").path == "app/here");
  CHECK(place("/HERE/../x").path == "app/x");
  CHECK(place("/CWD/x").path == working_directory() + "/x");
}

TEST_CASE("what starts inside the executable or the store never reaches the disk", "[files]") {
  for (const std::string root : {"/EMBED", "/STORE"}) {
    for (const std::string& start : {root, root + "/a", root + "/a/b"}) {
      for (const char* way : {"../../../etc/passwd", "x/../../../../y", "..", "../..", "/etc/passwd"}) {
        CAPTURE(start, way);
        const Location found = location_below(start, way);
        CHECK(found.volume != Volume::kDisk);
        CHECK(found.path.starts_with(root + "/"));
        CHECK(locate(std::string("/HERE/") + way, {".", start}).volume != Volume::kDisk);
      }
    }
  }
  CHECK(location_below("/EMBED/a", "b").path == "/EMBED/a/b");
  CHECK(location_below("/EMBED", "b").path == "/EMBED/b");
  CHECK(location_below("/EMBED/a", "../b").path == "/EMBED/b");
}

TEST_CASE("in a pattern only what the script wrote is a wildcard", "[files]") {
  CHECK(locate_pattern("*.txt", {"a[b*", "?"}).path == "a\\[b\\*/*.txt");
  CHECK(locate_pattern("/HERE/*.txt", {".", "w?"}).path == "w\\?/*.txt");
  CHECK(locate_pattern("*.txt", {".", "."}).path == "*.txt");
}

TEST_CASE("a place is shown to a script as it would write it", "[files]") {
  CHECK(spelled_for_script({Volume::kDisk, "sub/data/x"}, true, "sub") == "data/x");
  CHECK(spelled_for_script({Volume::kDisk, "./x"}, true, ".") == "x");
  CHECK(spelled_for_script({Volume::kDisk, "/abs/x"}, false, ".") == "/abs/x");
  CHECK(spelled_for_script({Volume::kEmbedded, "/EMBED/app/x"}, true, "/EMBED/app") == "x");
}
