// The names of a session, for whoever reads its next line on another thread.
//
// Only the thread of the session may look at its variables. So the question is sent there, where it is answered between
// two tasks, and who asks waits for a moment. No answer, because the session is over or its thread is deep in
// something, is an answer without names: a key that completes nothing is better than one that hangs.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace duso::tasks {
class Worker;
}

namespace duso::cli::repl {

class Session;

class SessionNames {
 public:
  // From here on [session] is asked. It must be on the calling thread, as must withdraw() be.
  void offer(const Session& session);
  void withdraw();

  // The members of the object that [path] leads to, or all variables if it is empty. From any other thread.
  std::vector<std::string> ask(const std::vector<std::string>& path) const;

 private:
  class Question;
  // What is asked, for questions that arrive late. Of the session's thread.
  struct Desk {
    const Session* session = nullptr;
  };

  const std::shared_ptr<Desk> desk_ = std::make_shared<Desk>();
  mutable std::mutex mutex_;  // guards the next one
  tasks::Worker* worker_ = nullptr;
};

}  // namespace duso::cli::repl
