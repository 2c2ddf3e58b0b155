// Where the text of a panic report goes.
//
// A report is written under two very different circumstances: by ordinary code, into a string; and in a signal handler
// of a process that may have a broken heap and may hold any lock, straight to files. Both want the same text. So what
// writes reports writes to a sink, allocates nothing and takes no lock, and only the sink knows where it is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace duso::panic {

class TextSink {
 public:
  virtual void write(std::string_view text) = 0;

  void write_decimal(std::uint64_t number);
  // With the prefix 0x and at least [digits] digits.
  void write_hex(std::uint64_t number, int digits = 1);

 protected:
  ~TextSink() = default;
};

// Collects the text in a string.
class StringSink final : public TextSink {
 public:
  void write(std::string_view text) override { text_ += text; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

// Writes to a place of fixed size, which must outlive it; what does not fit is lost. Async-signal-safe.
class FixedSink final : public TextSink {
 public:
  explicit FixedSink(std::span<char> place) : place_(place) {}

  void write(std::string_view text) override;
  std::string_view view() const { return {place_.data(), size_}; }
  // Puts a zero behind the text. False if not everything has fitted.
  bool terminate();

 private:
  std::span<char> place_;
  std::size_t size_ = 0;
  bool fits_ = true;
};

// Writes to file descriptors. Async-signal-safe.
class DescriptorSink final : public TextSink {
 public:
  // [second] may be -1: none.
  explicit DescriptorSink(int first, int second = -1) : descriptors_{first, second} {}
  ~DescriptorSink() { flush(); }
  DescriptorSink(const DescriptorSink&) = delete;
  DescriptorSink& operator=(const DescriptorSink&) = delete;

  void write(std::string_view text) override;
  void flush();

 private:
  std::array<int, 2> descriptors_;
  std::array<char, 512> buffer_;
  std::size_t size_ = 0;
};

}  // namespace duso::panic
