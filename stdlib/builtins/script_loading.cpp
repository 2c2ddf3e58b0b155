#include "stdlib/builtins/script_loading.hpp"

#include <filesystem>
#include <optional>
#include <utility>

#include "interpreter/syntax/diagnostics.hpp"
#include "interpreter/syntax/parser.hpp"
#include "runtime/source_files.hpp"

namespace duso::stdlib {

std::string resolve_script_path(const tasks::ScriptInstance& instance, std::string_view path) {
  const std::string& directory = instance.setup().directory;
  if (path.starts_with('/') || directory.empty() || directory == ".") return std::string(path);
  return (std::filesystem::path(directory) / path).lexically_normal().string();
}

LoadedProgram load_program(tasks::ScriptInstance& instance, std::string_view path) {
  return load_program_at(instance.worker(), resolve_script_path(instance, path));
}

LoadedProgram load_program_at(tasks::Worker&, std::string path) {
  LoadedProgram loaded;
  loaded.path = std::move(path);
  loaded.directory = std::filesystem::path(loaded.path).parent_path().string();
  std::optional<std::string> text = read_source_file(loaded.path);
  if (!text.has_value()) {
    loaded.error = "open " + loaded.path + ": no such file or directory";
    return loaded;
  }
  auto source = std::make_shared<const syntax::Source>(loaded.path, std::move(*text));
  syntax::ParseResult parsed = syntax::parse(source);
  if (parsed.ok()) {
    loaded.program = std::move(parsed.program);
  } else {
    loaded.error = format(*source, parsed.diagnostics.front());
  }
  return loaded;
}

}  // namespace duso::stdlib
