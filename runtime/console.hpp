// The console: standard input, output and error of the process, shared by everything that runs in it.
//
// Output is buffered, because a script that prints a million lines must not make a million system calls, yet it has to
// appear in the order in which the program wrote it, also where output and error are one pipe. Both follow from one
// rule: whoever is about to do something that the outside could notice - write to standard error, wait for input,
// sleep, start a child, end - calls `flush` first. On a terminal each write is on the screen when it returns. Tasks of
// several workers print at the same time; one call's text stays in one piece.
//
// Output that nobody wants is no error of the script. What goes to a stream that was closed from the start is dropped;
// when the reader of a pipe has gone, the process ends quietly with the status that a shell shows for SIGPIPE (cli.md
// 2). Output that is lost for another reason, a full disk say, is reported once on standard error, and no success.
//
// While the program is at work without a word, a spinner on standard error can say so. It makes way for whatever else
// is written, for input and for the end.
//
// Input is read through one buffer that lives as long as the process, so that successive lines of a pipe are successive
// results, however they arrive. A line editor reads keys instead of lines and has the input for itself meanwhile
// (input_claim.hpp).
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/spinner.hpp"

namespace duso {

class InputClaim;

class Console {
 public:
  // What the process ends with when the reader of its output has gone: 128 + SIGPIPE.
  static constexpr int kReaderGoneStatus = 141;

  // The three file descriptors to work on, which stay the caller's, and whether reading is allowed at all.
  struct Streams {
    int input = 0;
    int output = 1;
    int error = 2;
    bool read_input = true;
  };

  Console() : Console(Streams{}) {}
  explicit Console(const Streams& streams);
  // Flushes.
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  // Makes the process's standard streams fit for a Console; call once, before anything is opened. A standard stream
  // that is closed becomes /dev/null, or the next file opened would take its number and receive what the script prints.
  // A write to a pipe without reader is reported as an error instead of killing the process by signal: sockets must
  // survive that.
  static void prepare_process();

  // Appends [text] to the output. Returns when it is buffered; on a terminal, when it is written.
  void write(std::string_view text);

  // Writes [text] to standard error at once, after everything that was written to the output before.
  void write_error(std::string_view text);

  // Whether output was lost that somebody may have wanted.
  bool has_lost_output() const { return has_lost_output_; }

  // Hands everything that is buffered to the operating system.
  void flush();

  // Shows [message] and a spinner on standard error, in the place of the one that is there. Where standard error is no
  // terminal, only a message that is not empty is written, as a line.
  void start_spinner(std::string_view message);

  // Wipes the spinner away, if there is one. Writing, reading a line and the end of the console do the same.
  void stop_spinner();

  // The next line of the input without its `\n` or `\r\n`, waiting for it; nothing at the end of the input. A last line
  // needs no newline. Flushes the output first, so that a prompt is seen.
  std::optional<std::string> read_line();

  // Whether read_line() would return at once.
  bool has_line();

  // Puts [line] back, which read_line() has returned: it is the next one again.
  void unread_line(std::string_view line);

  // Makes a read_line() that is waiting, and every later one, report the end of the input. A signal handler may call
  // it.
  void stop_reading();
  bool reading_stopped() const { return reading_stopped_.load(); }

  // Whether read_line() may be used; false under -no-stdin.
  bool reads_input() const { return streams_.read_input; }

 private:
  friend class InputClaim;

  bool has_no_lines() const { return reading_stopped_ || claimed_ || streams_.input < 0; }
  void wake_reader();
  static int write_all(int descriptor, std::string_view text);
  void send_buffered();
  void send(std::string_view text);
  bool fill_input();

  const Streams streams_;
  const bool output_is_terminal_;

  std::mutex output_mutex_;  // guards the next five
  std::unique_ptr<Spinner> spinner_;
  std::string output_buffer_;
  bool output_failed_ = false;
  std::atomic<bool> has_lost_output_{false};
  bool within_line_ = false;     // the last thing that was sent did not end a line
  InputClaim* claim_ = nullptr;  // who has something on the terminal that output must make way for

  std::atomic<bool> reading_stopped_{false};
  std::atomic<bool> claimed_{false};  // the input, by somebody who reads no lines
  const int wake_up_;                 // an event descriptor that becomes readable when reading must stop
  std::mutex input_mutex_;            // guards the next two
  std::string input_buffer_;
  std::size_t input_start_ = 0;  // bytes of the buffer that were handed out already
};

}  // namespace duso
