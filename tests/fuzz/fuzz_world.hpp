// What the fuzz targets that run programs share: the world their instances live in, and what must hold after a run.
#pragma once

#include <fcntl.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interpreter/execution/interpreter.hpp"
#include "program_generator.hpp"
#include "runtime/host.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso::fuzz {

inline void expect(bool holds) {
  if (!holds) std::abort();
}

// The builtins that programs may find: those that the generator knows. Random text shall not reach files or wait.
inline std::vector<const execution::BuiltinSpec*> harmless_builtins() {
  std::vector<const execution::BuiltinSpec*> found;
  for (const execution::BuiltinSpec* spec : stdlib::all_builtins()) {
    if (std::ranges::find(ProgramGenerator::kBuiltins, std::string_view(spec->name)) !=
        ProgramGenerator::kBuiltins.end()) {
      found.push_back(spec);
    }
  }
  return found;
}

// What all runs share. The engine serves many instances, as in real life, but not for ever: names and shapes stay.
struct World {
  // Programs find the harmless builtins and [more], which must live as long.
  explicit World(std::span<const execution::BuiltinSpec* const> more = {}) : builtins(harmless_builtins()) {
    builtins.insert(builtins.end(), more.begin(), more.end());
    Console::prepare_process();
    register_value_types();
  }

  execution::Engine& fresh_engine() {
    constexpr int kRunsPerEngine = 200;
    if (engine == nullptr || ++runs == kRunsPerEngine) {
      engine = std::make_unique<execution::Engine>(builtins);
      runs = 0;
    }
    return *engine;
  }

  std::vector<const execution::BuiltinSpec*> builtins;
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  Console console{{.input = nowhere, .output = nowhere, .error = nowhere, .read_input = false}};
  CommandLine command_line{std::span<const char* const>()};
  Files files{FilesConfig{.sandboxed = true}};
  ProgramCache programs;
  Host host{console, command_line, files, programs};
  std::unique_ptr<execution::Engine> engine;
  int runs = 0;
};

// Runs [text], a program; how it ended. A text that is none ends at once.
inline execution::PendingKind run(execution::Instance& instance, std::string text) {
  syntax::ParseResult parsed = syntax::parse(std::make_shared<const syntax::Source>("fuzz.du", std::move(text)));
  if (!parsed.ok()) return execution::PendingKind::kNone;
  const execution::Outcome outcome = execution::run_program(instance, std::move(parsed.program));
  expect((outcome.kind == execution::PendingKind::kError) == !outcome.error.empty());
  return outcome.kind;
}

// Nothing that the program made is left after it.
inline void expect_empty(execution::Instance& instance) {
  instance.unload();
  const memory::HeapCounters counters = instance.heap().counters();
  expect(counters.live() == 0);
  expect(counters.used() == 0);
}

}  // namespace duso::fuzz
