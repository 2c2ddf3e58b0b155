// Segments are mapped here, and entered and left by switching fibers. The sanitizers keep a picture of each stack and
// must be told of every switch; what they have to know stays in this file.
#include "runtime/memory/stack_segments.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <utility>

#include <boost/context/fiber.hpp>
#include <boost/context/preallocated.hpp>
#include <sys/mman.h>

#if DUSO_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if DUSO_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
#endif

namespace duso::memory {

namespace {

using boost::context::fiber;

std::size_t page_size() {
  static const auto kSize = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return kSize;
}

std::size_t whole_pages(std::size_t bytes) { return (bytes + page_size() - 1) / page_size() * page_size(); }

constexpr std::size_t kSmallestSegment = 2 * StackSegments::kRedZone;

// What the switch itself takes at the top of a segment. Instrumented frames are several times as large.
constexpr std::size_t kFirstFrames =
    std::size_t{DUSO_ADDRESS_SANITIZER != 0 || DUSO_THREAD_SANITIZER != 0 ? 16 : 2} * 1024;

// What stays resident of a first segment that was used to its end. Hardly any code that does not call deeply needs
// more.
constexpr std::size_t kKeptByTrim = std::size_t{16} * 1024;

// Boost's fibers want to free their stack at the end. Ours stays, as the spare or until it is unmapped.
struct KeepStack {
  void deallocate(boost::context::stack_context&) noexcept {}
};

// What the sanitizers have to be told around one switch: to the stack [lowest, lowest + size) and back.
//
// The fiber's first frame never returns, it is left for good by the switch back. So its marks have to be taken off
// before the same memory is a stack again (address sanitizer), and its calls are recorded in a fiber that is thrown
// away (thread sanitizer).
class SanitizedSwitch {
 public:
#if DUSO_ADDRESS_SANITIZER
  SanitizedSwitch(char* lowest, std::size_t size) : lowest_(lowest), size_(size) {
    __asan_unpoison_memory_region(lowest + size - kFirstFrames, kFirstFrames);
  }
  void leave_outer() { __sanitizer_start_switch_fiber(&outer_state_, lowest_, size_); }
  void arrive_inner() { __sanitizer_finish_switch_fiber(nullptr, &outer_lowest_, &outer_size_); }
  void leave_inner() { __sanitizer_start_switch_fiber(nullptr, outer_lowest_, outer_size_); }
  void arrive_outer() { __sanitizer_finish_switch_fiber(outer_state_, nullptr, nullptr); }

 private:
  char* lowest_;
  std::size_t size_;
  void* outer_state_ = nullptr;
  const void* outer_lowest_ = nullptr;
  std::size_t outer_size_ = 0;
#elif DUSO_THREAD_SANITIZER
  SanitizedSwitch(char*, std::size_t) { __tsan_switch_to_fiber(inner_, 0); }
  SanitizedSwitch(const SanitizedSwitch&) = delete;
  SanitizedSwitch& operator=(const SanitizedSwitch&) = delete;
  ~SanitizedSwitch() { __tsan_destroy_fiber(inner_); }
  void leave_outer() {}
  void arrive_inner() {}
  void leave_inner() {}
  void arrive_outer() { __tsan_switch_to_fiber(outer_, 0); }

 private:
  void* outer_ = __tsan_get_current_fiber();
  void* inner_ = __tsan_create_fiber(0);
#else
  SanitizedSwitch(char*, std::size_t) {}
  void leave_outer() {}
  void arrive_inner() {}
  void leave_inner() {}
  void arrive_outer() {}
#endif
};

// What they have to be told when code suspends itself and is resumed. Each side notes where the other one has its
// stack.
class SanitizedSuspension {
 public:
#if DUSO_ADDRESS_SANITIZER
  // The resuming side, before and after.
  void leave_resumer() { __sanitizer_start_switch_fiber(&resumer_state_, code_lowest_, code_size_); }
  void arrive_resumer() { __sanitizer_finish_switch_fiber(resumer_state_, &code_lowest_, &code_size_); }
  // The code's side, before and after.
  void leave_code() { __sanitizer_start_switch_fiber(&code_state_, resumer_lowest_, resumer_size_); }
  void arrive_code() { __sanitizer_finish_switch_fiber(code_state_, &resumer_lowest_, &resumer_size_); }
  void end_code() { __sanitizer_start_switch_fiber(nullptr, resumer_lowest_, resumer_size_); }
  void begin_code(const char* lowest, std::size_t size) {
    code_lowest_ = lowest;
    code_size_ = size;
    code_state_ = nullptr;
  }

