// A script instance without a script, for tests that call builtins directly.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/values/text_form.hpp"
#include "runtime/host.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso {

class TestInstance {
 public:
  TestInstance()
      : host_(console_, command_line_, files_, programs_),
        engine_(prepared_builtins()),
        instance_(engine_, {}, host_) {}

  execution::Instance& get() { return instance_; }
  memory::Heap& heap() { return instance_.heap(); }
  Owned string(std::string_view text) { return Owned(Value(new_string(heap(), text))); }

  // What the builtin called [name] returns for [arguments] (borrowed); Value::raise() when it raises an error.
  Owned call(std::string_view name, std::initializer_list<Value> arguments) {
    const execution::BuiltinSpec* spec = find(name);
    execution::Frame frame{};
    frame.instance = &instance_;
    frame.self = Value::unset();
    const std::vector<Value> bound(arguments);
    execution::Call made(frame, *spec, bound);
    return Owned(spec->function(made));
  }

  // The text of the error that the last call raised; nothing is pending afterwards.
  std::string take_error() {
    std::string text = concat_text(instance_.pending().payload);
    instance_.discard_pending();
    return text;
  }

 private:
  static std::span<const execution::BuiltinSpec* const> prepared_builtins() {
    register_value_types();
    return stdlib::all_builtins();
  }

  static const execution::BuiltinSpec* find(std::string_view name) {
    for (const execution::BuiltinSpec* spec : stdlib::all_builtins()) {
      if (spec->name == name) return spec;
    }
    return nullptr;
  }

  Console console_;
  CommandLine command_line_{{}};
  Files files_;
  ProgramCache programs_;
  Host host_;
  execution::Engine engine_;
  execution::Instance instance_;
};

}  // namespace duso
