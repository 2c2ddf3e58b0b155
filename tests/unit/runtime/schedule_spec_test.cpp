// How schedule specs are read, and what is said about those that are none.
#include <string>

#include <catch2/catch.hpp>

#include "runtime/schedule/spec.hpp"

using namespace duso::schedule;

namespace {

// The message about [text]; empty if it is a spec.
std::string problem_of(std::string_view text) {
  std::string problem;
  const auto spec = parse_spec(text, problem);
  CHECK(spec.has_value() == problem.empty());
  return problem;
}

// The canonical text of what [text] says about repetition.
std::string every(std::string_view text) {
  std::string problem;
  const auto spec = parse_spec(text, problem);
  if (!spec) return problem;
  return spec->every ? canonical_text(*spec->every) : "nil";
}

}  // namespace

TEST_CASE("a unit is told by how it begins, in any case, and has one canonical letter", "[schedule]") {
  CHECK(every("30s") == "30s");
  CHECK(every("2seconds") == "2s");
  CHECK(every("1S") == "1s");
  CHECK(every("1M") == "1m");
  CHECK(every("10Minutes") == "10m");
  CHECK(every("1MO") == "1M");
  CHECK(every("3months") == "3M");
  CHECK(every("1HR") == "1h");
  CHECK(every("7Days") == "7D");
  CHECK(every("3weeks") == "21D");
  CHECK(every("2YEARS") == "2Y");
  CHECK(every("1.5h") == "1.5h");
  CHECK(every("0.50s") == "0.5s");
  CHECK(every("0.1s") == "0.1s");
  CHECK(every("007D") == "7D");
}

TEST_CASE("tokens stand in any order, with blanks around them", "[schedule]") {
  std::string problem;
  const auto spec = parse_spec("\t 1D  2031/1/5\n6:05 ", problem);
  REQUIRE(spec);
  CHECK(canonical_text(*spec->every) == "1D");
  CHECK(spec->date->year == 2031);
  CHECK(spec->date->month == 1);
  CHECK(spec->date->day == 5);
  CHECK(*spec->time_of_day == 6 * 3600 + 5 * 60);
  CHECK(!spec->offset);

  const auto later = parse_spec("1h +2h", problem);
  REQUIRE(later);
  CHECK(canonical_text(*later->offset) == "2h");
  CHECK(canonical_text(*later->every) == "1h");
  CHECK(*parse_spec("23:59:59", problem)->time_of_day == 86'399);
  CHECK(every("2032-02-29") == "nil");
}

TEST_CASE("no spec, and a spec of nothing", "[schedule]") {
  CHECK(problem_of("") == R"(schedule() requires a spec string (e.g. "30s", "06:00 1D", "2026-01-15 15:00"))");
  CHECK(problem_of("   ") == R"(schedule() spec "   " didn't resolve to an interval or a date/time)");
}

TEST_CASE("a token of no known shape is named", "[schedule]") {
  CHECK(problem_of("abc") == R"(schedule spec "abc" has an unrecognized token "abc")");
  CHECK(problem_of("10 s") == R"(schedule spec "10 s" has an unrecognized token "10")");
  for (const std::string token : {"1", "s", "1e3s", "1.s", ".5s", "1.5", "+1", "++1s", "1s2", "5µs", "+"}) {
    CHECK(problem_of("1h " + token) ==
          "schedule spec \"1h " + token + "\" has an unrecognized token \"" + token + "\"");
  }
}

TEST_CASE("a spec has one token of a kind", "[schedule]") {
  CHECK(problem_of("1s 2s") == R"(schedule spec "1s 2s" has more than one interval token)");
  CHECK(problem_of("2031-01-01 2031-01-01") == R"(schedule spec "2031-01-01 2031-01-01" has more than one date token)");
  CHECK(problem_of("06:00 1D 07:00") == R"(schedule spec "06:00 1D 07:00" has more than one time token)");
  CHECK(problem_of("+1s +2s") == R"(schedule spec "+1s +2s" has more than one relative (+...) token)");
}

TEST_CASE("an offset excludes a date and a time", "[schedule]") {
  for (const std::string spec : {"+1s 06:00", "06:00 +1s", "+1D 2031-01-01", "1h 2031-01-01 +1D"}) {
    CHECK(problem_of(spec) ==
          "schedule spec \"" + spec + "\" combines a relative offset (+...) with an absolute date/time - pick one");
  }
}

TEST_CASE("an interval has a positive count, whole where it must be, a known unit, and a least length", "[schedule]") {
  CHECK(problem_of("0s") == R"(invalid interval "0s" - count must be positive)");
  CHECK(problem_of("0.0D") == R"(invalid interval "0.0D" - count must be positive)");
  CHECK(problem_of("+0s") == R"(invalid interval "0s" - count must be positive)");
  CHECK(problem_of("5x") == R"(invalid interval "5x" - unrecognized unit "x")");
  CHECK(problem_of("5fortnights") == R"(invalid interval "5fortnights" - unrecognized unit "fortnights")");
  CHECK(problem_of("5Ms") == R"(invalid interval "5Ms" - unrecognized unit "Ms")");
  CHECK(problem_of("1.5mo") == R"(invalid interval "1.5mo" - count must be a whole number)");
  CHECK(problem_of("2.5w") == R"(invalid interval "2.5w" - count must be a whole number)");
  CHECK(problem_of("0.5y") == R"(invalid interval "0.5y" - count must be a whole number)");
  CHECK(problem_of("1.5D") == R"(invalid interval "1.5D" - count must be a whole number)");
  CHECK(problem_of("1.0D") == "");
  CHECK(problem_of("0.01s") == R"(invalid interval "0.01s" - shorter than 0.1s)");
  CHECK(problem_of("0.001m") == R"(invalid interval "0.001m" - shorter than 0.1s)");
}

TEST_CASE("a date has four, two and two digits, and exists", "[schedule]") {
  for (const std::string date :
       {"31-01-01", "2031-01", "-1s", "2031-01/01", "2031-1-1-1", "2031-001-01", "2031-01-", "a-b-c", "2031-01-01x"}) {
    CHECK(problem_of(date) == "invalid date \"" + date + "\" - expected YYYY-MM-DD or YYYY/MM/DD");
  }
  CHECK(problem_of("2031-13-01") == R"(invalid date "2031-13-01" - month out of range)");
  CHECK(problem_of("2031-00-10") == R"(invalid date "2031-00-10" - month out of range)");
  CHECK(problem_of("2031-01-32") == R"(invalid date "2031-01-32" - day out of range)");
  CHECK(problem_of("2031-01-00") == R"(invalid date "2031-01-00" - day out of range)");
  CHECK(problem_of("2031-02-29") == R"(invalid date "2031-02-29" - day out of range)");
  CHECK(problem_of("2031-04-31") == R"(invalid date "2031-04-31" - day out of range)");
}

TEST_CASE("a time has two or three numbers, and exists", "[schedule]") {
  for (const std::string time :
       {"12:5", ":30", "12:", "123:00", "12:00:0", "1:2:3:4", "12:00:00:00", "a:b", "2031-01-01T06:00"}) {
    CHECK(problem_of(time) == "invalid time \"" + time + "\" - expected HH:MM or HH:MM:SS");
  }
  CHECK(problem_of("25:00") == R"(invalid time "25:00" - out of range)");
  CHECK(problem_of("24:00") == R"(invalid time "24:00" - out of range)");
  CHECK(problem_of("12:60") == R"(invalid time "12:60" - out of range)");
  CHECK(problem_of("12:00:61") == R"(invalid time "12:00:61" - out of range)");
}
