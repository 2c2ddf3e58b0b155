#include "interpreter/execution/concatenation.hpp"

#include "interpreter/execution/operations.hpp"
#include "interpreter/values/number_text.hpp"
#include "interpreter/values/text_form.hpp"

namespace duso::execution {

void TextBuilder::add_concat(Value value) {
  if (value.is_string()) return add(value.string()->view());
  if (value.is_number()) {
    char buffer[kPlainTextSize];
    return add({buffer, format_plain(value.number(), buffer)});
  }
  spill();
  append_concat(overflow_, value);
}

void TextBuilder::add_display(Value value) {
  if (value.is_string()) return add(value.string()->view());
  if (value.is_number()) {
    char buffer[kDisplayTextSize];
    return add({buffer, format_display(value.number(), buffer)});
  }
  spill();
  append_display(overflow_, value);
}

Value Concatenation::eval(Frame& frame) const {
  return guarded(frame, position_, [&]() -> Value {
    TextBuilder text;
    for (const Expression* part : parts_) {
      Owned keep;
      const Value value = part->borrow(frame, keep);
      if (value.is_raise()) return value;
      text.add_concat(value);
    }
    return Value(new_string(frame.instance->heap(), text.view()));
  });
}

}  // namespace duso::execution
