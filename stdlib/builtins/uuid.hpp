// Identifiers for builtins that have to make one up.
#pragma once

#include <string>

namespace duso::stdlib {

// A new UUID, version 7 (RFC 9562): 36 characters.
std::string make_uuid();

}  // namespace duso::stdlib
