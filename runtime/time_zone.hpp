// How far the clocks of a place are from UTC.
//
// The rules are the system's: compiled zone files (TZif, RFC 8536) below /usr/share/zoneinfo or one of the other usual
// directories. Each lists the moments at which an offset began to apply and, behind them, a rule in POSIX notation for
// the time after the last one. The C library reads the same files but knows only one zone per process at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace duso {

// The offset from UTC, in seconds, that applies at [time] (seconds since 1970) in the zone with the IANA name [name],
// which is case-sensitive: "" and "UTC" are UTC, "Local" is the zone of the machine. Nothing when there is no such
// zone.
std::optional<std::int64_t> zone_offset(std::string_view name, std::int64_t time);

// The same for the zone of the machine.
std::int64_t local_offset(std::int64_t time);

namespace detail {

// The offset at [time] by the POSIX rule [rule], such as "CET-1CEST,M3.5.0,M10.5.0/3"; nothing when it is malformed.
std::optional<std::int64_t> posix_offset(std::string_view rule, std::int64_t time);

// The offset at [time] by the content [file] of a zone file; nothing when it is none.
std::optional<std::int64_t> zone_file_offset(std::string_view file, std::int64_t time);

}  // namespace detail

}  // namespace duso
