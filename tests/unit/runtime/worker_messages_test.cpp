// Messages between eight workers and threads of the host, in all directions at once. Each arrives once, on the thread
// of the worker it was sent to, and those of one sender in their order. What is written on arrival is guarded by
// nothing else, so that the thread sanitizer would see a message that is delivered anywhere else.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/unit/runtime/runtime_script.hpp"

using duso::tasks::Message;
using duso::tasks::ScriptInstance;
using duso::tasks::Worker;
using duso::test::RuntimeScript;

namespace {

constexpr std::size_t kWorkers = 8;
constexpr std::size_t kSenders = 4;
constexpr std::size_t kMessages = 2000;  // of each sender
constexpr unsigned kHops = 10;           // of each message, beyond the first

// The workers, and what each of them has seen. Only the worker itself touches its own part.
struct Post {
  struct Seen {
    std::size_t hops = 0;
    std::array<std::size_t, kSenders> next{};  // number of the message that a sender sends next
    std::size_t out_of_order = 0;
    std::size_t elsewhere = 0;  // delivered on another thread
  };
  std::array<Worker*, kWorkers> workers{};
  std::array<Seen, kWorkers> seen;
  std::atomic<std::size_t> arrived{0};  // at their last worker
};

// Goes on from worker to worker, at random.
class Wanderer final : public Message {
 public:
  Wanderer(Post& post, unsigned seed, unsigned left) : post_(post), random_(seed), left_(left) {}
  void deliver(Worker& worker) override {
    Post::Seen& seen = post_.seen[worker.index()];
    ++seen.hops;
    if (Worker::current() != &worker) ++seen.elsewhere;
    if (left_ == 0) {
      ++post_.arrived;
      return;
    }
    const std::size_t next = random_() % kWorkers;
    post_.workers[next]->post(std::make_unique<Wanderer>(post_, static_cast<unsigned>(random_()), left_ - 1));
  }

 private:
  Post& post_;
  std::minstd_rand random_;
  unsigned left_;
};

// The [number]-th message of [sender] to its worker.
class Letter final : public Message {
 public:
  Letter(Post& post, std::size_t sender, std::size_t number) : post_(post), sender_(sender), number_(number) {}
  void deliver(Worker& worker) override {
    Post::Seen& seen = post_.seen[worker.index()];
    if (seen.next[sender_] != number_) ++seen.out_of_order;
    seen.next[sender_] = number_ + 1;
  }

 private:
  Post& post_;
  std::size_t sender_;
  std::size_t number_;
};

// Starts instances that wait, until each worker has one; they say where they were when they are killed.
class Inhabitants {
 public:
  explicit Inhabitants(duso::tasks::Runtime& runtime) : runtime_(runtime) {}

  void settle(Post& post) {
    for (int i = 0; i < 3 * static_cast<int>(kWorkers); ++i) start();
    for (const std::uint64_t pid : pids_) runtime_.kill(pid);
    std::unique_lock lock(mutex_);
    while (ended_ < pids_.size()) {
      lock.unlock();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      lock.lock();
    }
    for (Worker* const worker : found_) post.workers[worker->index()] = worker;
  }

 private:
  void start() {
    duso::tasks::InstanceSetup setup;
    setup.kind = duso::tasks::InstanceKind::kSpawn;
    setup.pid = runtime_.next_pid();
    setup.script = "inhabitant.du";
    setup.program = program_;
    setup.on_end = [this](ScriptInstance& instance, const duso::tasks::Ending&) {
      const std::lock_guard lock(mutex_);
      found_.push_back(&instance.worker());
      ++ended_;
    };
    pids_.push_back(setup.pid);
    runtime_.start(std::move(setup));
  }

  duso::tasks::Runtime& runtime_;
  const std::shared_ptr<const duso::syntax::Program> program_ =
      duso::syntax::parse(std::make_shared<const duso::syntax::Source>("inhabitant.du", "sleep(1000)")).program;
  std::vector<std::uint64_t> pids_;
  std::mutex mutex_;  // guards the next two
  std::vector<Worker*> found_;
  std::size_t ended_ = 0;
};

}  // namespace

TEST_CASE("messages between eight workers arrive once, in order, on the right thread", "[tasks][stress]") {
  RuntimeScript script(kWorkers);
  Post post;
  Inhabitants inhabitants(script.runtime());
  std::thread host([&] {
    inhabitants.settle(post);
    std::vector<std::thread> senders;
    for (std::size_t sender = 0; sender < kSenders; ++sender) {
      senders.emplace_back([&post, sender] {
        std::minstd_rand random(static_cast<unsigned>(sender + 1));
        std::array<std::size_t, kWorkers> sent{};
        for (std::size_t i = 0; i < kMessages; ++i) {
          const std::size_t to = random() % kWorkers;
          post.workers[to]->post(std::make_unique<Letter>(post, sender, sent[to]++));
          post.workers[random() % kWorkers]->post(
              std::make_unique<Wanderer>(post, static_cast<unsigned>(random()), kHops));
        }
      });
    }
    for (std::thread& sender : senders) sender.join();
    while (post.arrived < kSenders * kMessages) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    script.runtime().shutdown(0);
  });
  // Scripts compute and talk meanwhile, so that messages meet workers in every state.
  script.run(R"du(
    busy = parse("""
      sync = require("duso/sync")
      while true do
        for i = 1, 5000 do x = i % 7 end
        sync.Queue("talk", 3).put(x, 0.001)
        sync.Queue("talk", 3).get(0.001)
      end
    """)
    while true do
      for i = 1, 4 do
        pid = spawn(busy)
        sleep(0.002)
        kill(pid)
      end
    end
  )du");
  host.join();
  std::size_t hops = 0;
  for (const Post::Seen& seen : post.seen) {
    hops += seen.hops;
    CHECK(seen.out_of_order == 0);
    CHECK(seen.elsewhere == 0);
  }
  CHECK(hops == kSenders * kMessages * (kHops + 1));
}
