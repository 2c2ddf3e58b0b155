#include "cli/repl/session_names.hpp"

#include <chrono>
#include <future>
#include <utility>

#include "cli/repl/session.hpp"
#include "runtime/tasks/worker.hpp"

namespace duso::cli::repl {

namespace {

constexpr auto kPatience = std::chrono::seconds(1);

}  // namespace

class SessionNames::Question final : public tasks::Message {
 public:
  Question(std::shared_ptr<const Desk> desk, std::vector<std::string> path)
      : desk_(std::move(desk)), path_(std::move(path)) {}

  std::future<std::vector<std::string>> answer() { return answer_.get_future(); }

  void deliver(tasks::Worker&) override {
    std::vector<std::string> names;
    if (desk_->session != nullptr) {
      if (path_.empty()) {
        for (auto& [name, value] : desk_->session->variables()) names.push_back(std::move(name));
      } else {
        names = desk_->session->members(path_);
      }
    }
    answer_.set_value(std::move(names));
  }

 private:
  const std::shared_ptr<const Desk> desk_;
  const std::vector<std::string> path_;
  std::promise<std::vector<std::string>> answer_;
};

void SessionNames::offer(const Session& session) {
  desk_->session = &session;
  const std::lock_guard lock(mutex_);
  worker_ = &session.instance().worker();
}

void SessionNames::withdraw() {
  desk_->session = nullptr;
  const std::lock_guard lock(mutex_);
  worker_ = nullptr;
}

std::vector<std::string> SessionNames::ask(const std::vector<std::string>& path) const {
  auto question = std::make_unique<Question>(desk_, path);
  std::future<std::vector<std::string>> answer = question->answer();
  {
    const std::lock_guard lock(mutex_);
    if (worker_ == nullptr) return {};
    worker_->post(std::move(question));
  }
  if (answer.wait_for(kPatience) != std::future_status::ready) return {};
  try {
    return answer.get();
  } catch (const std::future_error&) {  // it was thrown away unread
    return {};
  }
}

}  // namespace duso::cli::repl
