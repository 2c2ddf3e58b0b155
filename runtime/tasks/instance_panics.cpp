// Panics in an instance: how it ends by one, and how it hears of those of others.
#include <memory>
#include <utility>

#include "runtime/panic/panic.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso::tasks {

using panic::Kind;
using panic::PanicInfo;

void ScriptInstance::on_panic() { panic_ = std::make_shared<const PanicInfo>(panic::note_exception()); }

std::shared_ptr<const PanicInfo> ScriptInstance::take_panic() {
  discard_pending();
  return std::exchange(panic_, nullptr);
}

// The instance ends because of the panic that is pending.
void ScriptInstance::settle_panic() {
  std::shared_ptr<const PanicInfo> panic = take_panic();
  Ending& ending = this->ending();
  if (ending.panic != nullptr) {
    panic::report(*panic);  // whoever waits for the instance is told of the first one only
    return;
  }
  // Who asked for a panic knows that the heap is sound. After any other nothing of the script may run any more.
  const bool may_run_cleanups = panic->kind == Kind::kScriptPanic || panic->kind == Kind::kPlugin;
  ending.kind = execution::PendingKind::kPanic;
  ending.panic = std::move(panic);
  if (!may_run_cleanups) drop_cleanups();
  cancel_all({});
}

void ScriptInstance::set_panic_hook(BoundCall call) {
  drop_panic_hook();
  if (call.function.get().is_nil()) return;
  const std::uint64_t number = worker_.runtime().panic_hooks().add(*this);
  panic_hook_ = std::make_unique<PanicHook>(PanicHook{std::move(call), number, {}});
}

void ScriptInstance::drop_panic_hook() {
  if (panic_hook_ == nullptr) return;
  worker_.runtime().panic_hooks().remove(*this);
  panic_hook_.reset();
}

void ScriptInstance::hear_of(std::shared_ptr<const PanicInfo> info) {
  if (is_over_ || is_ending_) return;
  panic_hook_->untold.push_back(std::move(info));
  BoundCall call;
  call.origin = panic_hook_->call.origin;
  call.function = Owned::share(panic_hook_->call.function.get());
  start_task(std::move(call), {.name = "panic hook"}).release();  // nobody asks for its end
}

std::shared_ptr<const PanicInfo> ScriptInstance::next_untold_panic() {
  if (panic_hook_ == nullptr || panic_hook_->untold.empty()) return nullptr;
  std::shared_ptr<const PanicInfo> info = std::move(panic_hook_->untold.front());
  panic_hook_->untold.pop_front();
  return info;
}

}  // namespace duso::tasks
