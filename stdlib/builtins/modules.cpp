// Code in other files: require, include, doc.
//
// A module runs with variables of its own and hands out one value; included code runs in the scope of the call. Both
// find their file in the same way, and neither keeps a result: every call runs the file again, from the cache of
// programs. Which files are being loaded is known from the calls that are active, so there is no list to keep: the top
// levels of modules and included files among them.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "interpreter/execution/interpreter.hpp"
#include "runtime/host.hpp"
#include "runtime/module_search.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/callbacks.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/files_call.hpp"
#include "stdlib/builtins/native_modules.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Frame;
using execution::Instance;
using execution::Type;

namespace {

// How messages call what is loaded.
struct Wording {
  std::string_view parsed;
  std::string_view run;
};
constexpr Wording kModule{"module", "module"};
constexpr Wording kIncluded{"include", "included script"};

Value raise_not_found(const Call& call, std::string_view name, const std::vector<Location>& candidates) {
  std::string message = quoted("cannot find module", name) + "\nSearched:";
  for (const Location& candidate : candidates) message += "\n  " + candidate.path;
  return call.raise(message);
}

// The paths of the files whose top levels are running, the outermost first. The main script was not loaded by anybody.
std::vector<std::string_view> files_being_loaded(const Call& call) {
  std::vector<std::string_view> paths;
  for (const Frame* frame = &call.caller(); frame->caller != nullptr; frame = frame->caller) {
    if (frame->code->is_top_level && frame->code->source->is_file()) paths.push_back(frame->code->source->name());
  }
  std::ranges::reverse(paths);
  return paths;
}

// The message about a file at [path] that is being loaded already; empty if it is not.
std::string circle_through(const Call& call, const std::string& path) {
  const std::vector<std::string_view> loading = files_being_loaded(call);
  const auto first = std::ranges::find(loading, path);
  if (first == loading.end()) return {};
  std::string message = "circular dependency detected\n  ";
  for (auto at = first; at != loading.end(); ++at) {
    message += *at;
    message += "\n  → ";
  }
  return message + path + " (circular)";
}

// The program in [file], ready to run; null with an error pending when it is being loaded already, can not be read or
// is no valid program.
std::shared_ptr<CachedProgram> load_program(const Call& call, const Location& file, const Wording& wording) {
  const std::string circle = circle_through(call, file.path);
  if (!circle.empty()) {
    call.raise(circle);
    return nullptr;
  }
  const std::string what = quoted("cannot parse " + std::string(wording.parsed), file.path);
  const Result<std::shared_ptr<CachedProgram>> loaded = call.host().programs().load(files_of(call), file);
  if (!loaded.ok()) {
    raise_failure(call, what, loaded.error());
    return nullptr;
  }
  if (loaded.value()->parse_error.empty()) return loaded.value();
  call.raise(what + ": " + loaded.value()->parse_error);
  return nullptr;
}

// The pending error of code in [file] becomes one of this call, which contains it. What no script may catch passes.
Value wrap_error(const Call& call, const Location& file, const Wording& wording) {
  Instance& instance = call.instance();
  if (!instance.is_catchable() || !may_wrap(instance)) return Value::raise();
  const std::string what = quoted("error in " + std::string(wording.run), file.path);
  return call.raise(what + ": " + instance.pending_text());
}

// --- require ---

Value run_file(const Call& call, const Location& file) {
  const std::shared_ptr<CachedProgram> program = load_program(call, file, kModule);
  if (program == nullptr) return Value::raise();
  if (program->module_code == nullptr) {
    program->module_code = execution::lower_module(call.instance(), program->tree);
    if (program->module_code == nullptr) return Value::raise();
  }
  const Value result = execution::run_module(call.caller(), program->module_code);
  return result.is_raise() ? wrap_error(call, file, kModule) : result;
}

Value require(Call& call) {
  const String* argument = optional_string(call, 0);
  if (argument == nullptr) return call.requires_argument("a filename argument");
  const std::string name(argument->view());
  if (const NativeModule* module = find_reserved(native_modules(), name)) {
    return native_module_object(call.instance(), *module);
  }
  const ModuleSearch search = find_module(files_of(call), name, here_directory(call));
  if (search.found) return run_file(call, *search.found);
  if (const NativeModule* module = find_unshadowed(native_modules(), name)) {
    return native_module_object(call.instance(), *module);
  }
  return raise_not_found(call, name, search.candidates);
}

const BuiltinSpec kRequire{
    .name = "require",
    .parameters = {{"filename", Type::kString}},
    .may_suspend = true,
    .errors = {"require() requires a filename argument", "cannot find module '{filename}'",
               "cannot parse module '{file}': {error}", "error in module '{file}': {error}",
               "circular dependency detected"},
    .summary =
        "Runs the module `filename` and returns what it exports: the value of its `return`, or of its last statement. "
        "A module has variables of its own, and every `require` runs it again. It is looked for beside the script that "
        "was started, then in the directories of `-lib-path` and `DUSO_LIB`, then inside the program; `.du` may be "
        "left out.",
    .example = R"(save("/STORE/shapes.du", "return {square = function(n) return n * n end}")
print(require("/STORE/shapes").square(4)) // 16)",
    .function = require,
};

// --- include ---

Value include(Call& call) {
  const String* argument = optional_string(call, 0);
  if (argument == nullptr) return call.requires_argument("a filename argument");
  const std::string name(argument->view());
  const ModuleSearch search = find_module(files_of(call), name, here_directory(call));
  if (!search.found) return raise_not_found(call, name, search.candidates);
  const std::shared_ptr<CachedProgram> program = load_program(call, *search.found, kIncluded);
  if (program == nullptr) return Value::raise();
  const execution::IncludeSite* site = call.site() != nullptr ? call.site()->include : nullptr;
  const Value result = execution::run_included(call.caller(), site, program->tree);
  if (result.is_raise()) return wrap_error(call, *search.found, kIncluded);
  release(result);
  return Value::nil();
}

const BuiltinSpec kInclude{
    .name = "include",
    .parameters = {{.name = "filename", .type = Type::kString}},
    .returns = Type::kNil,
    .may_suspend = true,
    .errors = {"include() requires a filename argument", "cannot find module '{filename}'",
               "cannot parse include '{file}': {error}", "error in included script '{file}': {error}",
               "circular dependency detected"},
    .summary =
        "Runs the script file `filename` in the scope of the call: what it declares becomes part of that scope, at the "
        "top level of a script its globals. It is looked for as `require` does.",
    .example = R"(save("/STORE/setup.du", "colour = \"green\"")
include("/STORE/setup")
print(colour) // green)",
    .function = include,
};

// --- doc ---

Value doc(Call& call) {
  std::string name = filename_argument(call, 0).value_or("index");
  const auto page = find_documentation(files_of(call), name, here_directory(call));
  if (!page) return Value::nil();
  return call.string("Documentation from: " + page->path + "\n\n" + page->text);
}

const BuiltinSpec kDoc{
    .name = "doc",
    .parameters = {{"name", Type::kString, "\"index\""}},
    .returns = Type::kString | Type::kNil,
    .may_suspend = true,
    .summary =
        "The documentation of a builtin, a keyword or a module, as Markdown; nil if there is none. A module's page is "
        "the file next to it that ends in `.md`.",
    .example = R"(save("/STORE/tool.du", "")
save("/STORE/tool.md", "# Tool")
print(split(doc("/STORE/tool"), "\n")[2]) // # Tool)",
    .function = doc,
};

constexpr const BuiltinSpec* kModules[] = {&kRequire, &kInclude, &kDoc};

}  // namespace

Family module_builtins() { return kModules; }

}  // namespace duso::stdlib
