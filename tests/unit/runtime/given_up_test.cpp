// What becomes of those that depend on a task which does not end, and is given up where it stands.
#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/runtime/runtime_script.hpp"

using duso::test::RuntimeScript;

namespace {

// An instance whose task is deaf to its end, because it is shielded, and waits for a child that sleeps for ever.
constexpr const char* kDeafParent = R"du(
  parent = """
    tasks = require("duso/tasks")
    tasks.shield(run, parse('require("duso/sync").Event("child runs").set() sleep(1000)'))
  """
  pid = spawn(parse(parent))
  require("duso/sync").Event("child runs").wait()
)du";

}  // namespace

TEST_CASE("the child of a run() ends with a parent that is given up", "[tasks]") {
  for (const std::size_t workers : {1U, 3U}) {
    CAPTURE(workers);
    RuntimeScript script(workers);
    // The instance gets five seconds to end in.
    CHECK(script.run(kDeafParent + std::string(R"du(
      before = live_instances()
      kill(pid)
      deadline = timer() + 60
      while live_instances() > 1 and timer() < deadline do sleep(0.01) end
      exit("{{before}} {{live_instances()}} {{timer() > deadline}}")
    )du")) == "3 1 false");
  }
}

TEST_CASE("a process ends although a task is deaf and waits for a child", "[tasks]") {
  for (const std::size_t workers : {1U, 3U}) {
    CAPTURE(workers);
    RuntimeScript script(workers);
    CHECK(script.run(kDeafParent + std::string("exit(\"over\")")) == "over");
  }
}
