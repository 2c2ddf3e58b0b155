#include "cli/stopwatch.hpp"

#include <cstdio>

#include <sys/resource.h>

namespace duso::cli {

namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpu_seconds(int whose) {
  rusage usage = {};
  getrusage(whose, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

}  // namespace

double Stopwatch::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

std::string Stopwatch::report() const {
  char text[96];
  std::snprintf(text, sizeof text, "time: %.3f s wall, %.3f s CPU\n", seconds(),
                cpu_seconds(RUSAGE_SELF) + cpu_seconds(RUSAGE_CHILDREN));
  return text;
}

}  // namespace duso::cli
