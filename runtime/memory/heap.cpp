// What an allocation does when it can not simply pop a free list: look at limits, collections and injected faults, cut
// new runs, and the numbers that are computed on request.
#include "runtime/memory/heap.hpp"

#include <algorithm>
#include <chrono>

#include "runtime/memory/cycle_collector.hpp"

namespace duso::memory {

namespace {

constexpr std::size_t kSmallContainer = 24;  // bytes; hardly any container is smaller than its header and two words

}  // namespace

Heap::Heap(const HeapConfig& config)
    : limit_(config.limit), schedule_(config.gc_threshold), collect_cycles_(config.collect_cycles) {
  set_attention();
}

Heap::~Heap() { close_hosts(); }

void* Heap::allocate_slowly(BlockKind kind, std::size_t bytes) {
  const std::size_t size = usable_size(bytes);
  // The sum may overflow when a script asks for the impossible.
  if (size > attention_at_ || bytes_allocated_ > attention_at_ - size) attend(size);
  void* block = is_small(bytes) ? small_.take(*this, kind, size_class_of(bytes)) : large_.take(*this, kind, size);
  bytes_allocated_ += size;
  return block;
}

// Finds out why an allocation of [bytes] was stopped, deals with it, and says when to stop the next one.
void Heap::attend(std::size_t bytes) {
  if (fail_in_ != 0 && --fail_in_ == 0) {
    set_attention();
    throw HeapLimitReached(limit_.bytes());
  }
  if (collects_by_itself() && is_due(candidates_.size())) {
    candidates_.purge_all([this](HeapObject* dead) { give_back(dead); });
    if (is_due(candidates_.size())) collect();
    // If the candidates have all died there was nothing to do, which makes this as good as a collection.
    if (candidates_.size() == 0) containers_at_collection_ = containers_allocated();
  }
  make_room(bytes);
  set_attention();
}

// Makes sure that [bytes] more fit the limit. The first time they do not, the reserve opens for what comes after.
void Heap::make_room(std::size_t bytes) {
  limit_.close_reserve_if_possible(used());
  if (bytes <= limit_.room(used())) return;
  if (collects_by_itself() && candidates_.size() != 0) {
    collect();
    limit_.close_reserve_if_possible(used());
    if (bytes <= limit_.room(used())) return;
  }
  limit_.open_reserve();
  set_attention();
  throw HeapLimitReached(limit_.bytes());
}

void Heap::require(std::size_t bytes) {
  make_room(usable_size(bytes));
  set_attention();
}

// Computes how far the cumulative bytes may grow before something has to be decided. Must be called whenever that point
// may have come closer.
void Heap::set_attention() noexcept {
  const std::size_t candidates = collect_cycles_ ? candidates_.size() : 0;
  if (fail_in_ != 0 || limit_.reserve_is_open() || candidates >= schedule_.candidate_limit()) {
    attention_at_ = 0;  // every allocation
    return;
  }
  std::size_t room = limit_.room(used());
  if (candidates != 0) {
    // The trigger counts containers, this counts bytes: so many can not have been allocated before a few more of these
    // are. The closer it comes the sooner is the next look, some twenty of them per collection.
    const std::size_t allocated = std::min(containers_since_collection(), schedule_.threshold());
    room = std::min(room, (schedule_.threshold() - allocated) * kSmallContainer);
  }
  attention_at_ = bytes_allocated_ + std::min(room, SIZE_MAX - bytes_allocated_);
}

bool Heap::is_due(std::size_t candidates) const noexcept {
  return schedule_.is_due(candidates, containers_since_collection());
}

bool Heap::should_collect() const noexcept { return is_due(candidates_.count_living()); }

std::size_t Heap::collect() {
  if (is_collecting_ || drop_depth_ != 0) return 0;
  is_collecting_ = true;
  const auto start = std::chrono::steady_clock::now();
  const std::size_t objects_before = objects_freed();
  const std::size_t bytes_before = bytes_freed_;

  const CycleCollector::Findings findings = CycleCollector(*this).collect();

  const std::size_t objects = objects_freed() - objects_before;
  schedule_.learn(findings.visited, findings.garbage, containers_live());
  containers_at_collection_ = containers_allocated();
  stats_.collections += 1;
  stats_.cycles_detected += findings.cycles;
  stats_.objects_collected += objects;
  stats_.bytes_collected += bytes_freed_ - bytes_before;
  stats_.last_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  stats_.total_seconds += stats_.last_seconds;
  is_collecting_ = false;
  set_attention();
  return objects;
}

void Heap::set_gc_threshold(std::size_t containers) noexcept {
  schedule_.set_threshold(containers);
  set_attention();
}

void Heap::lower_limit(std::size_t bytes) {
  limit_.lower(bytes);
  set_attention();
}

void Heap::fail_allocation(std::size_t n) noexcept {
  fail_in_ = n;
  set_attention();
}

std::size_t Heap::containers_since_collection() const noexcept {
  return containers_allocated() - containers_at_collection_;
}

std::size_t Heap::containers_allocated() const noexcept {
  std::size_t count = 0;
  for (const std::uint8_t type : container_types()) count += objects_[type].allocated;
  return count;
}

std::size_t Heap::containers_live() const noexcept {
  std::size_t count = 0;
  for (const std::uint8_t type : container_types()) count += objects_[type].live();
  return count;
}

std::size_t Heap::objects_freed() const noexcept {
  std::size_t count = 0;
  for (const Tally& tally : objects_) count += tally.freed;
  return count;
}

HeapCounters Heap::counters() const noexcept {
  HeapCounters counters;
  counters.allocations = buffers_.allocated;
  for (const Tally& tally : objects_) counters.allocations += tally.allocated;
  counters.deallocations = buffers_.freed + objects_freed();
  counters.bytes_allocated = bytes_allocated_;
  counters.bytes_freed = bytes_freed_;
  counters.peak_bytes = std::max(peak_bytes_, used());
  return counters;
}

CollectorStats Heap::collector_stats() const noexcept {
  CollectorStats stats = stats_;
  stats.effective_threshold = schedule_.threshold();
  stats.candidates = candidates_.count_living();
  return stats;
}

std::size_t Heap::live_objects_by_type(std::uint8_t type) const noexcept { return objects_[type].live(); }

void Heap::for_each_object(ReferenceVisitor& visitor) {
  const auto show = [&](HeapObject* object) {
    if (colour_of(object) != Colour::kDead) visitor.visit(object);
  };
  small_.for_each_object(show);
  large_.for_each_object(show);
}

}  // namespace duso::memory
