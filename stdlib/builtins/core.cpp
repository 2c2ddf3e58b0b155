// Builtins that work on the running program itself: parallel, template, breakpoint.
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

// --- parallel ---

// What a branch gives: its result, or its error as a value.
Value run_branch(Call& call, Value function) {
  Instance& instance = call.instance();
  const std::uint32_t outer = instance.enter_branch();
  const Value result = call.call(function, {});
  instance.leave_branch(outer);
  if (!result.is_raise() || !instance.is_catchable()) return result;
  const syntax::Position position = call.site() != nullptr ? call.site()->position : syntax::Position{};
  instance.locate(call.caller(), position);
  return instance.take_error(call.caller(), position);
}

Value parallel_array(Call& call, std::span<const Value> functions) {
  Owned results(Value(new_array(call.heap(), functions.size())));
  for (const Value function : functions) {
    const Value result = run_branch(call, function);
    if (result.is_raise()) return result;
    push(results.get().array(), result);
  }
  return results.take();
}

Value parallel_object(Call& call, Object* functions) {
  Owned results(Value(new_object(call.heap(), call.instance().engine().shapes())));
  const std::uint32_t count = property_count(functions);
  for (std::uint32_t i = 0; i < count; ++i) {
    String* name = property_name(functions, i);
    const Owned function = Owned::share(property_value(functions, i));
    const Value result = run_branch(call, function.get());
    if (result.is_raise()) return result;
    set_property(call.heap(), results.get().object(), name, result);
  }
  return results.take();
}

Value parallel(Call& call) {
  if (call.count() == 0) return call.requires_argument("an array, object, or functions as arguments");
  const Value first = call.argument(0);
  if (call.count() == 1 && first.is_array()) {
    // A branch may change the array; what runs was decided before.
    const Owned functions(Value(new_array_copy(call.heap(), first.array()->items, first.array()->size)));
    return parallel_array(call, functions.get().array()->elements());
  }
  if (call.count() == 1 && first.is_object()) return parallel_object(call, first.object());
  return parallel_array(call, call.arguments());
}

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

const BuiltinSpec kParallel{
    .name = "parallel",
    .parameters = {},
    .rest = "functions",
    .returns = Type::kArray | Type::kObject,
    .may_suspend = true,
    .summary =
        "Runs functions as branches of the same script and returns their results in order: of an array or the "
        "positional "
        "arguments an array, of an object an object with the same keys. A branch that throws gives an error value. "
        "Branches see outer variables but do not change them.",
    .example = R"(print(parallel([function() return 1 end, function() return 2 end])) // [1, 2])",
    .function = parallel,
};

const BuiltinSpec kTemplate{
    .name = "template",
    .parameters = {{.name = "str", .type = Type::kString}},
    .returns = Type::kFunction,
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

const BuiltinSpec* const kTable[] = {&kParallel, &kTemplate, &kBreakpoint};

}  // namespace

Family core_builtins() { return kTable; }

}  // namespace duso::stdlib
