// The Gregorian calendar, extended in both directions without end, in seconds since 1970 in UTC.
//
// std::chrono knows years up to 32767 only; a script may ask for any second of a 64-bit count.
#pragma once

#include <cstdint>

namespace duso {

inline constexpr std::int64_t kSecondsPerDay = 86'400;

// A date and time of day in UTC.
struct CivilTime {
  std::int64_t year = 0;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
  int hour = 0;
  int minute = 0;
  int second = 0;
};

constexpr bool is_leap_year(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

// The days of [month] (1 to 12) in [year].
constexpr int days_in_month(std::int64_t year, int month) {
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Days from 1970-01-01 to the given date. A year is taken to begin in March, so that the leap day is its last one; then
// months have a regular pattern of lengths, and 400 years are one period of 146,097 days.
constexpr std::int64_t days_from_date(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t period = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_period = year - period * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_period = year_of_period * 365 + year_of_period / 4 - year_of_period / 100 + day_of_year;
  return period * 146'097 + day_of_period - 719'468;
}

constexpr std::int64_t seconds_from_civil(const CivilTime& time) {
  return days_from_date(time.year, time.month, time.day) * kSecondsPerDay +
         (std::int64_t{time.hour} * 60 + time.minute) * 60 + time.second;
}

// Days from 1970-01-01 to the day that holds [seconds].
constexpr std::int64_t days_from_seconds(std::int64_t seconds) {
  return seconds / kSecondsPerDay - (seconds % kSecondsPerDay < 0 ? 1 : 0);
}

constexpr CivilTime civil_from_seconds(std::int64_t seconds) {
  const std::int64_t days = days_from_seconds(seconds);
  const int second_of_day = static_cast<int>(seconds - days * kSecondsPerDay);
  const std::int64_t shifted = days + 719'468;
  const std::int64_t period = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t day_of_period = shifted - period * 146'097;
  const std::int64_t year_of_period =
      (day_of_period - day_of_period / 1460 + day_of_period / 36'524 - day_of_period / 146'096) / 365;
  const int day_of_year =
      static_cast<int>(day_of_period - (365 * year_of_period + year_of_period / 4 - year_of_period / 100));
  const int month_from_march = (5 * day_of_year + 2) / 153;
  CivilTime time;
  time.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  time.month = month_from_march + (month_from_march < 10 ? 3 : -9);
  time.year = year_of_period + period * 400 + (time.month <= 2 ? 1 : 0);
  time.hour = second_of_day / 3600;
  time.minute = second_of_day / 60 % 60;
  time.second = second_of_day % 60;
  return time;
}

// The day of the week of the day with the number [days], counted from 1970-01-01: 0 is Sunday.
constexpr int weekday_of(std::int64_t days) { return static_cast<int>(((days + 4) % 7 + 7) % 7); }

}  // namespace duso
