// A pipe for tests that look at what is written, or say what is read.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

namespace duso::test {

// A pipe with both ends in our hands; closes what is left open.
class Pipe {
 public:
  Pipe() { REQUIRE(pipe(ends_.data()) == 0); }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_reader() { close_end(0); }
  void close_writer() { close_end(1); }

  // Whether all of [text] went in; waits while the pipe is full.
  bool fill(const std::string& text) { return ::write(writer(), text.data(), text.size()) == std::ssize(text); }

  // What is in the pipe now; it must not be empty unless the writer was closed.
  std::string content() {
    std::string text(std::size_t{1} << 16, '\0');
    const ssize_t size = ::read(reader(), text.data(), text.size());
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }

  bool is_empty() {
    fcntl(reader(), F_SETFL, O_NONBLOCK);
    char byte;
    const bool nothing = ::read(reader(), &byte, 1) < 0;
    fcntl(reader(), F_SETFL, 0);
    return nothing;
  }

 private:
  void close_end(std::size_t index) {
    if (ends_[index] >= 0) close(std::exchange(ends_[index], -1));
  }

  std::array<int, 2> ends_{};
};

}  // namespace duso::test
