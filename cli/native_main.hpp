// A main script that is written in C++: what happens in it, this program decides and no text.
//
// `duso test` runs the functions of a file one by one, the prompt runs what is typed. Both need a main task with a
// scope of its own, in which they run one piece of code after the other. They get it in the usual way, by running a
// script: its one statement calls a builtin that is no part of the language and stands in no table.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/syntax/ast.hpp"

namespace duso::cli {

// One at a time per process.
class NativeMain {
 public:
  // What the script does: called once, on the stack of its main task. Its call is at the top level of the script, so
  // execution::run_included() with no site runs code in the script's own scope.
  using Body = std::function<Value(execution::Call& call)>;

  explicit NativeMain(Body body);
  ~NativeMain();
  NativeMain(const NativeMain&) = delete;
  NativeMain& operator=(const NativeMain&) = delete;

  // For MainScript::with_runtime(): all builtins, and the one that runs the body.
  std::span<const execution::BuiltinSpec* const> builtins() const { return builtins_; }
  // For Runtime::run_main().
  std::shared_ptr<const syntax::Program> program() const;

 private:
  std::vector<const execution::BuiltinSpec*> builtins_;
};

}  // namespace duso::cli
