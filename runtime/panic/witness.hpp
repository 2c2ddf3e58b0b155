// What the rest of the runtime can tell about the place of a panic.
//
// This directory knows nothing of instances and tasks; whoever runs them is its witness.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/panic/text_sink.hpp"

namespace duso::panic {

struct PanicInfo;

// Where a thread is. The texts belong to the witness and stay as long as the thread does not move on.
struct Place {
  std::uint64_t instance = 0;               // pid; 0 for the main script and outside of scripts
  std::string_view instance_kind = "main";  // main, spawn, run, http, ...
  std::string_view script;                  // path; empty outside of scripts
  std::string_view task;
  std::string_view file;  // of the statement; empty if there is none
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

class Witness {
 public:
  virtual ~Witness() = default;

  // Where the calling thread is, and the calls that led there, as lines "  at NAME (FILE:LINE:COL)". Signal handlers
  // ask: no allocation, no lock, nothing but reading what is there.
  virtual Place place() const noexcept = 0;
  virtual void write_stack(TextSink& sink) const noexcept = 0;

  // How things are, in few words: "heap 1.2 MB of 16 MB, 3 instances, 14 tasks". Signal handlers ask for this as well.
  virtual void write_status(TextSink& sink) const noexcept = 0;
  // The same in many, for crash files: configuration, memory, instances with their stacks. No values of variables.
  virtual std::string details() const = 0;

  // A recoverable panic of the calling thread has been recorded. Called for one at a time, in the order of their ids.
  virtual void tell(const PanicInfo& info) const = 0;
};

}  // namespace duso::panic
