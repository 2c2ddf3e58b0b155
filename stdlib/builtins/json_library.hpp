// simdjson, for documents that are worth it.
//
// Debian has the library as a shared object only. Linking it would make every script pay for loading it, and for the
// second C++ library that comes along: 0.7 ms, where an empty script runs in less than 2. So it is loaded when the
// first large document is parsed (json.cpp decides), and when it is missing our own reader does all the work.
#pragma once

#include <cstddef>
#include <string_view>

#include "stdlib/builtins/json_builder.hpp"

namespace duso::stdlib {

// Reads the document [text] into [builder]; [slack] bytes behind the text may be read. False when the library finds
// something that it does not accept, be it an error or not: then the builder is empty and our own reader has to judge.
// May throw HeapLimitReached.
bool read_with_simdjson(std::string_view text, std::size_t slack, JsonBuilder& builder);

}  // namespace duso::stdlib
