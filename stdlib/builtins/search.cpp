// Searching in text: contains, starts_with, ends_with, find, replace.
//
// All five take text, a pattern and a mark whether case matters. What a pattern is, and how matches follow each other,
// is in search_pattern.hpp; here is only what each builtin makes of a match.
#include <array>
#include <string>

#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/callbacks.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/replacement_text.hpp"
#include "stdlib/builtins/search_pattern.hpp"
#include "stdlib/builtins/text_buffer.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Parameter;
using execution::Precedence;
using execution::Type;

namespace {

const Parameter kText{"str", Type::kString};
const Parameter kPattern{"pattern", Type::kString | Type::kRegex};
const Parameter kIgnoreCase{"ignore_case", Type::kBoolean, "false"};
// In three of the functions a boolean given by position beats one given by name.
const Parameter kIgnoreCaseByPosition{.name = "ignore_case",
                                      .type = Type::kBoolean,
                                      .fallback = "false",
                                      .given_twice = Precedence::kPositionalOfItsType};

// The text to search; null with an error pending when it, or the pattern behind it, is none.
const String* required_text_and_pattern(const Call& call) {
  const String* text = required_string(call, 0);
  if (text == nullptr || SearchPattern::accepts(call.argument(1))) return text;
  call.requires_argument("a pattern (string or regex) as second argument");
  return nullptr;
}

Value contains(Call& call) {
  const String* text = required_text_and_pattern(call);
  if (text == nullptr) return Value::raise();
  return Value(SearchPattern(call.argument(1), optional_boolean(call, 2, false)).occurs_in(text));
}

const BuiltinSpec kContains{
    .name = "contains",
    .parameters = {kText, kPattern, kIgnoreCaseByPosition},
    .returns = Type::kBoolean,
    .errors = {"contains() requires a string as first argument",
               "contains() requires a pattern (string or regex) as second argument"},
    .summary =
        "Whether `pattern`, a string or a regex, occurs in `str`. With `ignore_case` a string is found in any case; "
        "a regex says so itself, with `(?i)`.",
    .example = R"(print(contains("The quick fox", "quick"))        // true
print(contains("The quick fox", "QUICK", true))  // true
print(contains("The quick fox", ~\d~))           // false)",
    .function = contains,
};

Value starts_with(Call& call) {
  const String* text = required_text_and_pattern(call);
  if (text == nullptr) return Value::raise();
  return Value(SearchPattern(call.argument(1), optional_boolean(call, 2, false)).starts(text));
}

const BuiltinSpec kStartsWith{
    .name = "starts_with",
    .parameters = {kText, kPattern, kIgnoreCaseByPosition},
    .returns = Type::kBoolean,
    .errors = {"starts_with() requires a string as first argument",
               "starts_with() requires a pattern (string or regex) as second argument"},
    .summary =
        "Whether `str` begins with `pattern`: with that string, in any case if `ignore_case` is true, or with a "
        "match of that regex.",
    .example = R"(print(starts_with("report.txt", "rep"))  // true
print(starts_with("2024-05-01", ~\d{4}-~)) // true)",
    .function = starts_with,
};

Value ends_with(Call& call) {
  const String* text = required_text_and_pattern(call);
  if (text == nullptr) return Value::raise();
  return Value(SearchPattern(call.argument(1), optional_boolean(call, 2, false)).ends(text));
}

const BuiltinSpec kEndsWith{
    .name = "ends_with",
    .parameters = {kText, kPattern, kIgnoreCaseByPosition},
    .returns = Type::kBoolean,
    .errors = {"ends_with() requires a string as first argument",
               "ends_with() requires a pattern (string or regex) as second argument"},
    .summary =
        "Whether `str` ends with `pattern`: with that string, in any case if `ignore_case` is true, or with a match "
        "of that regex, which must reach the very end; a newline there is part of the text.",
    .example = R"(print(ends_with("report.TXT", ".txt", true)) // true
print(ends_with("page 12", ~\d+~))           // true)",
    .function = ends_with,
};

// Makes the objects that find() returns. The first one is put together property by property, the others take over its
// shape - unless the worker has run out of shapes and it has none.
class MatchObjects {
 public:
  explicit MatchObjects(execution::Instance& instance)
      : heap_(instance.heap()),
        shapes_(instance.engine().shapes()),
        text_name_(shapes_.names().intern("text")),
        position_name_(shapes_.names().intern("pos")),
        length_name_(shapes_.names().intern("len")) {}

  // {text, pos, len} of the match that [matches] is at; owned by the caller.
  Value make(const SearchMatches& matches) {
    Owned text(Value(new_string(heap_, matches.text())));
    const Value position(static_cast<double>(matches.position()));
    const Value length(static_cast<double>(matches.length()));
    if (shape_ != nullptr) {
      Object* object = new_shaped_object(heap_, shape_);
      initialise_slot(object, 0, text.take());
      initialise_slot(object, 1, position);
      initialise_slot(object, 2, length);
      return Value(object);
    }
    Owned holder(Value(new_object(heap_, shapes_, 3)));
    Object* object = holder.get().object();
    set_property(heap_, object, text_name_, text.take());
    set_property(heap_, object, position_name_, position);
    set_property(heap_, object, length_name_, length);
    shape_ = object->shape;
    return holder.take();
  }

