// JSON texts and values.
//
// Reading has two ways to the same end. simdjson takes large documents apart at several gigabytes a second, but all it
// says about a document it refuses is a number, and it refuses a little that the language accepts (bytes that are no
// UTF-8, lone surrogates, whole numbers beyond 64 bits). So whatever it refuses is read once more by a plain reader of
// our own, which is the only authority on what is wrong and where. That reader is two thirds as fast once values are
// made, so the library, which has to be loaded first, is asked only when there is enough to read.
//
//     json.cpp           which way a document goes; the builtins parse_json and format_json
//     json_builder.hpp   makes values from what either of them reads
//     json_reader.hpp    the reader that knows what is wrong
//     json_library.hpp   simdjson
//     json_writer.hpp    values to text
//
// None of it recurses: nesting costs heap, as scripts run on small stacks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/value.hpp"

namespace duso::stdlib {

// A value may stand in at most this many containers, in either direction.
inline constexpr std::size_t kMaxJsonDepth = 512;

// Why a text is no JSON (builtins.md 6.1).
struct JsonProblem {
  std::string reason;
  std::size_t offset = 0;  // bytes
};

// The value of the JSON document [text], owned by the caller; unset when there is none, and then [problem] says why.
// [slack] bytes behind the text may be read. May throw HeapLimitReached.
Value read_json(execution::Instance& instance, std::string_view text, std::size_t slack, JsonProblem& problem);

}  // namespace duso::stdlib
