// What a panic looks like on standard error and in a crash file.
//
//   Panic: cannot happen
//     kind:     script_panic
//     at:       job.du:3:3
//     instance: 0 (main) job.du
//     task:     main
//
//   Call stack:
//     at work (job.du:7:1)
//
//   Native backtrace:
//     #0 0x000055d0c0ffee00 duso::panic::raise+0x4e
//
//   duso 1.0.0, Linux x86_64, up 1.204 s, heap 1.2 MB of 16 MB, 3 instances, 14 tasks
//
// A part of which nothing is known is left out. The pieces are written to sinks, so that a signal handler writes the
// same report with the same code.
//
// Rules: memory-and-panics.md 6.6.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/panic/info.hpp"
#include "runtime/panic/text_sink.hpp"
#include "runtime/panic/witness.hpp"

namespace duso::panic {

// The lines down to the task.
void write_head(TextSink& sink, std::string_view message, Kind kind, const Place& place);

// The last line, without what a witness adds and without its newline.
void write_foot(TextSink& sink);

// The whole report of [info].
std::string report_text(const PanicInfo& info);

// What a crash file holds behind the report: [details], what a witness has to say, and the last ten of [history].
std::string crash_file_text(const std::string& report, std::string_view details, const std::vector<PanicInfo>& history);

// Puts [text] into a new file of [directory] that is called after the time and the panic [id]. Returns what went wrong;
// empty if nothing did.
std::string write_crash_file(const std::string& directory, std::uint64_t id, std::string_view text);

// The path of that file at this moment, written to [path] with a zero behind it; false if it is too long. Like
// write_head and write_foot async-signal-safe.
inline constexpr std::size_t kLongestPath = 4096;
bool crash_file_path(std::string_view directory, std::uint64_t id, std::array<char, kLongestPath>& path);

}  // namespace duso::panic
