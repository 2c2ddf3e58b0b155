// The book of scheduled jobs: what is due, in which order, and what its records say.
#include "runtime/schedule/schedule.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "tests/unit/runtime/freezing_script.hpp"

using namespace duso;
using namespace duso::schedule;
using std::chrono::seconds;

namespace {

std::int64_t utc(std::int64_t) { return 0; }

constexpr Instant kStart = Instant(seconds(1'000'000'000));

// A book whose jobs are entered in a word.
class Book {
 public:
  void add(const std::string& id, std::string_view text, Instant now = kStart, double context = 0) {
    std::string problem;
    schedule.add(id, *parse_spec(text, problem), id + ".du", FrozenValue(context), now);
  }

  // The ids of what is due at [now], each followed by a blank.
  std::string due(Instant now) {
    std::string ids;
    for (const Firing& firing : schedule.take_due(now)) ids += firing.id + " ";
    return ids;
  }

  std::string record(std::string_view id) { return script_.text_of(schedule.record(id)); }

  Schedule schedule{utc};

 private:
  test::FreezingScript script_;
};

}  // namespace

TEST_CASE("jobs become due by deadline, and in the order of entry when that is the same", "[schedule]") {
  Book book;
  CHECK(!book.schedule.next_deadline());
  book.add("minute", "1m");
  book.add("second", "1s");
  book.add("also a minute", "60s");
  CHECK(*book.schedule.next_deadline() == kStart + seconds(1));
  CHECK(book.due(kStart) == "");
  CHECK(book.due(kStart + seconds(60)) == "second minute also a minute ");
  CHECK(*book.schedule.next_deadline() == kStart + seconds(61));
}

TEST_CASE("what was missed is made up for once", "[schedule]") {
  Book book;
  book.add("job", "1s");
  CHECK(book.due(kStart + seconds(3600)) == "job ");
  CHECK(book.due(kStart + seconds(3600)) == "");
  CHECK(*book.schedule.next_deadline() == kStart + seconds(3601));
}

TEST_CASE("a job that runs once is gone then, one in the past at once", "[schedule]") {
  Book book;
  book.add("later", "+5s");
  book.add("past", "2001-01-01");
  CHECK(*book.schedule.next_deadline() <= kStart);
  CHECK(book.due(kStart) == "past ");
  CHECK(book.schedule.record("past").is_nil());
  CHECK(book.schedule.ids() == std::vector<std::string>{"later"});
  CHECK(book.due(kStart + seconds(5)) == "later ");
  CHECK(book.schedule.ids().empty());
  CHECK(!book.schedule.next_deadline());
}

TEST_CASE("a firing says what runs with what", "[schedule]") {
  Book book;
  book.add("job", "1s", kStart, 42);
  const std::vector<Firing> due = book.schedule.take_due(kStart + seconds(1));
  REQUIRE(due.size() == 1);
  CHECK(due[0].id == "job");
  CHECK(due[0].script == "job.du");
  CHECK(due[0].context.immediate().number() == 42);
}

TEST_CASE("the same id again replaces the job and keeps its place", "[schedule]") {
  Book book;
  book.add("a", "1s");
  book.add("b", "1s");
  book.schedule.note_pid("a", 7);
  book.add("a", "1h", kStart + seconds(10), 2);
  CHECK(book.due(kStart + seconds(60)) == "b ");
  CHECK(book.schedule.ids() == std::vector<std::string>{"a", "b"});
  CHECK(book.record("a") == "{context=2, every=\"1h\", last_pid=nil, next_fire=1000003610, script=\"a.du\"}");
}

TEST_CASE("a job that was struck does not run", "[schedule]") {
  Book book;
  book.add("a", "1s");
  book.add("b", "1s");
  CHECK(book.schedule.remove("a"));
  CHECK(!book.schedule.remove("a"));
  CHECK(book.due(kStart + seconds(60)) == "b ");
  book.schedule.note_pid("a", 7);
  CHECK(book.record("a") == "nil");
}

TEST_CASE("a record has all five keys, in their order", "[schedule]") {
  Book book;
  book.add("job", "0.5s");
  book.add("once", "+2h");
  const FrozenValue record = book.schedule.record("job");
  const char* const names[] = {"every", "script", "next_fire", "context", "last_pid"};
  REQUIRE(record.size() == 5);
  for (std::uint32_t i = 0; i < 5; ++i) CHECK(record.name(i) == names[i]);
  CHECK(book.record("job") == "{context=0, every=\"0.5s\", last_pid=nil, next_fire=1000000000, script=\"job.du\"}");
  CHECK(book.record("once") == "{context=0, every=nil, last_pid=nil, next_fire=1000007200, script=\"once.du\"}");
  book.due(kStart + seconds(1));
  book.schedule.note_pid("job", 12);
  CHECK(book.record("job") == "{context=0, every=\"0.5s\", last_pid=12, next_fire=1000000001, script=\"job.du\"}");
}

TEST_CASE("a job that never comes is in the book and never due", "[schedule]") {
  Book book;
  book.add("never", "99999999999999y");
  CHECK(!book.schedule.next_deadline());
  CHECK(book.due(kNever) == "");
  CHECK(book.schedule.remove("never"));
}

TEST_CASE("a hundred thousand jobs are entered, fired and struck quickly", "[schedule]") {
  Book book;
  for (int i = 0; i < 100'000; ++i) book.add("job" + std::to_string(i), std::to_string(1 + i % 1000) + "s");
  CHECK(book.schedule.take_due(kStart + seconds(500)).size() == 50'000);
  for (int i = 0; i < 100'000; ++i) REQUIRE(book.schedule.remove("job" + std::to_string(i)));
  CHECK(book.schedule.ids().empty());
}
