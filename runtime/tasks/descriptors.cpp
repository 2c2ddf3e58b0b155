#include "runtime/tasks/descriptors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/tasks/script_instance.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso::tasks {

// One task's wait, for as long as it lies on the task's stack.
class DescriptorTable::Wait final : public DescriptorWatch {
 public:
  Wait(DescriptorTable& table, int descriptor, Direction direction)
      : table_(table), descriptor_(descriptor), direction_(direction), next_(table.waits_) {
    table.waits_ = this;
  }
  ~Wait() {
    Wait** place = &table_.waits_;
    while (*place != this) place = &(*place)->next_;
    *place = next_;
    stop();
  }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

  std::string start() { return loop().watch(descriptor_, direction_, *this); }
  void stop() {
    if (loop().watcher(descriptor_, direction_) == this) loop().unwatch(descriptor_, direction_);
  }

  void on_ready() override { table_.instance_.wake(task_); }
  // The descriptor is about to be closed.
  void on_close() {
    stop();
    was_closed_ = true;
    table_.instance_.wake(task_);
  }

  int descriptor() const { return descriptor_; }
  bool was_closed() const { return was_closed_; }
  Wait* next() const { return next_; }

 private:
  EventLoop& loop() const { return table_.instance_.worker().loop(); }

  DescriptorTable& table_;
  Task& task_ = table_.instance_.current();
  const int descriptor_;
  const Direction direction_;
  bool was_closed_ = false;
  Wait* next_;
};

DescriptorTable::~DescriptorTable() {
  for (const int descriptor : own_) ::close(descriptor);
}

int DescriptorTable::make_pipe(Pipe& pipe) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return errno;
  pipe = {ends[0], ends[1]};
  own_.insert({pipe.read_end, pipe.write_end});
  return 0;
}

bool DescriptorTable::knows(int descriptor) const {
  if (owns(descriptor)) return true;
  const int flags = fcntl(descriptor, F_GETFD);
  return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

void DescriptorTable::close(int descriptor) {
  for (Wait* wait = waits_; wait != nullptr; wait = wait->next()) {
    if (wait->descriptor() == descriptor) wait->on_close();
  }
  own_.erase(descriptor);
  ::close(descriptor);
}

DescriptorTable::WaitResult DescriptorTable::wait(const execution::Call& call, int descriptor, Direction direction,
                                                  Instant deadline) {
  if (instance_.worker().loop().watcher(descriptor, direction) != nullptr) {
    return {Wake::kReady, false, "descriptor " + std::to_string(descriptor) + " is already being waited on"};
  }
  Wait wait(*this, descriptor, direction);
  std::string problem = wait.start();
  if (!problem.empty()) return {Wake::kReady, false, std::move(problem)};
  const Wake wake = instance_.park(call, {"descriptor"}, nullptr, deadline);
  return {wake, wait.was_closed(), {}};
}

void DescriptorTable::give_up_waits() {
  for (Wait* wait = waits_; wait != nullptr; wait = wait->next()) wait->stop();
  waits_ = nullptr;
}

}  // namespace duso::tasks
