// The whole runtime under random load for a few seconds: instances that come and go, wait, compute, hold things and are
// killed at any moment. Whatever happens, every one of them ends. Under the thread sanitizer this is the proof that no
// heap is touched by two threads.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/runtime/runtime_script.hpp"

using duso::test::RuntimeScript;

namespace {

// What all instances do, one of several things at a time; `context()` says how deep they may start further ones.
constexpr const char* kChild = R"du(
  sync = require("sync")
  depth = context().depth
  deeds = [
    function() sleep(random() / 500) end,
    function() for i = 1, 20000 do x = i * i end end,
    function()
      try
        run(context().code, {code = context().code, depth = 0}, random() / 200)
      catch (e) end
    end,
    function() if depth > 0 then spawn(context().code, {code = context().code, depth = depth - 1}) end end,
    function() try sync.Queue("q", 5).put({n = random(), list = [1, "two", {three = 3}]}, random() / 500) catch (e) end end,
    function() try sync.Queue("q", 5).get(random() / 500) catch (e) end end,
    function() sync.Mutex("m").with(function() sleep(random() / 2000) end) end,
    function() if sync.Semaphore("s", 3).acquire(2, random() / 500) then sync.Semaphore("s").release(2) end end,
    function() sync.Shared("v", {n = 0}).update(function(v) v.n += 1 return v end) end,
    function() sync.Once("o" + floor(random() * 20)).run(function() sleep(0) end) end,
    function() sync.Event("e").wait(random() / 500) sync.Event("e").set() sync.Event("e").clear() end,
    function()
      tasks = map(range(1, 4), function(n)
        return task({timeout = 0.001 + random() / 200}, function()
          defer(function() sync.Atomic("cleanups").add() end)
          if n == 1 then while true do end end
          if n == 2 then sync.Mutex("m").lock() end
          sleep(random() / 100)
        end)
      end)
      sleep(random() / 1000)
      tasks[2].cancel("not needed")
      for t in tasks do t.join() end
    end,
    function() parallel([function() sleep(0) return [1] end, function() throw("no") end, function() return 2 end]) end,
    function() if random() < 0.2 then throw({code = 1, text = "ends"}) end end,
    function() if random() < 0.2 then exit([1, 2, {x = "y"}]) end end,
    function() if random() < 0.1 then while true do end end end
  ]
  for round = 1, 8 do
    deeds[floor(random() * len(deeds))]()
  end
)du";

std::string stress(std::size_t workers, const std::string& seconds) {
  RuntimeScript script(workers);
  return script.run("child = parse(\"\"\"" + std::string(kChild) + "\"\"\")\nseconds = " + seconds + R"du(
    pids = []
    end_time = timer() + seconds
    spawned = 0
    while timer() < end_time do
      if live_instances() < 60 then
        push(pids, spawn(child, {code = child, depth = 1}))
        spawned += 1
      else
        sleep(0.001)
      end
      if len(pids) > 40 then
        try kill(shift(pids)) catch (e) end
      end
      if spawned % 50 == 0 then
        try run(child, {code = child, depth = 0}, timeout = 0.01) catch (e) end
      end
    end
    for pid in pids do
      try kill(pid) catch (e) end
    end
    // What the children started meanwhile, and still start while they are dying, is killed as well, until nobody is left.
    deadline = timer() + 60
    last = spawn(parse("x = 1"))
    while live_instances() > 1 and timer() < deadline do
      for pid = max(1, last - 2000), last + 500 do
        try kill(pid) catch (e) end
      end
      sleep(0.01)
    end
    exit("{{spawned > 10}} {{live_instances()}}")
  )du");
}

}  // namespace

TEST_CASE("instances that do anything at any time all end", "[stress]") { CHECK(stress(8, "1.5") == "true 1"); }

TEST_CASE("so they do where all share one worker", "[stress]") { CHECK(stress(1, "0.5") == "true 1"); }

TEST_CASE("a process that ends in the middle of its work gives up what is left", "[stress]") {
  for (int round = 0; round < 5; ++round) {
    RuntimeScript script(5);
    const std::string result = script.run("child = parse(\"\"\"" + std::string(kChild) + R"du(""")
      for i = 1, 30 do spawn(child, {code = child, depth = 1}) end
      sleep(0.02)
      exit("over")
    )du");
    CHECK(result == "over");
  }
}

TEST_CASE("threads of the host start and kill instances beside the scripts", "[stress]") {
  RuntimeScript script(4);
  duso::tasks::Runtime& runtime = script.runtime();
  const auto source = std::make_shared<const duso::syntax::Source>(
      "host.du", "sync = require(\"sync\")\nsync.Atomic(\"begun\").add()\nsync.Queue(\"never\").get()");
  const auto program = std::shared_ptr<const duso::syntax::Program>(duso::syntax::parse(source).program);
  std::vector<std::thread> threads;
  std::atomic<int> ended{0};
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        duso::tasks::InstanceSetup setup;
        setup.kind = duso::tasks::InstanceKind::kSpawn;
        setup.pid = runtime.next_pid();
        setup.script = "host.du";
        setup.program = program;
        setup.on_end = [&ended](duso::tasks::ScriptInstance&, const duso::tasks::Ending&) { ++ended; };
        const std::uint64_t pid = setup.pid;
        runtime.start(std::move(setup));
        if (round % 3 == 0) std::this_thread::yield();
        runtime.kill(pid);
      }
    });
  }
  const std::string result = script.run(R"du(
    deadline = timer() + 60
    seen = 0
    sleep(0.02)
    while live_instances() > 1 and timer() < deadline do sleep(0.001) end
    exit("{{live_instances()}}")
  )du");
  for (std::thread& thread : threads) thread.join();
  CHECK(result == "1");
}
