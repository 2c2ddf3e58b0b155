// Stack segments: recursion over many of them, overflow, and what a crossing costs.
#include "runtime/memory/stack_segments.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include "tests/unit/memory/crashing_child.hpp"

namespace {

using duso::memory::StackSegments;
using duso::memory::test::signal_of;

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

// Recursion the way the interpreter does it: a look at the stack pointer on every call, a further segment when it is
// needed.
class Recursion {
 public:
  explicit Recursion(StackSegments& stack) : stack_(stack) {}

  // Calls itself [depth] times, or until the stack is full; returns the number of calls that returned in order.
  std::size_t descend(std::size_t depth) {
    if (static_cast<const char*>(__builtin_frame_address(0)) < stack_.limit()) {
      Call call{this, depth, 0};
      if (stack_.call_on_new_segment(run, &call)) {
        ++crossings_;
        return call.result;
      }
      is_full_ = true;
      return 0;
    }
    return descend_here(depth);
  }

  bool is_full() const { return is_full_; }
  std::size_t most_used() const { return most_used_; }
  int crossings() const { return crossings_; }

 private:
  struct Call {
    Recursion* recursion;
    std::size_t depth;
    std::size_t result;
  };

  static void run(void* argument) {
    auto* call = static_cast<Call*>(argument);
    call->result = call->recursion->descend_here(call->depth);
  }

  __attribute__((noinline)) std::size_t descend_here(std::size_t depth) {
    volatile unsigned char locals[200];
    for (std::size_t i = 0; i < sizeof(locals); ++i) locals[i] = static_cast<unsigned char>(depth + i);
    most_used_ = std::max(most_used_, stack_.used());
    const std::size_t returned = depth == 0 || is_full_ ? 0 : descend(depth - 1);
    for (std::size_t i = 0; i < sizeof(locals); ++i) {
      if (locals[i] != static_cast<unsigned char>(depth + i)) return 0;  // somebody wrote into this frame
    }
    return returned + 1;
  }

