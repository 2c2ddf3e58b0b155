// Runs scripts for tests: a text in, and what it printed, how it ended and what it left behind out.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <sys/mman.h>

#include "interpreter/execution/interpreter.hpp"
#include "runtime/host.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso::test {

inline constexpr std::size_t operator""_KiB(unsigned long long count) { return std::size_t{count} << 10; }
inline constexpr std::size_t operator""_MiB(unsigned long long count) { return std::size_t{count} << 20; }

struct ScriptLimits {
  std::size_t max_heap = 0;
  std::size_t stack_size = 64_MiB;
  std::size_t max_call_depth = 0;
  std::size_t gc_threshold = 1000;
  bool collect_cycles = true;
};

struct ScriptResult {
  std::string out;    // what it printed
  std::string error;  // the text of an uncaught error, or of a parse error; the message of a panic
  execution::PendingKind ended = execution::PendingKind::kNone;
  int status = 0;  // what the process would end with

  // The first line of the error.
  std::string error_line() const { return error.substr(0, error.find('\n')); }
};

// An instance with an engine and surroundings of its own. What its scripts print is collected.
class ScriptRunner {
 public:
  explicit ScriptRunner(const ScriptLimits& limits = {},
                        std::span<const execution::BuiltinSpec* const> builtins = stdlib::all_builtins())
      : engine_(builtins), instance_(engine_, config(limits), host_) {}

  execution::Instance& instance() { return instance_; }
  memory::Heap& heap() { return instance_.heap(); }

  // Runs [text] as a script called "test.du".
  ScriptResult run(std::string_view text) {
    ScriptResult result;
    const auto source = std::make_shared<const syntax::Source>("test.du", std::string(text));
    syntax::ParseResult parsed = syntax::parse(source);
    if (!parsed.ok()) {
      result.error = syntax::format(*source, parsed.diagnostics.front());
      result.ended = execution::PendingKind::kError;
      result.status = 1;
      return result;
    }
    const execution::Outcome outcome = execution::run_program(instance_, std::move(parsed.program));
    console_.flush();
    result.out = take_output();
    result.error = outcome.error;
    result.ended = outcome.kind;
    result.status = outcome.kind == execution::PendingKind::kError ? 1 : static_cast<int>(outcome.exit_code);
    return result;
  }

  // The objects and buffers that are left on the heap after the variables of all scripts are gone.
  std::size_t left_behind() {
    instance_.unload();
    return heap().counters().live();
  }

 private:
  static execution::InstanceConfig config(const ScriptLimits& limits) {
    register_value_types();
    execution::InstanceConfig config;
    config.heap.limit = limits.max_heap;
    config.heap.gc_threshold = limits.gc_threshold;
    config.heap.collect_cycles = limits.collect_cycles;
    config.stack_size = limits.stack_size;
    config.max_call_depth = limits.max_call_depth;
    return config;
  }

  struct File {
    const int descriptor = memfd_create("output", MFD_CLOEXEC);
    File() = default;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { close(descriptor); }
  };

  std::string take_output() {
    std::string text;
    std::array<char, 4096> buffer;
    lseek(output_.descriptor, read_, SEEK_SET);
    for (ssize_t count; (count = read(output_.descriptor, buffer.data(), buffer.size())) > 0; read_ += count) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

  File output_;
  off_t read_ = 0;
  Console console_{{.input = -1, .output = output_.descriptor, .error = output_.descriptor, .read_input = false}};
  CommandLine command_line_{std::span<const char* const>()};
  Files files_;
  ProgramCache programs_;
  Host host_{console_, command_line_, files_, programs_};
  execution::Engine engine_;
  execution::Instance instance_;
};

// Runs [text] in an instance of its own.
inline ScriptResult run_script(std::string_view text, const ScriptLimits& limits = {}) {
  return ScriptRunner(limits).run(text);
}

}  // namespace duso::test
