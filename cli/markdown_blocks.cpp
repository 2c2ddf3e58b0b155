#include "cli/markdown_blocks.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace duso::cli {

namespace {

constexpr std::string_view kFence = "```";
constexpr std::string_view kOpening = "```duso";

}  // namespace

std::vector<std::shared_ptr<const syntax::Source>> markdown_blocks(const std::string& name, std::string_view text) {
  std::vector<std::shared_ptr<const syntax::Source>> blocks;
  std::string above;  // a newline for each line that was passed, which puts a block into its place
  std::optional<std::string> block;
  bool in_other_block = false;
  const auto finish = [&] {
    if (block) blocks.push_back(std::make_shared<const syntax::Source>(name, *block));
    block.reset();
  };
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, length);
    text.remove_prefix(length);
    above += '\n';
    const bool is_fence = line.starts_with(kFence);
    if (block && !is_fence) {
      *block += line;
    } else if (is_fence) {
      while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
      const bool opens = !block && !in_other_block;
      finish();
      if (opens && line == kOpening) block = above;
      in_other_block = opens && line != kOpening;
    }
  }
  finish();
  return blocks;
}

}  // namespace duso::cli
