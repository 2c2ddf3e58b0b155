// Named objects under the hands of several threads: nothing is lost, doubled or held by nobody, whenever those who wait
// are cancelled, timed out or killed.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "runtime/tasks/sync/atomic.hpp"
#include "runtime/tasks/sync/queue.hpp"
#include "runtime/tasks/sync/registry.hpp"
#include "runtime/tasks/sync/semaphore.hpp"
#include "runtime/tasks/sync/task_lock.hpp"
#include "tests/unit/runtime/runtime_script.hpp"

using duso::tasks::sync::Atomic;
using duso::tasks::sync::Kind;
using duso::tasks::sync::Mutex;
using duso::tasks::sync::Once;
using duso::tasks::sync::Queue;
using duso::tasks::sync::Registry;
using duso::tasks::sync::Semaphore;
using duso::tasks::sync::SyncObject;
using duso::test::RuntimeScript;

TEST_CASE("threads that open one name get one object", "[sync]") {
  Registry registry;
  constexpr int kThreads = 8;
  constexpr int kRounds = 200;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&registry] {
      for (int round = 0; round < kRounds; ++round) registry.open<Atomic>(std::to_string(round), 1)->add(1);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(registry.names(Kind::kAtomic).size() == kRounds);
  for (int round = 0; round < kRounds; ++round) {
    REQUIRE(registry.open<Atomic>(std::to_string(round), 1)->get() == 1 + kThreads);
  }
}

TEST_CASE("a removed object lives as long as somebody has it", "[sync]") {
  Registry registry;
  std::shared_ptr<Atomic> held = registry.open<Atomic>("a", 5);
  const std::weak_ptr<Atomic> watch = held;
  CHECK(registry.remove(Kind::kAtomic, "a"));
  CHECK_FALSE(registry.remove(Kind::kAtomic, "a"));
  CHECK_FALSE(watch.expired());
  CHECK(registry.open<Atomic>("a", 7)->get() == 7);
  held.reset();
  CHECK(watch.expired());
}

TEST_CASE("no item is lost or doubled when getters and putters give up", "[sync]") {
  RuntimeScript script(4);
  const std::string result = script.run(R"du(
    sync = require("sync")
    q = sync.Queue("q", 3)
    producers = sync.WaitGroup("producers")
    consumers = sync.WaitGroup("consumers")
    producer = parse("""
      sync = require("sync")
      q = sync.Queue("q", 3)
      put = sync.Atomic("put")
      function give(n)
        q.put(n)
        put.add(n)
      end
      for i = 1, 100 do
        try
          q.put(i, random() / 2000)
          put.add(i)
        catch (e) end
        t = task(give, i)
        sleep(random() / 10000)
        t.cancel()
        t.join()
      end
      sync.WaitGroup("producers").done()
    """)
    consumer = parse("""
      sync = require("sync")
      q = sync.Queue("q", 3)
      got = sync.Atomic("got")
      function take() got.add(q.get()) end
      while not sync.Event("end").is_set() do
        tasks = [task(take), task(take), task(take)]
        try got.add(q.get(random() / 2000)) catch (e) end
        sleep(random() / 10000)
        for t in tasks do t.cancel() end
        for t in tasks do t.join() end
      end
      sync.WaitGroup("consumers").done()
    """)
    for i = 1, 3 do
      producers.add()
      consumers.add()
      spawn(producer)
      spawn(consumer)
    end
    ended = producers.wait(60)
    sync.Event("end").set()
    ended = consumers.wait(60) and ended
    got = sync.Atomic("got")
    while q.size() > 0 do got.add(q.get()) end
    put = sync.Atomic("put")
    exit("{{ended}} {{got.get() > 0}} {{got.get() - put.get()}}")
  )du");
  CHECK(result == "true true 0");
}

TEST_CASE("no permit is lost or made when acquirers give up", "[sync]") {
  RuntimeScript script(4);
  const std::string result = script.run(R"du(
    sync = require("sync")
    s = sync.Semaphore("s", 5)
    wg = sync.WaitGroup("wg")
    code = parse("""
      sync = require("sync")
      s = sync.Semaphore("s", 5)
      function use(n)
        s.acquire(n)
        defer(s.release, n)
        sleep(random() / 20000)
      end
      for i = 1, 80 do
        n = 1 + i % 5
        if s.acquire(n, random() / 2000) then s.release(n) end
        t = task(use, n)
        sleep(random() / 10000)
        t.cancel()
        t.join()
      end
      sync.WaitGroup("wg").done()
    """)
    for i = 1, 6 do
      wg.add()
      spawn(code)
    end
    exit("{{wg.wait(60)}} {{s.available()}}")
  )du");
  CHECK(result == "true 5");
}

