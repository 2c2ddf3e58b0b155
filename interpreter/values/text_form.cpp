#include "interpreter/values/text_form.hpp"

#include <algorithm>
#include <new>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "interpreter/values/array.hpp"
#include "interpreter/values/number_text.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/opaque.hpp"

namespace duso {

namespace {

void append_binary(std::string& out, const Binary* binary) {
  const std::string size = std::to_string(binary->payload->bytes->size()) + " bytes";
  if (binary->metadata.is_object()) {
    static constexpr std::string_view kFilename = "filename";
    const Object* metadata = binary->metadata.object();
    for (std::uint32_t i = 0; i < property_count(metadata); ++i) {
      const Value value = property_value(metadata, i);
      if (property_name(metadata, i)->view() == kFilename && value.is_string() && value.string()->size != 0) {
        out += "<binary: ";
        out += value.string()->view();
        out += " (" + size + ")>";
        return;
      }
    }
  }
  out += "<binary: " + size + ">";
}

// Everything that has one text wherever it stands and holds nothing to descend into.
void append_scalar(std::string& out, Value value) {
  if (value.is_number()) {
    char buffer[kDisplayTextSize];
    out.append(buffer, format_display(value.number(), buffer));
  } else if (value.is_boolean()) {
    out += value.is_true() ? "true" : "false";
  } else if (value.is_string()) {
    out += value.string()->view();
  } else if (value.is_callable()) {
    out += "<function>";
  } else if (value.is(HeapType::kCode)) {
    out += "<code>";
  } else if (value.is(HeapType::kRegex)) {
    out += "<regex>";
  } else if (value.is(HeapType::kBinary)) {
    append_binary(out, as_binary(value));
  } else {
    out += "nil";
  }
}

bool has_parts(Value value) { return value.is_array() || value.is_object() || value.is(HeapType::kError); }

// Writes nested values with a stack of its own, so that depth costs heap and not native stack.
class NestedWriter {
 public:
  explicit NestedWriter(std::string& out) : out_(out) {}

  void write(Value value) {
    enter(value);
    while (!open_.empty()) {
      if (out_.size() > checked_size_) check_size();
      step();
    }
  }

 private:
  struct Open {
    Value value;
    std::uint32_t next = 0;
    std::vector<std::uint32_t> order;  // properties by name, for objects
  };

  void enter(Value value) {
    if (!has_parts(value)) {
      if (value.is_string()) {
        append_quoted(out_, value.string()->view());
      } else {
        append_scalar(out_, value);
      }
      return;
    }
    if (is_open(value)) {
      out_ += value.is_array() ? "[...]" : value.is_object() ? "{...}" : "error(...)";
      return;
    }
    open_.push_back({value, 0, {}});
    if (open_.size() > kScanned) deep_.insert(value.bits());
    if (value.is_array()) {
      out_ += '[';
    } else if (value.is_object()) {
      out_ += '{';
      sort_names(open_.back());
    } else {
      out_ += "error(";
    }
  }

  void step() {
    Open& top = open_.back();
    const std::uint32_t index = top.next++;
    if (top.value.is_array()) {
      const Array* array = top.value.array();
      if (index == array->size) return leave(']');
      if (index != 0) out_ += ", ";
      enter(array->items[index]);
    } else if (top.value.is_object()) {
      const Object* object = top.value.object();
      if (index == top.order.size()) return leave('}');
      if (index != 0) out_ += ", ";
      const std::uint32_t property = top.order[index];
      out_ += property_name(object, property)->view();
      out_ += '=';
      enter(property_value(object, property));
    } else {
      if (index == 1) return leave(')');
      enter(as_error(top.value)->message);
    }
  }

  // A few values that share their parts can have a text without end. What could not become a string is not written.
  void check_size() {
    if (out_.size() > kMaxStringSize) throw std::bad_alloc();
    memory::Heap::of(open_.front().value.heap_object()).require(out_.size());
    checked_size_ = 2 * out_.size();
  }

  void leave(char bracket) {
    out_ += bracket;
    if (open_.size() > kScanned) deep_.erase(open_.back().value.bits());
    open_.pop_back();
  }

  bool is_open(Value value) const {
    const std::size_t scanned = std::min(open_.size(), kScanned);
    for (std::size_t i = 0; i < scanned; ++i) {
      if (identical(open_[i].value, value)) return true;
    }
    return deep_.contains(value.bits());
  }

  static void sort_names(Open& entry) {
    const Object* object = entry.value.object();
    entry.order.resize(property_count(object));
    for (std::uint32_t i = 0; i < entry.order.size(); ++i) entry.order[i] = i;
    std::sort(entry.order.begin(), entry.order.end(), [object](std::uint32_t a, std::uint32_t b) {
      return property_name(object, a)->view() < property_name(object, b)->view();
    });
  }

  // The first levels are searched one by one, deeper ones through a set.
  static constexpr std::size_t kScanned = 32;

  std::string& out_;
  std::size_t checked_size_ = 64 * 1024;
  std::vector<Open> open_;
  std::unordered_set<std::uint64_t> deep_;
};

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '"':
        out += "\\\"";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
  out += '"';
}

void append_nested(std::string& out, Value value) { NestedWriter(out).write(value); }

void append_display(std::string& out, Value value) {
  if (has_parts(value)) {
    append_nested(out, value);
  } else {
    append_scalar(out, value);
  }
}

void append_concat(std::string& out, Value value) {
  // An error stands for its message, and so on inwards.
  while (value.is(HeapType::kError)) value = as_error(value)->message;
  if (value.is_number()) {
    char buffer[kPlainTextSize];
    out.append(buffer, format_plain(value.number(), buffer));
  } else if (value.is(HeapType::kRegex)) {
    out += '~';
    out += as_regex(value)->pattern->view();
    out += '~';
  } else {
    append_display(out, value);
  }
}

std::string display_text(Value value) {
  std::string out;
  append_display(out, value);
  return out;
}

std::string concat_text(Value value) {
  std::string out;
  append_concat(out, value);
  return out;
}

}  // namespace duso
