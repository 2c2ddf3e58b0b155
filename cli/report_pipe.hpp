// What a child process has to tell its parent, as bytes through a pipe.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

namespace duso::cli {

// A pipe of which this process reads one end, without waiting, and its child writes to the other.
class ReportPipe {
 public:
  // Throws std::system_error when the system gives none.
  ReportPipe();
  ReportPipe(const ReportPipe&) = delete;
  ReportPipe& operator=(const ReportPipe&) = delete;
  ~ReportPipe();

  // The parent has to do this, or there is no end to what it reads.
  void close_write_end();

  // From the child, by any of its threads: all of [bytes] in one piece. Whoever has read them may be gone; that is no
  // concern of a script.
  void write(std::string_view bytes);

  // What has come since the last call.
  std::string read();

  // To wait for more with.
  int read_end() const { return read_end_; }
  // Whether nothing can come any more: the child has ended, and everything was read.
  bool is_at_end() const { return is_at_end_; }

 private:
  int read_end_;
  int write_end_;
  bool is_at_end_ = false;
  std::mutex mutex_;  // guards writing
};

}  // namespace duso::cli
