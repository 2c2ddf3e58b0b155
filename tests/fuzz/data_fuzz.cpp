// Fuzz target: the data formats that scripts read from outside - JSON, CSV, forms, base64, dates and time zones.
//
// Every input goes to every format. A format may refuse it; what it accepts must survive being written and read again.
// JSON has two readers, which must agree wherever both accept a text. The second line of an input is a date format for
// the first one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "runtime/time_zone.hpp"
#include "stdlib/builtins/json_builder.hpp"
#include "stdlib/builtins/json_library.hpp"
#include "stdlib/builtins/json_reader.hpp"
#include "tests/unit/stdlib/test_instance.hpp"

namespace {

using namespace duso;

void expect(bool holds) {
  if (!holds) std::abort();
}

TestInstance& instance() {
  static TestInstance kInstance;
  return kInstance;
}

// What [name] returns for a text; unset when it raises an error, which must then say who it is.
Owned call(std::string_view name, Value first, Value second = Value::unset()) {
  Owned result = instance().call(name, {first, second});
  if (!result.get().is_raise()) return result;
  const std::string error = instance().take_error();
  expect(error.starts_with(std::string(name) + "() "));
  result.take();
  return Owned(Value::unset());
}

std::string text_of(const Owned& value) { return display_text(value.get()); }

void check_json(const Owned& input) {
  const std::string_view text = input.get().string()->view();
  stdlib::JsonBuilder ours(instance().get());
  const auto problem = stdlib::JsonReader(text, ours).read();
  stdlib::JsonBuilder theirs(instance().get());
  const bool accepted = stdlib::read_with_simdjson(text, 0, theirs);
  if (problem) {
    expect(!accepted);
    expect(!problem->reason.empty() && problem->offset <= text.size());
    return;
  }
  const Owned value(ours.take());
  const Owned written = call("format_json", value.get());
  expect(written.get().is_string());
  if (accepted) {
    const Owned same(theirs.take());
    const Owned same_written = call("format_json", same.get(), Value(1.0));
    expect(text_of(call("format_json", value.get(), Value(1.0))) == text_of(same_written));
  }
  const Owned again = call("parse_json", written.get());
  expect(!again.get().is_unset());
  expect(text_of(call("format_json", again.get())) == text_of(written));
}

void check_csv(const Owned& input) {
  const Owned rows = call("parse_csv", input.get());
  if (rows.get().is_unset()) return;
  const Owned written = call("format_csv", rows.get());
  expect(!call("parse_csv", written.get()).get().is_unset());
}

void check_form(const Owned& input) {
  const Owned form = call("parse_form", input.get());
  if (form.get().is_unset()) return;
  const Owned written = call("format_form", form.get());
  const Owned again = call("parse_form", written.get());
  expect(text_of(again) == text_of(form));
}

void check_base64(const Owned& input) {
  const Owned encoded = call("encode_base64", input.get());
  expect(text_of(call("decode_base64", encoded.get())) == text_of(input));
  const Owned decoded = call("decode_base64", input.get());
  if (decoded.get().is_unset()) return;
  const Owned again = call("encode_base64", decoded.get());
  expect(text_of(call("decode_base64", again.get())) == text_of(decoded));
}

void check_time(std::string_view input) {
  const std::size_t end = input.find('\n');
  const Owned text = instance().string(input.substr(0, end));
  const Owned format = instance().string(end == std::string_view::npos ? "" : input.substr(end + 1));
  call("parse_time", text.get());
  call("format_time", text.get(), format.get());
  const Owned seconds = call("parse_time", text.get(), format.get());
  if (seconds.get().is_number()) expect(call("format_time", seconds.get(), format.get()).get().is_string());
  for (const std::int64_t moment : {std::int64_t{-5'000'000'000}, std::int64_t{0}, std::int64_t{1'700'000'000}}) {
    stdlib::detail::posix_offset(input, moment);
    stdlib::detail::zone_file_offset(input, moment);
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = size != 0 ? std::string_view(reinterpret_cast<const char*>(data), size) : "";
  const Owned input = instance().string(text);
  check_json(input);
  check_csv(input);
  check_form(input);
  check_base64(input);
  check_time(text);
  return 0;
}
