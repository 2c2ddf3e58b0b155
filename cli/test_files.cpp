#include "cli/test_files.hpp"

#include <algorithm>

#include "cli/source_paths.hpp"

namespace duso::cli {

namespace {

bool is_test_function(std::string_view name) { return name.starts_with("test_"); }

// What [statement] defines if it defines a function: `function f()` as well as `f = function()` and `var f =
// function()`. Empty if it does not.
std::string_view function_defined_by(const syntax::Statement& statement) {
  const auto is_function = [](const syntax::Expression* value) {
    return value->kind == syntax::ExpressionKind::kFunctionExpression;
  };
  if (const auto* declaration = syntax::try_as<syntax::FunctionDeclaration>(&statement)) {
    return declaration->function->name;
  }
  if (const auto* variable = syntax::try_as<syntax::VarDeclaration>(&statement)) {
    return is_function(variable->value) ? variable->name : std::string_view();
  }
  const auto* assignment = syntax::try_as<syntax::Assignment>(&statement);
  if (assignment == nullptr || !is_function(assignment->value)) return {};
  const auto* name = syntax::try_as<syntax::Name>(assignment->target);
  return name != nullptr ? name->identifier : std::string_view();
}

}  // namespace

bool is_test_file(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.ends_with("_test.du") || (name.starts_with("test_") && name.ends_with(".du"));
}

bool is_called_by_test_runner(std::string_view name) {
  return is_test_function(name) || name == "setup" || name == "teardown";
}

std::vector<std::string> find_test_files(const std::vector<std::string>& operands) {
  std::vector<std::string> files;
  for (const std::string& operand : operands) {
    std::vector<std::string> found = expand_directories({operand});
    const bool is_itself = found.size() == 1 && found.front() == operand;
    if (!is_itself) std::erase_if(found, [](const std::string& path) { return !is_test_file(path); });
    for (std::string& path : found) {
      if (std::ranges::find(files, path) == files.end()) files.push_back(std::move(path));
    }
  }
  return files;
}

std::vector<std::string> test_functions(const syntax::Program& program) {
  std::vector<std::string> names;
  for (const syntax::Statement* statement : program.body().statements) {
    const std::string_view name = function_defined_by(*statement);
    if (is_test_function(name) && std::ranges::find(names, name) == names.end()) names.emplace_back(name);
  }
  return names;
}

}  // namespace duso::cli
