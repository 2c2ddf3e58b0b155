#include "runtime/panic/text_sink.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace duso::panic {

namespace {

void write_to(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // nobody is left who could be told
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

void TextSink::write_decimal(std::uint64_t number) {
  std::array<char, 20> digits;
  std::size_t at = digits.size();
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  write({digits.data() + at, digits.size() - at});
}

void TextSink::write_hex(std::uint64_t number, int digits) {
  std::array<char, 16> text;
  std::size_t at = text.size();
  do {
    text[--at] = "0123456789abcdef"[number % 16];
    number /= 16;
    --digits;
  } while (number != 0 || (digits > 0 && at > 0));
  write("0x");
  write({text.data() + at, text.size() - at});
}

void FixedSink::write(std::string_view text) {
  const std::size_t count = std::min(text.size(), place_.size() - size_);
  std::copy_n(text.begin(), count, place_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += count;
  fits_ = fits_ && count == text.size();
}

bool FixedSink::terminate() {
  if (!fits_ || size_ == place_.size()) return false;
  place_[size_] = '\0';
  return true;
}

void DescriptorSink::write(std::string_view text) {
  while (!text.empty()) {
    const std::size_t count = std::min(text.size(), buffer_.size() - size_);
    std::copy_n(text.begin(), count, buffer_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += count;
    text.remove_prefix(count);
    if (size_ == buffer_.size()) flush();
  }
}

void DescriptorSink::flush() {
  for (const int descriptor : descriptors_) {
    if (descriptor >= 0) write_to(descriptor, {buffer_.data(), size_});
  }
  size_ = 0;
}

}  // namespace duso::panic
