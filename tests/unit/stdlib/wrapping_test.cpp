// Lines of the reference are broken where their meaning allows it.
#include "stdlib/reference/wrapping.hpp"

#include <string>

#include <catch2/catch.hpp>

using duso::stdlib::wrapped;

namespace {

const std::string kWide(76, 'x');

}  // namespace

TEST_CASE("a paragraph is broken at the last space that fits", "[reference]") {
  CHECK(wrapped("") == "\n");
  CHECK(wrapped("short text") == "short text\n");
  CHECK(wrapped(kWide + " abc d") == kWide + " abc\nd\n");
  CHECK(wrapped(kWide + " abcd") == kWide + "\nabcd\n");
  CHECK(wrapped(std::string(90, 'y') + " z") == std::string(90, 'y') + "\nz\n");
}

TEST_CASE("columns are counted as a terminal shows them", "[reference]") {
  CHECK(wrapped(kWide + " `é`") == kWide + " `é`\n");
  CHECK(wrapped(kWide + " ééé é") == kWide + " ééé\né\n");
}

TEST_CASE("code is kept on one line", "[reference]") { CHECK(wrapped(kWide + " `a b c`") == kWide + "\n`a b c`\n"); }

TEST_CASE("no line begins with what would begin a block", "[reference]") {
  const std::string narrow(70, 'x');
  CHECK(wrapped(narrow + " abcdefghi - then") == narrow + "\nabcdefghi - then\n");
  CHECK(wrapped(narrow + " in the ye 1984. Then") == narrow + " in the\nye 1984. Then\n");
  CHECK(wrapped(narrow + " abcdefghi # then") == narrow + "\nabcdefghi # then\n");
}
