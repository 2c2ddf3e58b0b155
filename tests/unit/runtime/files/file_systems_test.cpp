// What the file systems that are no disk do, and what happens between one and another.
#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "runtime/files/files.hpp"

using namespace duso;

namespace {

using Kind = FileError::Kind;

constexpr std::array kEmbedded = {EmbeddedFile{"README.md", "readme"}, EmbeddedFile{"docs/a.md", "A"},
                                  EmbeddedFile{"docs/sub/b.md", "B"}, EmbeddedFile{"docs0", "not in docs"}};

Location at(std::string path) { return location_of(std::move(path)); }

std::string names(const Result<std::vector<DirectoryEntry>>& entries) {
  REQUIRE(entries.ok());
  std::string joined;
  for (const DirectoryEntry& entry : entries.value()) joined += entry.name + (entry.is_directory ? "/ " : " ");
  return joined;
}

// A store somebody has put other values into.
class ForeignStore final : public StoreMap {
 public:
  StoredFile get(std::string_view) override { return {StoredFile::Kind::kOther}; }
  void set(std::string_view, std::string_view) override {}
  bool append(std::string_view, std::string_view) override { return false; }
  void remove(std::string_view) override {}
  std::vector<std::string> keys(std::string_view) override { return {"number"}; }
};

}  // namespace

TEST_CASE("the files of this program are sorted, each name once", "[files]") {
  const std::span<const EmbeddedFile> files = built_in_files();
  REQUIRE_FALSE(files.empty());
  CHECK(std::ranges::is_sorted(files, {}, &EmbeddedFile::name));
  CHECK(std::ranges::adjacent_find(files, {}, &EmbeddedFile::name) == files.end());
}

TEST_CASE("embedded directories are where the names say", "[files]") {
  EmbeddedFiles files(kEmbedded);
  CHECK(names(files.list(at("/EMBED/"))) == "README.md app/ contrib/ docs/ docs0 examples/ stdlib/ ");
  CHECK(names(files.list(at("/EMBED/docs"))) == "a.md sub/ ");
  CHECK(names(files.list(at("/EMBED/docs/sub/"))) == "b.md ");
  CHECK(names(files.list(at("/EMBED/none"))).empty());
  CHECK(names(files.list(at("/EMBED/contrib"))).empty());
  CHECK_FALSE(files.list(at("/EMBED/README.md")).ok());
  CHECK(files.type(at("/EMBED/docs")).value() == FileType::kDirectory);
  CHECK(files.type(at("/EMBED/docs0")).value() == FileType::kFile);
  CHECK_FALSE(files.type(at("/EMBED/doc")).ok());
}

TEST_CASE("an embedded file is found under every spelling of its name that stays inside", "[files]") {
  EmbeddedFiles files(kEmbedded);
  for (const char* path : {"/EMBED/docs/a.md", "/EMBED/docs//./a.md", "/EMBED/docs/sub/../a.md", "/EMBED/docs\\a.md"}) {
    CAPTURE(path);
    CHECK(files.read(at(path), 10).ok());
  }
  for (const char* path :
       {"/EMBED/docs/A.md", "/EMBED/../docs/a.md", "/EMBED/x/../../docs/a.md", "/EMBED/docs/a.md/x"}) {
    CAPTURE(path);
    CHECK_FALSE(files.read(at(path), 10).ok());
  }
  CHECK(files.read(at("/EMBED/docs"), 10).error().cause() == "read docs: is a directory (at /EMBED/docs)");
}

TEST_CASE("a limit on what is read holds in every file system", "[files]") {
  Files files({}, kEmbedded);
  REQUIRE(files.write(at("/STORE/six"), "123456", WriteMode::kReplace).ok());
  for (const char* path : {"/EMBED/README.md", "/STORE/six", "/proc/self/status"}) {
    CAPTURE(path);
    CHECK_FALSE(files.read(at(path), 5).ok());
    CHECK(files.read(at(path)).ok());
  }
  CHECK(files.read(at("/STORE/six"), 6).value() == "123456");
}

TEST_CASE("a value of the store that is no text is no file to read", "[files]") {
  Files files({}, kEmbedded, std::make_unique<ForeignStore>());
  const char* message = "invalid file format in /STORE/number: expected string (at /STORE/number)";
  CHECK(files.read(at("/STORE/number")).error().cause() == message);
  CHECK(files.write(at("/STORE/number"), "x", WriteMode::kAppend).error().cause() == message);
  CHECK(files.type(at("/STORE/number")).value() == FileType::kFile);
}

TEST_CASE("a key of the store may be a file and a directory at once", "[files]") {
  Files files({}, kEmbedded);
  REQUIRE(files.write(at("/STORE/a"), "file", WriteMode::kReplace).ok());
  REQUIRE(files.write(at("/STORE/a/b"), "below", WriteMode::kReplace).ok());
  CHECK(names(files.list(at("/STORE/"))) == "a a/ ");
  CHECK(files.read(at("/STORE/a")).value() == "file");
  REQUIRE(files.remove(at("/STORE/a")).ok());
  CHECK(files.type(at("/STORE/a")).value() == FileType::kDirectory);
}

TEST_CASE("a text that is being read from the store does not change under the reader", "[files]") {
  MemoryStore store;
  store.set("k", "old");
  const StoredFile seen = store.get("k");
  store.append("k", " and new");
  store.remove("k");
  CHECK(*seen.text == "old");
  CHECK(store.get("k").kind == StoredFile::Kind::kMissing);
}

TEST_CASE("a move onto itself keeps the file", "[files]") {
  Files files({}, kEmbedded);
  REQUIRE(files.write(at("/STORE/k"), "kept", WriteMode::kReplace).ok());
  CHECK(files.move(at("/STORE/k"), at("/STORE/k")).ok());
  CHECK(files.read(at("/STORE/k")).value() == "kept");
}

TEST_CASE("nothing can be moved out of the executable, nor copied into it", "[files]") {
  Files files({}, kEmbedded);
  CHECK(files.move(at("/EMBED/README.md"), at("/STORE/r")).error().error.kind == Kind::kReadOnly);
  CHECK(files.move_matching(at("/EMBED/*.md"), at("/STORE/d")).error().error.kind == Kind::kReadOnly);
  CHECK(files.copy(at("/EMBED/README.md"), at("/EMBED/docs")).error().error.kind == Kind::kReadOnly);
  CHECK(files.copy_matching(at("/EMBED/*.md"), at("/EMBED/docs")).error().error.kind == Kind::kReadOnly);
  CHECK_FALSE(files.exists(at("/STORE/r")));
  const Files::TransferredAll copied = files.copy_matching(at("/EMBED/*"), at("/STORE/d"));
  REQUIRE(copied.ok());
  REQUIRE(copied.value().size() == 2);
  CHECK(copied.value()[0].path == "/STORE/d/README.md");
  CHECK(files.read(at("/STORE/d/docs0")).value() == "not in docs");
}

TEST_CASE("errors have the words that users know", "[files]") {
  CHECK(FileError::of_system(ENOENT, "open", "x").cause() == "file not found at x");
  CHECK(FileError::of_system(EPERM, "open", "x").cause() == "permission denied at x");
  CHECK(FileError::of_system(EACCES, "open", "x").cause() == "permission denied at x");
  CHECK(FileError::of_system(EEXIST, "open", "x").cause() == "already exists at x");
  CHECK(FileError::of_system(ENOTEMPTY, "remove", "x").cause() == "directory not empty at x");
  CHECK(FileError::of_system(EISDIR, "read", "x").cause() == "read x: is a directory (at x)");
}
