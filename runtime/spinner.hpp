// A spinner: a sign on a terminal that turns while the program works.
//
// It turns in a thread of its own, because the script that is at work has no time for it. Whoever wants to write to the
// same terminal stops it first; stopping wipes it away and returns when nothing more will be written.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace duso {

class Spinner {
 public:
  // Shows [message] and turns on the terminal [descriptor] until destroyed.
  Spinner(int descriptor, std::string message);
  ~Spinner();
  Spinner(const Spinner&) = delete;
  Spinner& operator=(const Spinner&) = delete;

 private:
  void turn();
  void write(const std::string& text) const;

  const int descriptor_;
  const std::string message_;
  std::mutex mutex_;  // guards the next one
  bool is_stopping_ = false;
  std::condition_variable stopped_;
  std::thread thread_;
};

}  // namespace duso
