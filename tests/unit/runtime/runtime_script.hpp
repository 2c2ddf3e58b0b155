// A process in a test: a runtime with its workers, in which a main script and whatever it spawns run.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interpreter/syntax/parser.hpp"
#include "interpreter/values/value.hpp"
#include "runtime/host.hpp"
#include "runtime/tasks/runtime.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso::test {

// Its scripts know one builtin more: `live_instances()`, the number of instances that have not ended.
class RuntimeScript {
 public:
  explicit RuntimeScript(std::size_t workers)
      : nowhere_(open("/dev/null", O_RDWR | O_CLOEXEC)),
        console_({.input = nowhere_, .output = nowhere_, .error = nowhere_}),
        runtime_(config(workers), builtins(), host_) {
    current() = &runtime_;
  }
  ~RuntimeScript() { close(nowhere_); }
  RuntimeScript(const RuntimeScript&) = delete;
  RuntimeScript& operator=(const RuntimeScript&) = delete;

  tasks::Runtime& runtime() { return runtime_; }

  // Runs [text] as the main script. Returns the text that it gave to exit(), or what it did not catch.
  std::string run(std::string_view text) {
    const auto source = std::make_shared<const syntax::Source>("test.du", std::string(text));
    syntax::ParseResult parsed = syntax::parse(source);
    if (!parsed.ok()) return syntax::format(*source, parsed.diagnostics.front());
    const tasks::Ending ending = runtime_.run_main(std::move(parsed.program), "test.du", {});
    if (ending.kind == execution::PendingKind::kError) return ending.error_text;
    return ending.value.is_string() ? std::string(ending.value.text()) : std::string("no text");
  }

 private:
  // A builtin is a plain function: it finds the runtime here. One test runs at a time.
  static tasks::Runtime*& current() {
    static tasks::Runtime* runtime = nullptr;
    return runtime;
  }

  static tasks::RuntimeConfig config(std::size_t workers) {
    tasks::RuntimeConfig config;
    config.workers = workers;
    return config;
  }

  static std::span<const execution::BuiltinSpec* const> builtins() {
    static const execution::BuiltinSpec kLive{
        .name = "live_instances", .summary = "", .example = "", .function = [](execution::Call&) -> Value {
          return Value(static_cast<double>(current()->instance_counters().live));
        }};
    static const std::vector<const execution::BuiltinSpec*> kAll = [] {
      register_value_types();
      const auto standard = stdlib::all_builtins();
      std::vector<const execution::BuiltinSpec*> all(standard.begin(), standard.end());
      all.push_back(&kLive);
      return all;
    }();
    return kAll;
  }

  const int nowhere_;
  Console console_;
  CommandLine command_line_{std::span<const char* const>()};
  Files files_;
  Host host_{console_, command_line_, files_};
  tasks::Runtime runtime_;
};

}  // namespace duso::test
