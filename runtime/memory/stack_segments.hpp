// The native stack of a script: a chain of segments that grows with the depth of its calls.
//
// The interpreter walks a tree, so a script that calls deeply needs a deep native stack; and one that does not should
// not pay for it. So a script starts on a small segment. On every call the interpreter compares its stack pointer with
// limit(), and when that is passed it lets the callee run on a further segment, twice as large as the last. When the
// callee returns, execution goes on where it was. A stack may thus have hundreds of megabytes as its limit, and costs
// what it uses.
//
// Going over to another segment is a switch of fibers that always come back in order. The segment left last is kept
// as a spare: a loop whose calls just cross a boundary switches back and forth, but maps memory once.
//
// Below limit() there is always a *red zone* for native code that does not look at the limit: builtins, libraries,
// signal handlers. Below that lies a guard page, so a native overflow is a clean fault and never a write into foreign
// memory.
//
// A flow of control may also suspend itself, on whatever segment it is: then resume() returns to whoever called it, and
// the next resume() goes on there. All segments stay as they are meanwhile. Nothing of the C++ runtime that belongs to
// the thread may be in use across a suspension: no catch block being left open, no lock, no thread-local reference.
//
// No C++ exception may leave a segment, since the frames it would unwind to are on another stack: one that arrives at
// the bottom ends the process.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

#include "runtime/memory/sanitizers.hpp"
#include "runtime/memory/stack_pool.hpp"

namespace duso::memory {

class StackSegments {
 public:
  static constexpr std::size_t kFirstSegment = std::size_t{256} * 1024;
  // The thread sanitizer has only so much room to record the calls on one segment.
  static constexpr std::size_t kLargestSegment = std::size_t{DUSO_THREAD_SANITIZER != 0 ? 1 : 16} * 1024 * 1024;
  // What native code may use below limit(). Instrumented frames are several times as large.
  static constexpr std::size_t kRedZone =
      std::size_t{DUSO_ADDRESS_SANITIZER != 0 || DUSO_THREAD_SANITIZER != 0 ? 96 : 32} * 1024;

  // [limit_bytes]: what all segments together may take; [first_bytes]: the size of the first one, which is used even if
  // it is above the limit. A segment is at least twice the red zone. Nothing is mapped yet.
  explicit StackSegments(std::size_t limit_bytes, std::size_t first_bytes = kFirstSegment);
  // The same with first segments out of [pool], which must outlive the object.
  StackSegments(std::size_t limit_bytes, StackPool& pool);
  // Nothing may be running on the stack any more, unless it was abandoned.
  ~StackSegments();
  StackSegments(const StackSegments&) = delete;
  StackSegments& operator=(const StackSegments&) = delete;

  // Runs [callable] on the first segment and returns when it returns. It must not throw. Throws std::bad_alloc when the
  // system has no memory for the segment.
  template <class Callable>
  void run(Callable&& callable) {
    using Target = std::remove_reference_t<Callable>;
    auto* target = const_cast<std::remove_const_t<Target>*>(std::addressof(callable));
    run_body([](void* argument) { (*static_cast<Target*>(argument))(); }, target);
  }

  // Starts [body] with [argument] on the first segment and returns when it has returned, or suspended itself. Nothing
  // may be running or suspended yet. [body] must not throw. Throws std::bad_alloc when the system has no memory for the
  // segment.
  void start(void (*body)(void*), void* argument);
  // Goes on where the code suspended itself; returns when it has returned, or suspended itself again.
  void resume();
  // Called by code that runs on the newest segment: returns from start() or resume(), until the next resume().
  void suspend();
  // Whether there is suspended code to go on with.
  bool is_suspended() const noexcept;
  // Forgets the suspended code: it never goes on, and nothing on its stack is destroyed.
  void abandon() noexcept;

  // Called by code that runs on the newest segment: runs [body] with [argument] on a further one, on which it may use
  // [bytes] before it reaches limit(), and returns true when it has returned. Returns false, without having done
  // anything, when that would pass the limit or the system has no memory.
  bool call_on_new_segment(void (*body)(void*), void* argument, std::size_t bytes = 0);

  // The lowest address that the stack pointer may have before a new segment is needed; null while nothing is running.
  const char* limit() const noexcept { return limit_; }

  // Gives back to the system what only deep calls have needed, while nothing runs and nothing is suspended.
  void trim() noexcept;

  // The bytes of stack in use, from the start of the first segment to here. The caller must run on the newest segment.
  std::size_t used() const noexcept;

  // What all segments together may take.
  std::size_t limit_bytes() const noexcept { return limit_bytes_; }
  // Makes [bytes] the limit if that is lower. Segments in use stay.
  void lower_limit(std::size_t bytes) noexcept { limit_bytes_ = std::min(limit_bytes_, bytes); }

 private:
  struct Segment {
    char* lowest;
    std::size_t size;
    const char* left_at = nullptr;  // the stack pointer when execution went on to the next segment
    bool is_pooled = false;

    const char* top() const noexcept { return lowest + size; }
  };

  struct Suspension;  // both ends of the switch between the code and whoever resumes it

  void run_body(void (*body)(void*), void* argument);
  bool map_next(std::size_t least);
  bool take_from_pool(std::size_t least);
  void unmap_last() noexcept;
  static void switch_to(const Segment& segment, void (*body)(void*), void* argument);

  const char* limit_ = nullptr;
  std::size_t in_use_ = 0;         // segments; the rest, at most one, is the spare
  std::vector<Segment> segments_;  // from the first to the newest
  std::size_t limit_bytes_;
  std::size_t first_bytes_;
  StackPool* pool_ = nullptr;
  std::unique_ptr<Suspension> suspension_;  // made by the first start()
};

}  // namespace duso::memory
