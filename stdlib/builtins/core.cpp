// Builtins that work on the running program itself: template, breakpoint.
#include <string>
#include <vector>

#include "interpreter/execution/interpreter.hpp"
#include "interpreter/execution/operations.hpp"
#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/opaque.hpp"
#include "interpreter/values/text_form.hpp"
#include "stdlib/builtins/callbacks.hpp"
#include "stdlib/builtins/copying.hpp"
#include "stdlib/builtins/families.hpp"

namespace duso::stdlib {

namespace {

using execution::BuiltinSpec;
using execution::Call;
using execution::Instance;
using execution::Type;

// --- template ---

Value fill_template(Call& call) {
  const Value bound = call.bound();
  if (bound.is_string()) return call.raise("template parse error: " + std::string(bound.string()->view()));
  Instance& instance = call.instance();
  Code::Payload& payload = *as_code(bound)->payload;
  if (payload.lowered == nullptr) payload.lowered = execution::lower_template(instance, payload.program);
  if (payload.lowered == nullptr) return Value::raise();
  const std::shared_ptr<execution::ProgramCode> code = payload.lowered;
  // Functions made by an expression may outlive the template.
  if (code->has_functions()) instance.keep(code);

  std::vector<Owned> copies;
  std::vector<execution::Binding> bindings;
  for (const Call::Named& named : call.unknown_named()) {
    copies.emplace_back(copy_objects(instance, named.value));
    bindings.push_back({named.name, copies.back().get()});
  }
  const Value result = execution::run_template(call.caller(), *code, bindings);
  if (!result.is_raise() || !instance.is_catchable()) return result;
  if (!may_wrap(instance)) {
    instance.keep(code);  // the error's position is in there
    return result;
  }
  return call.raise("template evaluation error: " + concat_text(instance.pending().payload));
}

const BuiltinSpec kFilledTemplate{
    .name = "template",
    .returns = Type::kString,
    .summary = "Fills in a template: every named argument is a variable for its expressions.",
    .example = R"(greet = template(raw "Hello {{name}}") print(greet(name = "Ann")) // Hello Ann)",
    .function = fill_template,
};

Value make_template(Call& call) {
  const Value argument = call.argument(0);
  if (!argument.is_string()) return call.requires_argument("a string argument");
  const std::string_view text = argument.string()->view();
  auto source = std::make_shared<const syntax::Source>("<template>", std::string(text));
  syntax::ParseResult parsed = syntax::parse_template(source);
  Value bound;
  if (parsed.ok()) {
    bound = Value::other(new_code(call.heap(), std::move(parsed.program), std::string(text), Value::nil()));
  } else {
    bound = call.string(format(*source, parsed.diagnostics.front()));
  }
  return Value::other(new_host_function(call.heap(), &kFilledTemplate, bound));
}

// --- the table ---

const BuiltinSpec kTemplate{
    .name = "template",
    .parameters = {{.name = "str", .type = Type::kString}},
    .returns = Type::kFunction,
    .errors = {"template() requires a string argument", "template parse error: {problem}",
               "template evaluation error: {error}"},
    .summary =
        "Makes a function of a text with `{{expressions}}`. Called with named arguments, it returns the text with the "
        "expressions filled in; they see these arguments and builtins, nothing else.",
    .example = R"(greet = template(raw "Hello {{name}}") print(greet(name = "Ann")) // Hello Ann)",
    .function = make_template,
};

const BuiltinSpec kBreakpoint{
    .name = "breakpoint",
    .parameters = {},
    .rest = "values",
    .returns = Type::kNil,
    .summary = "Stops here when the script runs under the debugger and shows `values`; does nothing otherwise.",
    .example = R"(print(breakpoint(1 + 1)) // nil)",
    .function = [](Call&) -> Value { return Value::nil(); },
};

const BuiltinSpec* const kTable[] = {&kTemplate, &kBreakpoint};

}  // namespace

Family core_builtins() { return kTable; }

}  // namespace duso::stdlib
