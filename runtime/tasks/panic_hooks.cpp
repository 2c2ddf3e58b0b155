#include "runtime/tasks/panic_hooks.hpp"

#include <memory>
#include <utility>

#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso::tasks {

namespace {

class PanicElsewhere final : public Message {
 public:
  PanicElsewhere(std::uint64_t hook, std::shared_ptr<const panic::PanicInfo> info)
      : hook_(hook), info_(std::move(info)) {}
  void deliver(Worker& worker) override {
    worker.for_each_instance([this](ScriptInstance& instance) {
      if (instance.panic_hook_number() == hook_) instance.hear_of(info_);
    });
  }

 private:
  std::uint64_t hook_;
  std::shared_ptr<const panic::PanicInfo> info_;
};

}  // namespace

std::uint64_t PanicHooks::add(const ScriptInstance& instance) {
  const std::lock_guard lock(mutex_);
  entries_.push_back({&instance, &instance.worker(), ++last_number_});
  return last_number_;
}

void PanicHooks::remove(const ScriptInstance& instance) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&](const Entry& entry) { return entry.instance == &instance; });
}

void PanicHooks::tell(const ScriptInstance* origin, const panic::PanicInfo& info) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const panic::PanicInfo> shared;
  for (const Entry& entry : entries_) {
    if (entry.instance == origin) continue;
    if (shared == nullptr) shared = std::make_shared<const panic::PanicInfo>(info);
    entry.worker->post(std::make_unique<PanicElsewhere>(entry.number, shared));
  }
}

}  // namespace duso::tasks
