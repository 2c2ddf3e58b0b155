// A hundred thousand tasks at once: what they wait for comes, and they stay within the memory and the mappings that a
// process may have.
#include <algorithm>
#include <string>

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include "runtime/memory/sanitizers.hpp"
#include "tests/unit/runtime/runtime_script.hpp"

using duso::test::RuntimeScript;

#if !DUSO_ADDRESS_SANITIZER && !DUSO_THREAD_SANITIZER  // they need a stack of their own for each

namespace {

std::size_t peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) / 1024;
}

}  // namespace

TEST_CASE("a hundred thousand tasks sleep at once", "[tasks]") {
  const std::size_t before = peak_mb();
  RuntimeScript script(1);
  CHECK(script.run(R"du(
    ended = 0
    for i = 1, 100000 do
      task(function()
        sleep(0.5)
        ended += 1
      end)
    end
    yield_now()
    most_mappings = len(split(load("/proc/self/maps"), "\n"))
    while ended < 100000 do sleep(0.01) end
    exit("{{most_mappings < 5000}} {{ended}}")
  )du") == "true 100000");
  CHECK(peak_mb() < std::max<std::size_t>(before, 1) + 1000);
}

TEST_CASE("a hundred thousand tasks that wait are cancelled at once", "[tasks]") {
  RuntimeScript script(1);
  CHECK(script.run(R"du(
    never = channel()
    all = []
    for i = 1, 100000 do push(all, task(function() never.recv() end)) end
    yield_now()
    for t in all do t.cancel() end
    yield_now()
    cancelled = 0
    for t in all do if t.is_cancelled() then cancelled += 1 end end
    exit("{{cancelled}}")
  )du") == "100000");
}

#endif
