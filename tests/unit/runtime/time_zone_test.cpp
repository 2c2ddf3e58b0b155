// The calendar and the rules of time zones. Expected values come from `date` of the C library's time zone code.
#include "runtime/time_zone.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "runtime/calendar.hpp"
#include "runtime/files/disk_files.hpp"

using namespace duso;

namespace {

std::int64_t moment(std::int64_t year, int month, int day, int hour = 0, int minute = 0, int second = 0) {
  return seconds_from_civil(
      {.year = year, .month = month, .day = day, .hour = hour, .minute = minute, .second = second});
}

// The offset in minutes by [rule]; -9999 when it is malformed.
std::int64_t minutes(std::string_view rule, std::int64_t time) {
  const auto offset = detail::posix_offset(rule, time);
  return offset ? *offset / 60 : -9999;
}

}  // namespace

TEST_CASE("dates and days are each other's inverse, in both directions from 1970", "[time]") {
  CHECK(days_from_date(1970, 1, 1) == 0);
  CHECK(days_from_date(2000, 2, 29) == 11'016);
  CHECK(days_from_date(0, 3, 1) == -719'468);
  CHECK(weekday_of(0) == 4);
  CHECK(weekday_of(-1) == 3);
  std::int64_t days = days_from_date(-402, 12, 31);
  for (std::int64_t year = -401; year <= 401; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= days_in_month(year, month); ++day) {
        ++days;
        if (days_from_date(year, month, day) != days) FAIL("days of " << year << "-" << month << "-" << day);
        const CivilTime time = civil_from_seconds(days * kSecondsPerDay + 86'399);
        if (time.year != year || time.month != month || time.day != day || time.second != 59) {
          FAIL("date of " << year << "-" << month << "-" << day);
        }
      }
    }
  }
}

TEST_CASE("a rule names the days on which summer time begins and ends", "[time]") {
  const std::string berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
  CHECK(minutes(berlin, moment(2050, 1, 1)) == 60);
  CHECK(minutes(berlin, moment(2050, 7, 1)) == 120);
  CHECK(minutes(berlin, moment(2050, 3, 27, 0, 59, 59)) == 60);
  CHECK(minutes(berlin, moment(2050, 3, 27, 1)) == 120);
  CHECK(minutes(berlin, moment(2050, 10, 30, 0, 59, 59)) == 120);
  CHECK(minutes(berlin, moment(2050, 10, 30, 1)) == 60);
  const std::string sydney = "AEST-10AEDT,M10.1.0,M4.1.0/3";
  CHECK(minutes(sydney, moment(2050, 1, 1)) == 660);
  CHECK(minutes(sydney, moment(2050, 7, 1)) == 600);
  CHECK(minutes("EST5EDT,M3.2.0,M11.1.0", moment(2050, 12, 24)) == -300);
  CHECK(minutes("<-03>3", moment(2050, 1, 1)) == -180);
  CHECK(minutes("<+0545>-5:45", 0) == 345);
  CHECK(minutes("IST-1GMT0,M10.5.0,M3.5.0/1", moment(2050, 1, 1)) == 0);
  CHECK(minutes("XXX0YYY,J60,J300", moment(2024, 2, 29, 12)) == 0);
  CHECK(minutes("XXX0YYY,J60,J300", moment(2024, 3, 1, 12)) == 60);
  CHECK(minutes("XXX0YYY,59,J300", moment(2024, 2, 29, 12)) == 60);
}

TEST_CASE("a malformed rule is no rule", "[time]") {
  for (const char* rule : {"", "C", "CET", "<CET", "CET-", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0",
                           "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
                           "CET-1CEST,M3.5,M10.5.0", "CET-1CEST,M3.5.0/,M10.5.0"}) {
    CAPTURE(rule);
    CHECK_FALSE(detail::posix_offset(rule, 0));
  }
}

TEST_CASE("the system's zone files say what applied when, and their rule what will", "[time]") {
  if (!zone_offset("Europe/Berlin", 0)) return;  // no zone data here
  CHECK(zone_offset("Europe/Berlin", moment(2024, 1, 1)) == 3600);
  CHECK(zone_offset("Europe/Berlin", moment(2024, 7, 1)) == 7200);
  CHECK(zone_offset("Europe/Berlin", moment(2099, 7, 1)) == 7200);
  CHECK(zone_offset("Europe/Berlin", moment(1947, 6, 1)) == 10'800);
  CHECK(zone_offset("Europe/Berlin", moment(1800, 1, 1)) == 3208);
  CHECK(zone_offset("Asia/Tokyo", moment(2024, 7, 1)) == 32'400);
  CHECK(zone_offset("America/New_York", moment(2099, 12, 24)) == -18'000);
  CHECK(zone_offset("", 0) == 0);
}

TEST_CASE("names that are no zones are refused, whatever file they lead to", "[time]") {
  for (const char* name : {"/usr/share/zoneinfo/UTC", "../zoneinfo/Asia/Tokyo", "Asia/../Asia/Tokyo", "Asia",
                           "asia/tokyo", "tzdata.zi", "Nowhere"}) {
    CAPTURE(name);
    CHECK_FALSE(zone_offset(name, 0));
  }
}

TEST_CASE("a zone file that is cut short is no zone file", "[time]") {
  const Result<FileSnapshot> taken = DiskFiles::snapshot("/usr/share/zoneinfo/Europe/Berlin", 1 << 20);
  if (!taken.ok()) return;
  const std::string* file = &taken.value().bytes;
  const std::size_t footer = file->rfind("CET-1CEST") - 1;
  for (std::size_t size = 0; size < footer; ++size) {
    if (detail::zone_file_offset(file->substr(0, size), 0)) FAIL("accepted with " << size << " bytes");
  }
  CHECK(detail::zone_file_offset(*file, 0) == 3600);
}
