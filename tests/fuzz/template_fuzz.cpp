// Fuzz target: templates that scripts make of texts from outside.
//
// An input is the text of a template. It is filled in with arguments of all kinds, twice, as a template is made to be
// used again. It may fail, but then as templates do, and nothing may be left on the heap afterwards.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fuzz_world.hpp"

using namespace duso;
using namespace duso::fuzz;

namespace {

std::string_view input;  // what the builtin `input_text` returns

const execution::BuiltinSpec kInputText{
    .name = "input_text",
    .returns = execution::Type::kString,
    .summary = "The input of the fuzz target.",
    .example = "",
    .function = [](execution::Call& call) { return call.string(input); },
};

constexpr std::string_view kProgram = R"(
  fill = template(input_text())
  function filled()
    try
      return fill(
        name = "Ann", n = 3, items = [1, "two", nil], who = {age = 7, pets = ["cat"]}, double = function(x) return x * 2 end)
    catch (problem)
      if not (starts_with(problem, "template parse error: ") or starts_with(problem, "template evaluation error: ")) then
        exit(problem)
      end
      return problem
    end
  end
  if type(filled()) != "string" or type(filled()) != "string" then exit("no text") end
)";

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the fuzzer looks for this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<const execution::BuiltinSpec*, 1> kMore{&kInputText};
  static World world(kMore);
  input = size != 0 ? std::string_view(reinterpret_cast<const char*>(data), size) : "";
  execution::InstanceConfig config;
  config.heap.limit = std::size_t{8} << 20;
  config.stack_size = std::size_t{1} << 20;
  execution::Instance instance(world.fresh_engine(), config, world.host);
  instance.stop_after(2000);
  const execution::PendingKind kind = run(instance, std::string(kProgram));
  // A text may call exit itself; then nobody can tell the two apart.
  if (input.find("exit") == std::string_view::npos) expect(kind != execution::PendingKind::kExit);
  expect_empty(instance);
  return 0;
}
