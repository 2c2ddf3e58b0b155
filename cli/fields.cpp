#include "cli/fields.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>

namespace duso::cli {

FieldWriter& FieldWriter::add(std::string_view text) {
  fields_ += std::to_string(text.size());
  fields_ += ':';
  fields_ += text;
  return *this;
}

std::optional<std::string_view> FieldReader::next() {
  std::size_t size = 0;
  const auto [colon, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
  const auto start = static_cast<std::size_t>(colon - rest_.data()) + 1;
  if (error != std::errc() || start > rest_.size() || size > rest_.size() - start) return std::nullopt;
  const std::string_view field = rest_.substr(start, size);
  rest_.remove_prefix(start + size);
  return field;
}

std::uint64_t FieldReader::number() {
  const std::string_view digits = next().value_or("");
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace duso::cli
