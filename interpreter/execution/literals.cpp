#include "interpreter/execution/literals.hpp"

#include <optional>
#include <string>
#include <string_view>

#include "interpreter/execution/concatenation.hpp"
#include "interpreter/execution/operations.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/number_text.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/regex.hpp"
#include "interpreter/values/text_form.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso::execution {

Value ArrayLiteral::eval(Frame& frame) const {
  return guarded(frame, position_, [&] {
    Owned array(Value(new_array(frame.instance->heap(), elements_.size())));
    for (const Expression* element : elements_) {
      const Value value = element->eval(frame);
      if (value.is_raise()) return value;
      push(array.get().array(), value);
    }
    return array.take();
  });
}

Value ShapedLiteral::eval(Frame& frame) const {
  return guarded(frame, position_, [&] {
    Owned holder(Value(new_shaped_object(frame.instance->heap(), shape_)));
    Object* object = holder.get().object();
    std::uint32_t slot = 0;
    for (const Expression* expression : values_) {
      const Value value = expression->eval(frame);
      if (value.is_raise()) return value;
      initialise_slot(object, slot++, value);
    }
    return holder.take();
  });
}

Value ObjectLiteral::eval(Frame& frame) const {
  return guarded(frame, position_, [&] {
    Instance& instance = *frame.instance;
    const auto capacity = static_cast<std::uint32_t>(entries_.size());
    Owned holder(Value(new_object(instance.heap(), instance.engine().shapes(), capacity)));
    for (const Entry& entry : entries_) {
      Owned key;
      String* name = entry.name;
      if (name == nullptr) {
        const Value computed = entry.key->eval(frame);
        if (computed.is_raise()) return computed;
        Owned guard(computed);
        key.reset(key_of(frame, entry.position, computed));
        if (key.get().is_raise()) return Value::raise();
        name = key.get().string();
      }
      const Value value = entry.value->eval(frame);
      if (value.is_raise()) return value;
      set_property(instance.heap(), holder.get().object(), name, value);
    }
    return holder.take();
  });
}

Value FunctionLiteral::eval(Frame& frame) const {
  return guarded(frame, position_, [&] {
    Environment* environment = has_environment_ ? environment_.find(frame) : nullptr;
    return Value(new_function(frame.instance->heap(), code_, environment, frame.root));
  });
}

std::optional<std::string> undefined_name(const Pending& pending) {
  static constexpr std::string_view kWords = "undefined variable:";
  if (pending.kind != PendingKind::kError || !pending.payload.is_string()) return std::nullopt;
  const std::string_view message = pending.payload.string()->view();
  const std::size_t at = message.find(kWords);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = message.substr(at + kWords.size());
  if (rest.find(kWords) != std::string_view::npos) return std::nullopt;
  return std::string(utf8::trim(rest));
}

Value TemplateLiteral::eval(Frame& frame) const {
  return guarded(frame, position_, [&]() -> Value {
    TextBuilder text;
    for (const Piece& piece : pieces_) {
      if (piece.text != nullptr) {
        text.add(piece.text->view());
        continue;
      }
      Owned keep;
      const Value value = piece.expression->borrow(frame, keep);
      if (!value.is_raise()) {
        text.add_display(value);
        continue;
      }
      const std::optional<std::string> name = undefined_name(frame.instance->pending());
      if (!name.has_value()) return frame.instance->relocate(frame, position_);
      frame.instance->discard_pending();
      text.add("{{" + *name + "}}");
    }
    return Value(new_string(frame.instance->heap(), text.view()));
  });
}

Value RegexLiteral::eval(Frame& frame) const {
  return guarded(frame, position_, [&] {
    std::string problem;
    auto compiled = compile_regex(pattern_->view(), problem);
    if (compiled == nullptr) return frame.instance->raise(frame, position_, "invalid regex pattern: " + problem);
    return Value::other(new_regex(frame.instance->heap(), pattern_, std::move(compiled)));
  });
}

}  // namespace duso::execution
