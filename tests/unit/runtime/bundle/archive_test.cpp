// Archives of applications: what is written can be read, and what was tampered with can not.
#include "runtime/bundle/archive.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "runtime/bundle/program.hpp"

using namespace duso;
using namespace duso::bundle;

namespace {

using Contents = std::vector<std::pair<std::string, std::string>>;

const std::string kProgram = "the program itself";
const Description kDescription{"tool", "app/main.du", "/EMBED/app/lib", true};
const Contents kFiles = {{"app/data.txt", std::string(5000, 'x')}, {"app/empty", ""}, {"app/main.du", "print(1)\n"}};

std::string bundled(const Contents& files, const Description& description = kDescription) {
  std::string result = kProgram;
  ArchiveWriter writer(kProgram.size(), [&result](std::string_view bytes) { result += bytes; });
  for (const auto& [name, content] : files) {
    writer.begin_file(name);
    writer.write(content);
    writer.end_file();
  }
  writer.finish(description);
  return result;
}

// What is wrong with [executable]; empty if nothing is.
std::string problem_of(std::string_view executable) {
  const Result<ArchiveParts, std::string> parts = find_archive(executable);
  if (!parts.ok()) return parts.error();
  const Result<Archive, std::string> archive = read_archive(parts.value());
  return archive.ok() ? "" : archive.error();
}

std::string number(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

std::string text(const std::string& bytes) { return number(bytes.size()) + bytes; }

struct IndexEntry {
  std::string name;
  std::uint64_t stored;
  std::uint64_t size;
};

// What is said about an archive with [data] whose index lists [entries].
std::string problem_of(const std::string& data, const std::vector<IndexEntry>& entries, std::uint64_t sealed = 0) {
  std::string index = text("tool") + text("app/main.du") + text("") + number(sealed);
  for (const IndexEntry& entry : entries) index += text(entry.name) + number(entry.stored) + number(entry.size);
  const Result<Archive, std::string> archive = read_archive({0, data, index});
  return archive.ok() ? "" : archive.error();
}

const std::string kEmptyStream("\x03\x00", 2);  // what nothing is deflated to
constexpr std::uint64_t kMostFromTwo = 2 * kLargestInflation;

const char* const kBadIndex = "its list of files is damaged";

}  // namespace

TEST_CASE("what goes into an archive comes out of it", "[bundle]") {
  const std::string executable = bundled(kFiles);
  const Result<ArchiveParts, std::string> parts = find_archive(executable);
  REQUIRE(parts.ok());
  CHECK(parts.value().program_size == kProgram.size());
  Result<Archive, std::string> archive = read_archive(parts.value());
  REQUIRE(archive.ok());
  CHECK(archive.value().description == kDescription);
  REQUIRE(archive.value().files.size() == kFiles.size());
  EmbeddedFiles files(archive.value().files);
  for (const auto& [name, content] : kFiles) {
    CAPTURE(name);
    CHECK(files.read(location_of("/EMBED/" + name), content.size()).value() == content);
    CHECK(files.type(location_of("/EMBED/" + name)).value() == FileType::kFile);
  }
  CHECK_FALSE(files.read(location_of("/EMBED/app/data.txt"), 4999).ok());
  CHECK(parts.value().data.size() < 200);
}

TEST_CASE("an archive that was cut off anywhere is damaged", "[bundle]") {
  const std::string executable = bundled(kFiles);
  for (std::size_t size = 0; size < executable.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(problem_of(std::string_view(executable).substr(0, size)).empty());
  }
  CHECK_FALSE(problem_of(executable + '\n').empty());
  CHECK(problem_of("") == "its end is missing");
}

TEST_CASE("a bit that was flipped anywhere behind the program is noticed", "[bundle]") {
  const std::string executable = bundled(kFiles);
  for (std::size_t at = kProgram.size(); at < executable.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = executable;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      CAPTURE(at, bit);
      CHECK_FALSE(problem_of(damaged).empty());
    }
  }
}

TEST_CASE("an index whose lengths lie is damaged", "[bundle]") {
  CHECK(problem_of(kEmptyStream, {{"app/main.du", 2, 0}}).empty());
  CHECK(problem_of(kEmptyStream, {{"app/main.du", 3, 0}}) == kBadIndex);  // more than there is
  CHECK(problem_of(kEmptyStream, {{"app/main.du", 1, 0}}) == kBadIndex);  // less
  CHECK(problem_of(kEmptyStream, {{"app/main.du", UINT64_MAX, 0}}) == kBadIndex);
  CHECK(problem_of(kEmptyStream, {{"app/a", 2, 0}, {"app/main.du", 2, 0}}) == kBadIndex);  // the same bytes twice
  CHECK(problem_of(kEmptyStream, {}) == kBadIndex);
  CHECK(problem_of("", {}) == "its start script is missing");
  CHECK(problem_of(kEmptyStream, {{"app/main.du", 2, 0}}, 2) == kBadIndex);
  CHECK_FALSE(read_archive({0, "", text("a")}).ok());
  CHECK_FALSE(read_archive({0, "", number(UINT64_MAX) + "a"}).ok());
}

TEST_CASE("a file that claims to be larger than its bytes can be is damaged", "[bundle]") {
  CHECK(problem_of(kEmptyStream, {{"app/main.du", 2, kMostFromTwo}}).empty());
  CHECK(problem_of(kEmptyStream, {{"app/main.du", 2, 2 * kMostFromTwo}}) == kBadIndex);
  CHECK(problem_of(kEmptyStream, {{"app/main.du", 2, UINT64_MAX}}) == kBadIndex);

  // What is possible but not true shows when the file is read.
  const std::vector<EmbeddedFile> lying = {{"app/main.du", kEmptyStream, 1000}};
  EmbeddedFiles lies(lying);
  CHECK(lies.read(location_of("/EMBED/app/main.du"), 5000).error().cause() ==
        "read app/main.du: input/output error (at /EMBED/app/main.du)");
}

TEST_CASE("names lead to places below the folder and to no other", "[bundle]") {
  for (const char* name : {"app/a", "app/a/b.du", "app/..a", "app/ "}) CHECK(is_good_name(name));
  for (const std::string& name :
       {std::string("app/../docs/x"), std::string("app/.."), std::string("app/a/../b"), std::string("app/./a"),
        std::string("app//a"), std::string("app/"), std::string("app"), std::string("docs/a"), std::string("/app/a"),
        std::string("app/a/"), std::string("app/a\\b"), std::string("app/a\0b", 7), std::string()}) {
    CAPTURE(name);
    CHECK_FALSE(is_good_name(name));
    CHECK(problem_of("", {{name, 0, 0}, {"app/main.du", 0, 0}}) == kBadIndex);
  }
}

TEST_CASE("names stand in order, each once", "[bundle]") {
  CHECK(problem_of("", {{"app/a", 0, 0}, {"app/main.du", 0, 0}}).empty());
  CHECK(problem_of("", {{"app/main.du", 0, 0}, {"app/a", 0, 0}}) == kBadIndex);
  CHECK(problem_of("", {{"app/main.du", 0, 0}, {"app/main.du", 0, 0}}) == kBadIndex);
}

TEST_CASE("a start script that is none of the files is noticed", "[bundle]") {
  CHECK(problem_of(bundled({{"app/other.du", "x"}})) == "its start script is missing");
}

TEST_CASE("what has no fuse is no program to build on", "[bundle]") {
  CHECK_FALSE(carries_application());  // the tests themselves
  CHECK_FALSE(find_program("").ok());
  CHECK_FALSE(find_program(bundled(kFiles)).ok());
}
