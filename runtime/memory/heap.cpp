// What an allocation does when it can not simply pop a free list: look at limits, collections and injected faults, cut
// new runs, and the numbers that are computed on request.
#include "runtime/memory/heap.hpp"

#include <algorithm>
#include <chrono>
#include <new>

#include "runtime/memory/cycle_collector.hpp"
#include "runtime/memory/process_budget.hpp"

namespace duso::memory {

namespace {

constexpr std::size_t kSmallContainer = 24;  // bytes; hardly any container is smaller than its header and two words

// How much more of the process's budget a heap claims than it needs.
constexpr std::size_t kSmallestStep = std::size_t{16} * 1024;
constexpr std::size_t kLargestStep = std::size_t{256} * 1024;
// What a heap may claim beyond the limit of the process, once, to make and catch the error that says so.
constexpr std::size_t kOverdraft = std::size_t{64} * 1024;

}  // namespace

Heap::Heap(const HeapConfig& config)
    : limit_(config.limit), schedule_(config.gc_threshold), collect_cycles_(config.collect_cycles) {
  if (config.profile_rate != 0) profile_ = std::make_unique<AllocationProfile>(config.profile_rate);
  set_attention();
}

Heap::~Heap() {
  close_hosts();
  ProcessBudget::instance().give_back(claimed_);
}

void* Heap::allocate_slowly(BlockKind kind, std::uint8_t type, std::size_t bytes) {
  const std::size_t size = usable_size(bytes);
  // The sum may overflow when a script asks for the impossible.
  if (size > look_at_ || bytes_allocated_ > look_at_ - size) attend(size);
  void* block = is_small(bytes) ? small_.take(*this, kind, size_class_of(bytes)) : large_.take(*this, kind, size);
  bytes_allocated_ += size;
  count_block(kind, type, size);
  if (profile_ != nullptr) record(kind, type, block, size, is_small(bytes));
  return block;
}

// Tells the profile of a new block of [size] bytes.
void Heap::record(BlockKind kind, std::uint8_t type, void* block, std::size_t size, bool is_small) noexcept {
  profile_->add_bytes(type, size);
  if (kind != BlockKind::kObject) return;
  const std::uint32_t site = profile_->record(type);
  if (is_small) {
    Chunk::of(block)->set_site(block, site);
  } else {
    LargeBlocks::set_site(block, site);
  }
}

const AllocationProfile::Entry* Heap::site_of(const HeapObject* object) const noexcept {
  if (profile_ == nullptr) return nullptr;
  return profile_->entry(object->size_class != 0 ? Chunk::of(object)->site(object) : LargeBlocks::site_of(object));
}

// Usage is as high as never before, and about to fall by [bytes] of [type].
void Heap::note_peak(std::uint8_t type, std::size_t bytes) noexcept {
  if (profile_ == nullptr) {
    peak_bytes_ = used();
  } else {
    profile_->remove_bytes(type, bytes, used());
  }
}

void Heap::free_object_slowly(HeapObject* object) noexcept {
  const std::size_t bytes = block_size(object);
  if (is_peak()) note_peak(object->type, bytes);
  ++types_[object->type].freed;
  bytes_freed_ += bytes;
  give_back(object);
}

void Heap::free_buffer_slowly(void* buffer, std::size_t bytes, std::uint8_t owner) noexcept {
  const std::size_t size = usable_size(bytes);
  if (is_peak()) note_peak(owner, size);
  ++buffers_.freed;
  bytes_freed_ += size;
  if (is_small(bytes)) {
    small_.push(BlockKind::kBuffer, size_class_of(bytes), buffer);
  } else {
    give_back_large(buffer);
  }
}

// Large blocks are rare, and each may be most of what the heap has claimed.
void Heap::give_back_large(void* block) noexcept {
  large_.give_back(block);
  settle_claim();
}

// Finds out why an allocation of [bytes] was stopped, deals with it, and says when to stop the next one.
void Heap::attend(std::size_t bytes) {
  if (fail_in_ != 0 && --fail_in_ == 0) {
    set_attention();
    throw HeapLimitReached(limit_.bytes());
  }
  if (candidates_.size() != 0 && collects_by_itself() && is_due(candidates_.size())) {
    candidates_.purge_all([this](HeapObject* dead) { give_back(dead); });
    if (is_due(candidates_.size())) collect();
    // If the candidates have all died there was nothing to do, which makes this as good as a collection.
    if (candidates_.size() == 0) containers_at_collection_ = containers_allocated();
  }
  make_room(bytes);
  set_attention();
}

// Makes sure that [bytes] more fit all limits.
void Heap::make_room(std::size_t bytes) {
  make_room_below_limit(bytes);
  claim_room(bytes);
}

// Makes sure that [bytes] more fit the limit of this heap. The first time they do not, the reserve opens for what comes
// after.
void Heap::make_room_below_limit(std::size_t bytes) {
  if (limit_.bytes() == 0) return;
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

void Heap::add_shared_bytes(std::size_t bytes, std::uint8_t owner) {
  make_room_below_limit(bytes);
  shared_bytes_ += bytes;
  bytes_allocated_ += bytes;
  types_[owner].bytes_allocated += bytes;
  if (profile_ != nullptr) profile_->add_bytes(owner, bytes);
  set_attention();
}

void Heap::remove_shared_bytes(std::size_t bytes, std::uint8_t owner) noexcept {
  if (is_peak()) note_peak(owner, bytes);
  shared_bytes_ -= bytes;
  bytes_freed_ += bytes;
  set_attention();
}

// --- the budget of the process ---

std::size_t Heap::claim_step() const noexcept { return std::clamp(own() / 2, kSmallestStep, kLargestStep); }

// Claims what is missing for [bytes] more, and a step beyond if that can be had. False if the budget has no more.
//
// The overdraft closes when a whole step can be had again, not before: the request that was refused may have been a
// large one, with a few bytes still free below the limit, and the error takes more than those.
bool Heap::try_claim(std::size_t bytes) noexcept {
  if (bytes > SIZE_MAX / 2) return false;
  const std::size_t needed = own() + bytes;
  const std::size_t step = claim_step();
  if (needed + step / 2 <= claimed_) return true;
  ProcessBudget& budget = ProcessBudget::instance();
  const std::size_t wanted = needed + step;
  if (budget.claim(wanted - claimed_)) {
    claimed_ = wanted;
    overdrawn_ = 0;
    may_overdraw_ = false;
    return true;
  }
  if (needed <= claimed_) return true;
  if (!budget.claim(needed - claimed_)) return false;
  claimed_ = needed;
  return true;
}

// Makes sure that [bytes] more are claimed. If the process has no more, this heap gives first, then all others.
void Heap::claim_room(std::size_t bytes) {
  if (try_claim(bytes)) return;
  if (bytes > SIZE_MAX / 2) throw std::bad_alloc();
  if (collects_by_itself() && candidates_.size() != 0) {
    collect();
    if (try_claim(bytes)) return;
  }
  ProcessBudget& budget = ProcessBudget::instance();
  if (may_overdraw_ && own() + bytes - claimed_ <= kOverdraft - overdrawn_) {
    const std::size_t missing = own() + bytes - claimed_;
    budget.claim_beyond(missing);
    claimed_ += missing;
    overdrawn_ += missing;
    return;
  }
  budget.reclaim();
  if (try_claim(bytes)) return;
  may_overdraw_ = true;
  set_attention();
  throw HeapLimitReached(budget.limit(), HeapLimitReached::Whose::kProcess);
}

void Heap::settle_claim() noexcept {
  const std::size_t step = claim_step();
  if (unused_claim() <= 2 * step) return;
  const std::size_t surplus = unused_claim() - step;
  ProcessBudget::instance().give_back(surplus);
  claimed_ -= surplus;
  overdrawn_ = 0;
  set_attention();
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
    attention_at_ = look_at_ = 0;  // every allocation
    return;
  }
  std::size_t room = std::min(limit_.room(used()), unused_claim());
  if (candidates != 0) {
    // The trigger counts containers, this counts bytes: so many can not have been allocated before a few more of these
    // are. The closer it comes the sooner is the next look, some twenty of them per collection.
    const std::size_t allocated = std::min(containers_since_collection(), schedule_.threshold());
    room = std::min(room, (schedule_.threshold() - allocated) * kSmallContainer);
  }
  look_at_ = bytes_allocated_ + room;
  attention_at_ = profile_ == nullptr ? look_at_ : 0;
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
  stats_.last_collection = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  is_collecting_ = false;
  settle_claim();
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
  for (const std::uint8_t type : container_types()) count += types_[type].allocated;
  return count;
}

std::size_t Heap::containers_live() const noexcept {
  std::size_t count = 0;
  for (const std::uint8_t type : container_types()) count += types_[type].live();
  return count;
}

std::size_t Heap::objects_freed() const noexcept {
  std::size_t count = 0;
  for (const TypeCounters& counters : types_) count += counters.freed;
  return count;
}

HeapCounters Heap::counters() const noexcept {
  HeapCounters counters;
  counters.allocations = buffers_.allocated;
  for (const TypeCounters& type : types_) counters.allocations += type.allocated;
  counters.deallocations = buffers_.freed + objects_freed();
  counters.bytes_allocated = bytes_allocated_;
  counters.bytes_freed = bytes_freed_;
  counters.peak_bytes = std::max(peak_bytes_, used());
  if (profile_ != nullptr) counters.peak_bytes = std::max(counters.peak_bytes, profile_->highest_usage());
  return counters;
}

CollectorStats Heap::collector_stats() const noexcept {
  CollectorStats stats = stats_;
  stats.effective_threshold = schedule_.threshold();
  stats.candidates = candidates_.count_living();
  return stats;
}

void Heap::reset_counters() noexcept {
  const std::size_t since_collection = containers_since_collection();
  for (TypeCounters& counters : types_) counters = {counters.live(), 0, 0};
  buffers_ = {buffers_.allocated - buffers_.freed, 0};
  bytes_allocated_ = peak_bytes_ = used();
  bytes_freed_ = 0;
  // May become negative, and is right all the same: only its distance to the counters matters.
  containers_at_collection_ = containers_allocated() - since_collection;
  if (profile_ != nullptr) {
    profile_->reset();
    peak_bytes_ = 0;
  }
  const auto count = [this](HeapObject* object) {
    if (colour_of(object) != Colour::kDead) types_[object->type].bytes_allocated += size_with_buffers(object);
  };
  small_.for_each_object(count);
  large_.for_each_object(count);
  set_attention();
}

void Heap::for_each_object(ReferenceVisitor& visitor) {
  const auto show = [&](HeapObject* object) {
    if (colour_of(object) != Colour::kDead) visitor.visit(object);
  };
  small_.for_each_object(show);
  large_.for_each_object(show);
}

}  // namespace duso::memory
