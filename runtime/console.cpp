#include "runtime/console.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include <sys/eventfd.h>

#include "runtime/input_claim.hpp"

namespace duso {

namespace {

constexpr std::size_t kOutputBufferSize = std::size_t{32} << 10;
constexpr std::size_t kReadSize = std::size_t{16} << 10;

// Waits until [descriptor], which somebody switched to non-blocking, is ready for [events], or until a signal comes.
void wait_until_ready(int descriptor, short events) {
  pollfd waiting{descriptor, events, 0};
  poll(&waiting, 1, -1);
}

}  // namespace

// Writes all of [text]. Returns 0, or the error that stopped it.
int Console::write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      wait_until_ready(descriptor, POLLOUT);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

Console::Console(const Streams& streams)
    : streams_(streams),
      output_is_terminal_(isatty(streams.output) == 1),
      wake_up_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  output_buffer_.reserve(kOutputBufferSize);
}

Console::~Console() {
  stop_spinner();
  flush();
  close(wake_up_);
}

void Console::stop_reading() {
  reading_stopped_.store(true);
  wake_reader();
}

void Console::wake_reader() {
  constexpr std::uint64_t kOnce = 1;
  // The only way this can fail is that the event is signalled already.
  if (::write(wake_up_, &kOnce, sizeof kOnce) < 0) return;
}

void Console::prepare_process() {
  // The lowest free number is given out, so streams are filled in ascending order.
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0) return;
  }
  std::signal(SIGPIPE, SIG_IGN);
}

void Console::write(std::string_view text) {
  const std::lock_guard lock(output_mutex_);
  spinner_.reset();
  if (output_buffer_.size() + text.size() > kOutputBufferSize) send_buffered();
  if (text.size() >= kOutputBufferSize) return send(text);  // copying it first would gain nothing
  output_buffer_ += text;
  if (output_is_terminal_) send_buffered();
}

void Console::write_error(std::string_view text) {
  const std::lock_guard lock(output_mutex_);
  spinner_.reset();
  send_buffered();
  if (claim_ != nullptr) claim_->make_way();
  write_all(streams_.error, text);  // where should a failure be reported?
  if (!text.empty()) within_line_ = text.back() != '\n';
}

void Console::start_spinner(std::string_view message) {
  const std::lock_guard lock(output_mutex_);
  spinner_.reset();
  send_buffered();
  if (isatty(streams_.error) == 1) {
    spinner_ = std::make_unique<Spinner>(streams_.error, std::string(message));
  } else if (!message.empty()) {
    write_all(streams_.error, std::string(message) + "\n");
  }
}

void Console::stop_spinner() {
  const std::lock_guard lock(output_mutex_);
  spinner_.reset();
}

void Console::flush() {
  const std::lock_guard lock(output_mutex_);
  send_buffered();
}

void Console::send_buffered() {
  if (output_buffer_.empty()) return;
  send(output_buffer_);
  output_buffer_.clear();
}

void Console::send(std::string_view text) {
  if (output_failed_) return;
  if (claim_ != nullptr && output_is_terminal_) claim_->make_way();
  const int failure = write_all(streams_.output, text);
  if (output_is_terminal_) within_line_ = text.back() != '\n';
  if (failure == 0) return;
  output_failed_ = true;
  if (failure == EPIPE) std::_Exit(kReaderGoneStatus);
  if (failure == EBADF) return;  // closed from the start, or not open for writing
  has_lost_output_ = true;
  const std::string reason = std::system_category().message(failure);
  write_all(streams_.error, "Error: cannot write to standard output: " + reason + "\n");
}

std::optional<std::string> Console::read_line() {
  stop_spinner();
  flush();
  const std::lock_guard lock(input_mutex_);
  if (claimed_) return std::nullopt;
  std::size_t searched = 0;  // bytes of the line that are known to hold no newline
  std::size_t end;
  while ((end = input_buffer_.find('\n', input_start_ + searched)) == std::string::npos) {
    searched = input_buffer_.size() - input_start_;
    if (fill_input()) continue;
    // The end of the input ends the last line, if there is one.
    if (searched == 0 || claimed_) return std::nullopt;
    std::string line = input_buffer_.substr(input_start_);
    input_start_ = input_buffer_.size();
    return line;
  }
  std::string line = input_buffer_.substr(input_start_, end - input_start_);
  if (line.ends_with('\r')) line.pop_back();
  input_start_ = end + 1;
  if (output_is_terminal_) {
    const std::lock_guard output_lock(output_mutex_);
    within_line_ = false;  // a line that was typed shows on the same terminal
  }
  return line;
}

bool Console::has_line() {
  const std::unique_lock lock(input_mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return false;  // somebody waits for a line already
  while (input_buffer_.find('\n', input_start_) == std::string::npos) {
    if (has_no_lines()) return true;
    pollfd ready{streams_.input, POLLIN, 0};
    if (poll(&ready, 1, 0) <= 0) return false;
    if (!fill_input()) return true;
  }
  return true;
}

void Console::unread_line(std::string_view line) {
  const std::lock_guard lock(input_mutex_);
  input_buffer_.replace(0, input_start_, std::string(line) + '\n');
  input_start_ = 0;
}

// Appends what can be read to the buffer, waiting for it. False at the end of the input.
bool Console::fill_input() {
  // Only the unfinished line is kept, so the buffer is as long as the longest line and one reading.
  input_buffer_.erase(0, input_start_);
  input_start_ = 0;
  const std::size_t kept = input_buffer_.size();
  input_buffer_.resize(kept + kReadSize);
  ssize_t count = 0;
  // Waiting for both leaves no moment in which a request to stop could be missed.
  pollfd waiting[] = {{streams_.input, POLLIN, 0}, {wake_up_, POLLIN, 0}};
  while (!has_no_lines() && poll(waiting, 2, -1) < 0 && errno == EINTR) {
  }
  while (!has_no_lines() && (count = ::read(streams_.input, input_buffer_.data() + kept, kReadSize)) < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      wait_until_ready(streams_.input, POLLIN);
    } else if (errno != EINTR) {
      break;  // a stream that can not be read has nothing to say
    }
  }
  if (reading_stopped_) count = 0;
  input_buffer_.resize(kept + static_cast<std::size_t>(count > 0 ? count : 0));
  return count > 0;
}

}  // namespace duso
