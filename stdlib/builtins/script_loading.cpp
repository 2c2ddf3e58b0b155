#include "stdlib/builtins/script_loading.hpp"

#include <utility>

#include "runtime/files/files.hpp"
#include "runtime/files/path_text.hpp"
#include "runtime/host.hpp"
#include "runtime/program_cache.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso::stdlib {

namespace {

// Where the script at [path] may be, in the order in which it is looked for (files-and-modules.md 9).
std::vector<Location> candidates_for(const Files& files, const std::string& path) {
  const Location place = location_of(path);
  if (place.volume != Volume::kDisk) return {place};
  return {place, location_below("/STORE", path), location_below("/EMBED", path),
          location_below("/EMBED/" + files.app_directory(), path)};
}

}  // namespace

std::string resolve_script_path(const tasks::ScriptInstance& instance, std::string_view path) {
  const std::string& directory = instance.setup().directory;
  if (!is_bare(path) || directory.empty() || directory == ".") return std::string(path);
  return location_below(directory, path).path;
}

LoadedProgram load_program(tasks::ScriptInstance& instance, std::string_view path) {
  return load_program_at(instance.worker(), resolve_script_path(instance, path));
}

LoadedProgram load_program_at(tasks::Worker& worker, const std::string& path) {
  Files& files = worker.host().files();
  const std::vector<Location> candidates = candidates_for(files, path);
  const std::optional<std::size_t> first = files.first_file(candidates, Purpose::kCode);
  const std::size_t found = first.value_or(0);
  LoadedProgram loaded;
  loaded.exists = first.has_value();
  loaded.path = candidates[found].path;
  loaded.directory = paths::directory_of(loaded.path);
  const auto cached = worker.host().programs().load(files, candidates[found]);
  if (!cached.ok()) {
    const FileError& error = cached.error();
    loaded.error = error.problem != 0 ? "open " + loaded.path + ": " + reason_of(error.problem) : error.cause();
  } else if (!cached.value()->parse_error.empty()) {
    loaded.error = cached.value()->parse_error;
  } else {
    loaded.program = cached.value()->tree;
  }
  return loaded;
}

}  // namespace duso::stdlib