TEST_CASE("a mutex has one owner, and none when its owners were killed", "[sync]") {
  RuntimeScript script(4);
  const std::string result = script.run(R"du(
    sync = require("sync")
    m = sync.Mutex("m")
    code = parse("""
      sync = require("sync")
      m = sync.Mutex("m")
      owner = sync.Atomic("owner")
      me = context()
      while true do
        if m.lock(random() / 1000) then
          owner.set(me)
          if random() < 0.3 then sleep(random() / 5000) end
          if owner.get() != me then sync.Atomic("wrong").add() end
          if random() < 0.5 then m.unlock() else task(function() end).join() m.unlock() end
        end
        sync.Atomic("rounds").add()
      end
    """)
    pids = map(range(1, 6), function(n) return spawn(code, n) end)
    for i = 1, 40 do
      sleep(0.002)
      victim = i % 6
      kill(pids[victim])
      pids[victim] = spawn(code, victim + i * 10)
    end
    while sync.Atomic("rounds").get() < 50 do sleep(0.001) end
    for pid in pids do kill(pid) end
    while live_instances() > 1 do sleep(0.001) end
    wrong = sync.Atomic("wrong")
    exit("{{m.lock(10)}} {{wrong.get()}}")
  )du");
  CHECK(result == "true 0");
}

TEST_CASE("those who run once and those who wait for it meet on any thread", "[sync]") {
  RuntimeScript script(4);
  const std::string result = script.run(R"du(
    sync = require("sync")
    wg = sync.WaitGroup("wg")
    code = parse("""
      sync = require("sync")
      sync.Event("go").wait()
      for i = 1, 50 do
        once = sync.Once("once " + i)
        try
          first = once.run(function()
            if random() < 0.5 then sleep(0) end
            if random() < 0.5 then throw("again") end
            sync.Atomic("ran").add()
          end)
          if first then sync.Atomic("first").add() end
        catch (e)
          once.run(function() sync.Atomic("ran").add() sync.Atomic("first").add() end)
        end
      end
      sync.WaitGroup("wg").done()
    """)
    for i = 1, 6 do
      wg.add()
      spawn(code)
    end
    sync.Event("go").set()
    ran = sync.Atomic("ran")
    first = sync.Atomic("first")
    exit("{{wg.wait(60)}} {{ran.get()}} {{first.get()}}")
  )du");
  CHECK(result == "true 50 50");
}

TEST_CASE("a process that ends lets go of all that its instances held and waited for", "[sync]") {
  std::vector<std::weak_ptr<SyncObject>> objects;
  {
    RuntimeScript script(3);
    const std::string result = script.run(R"du(
      sync = require("sync")
      code = parse("""
        sync = require("sync")
        there = sync.WaitGroup("there")
        task(function() sync.Queue("q").get() end)
        task(function() sync.Queue("full", 1).put([1, 2, 3]) sync.Queue("full", 1).put([4, 5, 6]) end)
        task(function() sync.Semaphore("s", 0).acquire() end)
        task(function() sync.Shared("v").update(function(v) there.done() sleep(60) end) end)
        task(function() sync.Shared("v").set(["text"]) end)
        task(function() sync.Once("o").run(function() sleep(60) end) end)
        sync.Mutex("m").with(function() sleep(60) end)
      """)
      there = sync.WaitGroup("there")
      there.add()
      for i = 1, 5 do spawn(code) end
      task(function() sync.Queue("q").get() end)
      exit("{{there.wait(30)}}")
    )du");
    CHECK(result == "true");
    Registry& registry = script.runtime().sync_objects();
    objects.emplace_back(registry.open<Queue>("q", std::size_t{0}));
    objects.emplace_back(registry.open<Queue>("full", std::size_t{1}));
    objects.emplace_back(registry.open<Semaphore>("s", 0));
    objects.emplace_back(registry.open<Mutex>("m"));
    objects.emplace_back(registry.open<Once>("o"));
  }
  for (const auto& object : objects) CHECK(object.expired());
}
