#include "runtime/tasks/task.hpp"

#include <algorithm>
#include <charconv>

#include "runtime/tasks/script_instance.hpp"

namespace duso::tasks {

Value BoundCall::run() const {
  std::vector<Value> positional;
  std::vector<execution::Call::Named> by_name;
  try {
    for (const Owned& argument : arguments) positional.push_back(argument.get());
    for (const NamedArgument& argument : named) by_name.push_back({argument.name, argument.value.get()});
  } catch (const std::bad_alloc&) {
    return origin.instance->raise_exception();
  }
  return execution::call_in_flow(origin, function.get(), positional, by_name);
}

Task::Task(ScriptInstance& instance, std::uint32_t id, TaskOptions options)
    : instance_(instance), id_(id), options_(std::move(options)) {
  timer_.owner = this;
  timer_.fire = [](Timer& timer) {
    Task& late = *static_cast<Task*>(timer.owner);
    late.instance_.wake(late, Wake::kTimeout);
  };
}

Task::~Task() = default;

std::string_view Task::name(TaskNameBuffer& buffer) const {
  if (!options_.name.empty()) return options_.name;
  if (is_main()) return "main";
  char* const digits = std::ranges::copy(std::string_view("task-"), buffer.data()).out;
  const char* const end = std::to_chars(digits, buffer.data() + buffer.size(), id_).ptr;
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

std::string Task::name() const {
  TaskNameBuffer buffer;
  return std::string(name(buffer));
}

void Task::detach() {
  if (is_daemon()) return;
  options_.is_daemon = true;
  if (list_ != nullptr && !is_finished()) instance_.count_daemon();
}

void Task::mark_observed() {
  is_observed_ = true;
  instance_.forget_failure(*this);
}

void Task::give_up() {
  status_ = TaskStatus::kCancelled;
  call_.drop();
  while (Waiter* const waiter = completion_.first()) instance_.serve(*waiter);
}

void Task::tie(Tie& tie) {
  tie.previous_ = nullptr;
  tie.next_ = ties_;
  if (ties_ != nullptr) ties_->previous_ = &tie;
  ties_ = &tie;
}

void Task::untie(Tie& tie) {
  (tie.previous_ != nullptr ? tie.previous_->next_ : ties_) = tie.next_;
  if (tie.next_ != nullptr) tie.next_->previous_ = tie.previous_;
}

void Task::cut_ties() {
  while (ties_ != nullptr) {
    Tie& tie = *ties_;
    untie(tie);
    tie.cut();
  }
}

void Task::release() {
  if (--references_ != 0) return;
  duso::release(result_);
  duso::release(error_);
  const std::unique_ptr<Task> last(this);
}

}  // namespace duso::tasks
