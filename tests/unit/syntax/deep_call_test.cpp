// Calls without native stack: results, exceptions and frames.
#include "interpreter/syntax/deep_call.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

using duso::syntax::DeepCall;
using duso::syntax::run_deep;

namespace {

DeepCall<long> sum_to(long n) {
  if (n == 0) co_return 0;
  const long rest = co_await sum_to(n - 1);
  co_return rest + n;
}

// Throws at the bottom of [depth] calls, each of which holds a reference to [witness].
DeepCall<int> fail_at(int depth, std::shared_ptr<int> witness) {
  if (depth == 0) throw std::runtime_error("bottom");
  const int result = co_await fail_at(depth - 1, witness);
  co_return result;
}

DeepCall<std::string> recover() {
  try {
    co_await fail_at(1000, std::make_shared<int>(0));
  } catch (const std::runtime_error& error) {
    co_return error.what();
  }
  co_return "nothing happened";
}

}  // namespace

TEST_CASE("a million deep calls return through each other", "[syntax]") {
  CHECK(run_deep(sum_to(1000000)) == 500000500000);
}

TEST_CASE("an exception unwinds deep calls and frees what they hold", "[syntax]") {
  const auto witness = std::make_shared<int>(0);
  CHECK_THROWS_WITH(run_deep(fail_at(100000, witness)), "bottom");
  CHECK(witness.use_count() == 1);
}

TEST_CASE("an exception can be caught on the way", "[syntax]") { CHECK(run_deep(recover()) == "bottom"); }

TEST_CASE("a call that is never awaited frees its frame", "[syntax]") {
  const auto witness = std::make_shared<int>(0);
  { const DeepCall<int> unused = fail_at(1, witness); }
  CHECK(witness.use_count() == 1);
}
