// Suspended stacks: a flow of control leaves at any depth, on any segment, and goes on there or never.
#include <fstream>
#include <memory>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

#include "runtime/memory/sanitizers.hpp"
#include "runtime/memory/stack_pool.hpp"
#include "runtime/memory/stack_segments.hpp"

namespace {

using duso::memory::StackPool;
using duso::memory::StackSegments;

constexpr std::size_t kMegabyte = std::size_t{1} << 20;
constexpr std::size_t kSmall = 2 * StackSegments::kRedZone;

// Calls itself to a depth as the interpreter does, and suspends itself at every so-maniest call, on the way down and on
// the way back. Every frame looks whether anybody wrote into it meanwhile.
class Diver {
 public:
  Diver(StackSegments& stack, std::size_t depth, std::size_t rest_every)
      : stack_(stack), depth_(depth), rest_every_(rest_every) {}

  void start() { stack_.start(dive, this); }
  bool is_down() const { return !has_ended_ && depth_now_ == depth_; }
  bool has_ended() const { return has_ended_; }
  std::size_t intact() const { return intact_; }
  std::size_t rests() const { return rests_; }
  bool was_refused() const { return was_refused_; }

 private:
  struct Call {
    Diver* diver;
    std::size_t depth;
  };

  static void dive(void* raw) {
    auto* diver = static_cast<Diver*>(raw);
    diver->descend(0);
    diver->has_ended_ = true;
  }

  static void descend_further(void* raw) {
    auto* call = static_cast<Call*>(raw);
    call->diver->descend_here(call->depth);
  }

  void descend(std::size_t depth) {
    if (static_cast<const char*>(__builtin_frame_address(0)) >= stack_.limit()) return descend_here(depth);
    Call call{this, depth};
    if (!stack_.call_on_new_segment(descend_further, &call)) was_refused_ = true;
  }

  __attribute__((noinline)) void descend_here(std::size_t depth) {
    volatile unsigned char locals[300];
    for (std::size_t i = 0; i < sizeof(locals); ++i) locals[i] = static_cast<unsigned char>(depth * 7 + i);
    depth_now_ = depth;
    rest(depth);
    if (depth < depth_) descend(depth + 1);
    depth_now_ = depth;
    rest(depth);
    for (std::size_t i = 0; i < sizeof(locals); ++i) {
      if (locals[i] != static_cast<unsigned char>(depth * 7 + i)) return;
    }
    ++intact_;
  }

  void rest(std::size_t depth) {
    if (depth % rest_every_ != 0) return;
    ++rests_;
    stack_.suspend();
  }

  StackSegments& stack_;
  const std::size_t depth_;
  const std::size_t rest_every_;
  std::size_t depth_now_ = 0;
  std::size_t intact_ = 0;
  std::size_t rests_ = 0;
  bool has_ended_ = false;
  bool was_refused_ = false;
};

TEST_CASE("code that suspends itself at any depth goes on there", "[memory][stack]") {
  StackSegments stack(64 * kMegabyte);
  Diver diver(stack, 5000, 1);
  diver.start();
  std::size_t resumed = 0;
  for (; !diver.has_ended(); ++resumed) {
    REQUIRE(stack.is_suspended());
    stack.resume();
  }
  CHECK(resumed == 2 * 5001);
  CHECK(diver.intact() == 5001);
  CHECK(!stack.is_suspended());
  CHECK(stack.limit() == nullptr);
}

TEST_CASE("many suspended stacks of one pool keep apart", "[memory][stack]") {
  StackPool pool(kSmall);
  std::mt19937 random(1);
  constexpr std::size_t kStacks = 100;
  std::vector<std::unique_ptr<StackSegments>> stacks;
  std::vector<std::unique_ptr<Diver>> divers;
  std::vector<std::size_t> depths;
  for (std::size_t i = 0; i < kStacks; ++i) {
    stacks.push_back(std::make_unique<StackSegments>(16 * kMegabyte, pool));
    depths.push_back(random() % 2000);
    divers.push_back(std::make_unique<Diver>(*stacks.back(), depths.back(), 1 + random() % 50));
    divers.back()->start();
  }
  for (std::size_t left = kStacks; left > 0;) {
    const std::size_t next = random() % kStacks;
    if (divers[next]->has_ended()) continue;
    stacks[next]->resume();
    if (divers[next]->has_ended()) --left;
  }
  for (std::size_t i = 0; i < kStacks; ++i) CHECK(divers[i]->intact() == depths[i] + 1);
}

TEST_CASE("a stack that is abandoned at any depth can be started again", "[memory][stack]") {
  StackPool pool(kSmall);
  StackSegments stack(16 * kMegabyte, pool);
  for (std::size_t depth = 0; depth < 3000; depth += 100) {
    Diver lost(stack, depth, depth + 1);  // it rests at the top only
    Diver deep(stack, depth, depth == 0 ? 1 : depth);
    lost.start();
    CHECK(stack.is_suspended());
    stack.abandon();
    CHECK(!stack.is_suspended());
    deep.start();
    while (!deep.is_down()) stack.resume();
    stack.abandon();
    CHECK(stack.used() == 0);
    Diver whole(stack, depth, depth + 1);
    whole.start();
    while (!whole.has_ended()) stack.resume();
    CHECK(whole.intact() == depth + 1);
  }
}

#if !DUSO_ADDRESS_SANITIZER && !DUSO_THREAD_SANITIZER  // they have memory of their own for each stack

std::size_t resident_kb() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * 4;
}

