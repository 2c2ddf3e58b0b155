// Text put together from many parts: templates, and chains of `+` with a string in them.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "interpreter/execution/node.hpp"

namespace duso::execution {

// Collects text on the native stack as long as it is short.
class TextBuilder {
 public:
  void add(std::string_view text) {
    if (!spilled_ && size_ + text.size() <= kInline) {
      std::memcpy(inline_ + size_, text.data(), text.size());
      size_ += text.size();
      return;
    }
    spill();
    overflow_ += text;
  }
  // The concat form, or the display form, of [value] (borrowed).
  void add_concat(Value value);
  void add_display(Value value);

  std::string_view view() const { return spilled_ ? std::string_view(overflow_) : std::string_view(inline_, size_); }

 private:
  static constexpr std::size_t kInline = 232;

  void spill() {
    if (spilled_) return;
    spilled_ = true;
    overflow_.reserve(2 * kInline);
    overflow_.assign(inline_, size_);
  }

  char inline_[kInline];
  std::size_t size_ = 0;
  bool spilled_ = false;
  std::string overflow_;
};

// a + b + c where the whole is certainly text: each part in concat form, in one go.
class Concatenation final : public Expression {
 public:
  Concatenation(std::span<const Expression* const> parts, Position position) : parts_(parts), position_(position) {}
  Value eval(Frame& frame) const override;

 private:
  std::span<const Expression* const> parts_;
  Position position_;
};

}  // namespace duso::execution
