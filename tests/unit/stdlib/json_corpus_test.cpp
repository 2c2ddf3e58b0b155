// What is JSON and what is not: a corpus of small documents (RFC 8259 and builtins.md 6.1).
//
// An accepted document stands beside its compact form with sorted keys, a rejected one beside the reason and the byte.
// All of them are read twice, as they are and behind so much white space that they count as large and go to the library
// first: which way a document takes must not show.
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "interpreter/values/array.hpp"
#include "interpreter/values/object.hpp"
#include "stdlib/builtins/json.hpp"
#include "stdlib/builtins/json_builder.hpp"
#include "stdlib/builtins/json_library.hpp"
#include "stdlib/builtins/json_reader.hpp"
#include "tests/unit/stdlib/test_instance.hpp"

using namespace std::string_view_literals;
using namespace duso;

namespace {

struct Accepted {
  std::string_view document;
  std::string_view compact;
};

constexpr Accepted kAccepted[] = {
    {"null", "null"},
    {"true", "true"},
    {"false", "false"},
    {"0", "0"},
    {"-0", "-0"},
    {"-0.0", "-0"},
    {"1", "1"},
    {"-1", "-1"},
    {"10", "10"},
    {"123456789", "123456789"},
    {"9007199254740993", "9007199254740992"},
    {"18446744073709551615", "18446744073709552000"},
    {"18446744073709551616", "18446744073709552000"},
    {"-9223372036854775809", "-9223372036854776000"},
    {"123456789012345678901234567890", "1.2345678901234568e+29"},
    {"0.5", "0.5"},
    {"-0.5", "-0.5"},
    {"1.0", "1"},
    {"3.141592653589793", "3.141592653589793"},
    {"1e2", "100"},
    {"1E2", "100"},
    {"1e+2", "100"},
    {"1e-2", "0.01"},
    {"1.5e3", "1500"},
    {"0e0", "0"},
    {"0e+1", "0"},
    {"0.0e-5", "0"},
    {"1e308", "1e+308"},
    {"1e-308", "1e-308"},
    {"1e-400", "0"},
    {"4.9e-324", "5e-324"},
    {"2.2250738585072011e-308", "2.225073858507201e-308"},
    {"0.1", "0.1"},
    {"100000000000000000000000", "1e+23"},
    {"1e00", "1"},
    {"-1.5E-03", "-0.0015"},
    {"\"\"", "\"\""},
    {"\"a\"", "\"a\""},
    {"\"a b\"", "\"a b\""},
    {"\"\\\"\"", "\"\\\"\""},
    {"\"\\\\\"", "\"\\\\\""},
    {"\"\\/\"", "\"/\""},
    {"\"/\"", "\"/\""},
    {"\"\\b\\f\\n\\r\\t\"", "\"\\b\\f\\n\\r\\t\""},
    {"\"\\u0041\"", "\"A\""},
    {"\"\\u00e9\"", "\"\303\251\""},
    {"\"\\u00E9\"", "\"\303\251\""},
    {"\"\\u0000\"", "\"\\u0000\""},
    {"\"\\uFFFF\"", "\"\357\277\277\""},
    {"\"\\ud83d\\ude00\"", "\"\360\237\230\200\""},
    {"\"\\uD83D\\uDE00\"", "\"\360\237\230\200\""},
    {"\"\\ud83d\"", "\"\357\277\275\""},
    {"\"\\ude00\"", "\"\357\277\275\""},
    {"\"\\ud83dx\"", "\"\357\277\275x\""},
    {"\"\\ud83d\\n\"", "\"\357\277\275\\n\""},
    {"\"\\ud83d\\u0041\"", "\"\357\277\275A\""},
    {"\"\\ud83d\\ud83d\\ude00\"", "\"\357\277\275\360\237\230\200\""},
    {"\"\\ude00\\ud83d\"", "\"\357\277\275\357\277\275\""},
    {"\"\346\227\245\346\234\254\"", "\"\346\227\245\346\234\254\""},
    {"\"\360\237\230\200\"", "\"\360\237\230\200\""},
    {"\"\177\"", "\"\177\""},
    {"\"\303\"", "\"\357\277\275\""},
    {"\"a\377b\"", "\"a\357\277\275b\""},
    {"\"\300\200\"", "\"\357\277\275\357\277\275\""},
    {"\"\355\240\200\"", "\"\357\277\275\357\277\275\357\277\275\""},
    {"\"\364\220\200\200\"", "\"\357\277\275\357\277\275\357\277\275\357\277\275\""},
    {"\"\342\202\"", "\"\357\277\275\357\277\275\""},
    {"\"\342\200\250\"", "\"\\u2028\""},
    {"\"null\"", "\"null\""},
    {"\"{}\"", "\"{}\""},
    {"\"\\u2028\"", "\"\\u2028\""},
    {"\"'\"", "\"'\""},
    {"[]", "[]"},
    {"[ ]", "[]"},
    {"[\n]", "[]"},
    {"[1]", "[1]"},
    {"[1,2]", "[1,2]"},
    {"[ 1 , 2 ]", "[1,2]"},
    {"[[]]", "[[]]"},
    {"[[],[]]", "[[],[]]"},
    {"[[[1]]]", "[[[1]]]"},
    {"[null,true,false]", "[null,true,false]"},
    {"[\"a\",1,{}]", "[\"a\",1,{}]"},
    {"{}", "{}"},
    {"{ }", "{}"},
    {"{\"a\":1}", "{\"a\":1}"},
    {"{ \"a\" : 1 }", "{\"a\":1}"},
    {"{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2}"},
    {"{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}"},
    {"{\"a\":1,\"a\":2}", "{\"a\":2}"},
    {"{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}"},
    {"{\"\":0}", "{\"\":0}"},
    {"{\"a\":{\"b\":{\"c\":[]}}}", "{\"a\":{\"b\":{\"c\":[]}}}"},
    {"{\"\\u0061\":1,\"a\":2}", "{\"a\":2}"},
    {"{\"a b\":1}", "{\"a b\":1}"},
    {"{\"\303\251\":1}", "{\"\303\251\":1}"},
    {"{\"a\":null}", "{\"a\":null}"},
    {"{\"1\":1,\"0\":2}", "{\"0\":2,\"1\":1}"},
    {"[{\"a\":1},{\"a\":2}]", "[{\"a\":1},{\"a\":2}]"},
    {"[{\"a\":1},{\"b\":2},{\"a\":1,\"b\":2}]", "[{\"a\":1},{\"b\":2},{\"a\":1,\"b\":2}]"},
    {"[{\"a\":1,\"b\":2},{\"b\":1,\"a\":2}]", "[{\"a\":1,\"b\":2},{\"a\":2,\"b\":1}]"},
    {"\t\r\n 1 \t\r\n", "1"},
    {" [1]", "[1]"},
    {"[1] ", "[1]"},
    {"{\"long key that is longer than forty bytes, so it is no name\":1}",
     "{\"long key that is longer than forty bytes, so it is no name\":1}"},
};

struct Rejected {
  std::string_view document;
  std::string_view reason;
  std::size_t offset;
};

constexpr Rejected kRejected[] = {
    {"", "unexpected end of input", 0},
    {" ", "unexpected end of input", 1},
    {"\n\t", "unexpected end of input", 2},
    {"[", "unexpected end of input", 1},
    {"[ ", "unexpected end of input", 2},
    {"[1", "unexpected end of input in array", 2},
    {"[1 ", "unexpected end of input in array", 3},
    {"[1,", "unexpected end of input", 3},
    {"[1, ", "unexpected end of input", 4},
    {"[[", "unexpected end of input", 2},
    {"[[]", "unexpected end of input in array", 3},
    {"{", "expected object key", 1},
    {"{ ", "expected object key", 2},
    {"{\"a\"", "expected ':' after object key", 4},
    {"{\"a\" ", "expected ':' after object key", 5},
    {"{\"a\":", "unexpected end of input", 5},
    {"{\"a\": ", "unexpected end of input", 6},
    {"{\"a\":1", "unexpected end of input in object", 6},
    {"{\"a\":1 ", "unexpected end of input in object", 7},
    {"{\"a\":1,", "expected object key", 7},
    {"{\"a\":1, ", "expected object key", 8},
    {"{\"a\":[", "unexpected end of input", 6},
    {"[{", "expected object key", 2},
    {"{\"a", "unterminated string", 3},
    {"\"", "unterminated string", 1},
    {"\"a", "unterminated string", 2},
    {"\"a\\", "unterminated escape sequence", 3},
    {"\"\\u", "incomplete \\u escape", 2},
    {"\"\\u1", "incomplete \\u escape", 2},
    {"\"\\u123", "incomplete \\u escape", 2},
    {"\"\\u12\"", "incomplete \\u escape", 2},
    {"[,]", "unexpected character ','", 1},
    {"[1,]", "unexpected character ']'", 3},
    {"[1,,2]", "unexpected character ','", 3},
    {"[1 2]", "expected ',' or ']' in array", 3},
    {"[1:2]", "expected ',' or ']' in array", 2},
    {"[1}", "expected ',' or ']' in array", 2},
    {"[}", "unexpected character '}'", 1},
    {"[1;2]", "expected ',' or ']' in array", 2},
    {"{,}", "expected object key", 1},
    {"{\"a\":1,}", "expected object key", 7},
    {"{\"a\":1,,\"b\":2}", "expected object key", 7},
    {"{\"a\":1 \"b\":2}", "expected ',' or '}' in object", 7},
    {"{\"a\":1]", "expected ',' or '}' in object", 6},
    {"{]", "expected object key", 1},
    {"{\"a\"}", "expected ':' after object key", 4},
    {"{\"a\",1}", "expected ':' after object key", 4},
    {"{\"a\"=1}", "expected ':' after object key", 4},
    {"{\"a\"::1}", "unexpected character ':'", 5},
    {"{\"a\":}", "unexpected character '}'", 5},
    {"{\"a\":,}", "unexpected character ','", 5},
    {"{1:2}", "expected object key", 1},
    {"{'a':1}", "expected object key", 1},
    {"{a:1}", "expected object key", 1},
    {"{null:1}", "expected object key", 1},
    {"{\"a\":1}}", "unexpected trailing data", 7},
    {"[]]", "unexpected trailing data", 2},
    {"]", "unexpected character ']'", 0},
    {"}", "unexpected character '}'", 0},
    {",", "unexpected character ','", 0},
    {":", "unexpected character ':'", 0},
    {"1 2", "unexpected trailing data", 2},
    {"1,2", "unexpected trailing data", 1},
    {"[1]x", "unexpected trailing data", 3},
    {"{}{}", "unexpected trailing data", 2},
    {"\"\"\"\"", "unexpected trailing data", 2},
    {"true false", "unexpected trailing data", 5},
    {"nulll", "unexpected trailing data", 4},
    {"tru", "invalid literal, expected \"true\"", 0},
    {"True", "unexpected character 'T'", 0},
    {"TRUE", "unexpected character 'T'", 0},
    {"t", "invalid literal, expected \"true\"", 0},
    {"fals", "invalid literal, expected \"false\"", 0},
    {"f", "invalid literal, expected \"false\"", 0},
    {"nul", "invalid literal, expected \"null\"", 0},
    {"nil", "invalid literal, expected \"null\"", 0},
    {"n", "invalid literal, expected \"null\"", 0},
    {"truth", "invalid literal, expected \"true\"", 0},
    {"[tru]", "invalid literal, expected \"true\"", 1},
    {"[nul", "invalid literal, expected \"null\"", 1},
    {"undefined", "unexpected character 'u'", 0},
    {"NaN", "unexpected character 'N'", 0},
    {"Infinity", "unexpected character 'I'", 0},
    {"-Infinity", "invalid number", 1},
    {"+1", "unexpected character '+'", 0},
    {".5", "unexpected character '.'", 0},
    {"-.5", "invalid number", 1},
    {"/", "unexpected character '/'", 0},
    {"// c\n1", "unexpected character '/'", 0},
    {"/* c */1", "unexpected character '/'", 0},
    {"#", "unexpected character '#'", 0},
    {"\\", "unexpected character '\\'", 0},
    {"'a'", "unexpected character '''", 0},
    {"`a`", "unexpected character '`'", 0},
    {"(1)", "unexpected character '('", 0},
    {"\000"sv, "unexpected character '\000'"sv, 0},
    {"\0131", "unexpected character '\013'", 0},
    {"\2401", "unexpected character '\302\240'", 0},
    {"\357\273\2771", "unexpected character '\303\257'", 0},
    {"\357\273\277", "unexpected character '\303\257'", 0},
    {"\303\251", "unexpected character '\303\203'", 0},
    {"\377", "unexpected character '\303\277'", 0},
    {"-", "invalid number", 1},
    {"-x", "invalid number", 1},
    {"- 1", "invalid number", 1},
    {"--1", "invalid number", 1},
    {"01", "invalid number: leading zero", 2},
    {"00", "invalid number: leading zero", 2},
    {"-01", "invalid number: leading zero", 3},
    {"007", "invalid number: leading zero", 3},
    {"0123", "invalid number: leading zero", 4},
    {"1.", "invalid number: no digits after decimal point", 2},
    {"1.x", "invalid number: no digits after decimal point", 2},
    {"-1.", "invalid number: no digits after decimal point", 3},
    {"[1.]", "invalid number: no digits after decimal point", 3},
    {"1..2", "invalid number: no digits after decimal point", 2},
    {"1.e1", "invalid number: no digits after decimal point", 2},
    {"1e", "invalid number: no digits in exponent", 2},
    {"1E", "invalid number: no digits in exponent", 2},
    {"1e+", "invalid number: no digits in exponent", 3},
    {"1e-", "invalid number: no digits in exponent", 3},
    {"1ex", "invalid number: no digits in exponent", 2},
    {"[1e]", "invalid number: no digits in exponent", 3},
    {"1e1.5", "unexpected trailing data", 3},
    {"1e1e1", "unexpected trailing data", 3},
    {"0x10", "unexpected trailing data", 1},
    {"1_000", "unexpected trailing data", 1},
    {"1a", "unexpected trailing data", 1},
    {"0.1.2", "unexpected trailing data", 3},
    {"1e400", "invalid number \"1e400\"", 5},
    {"-1e400", "invalid number \"-1e400\"", 6},
    {"[1e400]", "invalid number \"1e400\"", 6},
    {"1.8e308", "invalid number \"1.8e308\"", 7},
    {"12e999", "invalid number \"12e999\"", 6},
    {"\"\n\"", "invalid control character in string", 1},
    {"\"a\tb\"", "invalid control character in string", 2},
    {"\"\000\""sv, "invalid control character in string", 1},
    {"\"\037\"", "invalid control character in string", 1},
    {"\"a\r\n\"", "invalid control character in string", 2},
    {"\"\\q\"", "invalid escape character 'q'", 2},
    {"\"\\a\"", "invalid escape character 'a'", 2},
    {"\"\\x41\"", "invalid escape character 'x'", 2},
    {"\"\\'\"", "invalid escape character '''", 2},
    {"\"\\ \"", "invalid escape character ' '", 2},
    {"\"\\\n\"", "invalid escape character '\n'", 2},
    {"\"\\\303\251\"", "invalid escape character '\303\203'", 2},
    {"\"\\u00g0\"", "invalid hex digit 'g' in \\u escape", 2},
    {"\"\\uzzzz\"", "invalid hex digit 'z' in \\u escape", 2},
    {"\"\\u-123\"", "invalid hex digit '-' in \\u escape", 2},
    {"\"\\u 123\"", "invalid hex digit ' ' in \\u escape", 2},
    {"\"\\U0041\"", "invalid escape character 'U'", 2},
    {"\"\\ud83d\\u12\"", "incomplete \\u escape", 8},
    {"\"\\ud83d\\uzzzz\"", "invalid hex digit 'z' in \\u escape", 8},
    {"\"\\u12\", 1]", "invalid hex digit '\"' in \\u escape", 2},
    {"[\"a\\u00", "incomplete \\u escape", 4},
    {"{\"\\q\":1}", "invalid escape character 'q'", 3},
    {"{\"a\n\":1}", "invalid control character in string", 3},
    {"[\"\\\"]", "unterminated string", 5},
    {"\"a\" \"b\"", "unexpected trailing data", 4},
    {"\"a\"b", "unexpected trailing data", 3},
};

// More than a document needs to be read by the library.
const std::string kMuchSpace(70'000, ' ');

// The compact form of [document]; the problem when it is rejected.
std::string compact(TestInstance& instance, std::string_view document) {
  stdlib::JsonProblem problem;
  const Value value = stdlib::read_json(instance.get(), document, 0, problem);
  if (value.is_unset()) return problem.reason + " at offset " + std::to_string(problem.offset);
  const Owned owned(value);
  const Owned text = instance.call("format_json", {value});
  return std::string(text.get().string()->view());
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("documents that are JSON are read", "[json]") {
  TestInstance instance;
  for (const auto& [document, expected] : kAccepted) {
    CAPTURE(document);
    CHECK(compact(instance, document) == expected);
    CHECK(compact(instance, kMuchSpace + std::string(document)) == expected);
    CHECK(compact(instance, std::string(document) + kMuchSpace) == expected);
  }
}

TEST_CASE("documents that are no JSON are refused with the reason and the place", "[json]") {
  TestInstance instance;
  for (const auto& [document, reason, offset] : kRejected) {
    CAPTURE(document);
    const std::string expected = std::string(reason) + " at offset ";
    CHECK(compact(instance, document) == expected + std::to_string(offset));
    CHECK(compact(instance, kMuchSpace + std::string(document)) ==
          expected + std::to_string(kMuchSpace.size() + offset));
  }
}

TEST_CASE("simdjson accepts nothing that the reader rejects", "[json]") {
  TestInstance instance;
  for (const Rejected& rejected : kRejected) {
    CAPTURE(rejected.document);
    stdlib::JsonBuilder builder(instance.get());
    CHECK_FALSE(stdlib::read_with_simdjson(rejected.document, 0, builder));
  }
}

TEST_CASE("a value may stand in 512 containers and not in one more", "[json]") {
  TestInstance instance;
  const std::string problem = "exceeded maximum nesting depth of 512 at offset ";
  CHECK(compact(instance, nested(513)) == nested(513));
  CHECK(compact(instance, nested(514)) == problem + "513");
  CHECK(compact(instance, std::string(512, '[') + "1" + std::string(512, ']')).size() == 1025);
  CHECK(compact(instance, std::string(513, '[') + "1" + std::string(513, ']')) == problem + "513");
  CHECK(compact(instance, kMuchSpace + nested(513)) == nested(513));
  CHECK(compact(instance, kMuchSpace + nested(514)) == problem + "70513");
  CHECK(compact(instance, kMuchSpace + std::string(513, '[') + "1" + std::string(513, ']')) == problem + "70513");
}

TEST_CASE("objects with the same names share a shape, whichever way they are read", "[json]") {
  TestInstance instance;
  const std::string document = R"([{"first":1,"second":2},{"first":3,"second":4}])";
  stdlib::JsonProblem problem;
  const Owned small(stdlib::read_json(instance.get(), document, 0, problem));
  const Owned large(stdlib::read_json(instance.get(), kMuchSpace + document, 0, problem));
  const Object* first = small.get().array()->items[0].object();
  REQUIRE(first->shape != nullptr);
  CHECK(small.get().array()->items[1].object()->shape == first->shape);
  CHECK(large.get().array()->items[0].object()->shape == first->shape);
}

TEST_CASE("names that only data knows do not fill up the tables of the worker", "[json]") {
  TestInstance instance;
  stdlib::JsonProblem problem;
  for (int i = 0; i < 3000; ++i) {
    const std::string key = "key" + std::to_string(i);
    const std::string document = "{\"" + key + "\":{\"" + key + "x\":1,\"" + key + "y\":2}}";
    const Owned value(stdlib::read_json(instance.get(), document, 0, problem));
    REQUIRE(value.get().is_object());
  }
  CHECK(instance.get().engine().shapes().size() < 500);
  CHECK(instance.get().engine().names().size() < 1000);
}
