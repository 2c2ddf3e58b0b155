// What crosses the boundary between instances, and what it costs to lose it on the way.
#include "runtime/frozen_value.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "interpreter/values/array.hpp"
#include "interpreter/values/function.hpp"
#include "interpreter/values/opaque.hpp"
#include "runtime/frozen_shape.hpp"
#include "tests/unit/runtime/freezing_script.hpp"

using namespace duso;
using duso::test::FreezingScript;

namespace {

// One value of everything that a script can build and that crosses.
constexpr std::string_view kEverything = R"du(
  try throw({code = [1, 2]}) catch (e) error = e end
  give({nothing = nil, yes = true, number = -1.5, text = "é", empty = "", list = [1, [], {}, [["x"]]], error = error,
        pattern = ~a(b+)~, code = parse("print(1)", {by = ["me"]}), builtin = upper})
)du";

constexpr std::string_view kEverythingText =
    "{builtin=<function>, code=<code>, empty=\"\", error=error({code=[1, 2]}), list=[1, [], {}, [[\"x\"]]], "
    "nothing=nil, number=-1.5, pattern=<regex>, text=\"é\", yes=true}";

// An array of [depth] arrays in each other, as script text that builds it in `a`.
std::string nested(int depth) { return "a = [] for i = 2, " + std::to_string(depth) + " do a = [a] end "; }

}  // namespace

TEST_CASE("a value arrives in another instance as it was", "[frozen]") {
  FreezingScript there;
  FrozenValue frozen;
  {
    FreezingScript here;
    frozen = here.give(kEverything);
  }
  CHECK(there.text_of(frozen) == kEverythingText);
  CHECK(there.text_of(FrozenValue()) == "nil");
  CHECK(there.text_of(FrozenValue(2.0)) == "2");
  CHECK(there.text_of(FrozenValue(false)) == "false");
  CHECK(there.text_of(FrozenValue("text")) == "text");
}

