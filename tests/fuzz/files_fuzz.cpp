// Fuzz target: what the file layer reads - paths, wildcard patterns, the first bytes of images.
//
// Every input is taken for each of them. A path stays in its file system however it is written, a clean path is as
// clean as it gets, and a pattern that was made from a name matches that name.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/files/location.hpp"
#include "runtime/files/path_text.hpp"
#include "runtime/files/wildcard.hpp"
#include "runtime/images/image_header.hpp"

namespace {

using namespace duso;

void expect(bool holds) {
  if (!holds) std::abort();
}

void check_path(std::string_view input) {
  const std::string clean = paths::clean(input);
  expect(!clean.empty() && paths::clean(clean) == clean);
  expect(clean.starts_with('/') == input.starts_with('/'));
  for (const std::string_view root : {"/EMBED", "/EMBED/a/b", "/STORE", "/STORE/a"}) {
    const Location place = location_below(root, input);
    expect(place.volume != Volume::kDisk);
    expect(place.path.starts_with(root.substr(0, 6)));
    expect(locate("/HERE/" + std::string(input), {".", root}).volume == place.volume);
  }
}

void check_pattern(std::string_view input) {
  const std::size_t end = input.find('\n');
  const std::string_view name = end == std::string_view::npos ? "" : input.substr(end + 1);
  const Result<PathPattern> pattern = PathPattern::parse(input.substr(0, end));
  if (pattern.ok()) pattern.value().matches(name);

  // The name of a directory stands for nothing but itself.
  const std::string clean = paths::clean(name);
  const Location below = locate_pattern("/HERE/x", {".", clean});
  const Result<PathPattern> escaped = PathPattern::parse(below.path);
  if (below.volume == Volume::kDisk) expect(escaped.ok() && escaped.value().matches(paths::join(clean, "x")));
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = size != 0 ? std::string_view(reinterpret_cast<const char*>(data), size) : "";
  check_path(input);
  check_pattern(input);
  if (const auto header = read_image_header(input)) expect(header->width != 0 && header->height != 0);
  return 0;
}
