#include "runtime/input_claim.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <mutex>
#include <utility>

#include <sys/eventfd.h>

#include "runtime/console.hpp"

namespace duso {

namespace {

// A key, a pasted page.
constexpr std::size_t kReadSize = 4096;

// To the beginning of the line, and everything from there on wiped away.
constexpr const char* kWipeLine = "\r\x1b[J";

// Makes an event descriptor unreadable. That it was so already is the only way to fail.
void drain(int event) {
  std::uint64_t count;
  if (::read(event, &count, sizeof count) < 0) return;
}

}  // namespace

InputClaim::InputClaim(Console& console, std::function<void()> on_output)
    : console_(console), on_output_(std::move(on_output)), output_came_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  console_.claimed_ = true;
  console_.wake_reader();
  {
    // Whoever holds it is reading a line, and leaves now.
    const std::lock_guard lock(console_.input_mutex_);
    drain(console_.wake_up_);
    if (console_.reading_stopped_) console_.wake_reader();
  }
  const std::lock_guard lock(console_.output_mutex_);
  console_.spinner_.reset();
  console_.send_buffered();
  if (std::exchange(console_.within_line_, false)) Console::write_all(console_.streams_.error, "\n");
  console_.claim_ = this;
}

InputClaim::~InputClaim() {
  {
    const std::lock_guard lock(console_.output_mutex_);
    console_.claim_ = nullptr;
  }
  console_.claimed_ = false;
  close(output_came_);
}

void InputClaim::make_way() {
  if (!std::exchange(made_way_, true)) Console::write_all(console_.streams_.error, kWipeLine);
  constexpr std::uint64_t kOnce = 1;
  // The only way this can fail is that the event is signalled already.
  if (::write(output_came_, &kOnce, sizeof kOnce) < 0) return;
}

void InputClaim::return_to_line() {
  drain(output_came_);
  {
    const std::lock_guard lock(console_.output_mutex_);
    if (!std::exchange(made_way_, false)) return;
    if (std::exchange(console_.within_line_, false)) Console::write_all(console_.streams_.error, "\n");
  }
  on_output_();
}

std::optional<char> InputClaim::read_byte() {
  while (true) {
    {
      const std::lock_guard lock(console_.input_mutex_);
      if (console_.reading_stopped_) return std::nullopt;
      if (console_.input_start_ < console_.input_buffer_.size()) {
        return console_.input_buffer_[console_.input_start_++];
      }
    }
    if (!fill()) return std::nullopt;
  }
}

// Waits for input and appends it to the console's buffer. False at its end.
bool InputClaim::fill() {
  // Nobody else reads from the descriptor now, so the lock is free for those who want to know that.
  pollfd waiting[] = {{console_.streams_.input, POLLIN, 0}, {console_.wake_up_, POLLIN, 0}, {output_came_, POLLIN, 0}};
  if (poll(waiting, 3, -1) < 0) return errno == EINTR;
  if (waiting[2].revents != 0) return_to_line();
  if (console_.reading_stopped_) return false;
  if (waiting[0].revents == 0) return true;
  std::array<char, kReadSize> bytes;
  const ssize_t count = ::read(console_.streams_.input, bytes.data(), bytes.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  const std::lock_guard lock(console_.input_mutex_);
  console_.input_buffer_.erase(0, console_.input_start_);
  console_.input_start_ = 0;
  console_.input_buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return count > 0;
}

}  // namespace duso
