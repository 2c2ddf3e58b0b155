// What all named objects of module `sync` have in common (tasks.md 12).
//
// Each kind is a file of this folder and knows nothing of scripts: values come and go frozen, whoever waits says so by
// a Patience. The objects belong to no instance and no thread; any thread may call any of their functions. Whoever
// holds one has a shared pointer to it: the registry, handles, and a lock that is held.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace duso::tasks::sync {

enum class Kind : std::uint8_t { kAtomic, kShared, kWaitGroup, kQueue, kMutex, kSemaphore, kEvent, kOnce };
inline constexpr std::size_t kKindCount = 8;

// The name of [kind] as scripts know it: "Atomic", "WaitGroup" ...
inline const char* kind_name(Kind kind) {
  constexpr const char* kNames[kKindCount] = {"Atomic", "Shared",    "WaitGroup", "Queue",
                                              "Mutex",  "Semaphore", "Event",     "Once"};
  return kNames[static_cast<std::size_t>(kind)];
}

// Whole numbers that scripts count with: beyond this magnitude (2^53) not every one of them exists.
inline constexpr std::int64_t kLargestCount = std::int64_t{1} << 53;

class SyncObject : public std::enable_shared_from_this<SyncObject> {
 public:
  explicit SyncObject(std::string name) : name_(std::move(name)) {}
  virtual ~SyncObject() = default;
  SyncObject(const SyncObject&) = delete;
  SyncObject& operator=(const SyncObject&) = delete;

  const std::string& name() const { return name_; }

 protected:
  mutable std::mutex mutex_;  // guards what the kinds have; held for moments

 private:
  const std::string name_;
};

}  // namespace duso::tasks::sync