TEST_CASE("stacks that were deep once are small again", "[memory][stack]") {
  StackPool pool(kSmall);
  constexpr std::size_t kStacks = 200;
  std::vector<std::unique_ptr<StackSegments>> stacks;
  for (std::size_t i = 0; i < kStacks; ++i) {
    stacks.push_back(std::make_unique<StackSegments>(16 * kMegabyte, pool));
  }
  const auto dive_with_all = [&] {
    for (auto& stack : stacks) {
      Diver diver(*stack, 1000, SIZE_MAX);
      diver.start();
      while (!diver.has_ended()) stack->resume();
    }
  };
  const std::size_t before = resident_kb();
  dive_with_all();
  CHECK(resident_kb() > before + kStacks * 64);
  for (auto& stack : stacks) stack->trim();
  CHECK(resident_kb() < before + kStacks * 24);
  dive_with_all();
  stacks.clear();
  CHECK(resident_kb() < before + kStacks * 24);
}

#endif

TEST_CASE("a stack overflows in order whatever its limit is", "[memory][stack]") {
  StackPool pool(kSmall);
  for (std::size_t limit = kSmall; limit < kSmall + kMegabyte; limit += 4096 + 512) {
    CAPTURE(limit);
    StackSegments stack(limit, pool);
    Diver diver(stack, SIZE_MAX, 1000);
    diver.start();
    while (!diver.has_ended()) stack.resume();
    CHECK(diver.was_refused());
    CHECK(diver.intact() > 0);
    // A second fall is as deep as the first one.
    Diver again(stack, SIZE_MAX, 777);
    again.start();
    while (!again.has_ended()) stack.resume();
    CHECK(again.intact() == diver.intact());
  }
}

TEST_CASE("the last call that fits on a stack is the same every time", "[memory][stack]") {
  StackPool pool(kSmall);
  StackSegments stack(kMegabyte, pool);
  Diver measure(stack, SIZE_MAX, SIZE_MAX);
  measure.start();
  while (!measure.has_ended()) stack.resume();
  const std::size_t deepest = measure.intact();
  REQUIRE(deepest > 1000);
  // One call less, or as many, fit; one more does not.
  for (std::size_t missing = 2; missing > 0; --missing) {
    Diver fits(stack, deepest - missing, 500);
    fits.start();
    while (!fits.has_ended()) stack.resume();
    CHECK(!fits.was_refused());
    CHECK(fits.intact() == deepest - missing + 1);
  }
  Diver too_deep(stack, deepest, 500);
  too_deep.start();
  while (!too_deep.has_ended()) stack.resume();
  CHECK(too_deep.was_refused());
  CHECK(too_deep.intact() == deepest);
}

}  // namespace