 private:
  memory::Heap& heap_;
  ShapeTable& shapes_;
  String* text_name_;
  String* position_name_;
  String* length_name_;
  Shape* shape_ = nullptr;
};

Value find(Call& call) {
  const String* text = required_text_and_pattern(call);
  if (text == nullptr) return Value::raise();
  const SearchPattern pattern(call.argument(1), optional_boolean(call, 2, false));
  SearchMatches matches(pattern, text);
  MatchObjects objects(call.instance());
  Owned result(Value(new_array(call.heap())));
  while (matches.next()) push(result.get().array(), objects.make(matches));
  return result.take();
}

const BuiltinSpec kFind{
    .name = "find",
    .parameters = {kText, kPattern, kIgnoreCase},
    .returns = Type::kArray,
    .errors = {"find() requires a string as first argument",
               "find() requires a pattern (string or regex) as second argument"},
    .summary =
        "All matches of `pattern`, a string or a regex, in `str`, from left to right and not overlapping: an array "
        "of objects with the matched `text`, its position `pos` and its length `len`, both in characters. With "
        "`ignore_case` a string is found in any case.",
    .example = R"(for match in find("a1b22", ~\d+~) do print(match) end
// {len=1, pos=1, text="1"}
// {len=2, pos=3, text="22"}
print(find("abc", "x"))     // [])",
    .function = find,
};

// What replace() writes so far: the text up to the current match, with all matches before it replaced.
class ReplacedText {
 public:
  ReplacedText(memory::Heap& heap, const String* text) : out_(heap, text->size), text_(text->view()) {}

  // Appends the text between the previous match and this one. What takes the place of the match comes next.
  TextBuffer& up_to(const SearchMatches& match) {
    out_.append(text_.substr(done_, match.begin() - done_));
    done_ = match.end();
    return out_;
  }

  // The whole, owned by the caller.
  Value finish() {
    out_.append(text_.substr(done_));
    return Value(out_.to_string());
  }

 private:
  TextBuffer out_;
  std::string_view text_;
  std::size_t done_ = 0;
};

Value replace_with_text(const Call& call, const String* text, const SearchPattern& pattern,
                        std::string_view replacement) {
  const ReplacementText substitute(replacement, pattern);
  SearchMatches matches(pattern, text, substitute.highest_group());
  if (!matches.next()) return retain(Value(text));
  ReplacedText result(call.heap(), text);
  do {
    substitute.append_to(result.up_to(matches), matches);
  } while (matches.next());
  return result.finish();
}

Value replace_with_function(Call& call, const String* text, const SearchPattern& pattern, Value function) {
  SearchMatches matches(pattern, text);
  if (!matches.next()) return retain(Value(text));
  ReplacedText result(call.heap(), text);
  do {
    const Owned matched(Value(new_string(call.heap(), matches.text())));
    const std::array arguments{matched.get(), Value(static_cast<double>(matches.position())),
                               Value(static_cast<double>(matches.length()))};
    const Owned answer(call.call(function, arguments));
    if (answer.get().is_raise()) return wrap_callback_error(call, "replace() function error: ");
    TextBuffer& out = result.up_to(matches);
    if (answer.get().is_string()) out.append(answer.get().string()->view());
  } while (matches.next());
  return result.finish();
}

Value replace(Call& call) {
  const String* text = required_text_and_pattern(call);
  if (text == nullptr) return Value::raise();
  const Value replacement = call.argument(2);
  if (replacement.is_nil()) return call.requires_argument("a replacement (string or function) as third argument");
  const SearchPattern pattern(call.argument(1), optional_boolean(call, 3, false));
  if (replacement.is_string()) return replace_with_text(call, text, pattern, replacement.string()->view());
  if (replacement.is_callable()) return replace_with_function(call, text, pattern, replacement);
  return call.requires_argument("replacement to be a string or function");
}

const BuiltinSpec kReplace{
    .name = "replace",
    .parameters = {kText, kPattern, {"replacement", Type::kString | Type::kFunction}, kIgnoreCase},
    .returns = Type::kString,
    .errors = {"replace() requires a string as first argument",
               "replace() requires a pattern (string or regex) as second argument",
               "replace() requires a replacement (string or function) as third argument",
               "replace() requires replacement to be a string or function", "replace() function error: {error}"},
    .summary =
        "A copy of `str` with every match of `pattern`, a string or a regex, replaced. In a string replacement `$0` "
        "stands for the match, `$1` or `$name` for a group of the regex, `${name}` for the same where more letters "
        "follow, and `$$` for a dollar sign. A function is called with the matched text, its position and its "
        "length, and the string it returns is put in as it is. With `ignore_case` a string is found in any case.",
    .example = R"(print(replace("one fish, two fish", "fish", "cat"))     // one cat, two cat
print(replace("doe, john", ~(\w+), (\w+)~, "$2 $1"))    // john doe
print(replace("shout", ~[aeiou]~, upper))               // shOUt)",
    .function = replace,
};

constexpr const BuiltinSpec* kSearch[] = {&kContains, &kStartsWith, &kEndsWith, &kFind, &kReplace};

}  // namespace

Family search_builtins() { return kSearch; }

}  // namespace duso::stdlib
