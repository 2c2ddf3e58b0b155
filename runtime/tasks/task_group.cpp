#include "runtime/tasks/task_group.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "runtime/tasks/script_instance.hpp"

namespace duso::tasks {

TaskGroup::TaskGroup(ScriptInstance& instance, Options options) : instance_(instance), options_(std::move(options)) {
  if (options_.name.empty()) options_.name = "group-" + std::to_string(instance.next_group_number());
}

TaskGroup::~TaskGroup() {
  for (Task* task : members_) {
    if (!task->is_finished()) task->give_up();
    task->group_ = nullptr;
    task->release();
  }
}

void TaskGroup::release() {
  if (--references_ != 0) return;
  const std::unique_ptr<TaskGroup> last(this);
}

// --- members ---

std::size_t TaskGroup::add(BoundCall call) {
  members_.push_back(nullptr);
  try {
    members_.back() = &instance_.make_task(std::move(call), {});
  } catch (...) {
    members_.pop_back();
    throw;
  }
  members_.back()->group_ = this;
  const std::size_t index = members_.size() - 1;
  start_members();
  return index;
}

void TaskGroup::start() {
  is_started_ = !is_done();
  start_members();
}

void TaskGroup::start_members() {
  if (!is_started_ || is_starting_ || is_closed_) return;
  // A member that can not start any more ends inside this loop, and another one should be started for it.
  is_starting_ = true;
  while (next_ < members_.size() && (options_.max_concurrency == 0 || running_ < options_.max_concurrency)) {
    Task& task = *members_[next_++];
    if (task.is_finished()) continue;
    instance_.queue_task(task);
    if (task.is_finished()) continue;
    ++running_;
    retain();
  }
  is_starting_ = false;
}

void TaskGroup::set_max_concurrency(std::size_t count) {
  options_.max_concurrency = count;
  start_members();
}

void TaskGroup::member_ended(Task& task, bool was_started) {
  task.group_ = nullptr;
  ++completed_;
  if (was_started) --running_;
  if (task.status() == TaskStatus::kFailed && first_failure_ == nullptr) {
    first_failure_ = &task;
    if (options_.cancel_on_error) cancel({});
    if (body_ != nullptr) {
      failure_is_news_ = true;
      if (body_->masked_ == 0) instance_.wake(*body_, Wake::kChildFailed);
    }
  }
  start_members();
  if (is_done()) {
    is_started_ = body_ != nullptr;
    while (Waiter* const waiter = finished_.first()) instance_.serve(*waiter);
  }
  if (was_started) release();
}

void TaskGroup::forget(Task& task) {
  task.group_ = nullptr;
  release();
}

std::size_t TaskGroup::cancel(std::string_view reason) {
  is_closed_ = true;
  std::size_t count = 0;
  for (Task* task : members_) count += static_cast<std::size_t>(instance_.cancel(*task, reason));
  return count;
}

std::size_t TaskGroup::cancel_remaining() {
  std::size_t count = 0;
  for (Task* task : members_) {
    if (!task->has_started_) count += static_cast<std::size_t>(instance_.cancel(*task, {}));
  }
  return count;
}

void TaskGroup::clear() {
  for (Task* task : members_) task->release();
  members_.clear();
  next_ = completed_ = 0;
  first_failure_ = nullptr;
  is_started_ = is_closed_ = false;
}

bool TaskGroup::all_returned() const {
  return std::ranges::all_of(members_, [](const Task* task) { return task->status() == TaskStatus::kCompleted; });
}

void TaskGroup::mark_observed() {
  for (Task* task : members_) task->mark_observed();
}

// --- scopes ---

void TaskGroup::enter_body() {
  body_ = &instance_.current();
  outer_ = std::exchange(body_->scope_, this);
  is_started_ = true;
}

void TaskGroup::leave_body() {
  body_->scope_ = outer_;
  body_ = nullptr;
  is_closed_ = true;
  failure_is_news_ = false;
}

TaskGroup* TaskGroup::failed_scope(TaskGroup* scope) {
  while (scope != nullptr && !scope->failure_is_news_) scope = scope->outer_;
  return scope;
}

Task& TaskGroup::take_failure(TaskGroup* scope) {
  TaskGroup* const failed = failed_scope(scope);
  failed->failure_is_news_ = false;
  return *failed->first_failure_;
}

}  // namespace duso::tasks
