// The one file in which Catch2 itself is compiled: it takes several seconds, and changes with no test.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
