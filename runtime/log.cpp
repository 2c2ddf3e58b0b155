#include "runtime/log.hpp"

#include <memory>
#include <mutex>
#include <utility>

#define SPDLOG_HEADER_ONLY
#define FMT_HEADER_ONLY
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include "runtime/console.hpp"

namespace duso::log {

namespace {

// Lines go through the console, so that they come after what was printed before.
class ConsoleSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit ConsoleSink(Console& console) : console_(console) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    base_sink<std::mutex>::formatter_->format(message, line);
    console_.write_error({line.data(), line.size()});
  }
  void flush_() override {}

  Console& console_;
};

Config chosen;
Console* chosen_console = nullptr;

spdlog::level::level_enum native_level(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
    case Level::kOff:
      break;
  }
  return spdlog::level::off;
}

spdlog::logger& logger() {
  static const std::unique_ptr<spdlog::logger> kLogger = [] {
    auto made = std::make_unique<spdlog::logger>("duso", std::make_shared<ConsoleSink>(*chosen_console));
    made->set_level(spdlog::level::trace);
    // The time in UTC and to the millisecond, as RFC 3339 writes it.
    const char* const text = "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
    const char* const json = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
    made->set_formatter(
        std::make_unique<spdlog::pattern_formatter>(chosen.as_json ? json : text, spdlog::pattern_time_type::utc));
    return made;
  }();
  return *kLogger;
}

void append_json(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string json_entry(std::string_view message, std::initializer_list<Field> fields) {
  std::string entry = "\"message\":";
  append_json(entry, message);
  for (const Field& field : fields) {
    entry += ',';
    append_json(entry, field.key);
    entry += ':';
    if (field.is_number) {
      entry += field.value;
    } else {
      append_json(entry, field.value);
    }
  }
  return entry;
}

std::string text_entry(std::string_view message, std::initializer_list<Field> fields) {
  std::string entry(message);
  for (const Field& field : fields) {
    entry += ' ';
    entry += field.key;
    entry += '=';
    const bool is_plain = !field.value.empty() && field.value.find_first_of(" \t\r\n\"") == std::string::npos;
    if (is_plain) {
      entry += field.value;
    } else {
      append_json(entry, field.value);
    }
  }
  return entry;
}

}  // namespace

namespace detail {

std::atomic<Level> least_level{Level::kOff};

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
  const std::string entry = chosen.as_json ? json_entry(message, fields) : text_entry(message, fields);
  logger().log(native_level(level), entry);
}

}  // namespace detail

std::optional<Level> level_called(std::string_view name) {
  constexpr std::pair<std::string_view, Level> kLevels[] = {
      {"debug", Level::kDebug},  {"info", Level::kInfo},   {"warning", Level::kWarning},
      {"warn", Level::kWarning}, {"error", Level::kError}, {"off", Level::kOff},
  };
  for (const auto& [known, level] : kLevels) {
    if (known == name) return level;
  }
  return std::nullopt;
}

void configure(const Config& config, Console& console) {
  chosen = config;
  chosen_console = &console;
  detail::least_level = config.level;
}

}  // namespace duso::log
