// Waiting in several lists at once, under random wakes, timeouts and cancellations, against a model.
//
// Tasks of a real script wait through the builtin `wait_somewhere`; its main task calls `drive`, which does something
// to them at random, does the same to a model made of plain lists, and compares both. What each wait came to is
// compared with what the model said it must come to.
#include "runtime/tasks/wait_list.hpp"

#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "interpreter/syntax/parser.hpp"
#include "runtime/host.hpp"
#include "runtime/tasks/runtime.hpp"
#include "stdlib/builtins/table.hpp"

using duso::Value;
using duso::execution::BuiltinSpec;
using duso::execution::Call;
using duso::tasks::ScriptInstance;
using duso::tasks::Task;
using duso::tasks::Waiter;
using duso::tasks::WaitList;
using duso::tasks::Wake;

namespace {

constexpr std::size_t kLists = 4;

struct Outcome {
  Wake wake = Wake::kReady;
  std::size_t served_by = kLists;  // the list; kLists: none

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Model {
  std::mt19937 random;
  WaitList lists[kLists];
  std::list<std::uint32_t> expected_lists[kLists];  // ids of tasks
  std::map<std::uint32_t, Task*> waiting;           // according to the model
  std::map<std::uint32_t, Outcome> expected;        // of waits that have ended and were not noticed yet
  std::map<std::uint32_t, bool> cancelled;
  std::size_t waits = 0;
  std::size_t mismatches = 0;

  void end_wait(std::uint32_t id, Outcome outcome) {
    waiting.erase(id);
    for (auto& list : expected_lists) list.remove(id);
    expected[id] = outcome;
  }
  void check(bool holds) { mismatches += static_cast<std::size_t>(!holds); }
};

Model* model = nullptr;

Value wait_somewhere(Call& call) {
  ScriptInstance& instance = *ScriptInstance::of(call.instance());
  Task& task = instance.current();
  std::deque<Waiter> waiters;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < kLists; ++i) {
    if (model->random() % 2 == 0) continue;
    Waiter& waiter = waiters.emplace_back(task);
    if (waiters.size() > 1) waiters[waiters.size() - 2].next_of_task = &waiter;
    model->lists[i].add(waiter);
    places.push_back(i);
  }
  ++model->waits;
  if (model->cancelled[task.id()]) {
    model->expected[task.id()] = {Wake::kCancelled};
  } else {
    model->waiting[task.id()] = &task;
    for (const std::size_t place : places) model->expected_lists[place].push_back(task.id());
  }
  Outcome got;
  got.wake = instance.park(call, {"test"}, waiters.empty() ? nullptr : &waiters.front());
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (waiters[i].served) got.served_by = places[i];
  }
  model->check(model->expected.contains(task.id()) && model->expected[task.id()] == got);
  model->expected.erase(task.id());
  const bool goes_on = got.wake == Wake::kReady || got.wake == Wake::kTimeout;
  return goes_on ? Value(true) : instance.raise_woken(call, got.wake);
}

Value drive(Call& call) {
  ScriptInstance& instance = *ScriptInstance::of(call.instance());
  const std::size_t place = model->random() % kLists;
  Task* task = nullptr;
  for (const auto& [id, waiting] : model->waiting) {
    if (task == nullptr || model->random() % 3 == 0) task = waiting;
  }
  switch (model->random() % 8) {
    case 0:
      if (task != nullptr) {
        model->end_wait(task->id(), {Wake::kTimeout});
        model->check(instance.wake(*task, Wake::kTimeout));
        model->check(!instance.wake(*task, Wake::kReady));  // it does not wait any more
      }
      break;
    case 1:
      if (task != nullptr && model->random() % 20 == 0) {
        model->cancelled[task->id()] = true;
        model->end_wait(task->id(), {Wake::kCancelled});
        model->check(instance.cancel(*task, {}));
      }
      break;
    case 2:  // cancelled between its wake-up and its run: what it was served stays with it
      if (Waiter* const first = model->lists[place].first(); first != nullptr && model->random() % 20 == 0) {
        Task& served = first->task;
        model->cancelled[served.id()] = true;
        model->end_wait(served.id(), {Wake::kReady, place});
        instance.serve(*first);
        model->check(instance.cancel(served, {}));
      }
      break;
    default:
      if (Waiter* const first = model->lists[place].first()) {
        model->check(first->task.id() == model->expected_lists[place].front());
        model->end_wait(first->task.id(), {Wake::kReady, place});
        instance.serve(*first);
      }
      break;
  }
  for (std::size_t i = 0; i < kLists; ++i) {
    auto expected = model->expected_lists[i].begin();
    for (Waiter* waiter = model->lists[i].first(); waiter != nullptr; waiter = WaitList::next(*waiter)) {
      const bool has_more = expected != model->expected_lists[i].end();
      model->check(has_more && waiter->task.id() == *expected);
      if (has_more) ++expected;
    }
    model->check(expected == model->expected_lists[i].end());
  }
  return Value::nil();
}

const BuiltinSpec kWaitSomewhere{.name = "wait_somewhere", .summary = "", .example = "", .function = wait_somewhere};
const BuiltinSpec kDrive{.name = "drive", .summary = "", .example = "", .function = drive};

constexpr const char* kScript = R"(
for i = 1, 40 do
  task(function()
    while true do
      wait_somewhere()
    end
  end).detach()
end
yield_now()
for i = 1, 5000 do
  drive()
  if i % 3 == 0 then yield_now() end
end
yield_now()
)";

}  // namespace

TEST_CASE("whatever ends a wait takes the task out of all lists, and nobody is served twice", "[tasks]") {
  duso::register_value_types();
  std::vector<const BuiltinSpec*> builtins(duso::stdlib::all_builtins().begin(), duso::stdlib::all_builtins().end());
  builtins.push_back(&kWaitSomewhere);
  builtins.push_back(&kDrive);
  duso::Console console;
  const duso::CommandLine line;
  duso::Files files;
  duso::Host host(console, line, files);
  for (const unsigned seed : {1U, 2U, 3U, 4U}) {
    CAPTURE(seed);
    Model fresh;
    fresh.random.seed(seed);
    model = &fresh;
    duso::tasks::RuntimeConfig config;
    config.workers = 1;
    duso::tasks::Runtime runtime(config, builtins, host);
    auto source = std::make_shared<const duso::syntax::Source>("test.du", kScript);
    const duso::tasks::Ending ending = runtime.run_main(duso::syntax::parse(source).program, "test.du", "");
    CHECK(ending.error_text.empty());
    CHECK(fresh.mismatches == 0);
    CHECK(fresh.waits > 1000);
  }
}
