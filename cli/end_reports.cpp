#include "cli/end_reports.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <exception>
#include <system_error>

#include "runtime/memory_report.hpp"
#include "stdlib/builtins/module_runtime.hpp"

namespace duso::cli {

namespace {

// Appends [text] to the file at [path], in one write: instances may end at the same time. Returns 0, or the errno of
// the failure.
int append_to_file(const std::string& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) return errno;
  const ssize_t written = write(file, text.data(), text.size());
  const int failure = written < 0 ? errno : 0;
  close(file);
  if (failure == 0 && static_cast<std::size_t>(written) < text.size()) return ENOSPC;
  return failure;
}

}  // namespace

EndReports::EndReports(const CommandLine& line, Console& console)
    : console_(console),
      wants_memory_profile_(line.flag("profile-memory") != nullptr),
      wants_statistics_(line.flag("runtime-stats") != nullptr) {
  if (wants_memory_profile_) profile_file_ = line.flag("profile-memory")->text;
}

void EndReports::write(tasks::ScriptInstance& instance) const {
  try {
    if (wants_memory_profile_) write_memory_profile(instance);
    const bool is_main = instance.setup().kind == tasks::InstanceKind::kMain;
    if (wants_statistics_ && is_main) console_.write_error(stdlib::statistics_text(instance));
  } catch (const std::exception&) {
    console_.write_error("duso: there was no memory for the report on " + instance.setup().script + '\n');
  }
}

void EndReports::write_memory_profile(tasks::ScriptInstance& instance) const {
  // What is only garbage is no leak.
  if (instance.config().heap.collect_cycles) instance.heap().collect();
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const double seconds = std::chrono::duration<double>(now).count() - instance.status()->started;
  const std::string report =
      memory_report_text(instance.heap(), instance.setup().script, instance.setup().pid, seconds);
  if (!profile_file_.has_value()) {
    console_.write_error(report);
    return;
  }
  if (const int failure = append_to_file(*profile_file_, report + '\n'); failure != 0) {
    console_.write_error("duso: cannot write the memory profile to " + *profile_file_ + ": " +
                         std::generic_category().message(failure) + '\n');
  }
}

}  // namespace duso::cli
