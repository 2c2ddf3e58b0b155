// A script that hands values out and takes values in, for tests of what crosses the boundary of an instance.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interpreter/execution/interpreter.hpp"
#include "interpreter/values/text_form.hpp"
#include "runtime/freezer.hpp"
#include "runtime/host.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso::test {

// An instance with a worker's surroundings of its own. Its scripts know two builtins more: `give(value)` freezes a
// value under `rule`, `take()` thaws what `given` holds.
class FreezingScript {
 public:
  explicit FreezingScript(std::size_t max_heap = 0) : instance_(engine_, config(max_heap), host_) {}

  // Runs [text]; what it gave is in `given` and `result`. Returns the text of an uncaught error.
  std::string run(std::string_view text) {
    current() = this;
    const auto source = std::make_shared<const syntax::Source>("test.du", std::string(text));
    syntax::ParseResult parsed = syntax::parse(source);
    if (!parsed.ok()) return syntax::format(*source, parsed.diagnostics.front());
    return execution::run_program(instance_, std::move(parsed.program)).error;
  }

  // What [text] gives; nil if it fails.
  FrozenValue give(std::string_view text) {
    given = FrozenValue();
    const std::string error = run(text);
    return error.empty() ? given : FrozenValue(error);
  }

  Owned thaw(const FrozenValue& frozen) { return Owned(freezer_.thaw(heap(), frozen)); }
  // How a script would print [frozen].
  std::string text_of(const FrozenValue& frozen) { return display_text(thaw(frozen).get()); }

  memory::Heap& heap() { return instance_.heap(); }
  execution::Engine& engine() { return engine_; }
  Freezer& freezer() { return freezer_; }
  void unload() { instance_.unload(); }

  FunctionRule rule = FunctionRule::kDropScript;
  std::size_t max_bytes = 0;
  FrozenValue given;
  FreezeResult result;

 private:
  // A builtin is a plain function: it finds its test here.
  static FreezingScript*& current() {
    static thread_local FreezingScript* script = nullptr;
    return script;
  }

  static Value give_value(execution::Call& call) {
    FreezingScript& script = *current();
    script.result = script.freezer_.freeze(call.argument(0), script.rule, script.max_bytes);
    if (!script.result.ok()) return call.raise(script.result.problem_text());
    script.given = script.result.value;
    return Value::nil();
  }

  static Value take_value(execution::Call& call) { return current()->freezer_.thaw(call.heap(), current()->given); }

  static std::span<const execution::BuiltinSpec* const> builtins() {
    static const execution::BuiltinSpec kGive{
        .name = "give", .parameters = {{"value"}}, .summary = "", .example = "", .function = give_value};
    static const execution::BuiltinSpec kTake{.name = "take", .summary = "", .example = "", .function = take_value};
    static const std::vector<const execution::BuiltinSpec*> kAll = [] {
      register_value_types();
      const auto standard = stdlib::all_builtins();
      std::vector<const execution::BuiltinSpec*> all(standard.begin(), standard.end());
      all.push_back(&kGive);
      all.push_back(&kTake);
      return all;
    }();
    return kAll;
  }

  static execution::InstanceConfig config(std::size_t max_heap) {
    execution::InstanceConfig config;
    config.heap.limit = max_heap;
    return config;
  }

  Console console_;
  CommandLine command_line_{std::span<const char* const>()};
  Files files_;
  ProgramCache programs_;
  Host host_{console_, command_line_, files_, programs_};
  execution::Engine engine_{builtins()};
  Freezer freezer_{engine_.shapes()};
  execution::Instance instance_;
};

}  // namespace duso::test
