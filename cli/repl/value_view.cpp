#include "cli/repl/value_view.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/opaque.hpp"
#include "interpreter/values/text_form.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso::cli::repl {

namespace {

constexpr std::string_view kStringColour = "\x1b[32m";
constexpr std::string_view kNumberColour = "\x1b[36m";
constexpr std::string_view kConstantColour = "\x1b[35m";
constexpr std::string_view kErrorColour = "\x1b[31m";
constexpr std::string_view kNoteColour = "\x1b[90m";
constexpr std::string_view kPlain = "\x1b[0m";

constexpr std::size_t kCharactersPerLine = 80;
constexpr std::size_t kIndent = 2;
constexpr std::size_t kShortPart = 16;

std::string_view colour_of(Value value) {
  if (value.is_string()) return kStringColour;
  if (value.is_number()) return kNumberColour;
  if (value.is_nil() || value.is_boolean()) return kConstantColour;
  return kNoteColour;  // <function>, <binary: ...>
}

bool is_container(Value value) { return value.is_array() || value.is_object() || value.is(HeapType::kError); }

std::string grouped(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

// Bytes of [text] that its first [characters] characters take.
std::size_t beginning_of(std::string_view text, std::size_t characters) { return utf8::offset_of(text, characters); }

// A value laid out: either a leaf, or a container with its parts.
struct Layout {
  std::string label = {};  // of a property: `name=`
  std::string text = {};   // of a leaf; of a container its opening bracket
  std::string_view colour = {};
  std::string_view closing = {};  // bracket of a container
  std::vector<Layout> parts = {};
  std::size_t width = 0;  // on one line

  bool is_leaf() const { return closing.empty(); }
  // Whether its parts are so short that several share a line: numbers, say.
  bool has_short_parts() const {
    return std::ranges::all_of(
        parts, [](const Layout& part) { return part.is_leaf() && part.label.empty() && part.width <= kShortPart; });
  }
};

class Viewer {
 public:
  Viewer(const ViewLimits& limits, bool colour) : limits_(limits), leaves_left_(limits.leaves), colour_(colour) {}

  ValueView view(Value value) {
    if (value.is_string() && !limits_.quotes) return view_text(value.string()->view());
    const Layout layout = lay_out(value);
    write(layout, 0, limits_.width);
    return {std::move(out_), is_cut_};
  }

 private:
  // A string that is shown alone is a text, not a literal.
  ValueView view_text(std::string_view text);

  Layout lay_out(Value value);
  Layout leaf(Value value);
  Layout note(std::string text);
  void add_elements(Layout& layout, const Array& array);
  void add_properties(Layout& layout, const Object& object);
  void add(Layout& layout, Layout part);
  bool has_room(const Layout& layout) const { return layout.parts.size() < limits_.items && leaves_left_ != 0; }
  void add_rest(Layout& layout, std::size_t count);
  bool is_open(Value value) const {
    return std::ranges::any_of(open_, [value](Value outer) { return identical(outer, value); });
  }

  void write(const Layout& layout, std::size_t indent, std::size_t room);
  void write_parts(const Layout& layout, std::size_t indent, bool is_broken);
  void paint(std::string_view colour, std::string_view text);

  const ViewLimits& limits_;
  std::size_t leaves_left_;
  const bool colour_;
  bool is_cut_ = false;
  std::vector<Value> open_;
  std::string out_;
};

ValueView Viewer::view_text(std::string_view text) {
  std::size_t size = beginning_of(text, limits_.lines * kCharactersPerLine);
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = text.find('\n', at)) < size; ++at) {
    if (++lines == limits_.lines) size = at;
  }
  const std::string_view shown = text.substr(0, size);
  // A text with colours of its own keeps them.
  const bool has_colours = shown.find('\x1b') != std::string_view::npos;
  paint(has_colours ? std::string_view() : kStringColour, shown);
  if (size == text.size()) return {std::move(out_), false};
  out_ += '\n';
  paint(kNoteColour, "… " + grouped(utf8::count(text.substr(size))) + " more characters");
  return {std::move(out_), true};
}

// --- laying out ---

Layout Viewer::leaf(Value value) {
  if (leaves_left_ != 0) --leaves_left_;
  Layout layout{.colour = colour_of(value)};
  if (value.is_string()) {
    const std::string_view text = value.string()->view();
    const std::size_t size = beginning_of(text, limits_.text);
    append_quoted(layout.text, text.substr(0, size));
    if (size < text.size()) {
      is_cut_ = true;
      layout.text += "… " + grouped(utf8::count(text.substr(size))) + " more";
    }
  } else {
    append_nested(layout.text, value);
  }
  layout.width = utf8::count(layout.text);
  return layout;
}

