// How the size of a limit is written in the error that it causes.
#include "runtime/memory/heap_limit.hpp"

#include <array>
#include <charconv>

namespace duso::memory {

SizeText::SizeText(std::size_t bytes) noexcept {
  constexpr std::array<std::string_view, 4> kUnits = {" bytes", " KB", " MB", " GB"};
  std::size_t unit = 0;
  std::size_t scale = 1;
  while (unit + 1 < kUnits.size() && bytes / 1024 >= scale) {
    scale *= 1024;
    ++unit;
  }
  // Tenths, rounded to the nearest. Rounding up to 1024 of a unit makes it 1 of the next.
  std::size_t whole = bytes / scale;
  std::size_t tenths = (bytes % scale * 10 + scale / 2) / scale;
  if (tenths == 10) {
    tenths = 0;
    ++whole;
  }
  if (whole == 1024 && unit + 1 < kUnits.size()) {
    whole = 1;
    ++unit;
  }
  char* end = std::to_chars(text_.data(), text_.data() + text_.size(), whole).ptr;
  if (tenths != 0) {
    *end++ = '.';
    *end++ = static_cast<char>('0' + tenths);
  }
  end = std::ranges::copy(kUnits[unit], end).out;
  size_ = static_cast<std::size_t>(end - text_.data());
}

std::string format_size(std::size_t bytes) { return std::string(SizeText(bytes).view()); }

}  // namespace duso::memory
