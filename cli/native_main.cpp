#include "cli/native_main.hpp"

#include <string>
#include <utility>

#include "interpreter/syntax/parser.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso::cli {

namespace {

// The body of this process's main script, until it runs. A builtin is a plain function, and finds it here.
NativeMain::Body waiting_body;

Value run_body(execution::Call& call) {
  const NativeMain::Body body = std::exchange(waiting_body, nullptr);
  if (body == nullptr) return call.raise("the main script is running already");
  return body(call);
}

constexpr const char* kName = "__main__";
const execution::BuiltinSpec kRunBody{
    .name = kName,
    .may_suspend = true,
    .errors = {"the main script is running already"},
    .summary = "Runs the main script.",
    .example = "",
    .function = run_body,
};

}  // namespace

NativeMain::NativeMain(Body body) : builtins_(stdlib::all_builtins().begin(), stdlib::all_builtins().end()) {
  builtins_.push_back(&kRunBody);
  waiting_body = std::move(body);
}

NativeMain::~NativeMain() { waiting_body = nullptr; }

std::shared_ptr<const syntax::Program> NativeMain::program() const {
  auto source = std::make_shared<const syntax::Source>("<main>", std::string(kName) + "()");
  return syntax::parse(std::move(source)).program;
}

}  // namespace duso::cli
