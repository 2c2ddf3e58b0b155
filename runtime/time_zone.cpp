#include "runtime/time_zone.hpp"

#include <ctime>
#include <string>

#include "runtime/calendar.hpp"
#include "runtime/files/disk_files.hpp"

namespace duso {

namespace {

constexpr std::string_view kDirectories[] = {"/usr/share/zoneinfo/", "/usr/lib/zoneinfo/", "/usr/share/lib/zoneinfo/",
                                             "/etc/zoneinfo/"};

// --- rules ---

// Reads a POSIX rule from front to back.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool starts_with(char byte) const { return rest_.starts_with(byte); }
  bool skip(char byte) {
    if (!starts_with(byte)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // name = letter {letter} | "<" {character} ">"
  bool skip_name() {
    if (skip('<')) {
      const std::size_t end = rest_.find('>');
      if (end == std::string_view::npos) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    std::size_t size = 0;
    while (size < rest_.size() && (rest_[size] | 0x20) >= 'a' && (rest_[size] | 0x20) <= 'z') ++size;
    rest_.remove_prefix(size);
    return size >= 3;
  }

  bool number(int& result) {
    result = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && digits < 4 && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      result = result * 10 + (rest_[digits] - '0');
    }
    rest_.remove_prefix(digits);
    return digits > 0;
  }

  // time = ["+" | "-"] hours [":" minutes [":" seconds]]
  bool time(std::int64_t& seconds) {
    const bool is_negative = skip('-');
    if (!is_negative) skip('+');
    seconds = 0;
    for (int unit = 3600;; unit /= 60) {
      int value = 0;
      if (!number(value)) return false;
      seconds += std::int64_t{value} * unit;
      if (unit == 1 || !skip(':')) break;
    }
    if (is_negative) seconds = -seconds;
    return true;
  }

 private:
  std::string_view rest_;
};

// date = "J" day | day | "M" month "." week "." weekday, then ["/" time]. [moment] receives the local second of [year].
bool read_change(RuleReader& rule, std::int64_t year, std::int64_t& moment) {
  const std::int64_t new_year = days_from_date(year, 1, 1);
  std::int64_t day = 0;
  if (rule.skip('M')) {
    int month = 0;
    int week = 0;
    int weekday = 0;
    if (!rule.number(month) || !rule.skip('.') || !rule.number(week) || !rule.skip('.') || !rule.number(weekday)) {
      return false;
    }
    if (month < 1 || month > 12 || week < 1 || week > 5 || weekday > 6) return false;
    const std::int64_t first = days_from_date(year, month, 1);
    int offset = (weekday - weekday_of(first) + 7) % 7 + (week - 1) * 7;
    if (offset >= days_in_month(year, month)) offset -= 7;  // week 5 is the last one
    day = first + offset;
  } else {
    const bool ignores_leap_day = rule.skip('J');
    int number = 0;
    if (!rule.number(number)) return false;
    day = new_year + number - (ignores_leap_day ? 1 : 0);
    if (ignores_leap_day && is_leap_year(year) && number >= 60) ++day;
  }
  std::int64_t time = 2 * 3600;
  if (rule.skip('/') && !rule.time(time)) return false;
  moment = day * kSecondsPerDay + time;
  return true;
}

// --- zone files ---

// The number in the [size] bytes of [file] at [offset], most significant first.
std::int64_t number_at(std::string_view file, std::size_t offset, std::size_t size) {
  std::uint64_t number = static_cast<unsigned char>(file[offset]) >= 0x80 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | static_cast<unsigned char>(file[offset + i]);
  return static_cast<std::int64_t>(number);
}

// One of the two blocks of a zone file: the older one has times of four bytes, the newer one of eight.
struct Block {
  static constexpr std::size_t kHeaderSize = 44;
  static constexpr std::size_t kTypeSize = 6;

  std::string_view file;
  std::size_t start;      // of the header
  std::size_t time_size;  // bytes

  std::size_t count(std::size_t index) const {
    return static_cast<std::size_t>(number_at(file, start + 20 + 4 * index, 4)) & 0xFFFF'FFFF;
  }
  std::size_t leap_seconds() const { return count(2); }
  std::size_t changes() const { return count(3); }
  std::size_t types() const { return count(4); }

  std::size_t times_at() const { return start + kHeaderSize; }
  std::size_t type_indices_at() const { return times_at() + changes() * time_size; }
  std::size_t types_at() const { return type_indices_at() + changes(); }
  std::size_t end() const {
    return types_at() + types() * kTypeSize + count(5) + leap_seconds() * (time_size + 4) + count(1) + count(0);
  }

  bool is_whole() const {
    return file.size() >= start + kHeaderSize && file.substr(start).starts_with("TZif") && end() <= file.size() &&
           types() > 0;
  }
  char version() const { return file[start + 4]; }

  std::int64_t time(std::size_t index) const { return number_at(file, times_at() + index * time_size, time_size); }
  std::optional<std::int64_t> offset_of_type(std::size_t type) const {
    if (type >= types()) return std::nullopt;
    return number_at(file, types_at() + type * kTypeSize, 4);
  }
  std::optional<std::int64_t> offset_after(std::size_t change) const {
    return offset_of_type(static_cast<unsigned char>(file[type_indices_at() + change]));
  }
};

// The machine's own data, which no script chooses and no sandbox is about.
std::optional<std::string> read_zone_file(std::string_view name) {
  constexpr std::size_t kLargest = std::size_t{1} << 20;
  for (const std::string_view directory : kDirectories) {
    Result<FileSnapshot> taken = DiskFiles::snapshot(std::string(directory) + std::string(name), kLargest);
    if (taken.ok()) return std::move(taken.value().bytes);
  }
  return std::nullopt;
}

}  // namespace

namespace detail {

// rule = name time [name [time] ["," date "," date]]; the times of zones count westwards.
std::optional<std::int64_t> posix_offset(std::string_view text, std::int64_t time) {
  RuleReader rule(text);
  std::int64_t standard = 0;
  if (!rule.skip_name() || !rule.time(standard)) return std::nullopt;
  standard = -standard;
  if (rule.at_end()) return standard;
  if (!rule.skip_name()) return std::nullopt;
  std::int64_t summer = standard + 3600;
  if (!rule.starts_with(',')) {
    if (!rule.time(summer)) return std::nullopt;
    summer = -summer;
  }
  const std::int64_t year = civil_from_seconds(time + standard).year;
  std::int64_t begin = 0;
  std::int64_t end = 0;
  if (!rule.skip(',') || !read_change(rule, year, begin) || !rule.skip(',') || !read_change(rule, year, end)) {
    return std::nullopt;
  }
  begin -= standard;
  end -= summer;
  // South of the equator summer time begins late in the year and ends in the next one.
  const bool is_summer = begin < end ? time >= begin && time < end : time >= begin || time < end;
  return is_summer ? summer : standard;
}

std::optional<std::int64_t> zone_file_offset(std::string_view file, std::int64_t time) {
  Block block{file, 0, 4};
  if (!block.is_whole()) return std::nullopt;
  std::string_view rule;
  if (block.version() >= '2') {
    block = {file, block.end(), 8};
    if (!block.is_whole()) return std::nullopt;
    rule = file.substr(block.end());
    if (rule.starts_with('\n')) rule.remove_prefix(1);
    rule = rule.substr(0, rule.find('\n'));
  }
  std::size_t behind = 0;  // changes that have happened by then
  for (std::size_t size = block.changes(); size > 0;) {
    const std::size_t half = size / 2;
    if (block.time(behind + half) <= time) {
      behind += half + 1;
      size -= half + 1;
    } else {
      size = half;
    }
  }
  if (behind == block.changes() && !rule.empty()) {
    if (const auto offset = posix_offset(rule, time)) return offset;
  }
  return behind == 0 ? block.offset_of_type(0) : block.offset_after(behind - 1);
}

}  // namespace detail

std::int64_t local_offset(std::int64_t time) {
  const std::time_t moment = time;
  std::tm local{};
  return localtime_r(&moment, &local) != nullptr ? local.tm_gmtoff : 0;
}

std::optional<std::int64_t> zone_offset(std::string_view name, std::int64_t time) {
  if (name.empty() || name == "UTC") return 0;
  if (name == "Local") return local_offset(time);
  if (name.starts_with('/') || name.find("..") != std::string_view::npos || name.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  const auto file = read_zone_file(name);
  return file ? detail::zone_file_offset(*file, time) : std::nullopt;
}

}  // namespace duso
