// The runtime's own log: what the process has to say about itself, beside what its scripts say.
//
// It goes to standard error as lines, of text or of JSON (-log-format), and only from the level asked for on
// (-log-level). Scripts' output never mixes into it: a line is written in one piece, after what was printed before.
// An entry that nobody wants to see costs one comparison; the library behind it, spdlog, is set up with the first one
// that somebody does.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace duso {

class Console;

namespace log {

enum class Level : int { kDebug, kInfo, kWarning, kError, kOff };

// The level called [name]: "debug", "info", "warning" (or "warn"), "error", "off". Nothing for any other name.
std::optional<Level> level_called(std::string_view name);

struct Config {
  Level level = Level::kWarning;
  bool as_json = false;
};

// Before anything is logged; [console] receives the lines and must outlive the last of them.
void configure(const Config& config, Console& console);

// A key and what it stands for in one entry.
struct Field {
  Field(std::string_view name, std::string text) : key(name), value(std::move(text)) {}
  Field(std::string_view name, std::uint64_t number) : key(name), value(std::to_string(number)), is_number(true) {}

  std::string_view key;
  std::string value;
  bool is_number = false;
};

namespace detail {
extern std::atomic<Level> least_level;
void write(Level level, std::string_view message, std::initializer_list<Field> fields);
}  // namespace detail

inline bool is_wanted(Level level) { return level >= detail::least_level.load(std::memory_order_relaxed); }

// Logs [message], a short constant phrase, with what varies in [fields]. From any thread. Where entries come often, ask
// is_wanted() before putting fields together.
inline void write(Level level, std::string_view message, std::initializer_list<Field> fields = {}) {
  if (is_wanted(level)) detail::write(level, message, fields);
}

}  // namespace log
}  // namespace duso
