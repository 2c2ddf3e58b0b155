#include "runtime/spinner.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>

#include "interpreter/values/utf8.hpp"

namespace duso {

namespace {

constexpr std::array<std::string_view, 10> kFrames = {"⣀", "⣤", "⣶", "⠿", "⠛", "⠛", "⠛", "⠶", "⣤", "⣀"};
constexpr std::chrono::milliseconds kFrameTime{80};

constexpr std::string_view kHideCursor = "\x1b[?25l";
constexpr std::string_view kShowCursor = "\x1b[?25h";

}  // namespace

Spinner::Spinner(int descriptor, std::string message)
    : descriptor_(descriptor), message_(message.empty() ? std::move(message) : std::move(message) + " ") {
  write(std::string(kHideCursor) + message_ + std::string(kFrames[0]));
  thread_ = std::thread([this] { turn(); });
}

Spinner::~Spinner() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  stopped_.notify_one();
  thread_.join();
  const std::size_t width = utf8::count(message_) + 1;
  const std::string back(width, '\b');
  write(back + std::string(width, ' ') + back + std::string(kShowCursor));
}

void Spinner::turn() {
  std::unique_lock lock(mutex_);
  for (std::size_t frame = 1; !stopped_.wait_for(lock, kFrameTime, [this] { return is_stopping_; }); ++frame) {
    write("\b" + std::string(kFrames[frame % kFrames.size()]));
  }
}

// What can not be written is not missed.
void Spinner::write(const std::string& text) const {
  const char* at = text.data();
  for (std::size_t left = text.size(); left > 0;) {
    const ssize_t written = ::write(descriptor_, at, left);
    if (written <= 0) return;
    at += written;
    left -= static_cast<std::size_t>(written);
  }
}

}  // namespace duso
