// Fuzz target: the archive of a bundled application.
//
// The input is taken for a whole executable, and then, as no fuzzer finds a checksum, for the two parts of an archive:
// the index behind the last of its length bytes, and the data in front. What can be read is readable under its names
// and stays below the application's folder. Last, it is the content of files that have to survive the journey.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/bundle/archive.hpp"
#include "runtime/bundle/program.hpp"
#include "runtime/compression.hpp"
#include "runtime/files/embedded_files.hpp"
#include "runtime/files/location.hpp"

namespace {

using namespace duso;

// More than this is not inflated: a limit of the test, as it is one of whoever reads.
constexpr std::size_t kMost = std::size_t{1} << 20;

void expect(bool holds) {
  if (!holds) std::abort();
}

void check_parts(const bundle::ArchiveParts& parts) {
  const Result<bundle::Archive, std::string> archive = bundle::read_archive(parts);
  if (!archive.ok()) {
    expect(!archive.error().empty());
    return;
  }
  EmbeddedFiles files(archive.value().files);
  bool has_start_script = false;
  for (const EmbeddedFile& file : archive.value().files) {
    expect(bundle::is_good_name(file.name));
    const Location place = location_of("/EMBED/" + std::string(file.name));
    expect(files.type(place).value() == FileType::kFile);
    const Result<std::string> content = files.read(place, kMost);
    if (content.ok()) expect(content.value().size() == file.size());
    has_start_script = has_start_script || file.name == archive.value().description.start_script;
  }
  expect(has_start_script);
  const Result<std::vector<DirectoryEntry>> entries = files.list(location_of("/EMBED/app"));
  expect(entries.ok() && !entries.value().empty());
}

void check_journey(std::string_view input) {
  const std::string_view first = input.substr(0, input.size() / 2);
  std::string executable = "program";
  bundle::ArchiveWriter writer(executable.size(), [&executable](std::string_view bytes) { executable += bytes; });
  for (const auto& [name, content] : {std::pair{"app/a", first}, std::pair{"app/b", input}}) {
    writer.begin_file(name);
    writer.write(content);
    writer.end_file();
  }
  writer.finish({.name = "a", .start_script = "app/b"});
  const Result<bundle::ArchiveParts, std::string> parts = bundle::find_archive(executable);
  expect(parts.ok() && parts.value().program_size == 7);
  const Result<bundle::Archive, std::string> archive = bundle::read_archive(parts.value());
  expect(archive.ok());
  EmbeddedFiles files(archive.value().files);
  expect(files.read(location_of("/EMBED/app/a"), input.size()).value() == first);
  expect(files.read(location_of("/EMBED/app/b"), input.size()).value() == input);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = size != 0 ? std::string_view(reinterpret_cast<const char*>(data), size) : "";
  const Result<bundle::ArchiveParts, std::string> parts = bundle::find_archive(input);
  if (parts.ok()) check_parts(parts.value());
  const Result<bundle::Program, std::string> program = bundle::find_program(input);
  if (program.ok()) expect(program.value().fuse < program.value().bytes.size());
  if (size >= 2) {
    const std::string_view body = input.substr(0, size - 2);
    const std::size_t index_size = std::size_t{data[size - 2]} << 8 | data[size - 1];
    const std::size_t data_size = body.size() - std::min(index_size, body.size());
    check_parts({0, body.substr(0, data_size), body.substr(data_size)});
  }
  check_journey(input);
  return 0;
}
