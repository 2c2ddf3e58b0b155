// What a run has cost: the time on the clock, and the time of all processors together (duso -time, cli.md 14).
#pragma once

#include <chrono>
#include <string>

namespace duso::cli {

// Runs from its making on.
class Stopwatch {
 public:
  // The seconds since then.
  double seconds() const;

  // "time: 1.204 s wall, 2.310 s CPU" with a line end; the latter is that of the whole process and of the children that
  // it has waited for.
  std::string report() const;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace duso::cli
