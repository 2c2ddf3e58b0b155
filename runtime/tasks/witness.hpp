// What a panic can be told about running scripts: where the calling thread is, and how everything else is.
//
// Each worker thread knows its worker, the worker what it runs, the task its flow, and the flow the innermost call of
// native code with the frames that led there. All of that are plain reads of what the worker keeps anyway, so a signal
// handler may follow them. What a script does between two calls of builtins is not recorded: a signal that hits there
// is reported at the builtin around it, if there is one.
//
// Rules: memory-and-panics.md 6.5, 6.6.
#pragma once

#include <string>

#include "runtime/panic/witness.hpp"

namespace duso::tasks {

class Runtime;

class ScriptWitness final : public panic::Witness {
 public:
  explicit ScriptWitness(const Runtime& runtime) : runtime_(runtime) {}

  panic::Place place() const noexcept override;
  void write_stack(panic::TextSink& sink) const noexcept override;
  // The heap and the tasks are those of the calling thread's instance; the instances are those of the process.
  void write_status(panic::TextSink& sink) const noexcept override;
  // With the stacks of all instances of the calling thread's worker: those of others may be running.
  std::string details() const override;
  // Passes it on to the hooks of scripts.
  void tell(const panic::PanicInfo& info) const override;

 private:
  const Runtime& runtime_;
};

}  // namespace duso::tasks
