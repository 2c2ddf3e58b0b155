#include "runtime/panic/report.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include <sys/utsname.h>

#include "runtime/calendar.hpp"
#include "runtime/version.hpp"

namespace duso::panic {

namespace {

constexpr std::size_t kHistoryShown = 10;

timespec monotonic_now() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now;
}

utsname this_machine() {
  utsname machine = {};
  uname(&machine);
  return machine;
}

// Known before main() begins: signal handlers read them.
const timespec kProcessStart = monotonic_now();
const utsname kMachine = this_machine();

void write_two_digits(TextSink& sink, int number) {
  if (number < 10) sink.write("0");
  sink.write_decimal(static_cast<std::uint64_t>(number));
}

void write_line(TextSink& sink, std::string_view label, std::string_view text) {
  sink.write(label);
  sink.write(text);
  sink.write("\n");
}

void write_section(TextSink& sink, std::string_view title, std::string_view lines) {
  if (lines.empty()) return;
  write_line(sink, "\n", title);
  sink.write(lines);
  if (!lines.ends_with('\n')) sink.write("\n");
}

}  // namespace

void write_head(TextSink& sink, std::string_view message, Kind kind, const Place& place) {
  write_line(sink, "Panic: ", message);
  write_line(sink, "  kind:     ", name_of(kind));
  if (!place.file.empty()) {
    sink.write("  at:       ");
    sink.write(place.file);
    sink.write(":");
    sink.write_decimal(place.line);
    sink.write(":");
    sink.write_decimal(place.column);
    sink.write("\n");
  }
  if (!place.script.empty()) {
    sink.write("  instance: ");
    sink.write_decimal(place.instance);
    sink.write(" (");
    sink.write(place.instance_kind);
    write_line(sink, ") ", place.script);
  }
  if (!place.task.empty()) write_line(sink, "  task:     ", place.task);
}

void write_foot(TextSink& sink) {
  const timespec now = monotonic_now();
  const std::int64_t up =
      (now.tv_sec - kProcessStart.tv_sec) * 1000 + (now.tv_nsec - kProcessStart.tv_nsec) / 1'000'000;
  sink.write("\nduso ");
  sink.write(runtime::kVersion);
  sink.write(", ");
  sink.write(kMachine.sysname);
  sink.write(" ");
  sink.write(kMachine.machine);
  sink.write(", up ");
  sink.write_decimal(static_cast<std::uint64_t>(up / 1000));
  const auto milliseconds = static_cast<std::uint64_t>(up % 1000);
  sink.write(milliseconds < 10 ? ".00" : milliseconds < 100 ? ".0" : ".");
  sink.write_decimal(milliseconds);
  sink.write(" s");
}

std::string report_text(const PanicInfo& info) {
  StringSink sink;
  write_head(sink, info.message, info.kind,
             {.instance = info.instance,
              .instance_kind = info.instance_kind,
              .script = info.script,
              .task = info.task,
              .file = info.file,
              .line = info.line,
              .column = info.column});
  write_section(sink, "Call stack:", info.stack);
  write_section(sink, "Native backtrace:", info.backtrace);
  write_foot(sink);
  if (!info.status.empty()) sink.write(", ");
  write_line(sink, info.status, "");
  return sink.take();
}

std::string crash_file_text(const std::string& report, std::string_view details,
                            const std::vector<PanicInfo>& history) {
  StringSink sink;
  sink.write(report);
  if (!details.empty()) write_line(sink, "\n", details);
  sink.write("\nLast panics:\n");
  const std::size_t shown = std::min(history.size(), kHistoryShown);
  for (const PanicInfo& info : std::span(history).last(shown)) {
    sink.write("  ");
    sink.write_decimal(info.id);
    sink.write(" ");
    sink.write(name_of(info.kind));
    sink.write(info.recovered ? " (recovered) " : " ");
    if (!info.file.empty()) sink.write(info.location() + " ");
    write_line(sink, info.message, "");
  }
  return sink.take();
}

bool crash_file_path(std::string_view directory, std::uint64_t id, std::array<char, kLongestPath>& path) {
  const CivilTime time = civil_from_seconds(::time(nullptr));
  FixedSink sink(path);
  sink.write(directory);
  sink.write("/duso-crash-");
  sink.write_decimal(static_cast<std::uint64_t>(time.year));
  write_two_digits(sink, time.month);
  write_two_digits(sink, time.day);
  sink.write("T");
  write_two_digits(sink, time.hour);
  write_two_digits(sink, time.minute);
  write_two_digits(sink, time.second);
  sink.write("Z-");
  sink.write_decimal(static_cast<std::uint64_t>(getpid()));
  sink.write("-");
  sink.write_decimal(id);
  sink.write(".txt");
  return sink.terminate();
}

std::string write_crash_file(const std::string& directory, std::uint64_t id, std::string_view text) {
  std::array<char, kLongestPath> path;
  if (!crash_file_path(directory, id, path)) return "cannot write a crash file to " + directory + ": path too long";
  const int file = open(path.data(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool good = file >= 0;
  while (good && !text.empty()) {
    const ssize_t count = ::write(file, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else {
      good = errno == EINTR;
    }
  }
  const int reason = errno;
  if (file >= 0) close(file);
  return good ? std::string() : "cannot write " + std::string(path.data()) + ": " + std::strerror(reason);
}

}  // namespace duso::panic