Layout Viewer::note(std::string text) {
  is_cut_ = true;
  Layout layout{.text = std::move(text), .colour = kNoteColour};
  layout.width = utf8::count(layout.text);
  return layout;
}

void Viewer::add(Layout& layout, Layout part) {
  part.width += utf8::count(part.label);
  layout.width += part.width + (layout.parts.empty() ? 0 : 2);
  layout.parts.push_back(std::move(part));
}

void Viewer::add_rest(Layout& layout, std::size_t count) {
  if (count != 0) add(layout, note("… " + grouped(count) + " more"));
}

void Viewer::add_elements(Layout& layout, const Array& array) {
  std::uint32_t at = 0;
  for (; at < array.size && has_room(layout); ++at) add(layout, lay_out(array.items[at]));
  add_rest(layout, array.size - at);
}

void Viewer::add_properties(Layout& layout, const Object& object) {
  std::vector<std::uint32_t> order(property_count(&object));
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&object](std::uint32_t index) { return property_name(&object, index)->view(); });
  std::size_t at = 0;
  for (; at < order.size() && has_room(layout); ++at) {
    Layout part = lay_out(property_value(&object, order[at]));
    part.label = std::string(property_name(&object, order[at])->view()) + '=';
    add(layout, std::move(part));
  }
  add_rest(layout, order.size() - at);
}

Layout Viewer::lay_out(Value value) {
  if (!is_container(value)) return leaf(value);
  const bool is_array = value.is_array();
  const bool is_object = value.is_object();
  if (is_open(value)) {
    Layout layout{.text = is_array ? "[...]" : is_object ? "{...}" : "error(...)", .colour = kNoteColour};
    layout.width = layout.text.size();
    return layout;
  }
  const std::size_t count = is_array ? value.array()->size : is_object ? property_count(value.object()) : 1;
  Layout layout{.text = is_array    ? "["
                        : is_object ? "{"
                                    : "error(",
                .colour = is_array || is_object ? std::string_view() : kErrorColour,
                .closing = is_array    ? "]"
                           : is_object ? "}"
                                       : ")"};
  layout.width = layout.text.size() + 1;
  if (open_.size() == limits_.depth && count != 0) {
    add(layout, note("… " + grouped(count)));
    return layout;
  }
  open_.push_back(value);
  if (is_array) {
    add_elements(layout, *value.array());
  } else if (is_object) {
    add_properties(layout, *value.object());
  } else {
    add(layout, lay_out(as_error(value)->message));
  }
  open_.pop_back();
  return layout;
}

// --- writing ---

void Viewer::paint(std::string_view colour, std::string_view text) {
  const bool is_painted = colour_ && !colour.empty();
  if (is_painted) out_ += colour;
  out_ += text;
  if (is_painted) out_ += kPlain;
}

// Writes [layout] behind [indent] columns; the line has [room] left for it.
void Viewer::write(const Layout& layout, std::size_t indent, std::size_t room) {
  out_ += layout.label;
  paint(layout.colour, layout.text);
  if (layout.is_leaf()) return;
  write_parts(layout, indent, layout.width > room && !layout.parts.empty());
  paint(layout.colour, layout.closing);
}

void Viewer::write_parts(const Layout& layout, std::size_t indent, bool is_broken) {
  const std::size_t inner = indent + kIndent;
  const std::size_t room = limits_.width > inner + 1 ? limits_.width - inner - 1 : 0;  // a comma comes behind it
  const bool shares_lines = is_broken && layout.has_short_parts();
  std::size_t used = room;  // columns of the present line: none are left for the first part
  for (std::size_t i = 0; i < layout.parts.size(); ++i) {
    const Layout& part = layout.parts[i];
    if (i != 0) out_ += ',';
    if (is_broken && !(shares_lines && used + 2 + part.width <= room)) {
      out_ += '\n' + std::string(inner, ' ');
      used = part.width;
    } else {
      if (i != 0) out_ += ' ';
      used += 2 + part.width;
    }
    write(part, inner, is_broken ? room : SIZE_MAX);
  }
  if (is_broken) out_ += '\n' + std::string(indent, ' ');
}

}  // namespace

ValueView view_of(Value value, const ViewLimits& limits, bool colour) { return Viewer(limits, colour).view(value); }

}  // namespace duso::cli::repl
