// A witness for tests: it saw a script in the middle of its work.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/panic/info.hpp"
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
  void write_status(panic::TextSink& sink) const noexcept override {
    sink.write("heap 1.2 MB of 16 MB, 3 instances, 14 tasks");
  }
  std::string details() const override { return "Configuration:\n  workers: 2"; }
  void tell(const panic::PanicInfo& info) const override { told.push_back(info.id); }

  mutable std::vector<std::uint64_t> told;  // ids
};

}  // namespace duso::test
