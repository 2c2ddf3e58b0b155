// Fuzz target: patterns and replacement texts.
//
// The first line of an input is a pattern, the second a replacement, the rest the text to search. The functions that
// search must agree with each other, the pattern taken as a regular expression, as plain text, and in either case.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz_calls.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"

using namespace duso;
using namespace duso::fuzz;

namespace {

Value property(Value object, std::string_view name) {
  const Owned key = instance().string(name);
  const Value* found = find_property(object.object(), key.get().string());
  expect(found != nullptr);
  return *found;
}

// Every match is a part of the text at the place it names, after the one before it.
void check_matches(const Owned& matches, const Owned& text) {
  double end = 0;
  for (const Value match : matches.get().array()->elements()) {
    const Value position = property(match, "pos");
    const Value length = property(match, "len");
    expect(position.number() >= end && length.number() >= 0);
    const Owned part = call("substr", {text.get(), position, length});
    // Both through substr, which mends invalid bytes.
    expect(text_of(part) == text_of(call("substr", {property(match, "text"), Value(0.0), length})));
    end = position.number() + length.number();
  }
}

void check(const Owned& text, Value pattern, const Owned& replacement, Value ignore_case) {
  const Owned matches = call("find", {text.get(), pattern, ignore_case});
  const bool has_match = matches.get().array()->size != 0;
  check_matches(matches, text);
  expect(is_truthy(call("contains", {text.get(), pattern, ignore_case}).get()) == has_match);
  for (const std::string_view anchored : {"starts_with", "ends_with"}) {
    if (is_truthy(call(anchored, {text.get(), pattern, ignore_case}).get())) expect(has_match);
  }
  const Owned whole = instance().string("$0");
  expect(text_of(call("replace", {text.get(), pattern, whole.get(), ignore_case})) == text_of(text));
  const Owned replaced = call("replace", {text.get(), pattern, replacement.get(), ignore_case});
  expect(replaced.get().is_string());
  if (!has_match) expect(text_of(replaced) == text_of(text));
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  const Owned pattern = instance().string(take_line(rest));
  const Owned replacement = instance().string(take_line(rest));
  const Owned text = instance().string(rest);
  for (const bool ignore_case : {false, true}) check(text, pattern.get(), replacement, Value(ignore_case));
  const Owned regex = call("toregex", {pattern.get()});
  if (!regex.get().is_unset()) check(text, regex.get(), replacement, Value(false));
  return 0;
}
