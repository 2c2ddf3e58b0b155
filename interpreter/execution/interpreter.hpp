// The front door of the interpreter: from a text to a run.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/execution/calls.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/execution/lowering.hpp"
#include "interpreter/syntax/diagnostics.hpp"
#include "interpreter/syntax/parser.hpp"

namespace duso::execution {

// An active call, in a form that outlives the script: who was called, and from where.
struct ActiveCall {
  std::string function;
  std::string file;
  Position call_site;
};

// What came of running a program.
struct Outcome {
  PendingKind kind = PendingKind::kNone;   // kNone: it ran to its end
  std::string error;                       // the text of an uncaught error, as `e.stack` has it; a panic's message
  const syntax::Source* source = nullptr;  // where it was raised; null when not known
  Position position;
  std::string message;            // of the error alone, without its place and the stack
  std::vector<ActiveCall> stack;  // of the error, the innermost call first
  double exit_code = 0;           // of shutdown()
};

// Lowers [tree], which must have parsed without errors, as a main program. The code may be run by any instance of the
// same engine, as often as wanted. Null with an error pending when the tree is nested too deeply for the stack that is
// left. [keeps_value]: the code gives the value of its last statement, which costs where nobody wants it. Call on the
// stack of a flow. May throw what an allocation throws.
std::shared_ptr<ProgramCode> lower_program(Instance& instance, std::shared_ptr<const syntax::Program> tree,
                                           bool keeps_value = false);

// Runs [code] as a main program, with fresh globals, on the stack of the current flow. Returns the value of its last
// statement if it keeps that, owned, or Value::raise().
Value run_main(Instance& instance, std::shared_ptr<ProgramCode> code);

// How a run ended that gave [result] (consumed). Nothing is pending afterwards.
Outcome take_outcome(Instance& instance, Value result);

// All of these: runs [tree] as the main program of [instance], on the instance's own script stack. [stack] errors and
// all, the outcome says how it ended. The tree must have parsed without errors.
Outcome run_program(Instance& instance, std::shared_ptr<const syntax::Program> tree);

// The value of `-config TEXT` (cli.md 1): an object literal, with or without its braces, evaluated without builtins.
// Owned by the caller; unset when the text does not evaluate.
Value evaluate_config(Instance& instance, std::string_view text);

// Runs [tree] inside the scope of a call in [caller]: what `include()` does. [site] is null when the call does not name
// `include`. Returns the value of the last statement, owned, or Value::raise(). May throw what an allocation throws.
Value run_included(Frame& caller, const IncludeSite* site, std::shared_ptr<const syntax::Program> tree);

// Modules (files-and-modules.md 7): [tree] lowered as one, for this instance and any other one of the same engine; it
// may be run as often as one likes. May throw what an allocation throws; null with an error pending when the module is
// nested too deeply for the stack that is left.
std::shared_ptr<ProgramCode> lower_module(Instance& instance, std::shared_ptr<const syntax::Program> tree);

// Runs [code] as a module that the call in [caller] loads: with variables of its own, which its functions keep alive.
// Returns what it exports, owned, or Value::raise(). May throw what an allocation throws.
Value run_module(Frame& caller, const std::shared_ptr<ProgramCode>& code);

// A variable of a template and its value (borrowed).
struct Binding {
  const String* name;
  Value value;
};

// Templates (builtins.md 2.3): [tree] comes from syntax::parse_template. Running the code in [caller] gives the text,
// owned, or Value::raise(); its expressions see [bindings] and builtins, nothing else. May throw what an allocation
// throws; null with an error pending when the template is nested too deeply for the stack that is left.
std::shared_ptr<ProgramCode> lower_template(Instance& instance, std::shared_ptr<const syntax::Program> tree);
Value run_template(Frame& caller, ProgramCode& code, std::span<const Binding> bindings);

}  // namespace duso::execution