TEST_CASE("what arrives works there", "[frozen]") {
  FreezingScript here;
  FreezingScript there;
  there.given = here.give(kEverything);
  CHECK(there.run(R"du(
    v = take()
    assert(type(v.error) == "error" and type(v.pattern) == "regex" and type(v.code) == "code", "types")
    assert(v.error.message.code[1] == 2, "message")
    assert(contains("xabb", v.pattern) and not contains("xyz", v.pattern), "regex")
    assert(v.code.source == "print(1)" and v.code.metadata.by[0] == "me", "code")
    assert(v.builtin("a") == "A", "builtin")
    assert(len(v.text) == 1 and v.list[3][0][0] == "x", "text")
    push(v.list, 5)
    assert(len(take().list) == 4, "fresh copy")
  )du") == "");
}

TEST_CASE("a property keeps its place, whatever kind of object it is in", "[frozen]") {
  FreezingScript here;
  FreezingScript there;
  there.given = here.give("o = {z = 1, a = 2} o.m = 3 give(o)");
  CHECK(there.run(R"du(assert(join(keys(take()), "") == "zam"))du") == "");
  there.given = here.give(R"du(o = {} for i = 1, 500 do o["key" + (1000 - i)] = i end give({inner = o}))du");
  CHECK(there.run(R"du(
    o = take().inner
    assert(len(keys(o)) == 500 and keys(o)[0] == "key999" and o.key500 == 500)
    for i = 1, 500 do assert(o["key" + (1000 - i)] == i) end
  )du") == "");
}

TEST_CASE("objects with the same names share one list, and one shape in each worker", "[frozen]") {
  FreezingScript here;
  FreezingScript there;
  const FrozenValue frozen = here.give("give([{x = 1, y = 2}, {x = 3, y = 4}])");
  const FrozenValue other = there.give("give({x = 5, y = 6})");
  const Owned thawed = there.thaw(frozen);
  const Owned own = there.thaw(other);
  const Array* list = thawed.get().array();
  CHECK(list->items[0].object()->shape == own.get().object()->shape);
  CHECK(list->items[1].object()->shape == own.get().object()->shape);
  const std::string_view names[] = {"x", "y"};
  CHECK(FrozenShape::of(names) == FrozenShape::of(names));
  const std::string_view joined[] = {"xy"};
  CHECK(FrozenShape::of(joined) != FrozenShape::of(names));
}

TEST_CASE("a worker that has too many shapes gets dictionaries", "[frozen]") {
  FreezingScript here;
  FreezingScript there;
  ShapeTable& shapes = there.engine().shapes();
  const auto add = [&](Shape* to, int number) {
    return to->with(there.engine().names().intern("n" + std::to_string(number)));
  };
  for (int i = 0; i < 330; ++i) {
    Shape* first = add(shapes.empty(), i);
    for (int j = 0; first != nullptr && j < 330; ++j) add(first, 1000 + j);
  }
  const std::size_t most = shapes.size();
  REQUIRE(add(shapes.empty(), 10'000) == nullptr);
  there.given = here.give("give([{seldom = 1, seen = {seldom = 2}}, {seldom = 3}])");
  CHECK(
      there.run("v = take() assert(v[0].seen.seldom == 2 and v[1].seldom == 3 and keys(v[0])[1] == \"seen\")").empty());
  CHECK(shapes.size() == most);
}

TEST_CASE("two references to one container become two copies", "[frozen]") {
  FreezingScript script;
  script.give("a = [1] give({first = a, second = a})");
  CHECK(script.run("v = take() push(v.first, 2) assert(len(v.second) == 1)") == "");
}

TEST_CASE("functions of scripts stay behind", "[frozen]") {
  FreezingScript script;
  const auto text_of = [&](std::string_view code) { return script.text_of(script.give(code)); };
  CHECK(text_of("give(function() end)") == "nil");
  CHECK(text_of("f = function() end give([1, f, [f, 2]])") == "[1, nil, [nil, 2]]");
  CHECK(text_of("give({a = 1, f = function() end, b = {g = function() end, c = 2}})") == "{a=1, b={c=2}}");
  CHECK(text_of("o = {} for i = 1, 100 do o[\"k\" + i] = i < 99 ? give : i end give(len(keys(o)))") == "100");
  CHECK(text_of("give([upper, template(raw \"x\")])") == "[<function>, nil]");
  // Dictionaries leave them out too.
  script.given = script.give("o = {} for i = 1, 100 do o[\"k\" + i] = i == 50 ? function() end : i end give(o)");
  CHECK(script.run("assert(len(keys(take())) == 99 and take().k50 == nil and take().k51 == 51)") == "");
  // The same object without a function has the shape that it would have had without.
  script.given = script.give("give([{a = 1, f = function() end, b = 2}, {a = 3, b = 4}])");
  const Owned thawed = script.thaw(script.given);
  CHECK(thawed.get().array()->items[0].object()->shape == thawed.get().array()->items[1].object()->shape);
}

TEST_CASE("a datastore's rule leaves all functions behind", "[frozen]") {
  FreezingScript script;
  script.rule = FunctionRule::kDropAll;
  CHECK(script.text_of(script.give("give({a = upper, b = [len, 1]})")) == "{b=[nil, 1]}");
  CHECK(script.give("give(upper)").is_nil());
}

TEST_CASE("where functions are refused, the path says where one is", "[frozen]") {
  FreezingScript script;
  script.rule = FunctionRule::kRefuse;
  const auto path_of = [&](std::string_view code) {
    CHECK(script.run(code).find("contains a function") != std::string::npos);
    CHECK(script.result.problem == FreezeProblem::kFunction);
    return script.result.path;
  };
  CHECK(path_of("give(upper)") == "");
  CHECK(path_of("give([1, 2, function() end])") == "[2]");
  CHECK(path_of("give({a = 1, jobs = [0, {x = [], run = upper}]})") == ".jobs[1].run");
  CHECK(path_of("try throw([upper]) catch (e) give({e = e}) end") == ".e.message[0]");
  CHECK(script.run("give({a = [1, {b = nil}]})") == "");
}

TEST_CASE("a method that says so crosses with what it is bound to", "[frozen]") {
  static const execution::BuiltinSpec kMethod{.name = "size",
                                              .summary = "",
                                              .example = "",
                                              .function = [](execution::Call& call) { return retain(call.bound()); },
                                              .crosses_instances = true};
  FreezingScript here;
  FreezingScript there;
  Owned bound(Value(new_array(here.heap())));
  push(bound.get().array(), Value(7.0));
  const Owned method(Value::other(new_host_function(here.heap(), &kMethod, bound.take())));
  const FreezeResult frozen = here.freezer().freeze(method.get());
  CHECK(frozen.value.type() == FrozenType::kMethod);
  there.given = frozen.value;
  CHECK(there.run("m = take() assert(m()[0] == 7)") == "");
  CHECK(here.freezer().freeze(method.get(), FunctionRule::kDropAll).value.is_nil());
}

TEST_CASE("an error keeps its message, its type and its whole stack text", "[frozen]") {
  FreezingScript there;
  {
    FreezingScript here;
    there.given = here.give(R"du(
      function inner() throw({code = 404}) end
      function outer() inner() end
      try outer() catch (e) give(e) end)du");
    CHECK(there.given.type() == FrozenType::kError);
    CHECK(there.given.stack().starts_with("test.du:2:"));
  }
  CHECK(there.run(R"du(
    e = take()
    assert(type(e) == "error" and e.message.code == 404)
    assert(contains(e.stack, "at inner (test.du:3:") and contains(e.stack, "at outer (test.du:4:"))
  )du") == "");
}

TEST_CASE("a binary is shared, not copied, and given up by the last who has it", "[frozen]") {
  const auto bytes = std::make_shared<const std::string>(1000, 'x');
  FrozenValue frozen;
  {
    FreezingScript here;
    Owned metadata(Value(new_object(here.heap(), here.engine().shapes())));
    set_property(here.heap(), metadata.get().object(), here.engine().names().intern("type"), Value(1.0));
    const Owned binary(Value::other(new_binary(here.heap(), bytes, metadata.take())));
    Owned list(Value(new_array(here.heap())));
    push(list.get().array(), retain(binary.get()));
    push(list.get().array(), retain(binary.get()));
    frozen = here.freezer().freeze(list.get()).value;
  }
  CHECK(bytes.use_count() == 3);
  {
    FreezingScript there;
    const Owned list = there.thaw(frozen);
    const Binary* thawed = as_binary(list.get().array()->items[1]);
    CHECK(thawed->payload->bytes == bytes);
    CHECK(display_text(thawed->metadata) == "{type=1}");
  }
  const FrozenValue part = frozen.values()[0];
  frozen = FrozenValue();
  CHECK(part.binary() == bytes);
  CHECK(bytes.use_count() == 2);
}

TEST_CASE("a container that contains itself can not be frozen", "[frozen]") {
  FreezingScript script;
  const auto problem_of = [&](const std::string& code) {
    CHECK(script.run(code).find("cannot copy a cyclic value") != std::string::npos);
    return script.result.problem;
  };
  CHECK(problem_of("a = [] push(a, a) give(a)") == FreezeProblem::kCyclic);
  CHECK(problem_of("a = [1, 2] a[1] = a give(a)") == FreezeProblem::kCyclic);
  CHECK(problem_of("a = [] unshift(a, a) give(a)") == FreezeProblem::kCyclic);
  CHECK(problem_of("a = [] a[3] = [a] give(a)") == FreezeProblem::kCyclic);
  CHECK(problem_of("o = {} o.me = o give([1, o])") == FreezeProblem::kCyclic);
  CHECK(problem_of("o = {me = 1} o[\"me\"] = {a = [o]} give([1, o])") == FreezeProblem::kCyclic);
  CHECK(problem_of("o = {} for i = 1, 99 do o[\"k\" + i] = i end o.k5 = o give(o)") == FreezeProblem::kCyclic);
  CHECK(problem_of("o = {list = [1, {}]} o.list[1].up = o give(o)") == FreezeProblem::kCyclic);
  CHECK(problem_of("o = {} try throw(o) catch (e) o = e.message o.e = e give(e) end") == FreezeProblem::kCyclic);
  CHECK(problem_of("m = {} c = parse(\"1\", {}) m = c.metadata m.c = c give(c)") == FreezeProblem::kCyclic);
  // Far below the levels that are searched one by one.
  CHECK(problem_of("o = {} a = o " + std::string("for i = 1, 5000 do a = [a] end ") + "o.deep = a give(a)") ==
        FreezeProblem::kCyclic);
  // Next to itself is not inside itself.
  CHECK(script.run("a = [[1]] give([a, [a, a], a])") == "");
}

TEST_CASE("depth costs memory, not native stack", "[frozen]") {
  for (const int depth : {10'000, 1'000'000}) {
    FreezingScript script;
    const FrozenValue frozen = script.give(nested(depth) + "give(a)");
    REQUIRE(frozen.is_array());
    int found = 1;
    FrozenValue inner = frozen;
    while (inner.size() != 0) {
      inner = FrozenValue(inner.values()[0]);
      ++found;
    }
    CHECK(found == depth);
    const Owned thawed = script.thaw(frozen);
    int thawed_depth = 1;
    for (const Array* array = thawed.get().array(); array->size != 0; array = array->items[0].array()) ++thawed_depth;
    CHECK(thawed_depth == depth);
  }
}

TEST_CASE("a frozen tree knows what it takes", "[frozen]") {
  FreezingScript script;
  CHECK(script.give("give(1)").bytes() == 0);
  CHECK(script.give("give(upper)").bytes() == 0);
  const std::size_t text = script.give("give(repeat(\"x\", 10000))").bytes();
  CHECK(text >= 10'000);
  CHECK(text < 10'100);
  const FrozenValue twice = script.give("s = repeat(\"x\", 10000) give([[s], {s = s}])");
  const FrozenValue& array = twice.values()[0];
  const FrozenValue& object = twice.values()[1];
  CHECK(array.bytes() - text == object.bytes() - text);
  CHECK(array.bytes() - text < 100);
  const std::size_t own = twice.bytes() - array.bytes() - object.bytes();
  CHECK(own > 2 * sizeof(FrozenValue));
  CHECK(own < 100);
}

TEST_CASE("a copy may be limited, and one that grows beyond all bounds is stopped", "[frozen]") {
  FreezingScript script;
  const std::size_t bytes = script.give(kEverything).bytes();
  script.max_bytes = bytes;
  CHECK(script.run(kEverything) == "");
  // Wherever it ends, what was made until then is freed: the leak checker watches.
  for (std::size_t allowed = 1; allowed < bytes; ++allowed) {
    script.max_bytes = allowed;
    CHECK(script.run(kEverything).find("is too large") != std::string::npos);
    CHECK(script.result.problem == FreezeProblem::kTooLarge);
    CHECK(script.result.value.is_nil());
  }
  script.max_bytes = 1'000'000;
  CHECK(script.run("a = [1] for i = 1, 60 do a = [a, a] end give(a)").find("is too large") != std::string::npos);
}

TEST_CASE("every allocation of a thaw may fail and leaves nothing behind", "[frozen][failure]") {
  FreezingScript here;
  for (const std::string& text :
       {std::string(kEverything), std::string("o = {} for i = 1, 90 do o[\"k\" + i] = [\"v\" + i] end give([o])"),
        nested(50) + "give(a)"}) {
    const FrozenValue frozen = here.give(text);
    FreezingScript there;
    there.thaw(frozen);
    const std::size_t live = there.heap().counters().live();
    std::size_t n = 1;
    for (;; ++n) {
      REQUIRE(n < 5000);
      there.heap().fail_allocation(n);
      try {
        there.thaw(frozen);
        break;
      } catch (const memory::HeapLimitReached&) {
        if (there.heap().counters().live() != live) FAIL("allocation " << n << " leaves something behind");
      }
    }
    there.heap().fail_allocation(0);
    CHECK(n > 10);
  }
}

TEST_CASE("a value too large for its new heap is refused there and nowhere else", "[frozen][limits]") {
  FreezingScript here;
  FreezingScript small(std::size_t{1} << 20);
  const FrozenValue frozen = here.give("a = [] for i = 1, 100000 do push(a, \"text \" + i) end give(a)");
  CHECK_THROWS_AS(small.thaw(frozen), memory::HeapLimitReached);
  CHECK(small.text_of(here.give("give([1, 2])")) == "[1, 2]");
}

TEST_CASE("many threads thaw, share and drop one tree at once", "[frozen][threads]") {
  FreezingScript here;
  const FrozenValue frozen = here.give(kEverything);
  const auto work = [&frozen](bool& good) {
    FreezingScript there;
    good = true;
    for (int round = 0; round < 200; ++round) {
      FrozenValue own = frozen;
      const FrozenValue part = own.values()[5];
      if (there.text_of(own) != kEverythingText) good = false;
      own = FrozenValue();
      if (part.size() != 4) good = false;
    }
  };
  bool first = false;
  bool second = false;
  std::thread other(work, std::ref(first));
  work(second);
  other.join();
  CHECK((first && second));
}

TEST_CASE("C++ builds frozen values of its own", "[frozen]") {
  FreezingScript script;
  const FrozenValue elements[] = {FrozenValue(1.0), FrozenValue("two"), FrozenValue()};
  const FrozenValue array = FrozenValue::array(elements);
  const FrozenValue::Property properties[] = {{"pid", FrozenValue(7.0)}, {"out", array}, {"again", array}};
  const FrozenValue object = FrozenValue::object(properties);
  CHECK(script.text_of(object) == "{again=[1, \"two\", nil], out=[1, \"two\", nil], pid=7}");
  CHECK(object.name(1) == "out");
  CHECK(object.values()[1].size() == 3);
  CHECK(object.bytes() > 2 * array.bytes());
  CHECK(FrozenValue::object({}).size() == 0);
  CHECK(script.text_of(FrozenValue::array({})) == "[]");
}

TEST_CASE("numbers keep their bits", "[frozen]") {
  FreezingScript script;
  for (const double number : {-0.0, 0.1, 1e308, std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::denorm_min(), std::nan("")}) {
    const Value value(number);
    CHECK(identical(script.freezer().freeze(value).value.immediate(), value));
  }
}