 private:
  void* resumer_state_ = nullptr;
  void* code_state_ = nullptr;
  const void* code_lowest_ = nullptr;
  std::size_t code_size_ = 0;
  const void* resumer_lowest_ = nullptr;
  std::size_t resumer_size_ = 0;
#elif DUSO_THREAD_SANITIZER
  SanitizedSuspension() = default;
  SanitizedSuspension(const SanitizedSuspension&) = delete;
  SanitizedSuspension& operator=(const SanitizedSuspension&) = delete;
  ~SanitizedSuspension() {
    if (first_ != nullptr) __tsan_destroy_fiber(first_);
  }
  void leave_resumer() {
    resumer_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(code_, 0);
  }
  void arrive_resumer() {}
  void leave_code() {
    code_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(resumer_, 0);
  }
  void arrive_code() {}
  void end_code() { __tsan_switch_to_fiber(resumer_, 0); }
  void begin_code(const char*, std::size_t) {
    if (first_ != nullptr) __tsan_destroy_fiber(first_);
    first_ = __tsan_create_fiber(0);
    code_ = first_;
  }

 private:
  void* first_ = nullptr;
  void* code_ = nullptr;
  void* resumer_ = nullptr;
#else
  void leave_resumer() {}
  void arrive_resumer() {}
  void leave_code() {}
  void arrive_code() {}
  void end_code() {}
  void begin_code(const char*, std::size_t) {}
#endif
};

// The bottom of a segment: whatever is thrown must not get past it.
void run_guarded(void (*body)(void*), void* argument) noexcept {
  try {
    body(argument);
  } catch (...) {
    std::fputs("duso: a C++ exception reached the bottom of a stack segment\n", stderr);
    std::terminate();
  }
}

}  // namespace

struct StackSegments::Suspension {
  fiber code;     // where suspended code goes on
  fiber resumer;  // where resume() was called, while the code runs
  SanitizedSuspension sanitized;
};

StackSegments::StackSegments(std::size_t limit_bytes, StackPool& pool)
    : limit_bytes_(limit_bytes), first_bytes_(pool.segment_bytes()), pool_(&pool) {}

StackSegments::StackSegments(std::size_t limit_bytes, std::size_t first_bytes)
    : limit_bytes_(limit_bytes), first_bytes_(whole_pages(std::max(first_bytes, kSmallestSegment))) {}

StackSegments::~StackSegments() {
  trim();
  while (!segments_.empty()) unmap_last();
}

void StackSegments::run_body(void (*body)(void*), void* argument) {
  if (!call_on_new_segment(body, argument)) throw std::bad_alloc();
}

void StackSegments::start(void (*body)(void*), void* argument) {
  if (suspension_ == nullptr) suspension_ = std::make_unique<Suspension>();
  if (segments_.empty() && !map_next(kSmallestSegment)) throw std::bad_alloc();
  const Segment segment = segments_.front();
  in_use_ = 1;
  limit_ = segment.lowest + kRedZone;
#if DUSO_ADDRESS_SANITIZER
  __asan_unpoison_memory_region(segment.lowest + segment.size - kFirstFrames, kFirstFrames);
#endif
  suspension_->sanitized.begin_code(segment.lowest, segment.size);
  boost::context::stack_context memory;
  memory.sp = segment.lowest + segment.size;
  memory.size = segment.size;
  suspension_->code = fiber(std::allocator_arg, boost::context::preallocated(memory.sp, memory.size, memory),
                            KeepStack(), [this, body, argument](fiber&& resumer) {
                              Suspension& suspension = *suspension_;
                              suspension.resumer = std::move(resumer);
                              suspension.sanitized.arrive_code();
                              run_guarded(body, argument);
                              in_use_ = 0;
                              limit_ = nullptr;
                              suspension.sanitized.end_code();
                              return std::move(suspension.resumer);
                            });
  resume();
}

void StackSegments::resume() {
  Suspension& suspension = *suspension_;
  suspension.sanitized.leave_resumer();
  suspension.code = std::move(suspension.code).resume();
  suspension.sanitized.arrive_resumer();
}

void StackSegments::suspend() {
  Suspension& suspension = *suspension_;
  suspension.sanitized.leave_code();
  suspension.resumer = std::move(suspension.resumer).resume();
  suspension.sanitized.arrive_code();
}

bool StackSegments::is_suspended() const noexcept {
  return suspension_ != nullptr && static_cast<bool>(suspension_->code);
}

void StackSegments::abandon() noexcept {
  if (!is_suspended()) return;
  // A fiber that is destroyed would be resumed to unwind itself. This one's handle is lost on purpose.
  alignas(fiber) unsigned char lost[sizeof(fiber)];
  new (lost) fiber(std::move(suspension_->code));
#if DUSO_ADDRESS_SANITIZER
  // The frames that lie there do not unwind, and leave their marks for the next ones.
  for (const Segment& segment : segments_) __asan_unpoison_memory_region(segment.lowest, segment.size);
#endif
  in_use_ = 0;
  limit_ = nullptr;
}

bool StackSegments::call_on_new_segment(void (*body)(void*), void* argument, std::size_t bytes) {
  // No stack is that large, and the sum may not overflow.
  if (bytes > SIZE_MAX / 2) return false;
  const std::size_t least = whole_pages(std::max(bytes + kFirstFrames + kRedZone, kSmallestSegment));
  if (in_use_ < segments_.size() && segments_[in_use_].size < least) unmap_last();
  if (in_use_ == segments_.size() && !map_next(least)) return false;
  if (in_use_ != 0) segments_[in_use_ - 1].left_at = static_cast<const char*>(__builtin_frame_address(0));
  const Segment segment = segments_[in_use_++];
  const char* const outer_limit = std::exchange(limit_, segment.lowest + kRedZone);
  switch_to(segment, body, argument);
  limit_ = outer_limit;
  --in_use_;
  while (segments_.size() > in_use_ + 1) unmap_last();
  return true;
}

void StackSegments::switch_to(const Segment& segment, void (*body)(void*), void* argument) {
  SanitizedSwitch sanitized(segment.lowest, segment.size);
  boost::context::stack_context memory;
  memory.sp = segment.lowest + segment.size;
  memory.size = segment.size;
  fiber inner(std::allocator_arg, boost::context::preallocated(memory.sp, memory.size, memory), KeepStack(),
              [&](fiber&& outer) {
                sanitized.arrive_inner();
                run_guarded(body, argument);
                sanitized.leave_inner();
                return std::move(outer);
              });
  sanitized.leave_outer();
  inner = std::move(inner).resume();
  sanitized.arrive_outer();
}

// Maps the segment after the ones in use: twice as large as the last, not smaller than [least] and not larger than the
// limit still allows. All that are mapped must be in use.
bool StackSegments::map_next(std::size_t least) {
  std::size_t size = std::max(first_bytes_, least);
  if (!segments_.empty()) {
    std::size_t total = 0;
    for (const Segment& segment : segments_) total += segment.size;
    const std::size_t left = (limit_bytes_ - std::min(limit_bytes_, total)) / page_size() * page_size();
    if (left < least) return false;
    size = std::max(std::min({2 * segments_.back().size, kLargestSegment, left}), least);
  }
  try {
    segments_.reserve(segments_.size() + 1);
  } catch (const std::bad_alloc&) {
    return false;
  }
  if (segments_.empty() && take_from_pool(least)) return true;
  const std::size_t guard = page_size();
  constexpr int kMapping = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
  void* memory = mmap(nullptr, guard + size, PROT_READ | PROT_WRITE, kMapping, -1, 0);
  if (memory == MAP_FAILED) return false;
  if (mprotect(memory, guard, PROT_NONE) != 0) {
    munmap(memory, guard + size);
    return false;
  }
  segments_.push_back({.lowest = static_cast<char*>(memory) + guard, .size = size});
  return true;
}

bool StackSegments::take_from_pool(std::size_t least) {
  if (pool_ == nullptr || pool_->segment_bytes() < least) return false;
  char* const segment = pool_->take();
  if (segment == nullptr) return false;
  segments_.push_back({.lowest = segment, .size = pool_->segment_bytes(), .is_pooled = true});
  return true;
}

void StackSegments::unmap_last() noexcept {
  const Segment segment = segments_.back();
  segments_.pop_back();
  if (segment.is_pooled) {
    pool_->give_back(segment.lowest);
    return;
  }
#if DUSO_ADDRESS_SANITIZER
  __asan_unpoison_memory_region(segment.lowest, segment.size);
#endif
  munmap(segment.lowest - page_size(), page_size() + segment.size);
}

// There is a second segment only if the first one was used to its end.
void StackSegments::trim() noexcept {
  if (in_use_ != 0 || segments_.size() < 2) return;
  while (segments_.size() > 1) unmap_last();
  const Segment& first = segments_.front();
  if (first.size > kKeptByTrim) madvise(first.lowest, first.size - kKeptByTrim, MADV_DONTNEED);
}

std::size_t StackSegments::used() const noexcept {
  if (in_use_ == 0) return 0;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i + 1 < in_use_; ++i) {
    bytes += static_cast<std::size_t>(segments_[i].top() - segments_[i].left_at);
  }
  const Segment& newest = segments_[in_use_ - 1];
  return bytes + static_cast<std::size_t>(newest.top() - static_cast<const char*>(__builtin_frame_address(0)));
}

}  // namespace duso::memory
