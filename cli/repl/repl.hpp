// The prompt: reads an input, runs it, shows what came of it, and begins again.
//
// It is the body of a main script (native_main.hpp), and runs on that script's main task: so an input may do whatever a
// script may, and what inputs have started - tasks, timers, other scripts - goes on while the next one is typed.
//
// On a pipe it says exactly what is specified (cli.md 7), for programs that talk to it. On a terminal values are cut to
// what somebody reads, errors show their place, and Ctrl-C ends what runs and nothing else.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/main_script.hpp"
#include "cli/repl/line_reader.hpp"
#include "cli/repl/session.hpp"
#include "cli/repl/session_names.hpp"

namespace duso::cli::repl {

struct ReplOptions {
  bool on_terminal = false;
  bool colours_values = false;  // what goes to standard output
  bool colours_errors = false;  // what goes to standard error
};

class Repl {
 public:
  // All must outlive it.
  Repl(const Invocation& invocation, MainScript& script, LineReader& reader, SessionNames& names, ReplOptions options)
      : invocation_(invocation),
        console_(invocation.console),
        script_(script),
        reader_(reader),
        names_(names),
        options_(options) {}

  // Runs a session in the scope of [call] until it ends: Value::raise() with what ends it pending.
  Value run(execution::Call& call);

  // --- for commands (commands.cpp); false ends the session ---

  // [text] as code: runs it and shows its value if it is an expression.
  bool evaluate(std::string_view text);
  // The commands.
  bool help(std::string_view operand);
  bool show_documentation(std::string_view operand);
  bool show_type(std::string_view operand);
  bool measure(std::string_view operand);
  bool load(std::string_view operand);
  bool list_variables(std::string_view operand);
  bool reset(std::string_view operand);

 private:
  // Reads an input of one or more lines. False when the wait for it was ended by something else, which is pending then.
  bool read_input(TypedLine& input);
  bool read_line(const std::string& prompt, TypedLine& line);
  bool run_input(const std::string& text);
  bool run_command(std::string_view text);
  Value leave();

  std::shared_ptr<const syntax::Program> parse(const std::shared_ptr<const syntax::Source>& source);
  std::shared_ptr<const syntax::Program> parse_typed(std::string_view text);
  // Runs [program]; reports what it did not catch, and that it was broken off. Nothing if it ends the session.
  std::optional<Result> run_program(std::shared_ptr<const syntax::Program> program);
  void show(Value value);
  void report(UncaughtError error);
  void complain(const std::string& message) { console_.write_error("Error: " + message + '\n'); }

  const Invocation& invocation_;
  Console& console_;
  MainScript& script_;
  LineReader& reader_;
  SessionNames& names_;
  const ReplOptions options_;
  Session* session_ = nullptr;  // while it runs
};

}  // namespace duso::cli::repl
