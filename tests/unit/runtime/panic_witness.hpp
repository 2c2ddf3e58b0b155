// A witness for tests: it saw a script in the middle of its work.
#pragma once

#include "runtime/panic/witness.hpp"

namespace duso::test {

class TestWitness final : public panic::Witness {
 public:
  panic::Place place() const noexcept override {
    return {.instance = 3,
            .instance_kind = "run",
            .script = "job.du",
            .task = "main",
            .file = "lib/job.du",
            .line = 3,
            .column = 7};
  }
  void write_stack(panic::TextSink& sink) const noexcept override { sink.write("  at work (job.du:7:1)\n"); }
  std::string status() const override { return "heap 1.2 MB of 16 MB, 3 instances, 14 tasks"; }
  std::string details() const override { return "Configuration:\n  workers: 2"; }
};

}  // namespace duso::test