  StackSegments& stack_;
  std::size_t most_used_ = 0;
  bool is_full_ = false;
  int crossings_ = 0;
};

TEST_CASE("a callable runs on the stack of its own, and its result comes back", "[memory][stack]") {
  StackSegments stack(kMegabyte);
  CHECK(stack.limit() == nullptr);
  CHECK(stack.used() == 0);
  const char* inside = nullptr;
  const char* limit = nullptr;
  std::size_t used = 0;
  stack.run([&] {
    inside = static_cast<const char*>(__builtin_frame_address(0));
    limit = stack.limit();
    used = stack.used();
  });
  CHECK(inside > limit);
  CHECK(inside < limit + StackSegments::kFirstSegment);
  CHECK(used > 0);
  CHECK(used < 16 * 1024);
  CHECK(stack.limit() == nullptr);
  CHECK(stack.used() == 0);
}

TEST_CASE("a run may be repeated, and changes what it captured", "[memory][stack]") {
  StackSegments stack(kMegabyte);
  int count = 0;
  const auto increment = [&] { ++count; };
  for (int i = 0; i < 1000; ++i) stack.run(increment);
  CHECK(count == 1000);
}

TEST_CASE("deep recursion goes on over many segments and returns in order", "[memory][stack]") {
  StackSegments stack(256 * kMegabyte);
  Recursion recursion(stack);
  std::size_t returned = 0;
  stack.run([&] { returned = recursion.descend(100'000); });
  CHECK(returned == 100'001);
  CHECK(!recursion.is_full());
  CHECK(recursion.most_used() > 100'000 * 200);
  CHECK(recursion.most_used() < 256 * kMegabyte);
  // Each segment is twice as large as the one before, up to a limit that the frames of a sanitized build reach early.
  CHECK(recursion.crossings() < (DUSO_THREAD_SANITIZER != 0 ? 64 : 20));
}

TEST_CASE("a full stack is reported, unwinds, and can be filled again", "[memory][stack]") {
  StackSegments stack(4 * kMegabyte);
  std::size_t first = 0;
  for (int round = 0; round < 3; ++round) {
    Recursion recursion(stack);
    std::size_t returned = 0;
    stack.run([&] { returned = recursion.descend(SIZE_MAX); });
    CHECK(recursion.is_full());
    CHECK(recursion.most_used() <= 4 * kMegabyte);
    CHECK(recursion.most_used() > 3 * kMegabyte);  // the limit is there to be used
    if (round == 0) first = returned;
    CHECK(returned > 1000);
    CHECK(returned == first);
  }
}

TEST_CASE("after an overflow the same run has its whole stack again", "[memory][stack]") {
  StackSegments stack(4 * kMegabyte);
  std::size_t first = 0;
  std::size_t second = 0;
  stack.run([&] {
    first = Recursion(stack).descend(SIZE_MAX);
    second = Recursion(stack).descend(SIZE_MAX);
  });
  CHECK(first > 1000);
  CHECK(second == first);
}

TEST_CASE("a stack with room for one segment only says no at once", "[memory][stack]") {
  StackSegments stack(StackSegments::kFirstSegment, StackSegments::kFirstSegment);
  bool was_called = false;
  bool answer = true;
  const char* before = nullptr;
  const char* after = nullptr;
  stack.run([&] {
    before = stack.limit();
    answer = stack.call_on_new_segment([](void* flag) { *static_cast<bool*>(flag) = true; }, &was_called);
    after = stack.limit();
  });
  CHECK(!answer);
  CHECK(!was_called);
  CHECK(before == after);
}

#if !DUSO_ADDRESS_SANITIZER && !DUSO_THREAD_SANITIZER  // they map memory of their own for each stack

// The number of mappings of this process.
std::size_t count_mappings() {
  std::ifstream maps("/proc/self/maps");
  std::string line;
  std::size_t lines = 0;
  while (std::getline(maps, line)) ++lines;
  return lines;
}

TEST_CASE("segments are unmapped on the way back, except for one", "[memory][stack]") {
  const std::size_t before = count_mappings();
  {
    StackSegments stack(256 * kMegabyte);
    std::size_t after = 0;
    stack.run([&] {
      Recursion(stack).descend(200'000);
      after = count_mappings();
    });
    CHECK(after <= before + 4);  // the segment in use and the spare, with a guard page each
  }
  CHECK(count_mappings() <= before);
}

TEST_CASE("a loop across a boundary maps no memory and is fast", "[memory][stack]") {
  StackSegments stack(16 * kMegabyte);
  constexpr int kCrossings = 200'000;
  int count = 0;
  double nanoseconds = 0;
  rusage usage_before{};
  rusage usage_after{};
  const auto increment = [](void* argument) { ++*static_cast<int*>(argument); };
  stack.run([&] {
    stack.call_on_new_segment(increment, &count);
    getrusage(RUSAGE_SELF, &usage_before);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 1; i < kCrossings; ++i) stack.call_on_new_segment(increment, &count);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    getrusage(RUSAGE_SELF, &usage_after);
    nanoseconds = took.count() / kCrossings;
  });
  CHECK(count == kCrossings);
  CHECK(usage_after.ru_minflt - usage_before.ru_minflt < 100);  // a segment mapped anew would fault every time
  CHECK(nanoseconds < 1000);                                    // some 40 on the developers' machines
}

#endif

TEST_CASE("exceptions work inside a segment", "[memory][stack]") {
  StackSegments stack(16 * kMegabyte);
  int caught = 0;
  const auto throw_and_catch = [](void* argument) {
    try {
      throw std::runtime_error("inside");
    } catch (const std::runtime_error&) {
      ++*static_cast<int*>(argument);
    }
  };
  stack.run([&] {
    throw_and_catch(&caught);
    stack.call_on_new_segment(throw_and_catch, &caught);
    stack.call_on_new_segment(throw_and_catch, &caught);
  });
  CHECK(caught == 3);
}

TEST_CASE("an exception that leaves a segment ends the process", "[memory][stack]") {
  CHECK(signal_of([] { StackSegments(kMegabyte).run([] { throw std::runtime_error("lost"); }); }) == SIGABRT);
}

// Writes [below] bytes under the limit of the first segment.
void write_below_limit(std::size_t below) {
  StackSegments stack(kMegabyte);
  stack.run([&] { *(const_cast<volatile char*>(stack.limit()) - below) = 1; });
}

TEST_CASE("native code may use the red zone, and meets the guard page below it", "[memory][stack]") {
  CHECK(signal_of([] { write_below_limit(StackSegments::kRedZone); }) == 0);
  CHECK(signal_of([] { write_below_limit(StackSegments::kRedZone + 1); }) == SIGSEGV);
}

}  // namespace
