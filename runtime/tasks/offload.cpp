#include "runtime/offload.hpp"

#include <memory>

#include "runtime/tasks/event_loop.hpp"
#include "runtime/tasks/runtime.hpp"
#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso {

namespace {

using tasks::ScriptInstance;

// The instance whose task runs on this thread; null on any other.
ScriptInstance* running_instance() {
  tasks::Worker* const worker = tasks::Worker::current();
  return worker != nullptr ? worker->running() : nullptr;
}

class BorrowedWork final : public tasks::Job {
 public:
  BorrowedWork(void (*function)(void*), void* argument, ScriptInstance& instance, bool& is_done)
      : function_(function), argument_(argument), instance_(instance), task_(instance.current()), is_done_(is_done) {}
  void work() override { function_(argument_); }
  void done() override {
    is_done_ = true;
    instance_.wake(task_);
  }

 private:
  void (*function_)(void*);
  void* argument_;
  ScriptInstance& instance_;
  tasks::Task& task_;
  bool& is_done_;
};

}  // namespace

bool detail::run_elsewhere(void (*work)(void* argument), void* argument) {
  ScriptInstance* const instance = running_instance();
  if (instance == nullptr || instance->is_alone()) return false;
  bool is_done = false;
  instance->worker().loop().start(std::make_unique<BorrowedWork>(work, argument, *instance, is_done));
  // The work refers to this stack, so nothing but its end may end the wait.
  while (!is_done) instance->park_masked({"file"});
  return true;
}

}  // namespace duso
