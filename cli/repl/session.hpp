// A session: one scope that lives on from input to input.
//
// Each input is a program of its own that runs in the scope of the session's main script, as included code does: what
// it assigns, declares or defines there is there for the next one. The code of an input stays as long as the session,
// for functions point into it.
//
// Everything here belongs to the thread of the session's instance.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "interpreter/execution/interpreter.hpp"
#include "runtime/tasks/script_instance.hpp"

namespace duso::cli::repl {

// What came of running an input.
struct Result {
  enum class Kind : std::uint8_t {
    kDone,
    kFailed,  // with an error that it did not catch
    kBroken,  // the user did not want to wait for it
    kEnding,  // it ends the session: what unwinds is still pending
  };
  Kind kind = Kind::kDone;
  Owned value = Owned();            // of the last statement
  execution::Outcome outcome = {};  // the error
};

class Session {
 public:
  // The session of the main script that [call] is in (native_main.hpp); it must end before the call returns.
  explicit Session(execution::Call& call) : call_(call), instance_(*tasks::ScriptInstance::of(call.instance())) {}

  tasks::ScriptInstance& instance() const { return instance_; }
  execution::Call& call() const { return call_; }

  // Runs [program], which must have parsed without errors.
  Result run(std::shared_ptr<const syntax::Program> program);

  // Sets the variable [name] to [value] (borrowed). An error when there is no memory is of no consequence and dropped.
  void assign(std::string_view name, Value value);

  // The variables with their values (borrowed), sorted by name.
  std::vector<std::pair<std::string, Value>> variables() const;

  // The properties of the object in [path]: a variable, a property of it, and so on. Nothing if there is none.
  std::vector<std::string> members(const std::vector<std::string>& path) const;

  // Takes all variables away.
  void reset();

 private:
  execution::GlobalNames& names() const { return call_.caller().code->program->globals(); }
  Root& root() const { return *call_.caller().root; }
  Value variable(std::string_view name) const;

  execution::Call& call_;
  tasks::ScriptInstance& instance_;
};

}  // namespace duso::cli::repl
