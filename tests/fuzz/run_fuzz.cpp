// Fuzz target: running programs.
//
// The first bytes of the input set the limits that the program runs under, and may make one of its allocations fail.
// The rest is either the text of a program or, more often, what a generator makes a program of. Whatever happens, the
// run must end in one of the ways that the language knows, nothing may be left on the heap afterwards, and the instance
// must still work.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "fuzz_world.hpp"

namespace {

using namespace duso;
using namespace duso::fuzz;

// The limits that the first bytes of an input ask for.
struct Settings {
  static constexpr std::size_t kBytes = 4;

  bool is_text;
  execution::InstanceConfig config;
  std::size_t failing_allocation;
  std::uint64_t budget;

  explicit Settings(std::span<const std::uint8_t, kBytes> bytes) {
    is_text = bytes[0] == '#';
    const std::uint8_t flags = bytes[1];
    config.heap.limit = (flags & 1) != 0 ? std::size_t{256} << 10 : std::size_t{8} << 20;
    config.stack_size = std::size_t{1} << 20;
    config.max_call_depth = (flags & 2) != 0 ? 200 : 0;
    config.heap.gc_threshold = (flags & 4) != 0 ? 5 : 1000;
    config.heap.collect_cycles = (flags & 8) == 0;
    failing_allocation = (flags & 16) != 0 ? bytes[2] + std::size_t{bytes[3]} * 16 : 0;
    budget = (flags & 32) != 0 ? 20 : 2000;
  }
};

std::string program_text(const Settings& settings, std::span<const std::uint8_t> bytes) {
  if (!settings.is_text) return fuzz::ProgramGenerator(bytes).program();
  return {bytes.begin(), bytes.end()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (size < Settings::kBytes) return -1;
  const std::span<const std::uint8_t> input(data, size);
  const Settings settings(input.first<Settings::kBytes>());
  std::string text = program_text(settings, input.subspan(Settings::kBytes));
  if (std::getenv("DUSO_FUZZ_SHOW") != nullptr) std::fprintf(stderr, "%s\n", text.c_str());

  execution::Instance instance(world.fresh_engine(), settings.config, world.host);
  instance.stop_after(settings.budget);
  instance.heap().fail_allocation(settings.failing_allocation);
  const execution::PendingKind kind = run(instance, std::move(text));
  instance.heap().fail_allocation(0);
  expect_empty(instance);
  if (kind == execution::PendingKind::kStopped) return 0;

  instance.stop_after(0);
  expect(run(instance, "x = [1, 2]  if len(map(x, function(n) return n + 1 end)) != 2 then throw(x) end") ==
         execution::PendingKind::kNone);
  expect_empty(instance);
  return 0;
}
