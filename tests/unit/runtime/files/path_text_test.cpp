#include "runtime/files/path_text.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace duso;

TEST_CASE("a clean path has no part that says nothing", "[files]") {
  for (const auto& [path, cleaned] : {std::pair{"", "."},
                                      {".", "."},
                                      {"/", "/"},
                                      {"a/./b", "a/b"},
                                      {"a//b/", "a/b"},
                                      {"a/x/../b", "a/b"},
                                      {"../a", "../a"},
                                      {"a/../../b", "../b"},
                                      {"/../a", "/a"},
                                      {"./a", "a"},
                                      {"a/..", "."},
                                      {"../..", "../.."},
                                      {"///a///", "/a"},
                                      {"a/b/../../..", ".."}}) {
    CAPTURE(path);
    CHECK(paths::clean(path) == cleaned);
    CHECK(paths::clean(cleaned) == cleaned);
  }
}

TEST_CASE("a join is clean, and an empty directory is the current one", "[files]") {
  CHECK(paths::join("a", "b") == "a/b");
  CHECK(paths::join("", "b") == "b");
  CHECK(paths::join(".", "") == ".");
  CHECK(paths::join("/", "b") == "/b");
  CHECK(paths::join("a/b", "../../..") == "..");
  CHECK(paths::join("a", "/b") == "a/b");
}

TEST_CASE("a path is a directory and a name", "[files]") {
  CHECK(paths::directory_of("x.du") == ".");
  CHECK(paths::directory_of("sub/x.du") == "sub");
  CHECK(paths::directory_of("./sub//x.du") == "sub");
  CHECK(paths::directory_of("/x.du") == "/");
  CHECK(paths::base_name("a/b.txt") == "b.txt");
  CHECK(paths::base_name("a/b/") == "b");
  CHECK(paths::base_name("b") == "b");
  CHECK(paths::base_name("/").empty());
}

TEST_CASE("a relative path leads from the directory to the place", "[files]") {
  for (const auto& [directory, place, way] : {std::tuple{"sub", "sub/x", "x"},
                                              {"sub", "x", "../x"},
                                              {"..", "../../x", "../x"},
                                              {"/a/b", "/a/c/d", "../c/d"},
                                              {".", "x/y", "x/y"},
                                              {"/EMBED/a", "/EMBED/a", "."}}) {
    CAPTURE(directory, place);
    CHECK(paths::relative_to(place, directory) == way);
    CHECK(paths::join(directory, way) == place);
  }
}

TEST_CASE("what is within a directory shares whole parts with it", "[files]") {
  CHECK(paths::is_within("/a/b", "/a"));
  CHECK(paths::is_within("/a", "/a"));
  CHECK(paths::is_within("/a", "/"));
  CHECK(paths::is_within("x", "."));
  CHECK_FALSE(paths::is_within("/ab", "/a"));
  CHECK_FALSE(paths::is_within("/", "/a"));
  CHECK_FALSE(paths::is_within("../x", "."));
  CHECK_FALSE(paths::is_within("/x", "."));
}
