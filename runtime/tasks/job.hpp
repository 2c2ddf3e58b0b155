// Work for a helper thread that a task waits for.
//
// run_job() is for work that may take for ever, such as reading from a terminal: the waiting task can be cancelled at
// any time, and then the work goes on alone and its result is given back to whoever can still use it. So the work may
// refer to nothing of the task.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "runtime/tasks/event_loop.hpp"
#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/tie.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso::tasks {

// Runs [work] on a helper thread and parks the task of [call], which is in [instance], until it has a result. Nothing
// if the wait was ended before by something else, which is in [wake] then. A result that nobody waits for any more goes
// to [give_back], on the worker's thread.
template <class Result>
std::optional<Result> run_job(const execution::Call& call, ScriptInstance& instance, WaitReason reason,
                              std::function<Result()> work, std::function<void(Result)> give_back, Wake& wake) {
  struct State final : Tie {
    explicit State(ScriptInstance& waiting) : instance(waiting), task(&waiting.current()) { task->tie(*this); }
    void cut() override { task = nullptr; }
    void give_up() {
      if (Task* const waited = std::exchange(task, nullptr)) waited->untie(*this);
    }

    ScriptInstance& instance;
    Task* task;  // null when it does not wait any more
    std::optional<Result> result;
  };
  class Work final : public Job {
   public:
    Work(std::shared_ptr<State> state, std::function<Result()> function, std::function<void(Result)> unused)
        : state_(std::move(state)), function_(std::move(function)), unused_(std::move(unused)) {}
    void work() override { result_ = function_(); }
    void done() override {
      if (state_->task == nullptr) {
        unused_(std::move(*result_));
        return;
      }
      state_->result = std::move(result_);
      state_->instance.wake(*state_->task);
    }

   private:
    std::shared_ptr<State> state_;
    std::function<Result()> function_;
    std::function<void(Result)> unused_;
    std::optional<Result> result_;
  };

  const auto state = std::make_shared<State>(instance);
  instance.worker().loop().start(std::make_unique<Work>(state, std::move(work), give_back));
  wake = instance.park(call, reason);
  state->give_up();
  if (state->result.has_value() && wake != Wake::kReady) give_back(std::move(*std::exchange(state->result, {})));
  return std::move(state->result);
}

}  // namespace duso::tasks
