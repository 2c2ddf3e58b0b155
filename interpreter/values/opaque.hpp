// The immutable values that scripts pass around without looking inside: errors, code, binaries and regexes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "interpreter/syntax/source.hpp"
#include "interpreter/values/string.hpp"
#include "interpreter/values/value.hpp"

namespace re2 {
class RE2;
}

namespace duso {

namespace syntax {
class Program;
}
namespace execution {
class ProgramCode;
}

// One active call, as an error remembers it: who was called, and from where.
struct TraceEntry {
  const std::string* function;   // declared name; empty for function expressions
  const syntax::Source* source;  // where the called function was defined
  syntax::Position call_site;    // the call's parenthesis
};

enum class StackLimit : std::uint8_t { kNone, kNestedCalls, kStackBytes };

// Where an error happened, in one buffer of the heap. Sources outlive the instance's heap.
inline constexpr std::uint32_t kUncounted = 0xFFFF'FFFF;

struct Trace {
  const syntax::Source* source;  // null: no position
  syntax::Position position;
  std::uint32_t size;  // entries kept
  std::uint32_t
      left_out;  // calls between the innermost and the outermost entries that are kept; kUncounted: some further out
  StackLimit limit;  // which limit a stack overflow ran into
  std::uint64_t limit_value;

  TraceEntry* entries() { return reinterpret_cast<TraceEntry*>(this + 1); }
  static std::size_t bytes(std::size_t entries) { return sizeof(Trace) + entries * sizeof(TraceEntry); }
};

// What was thrown, and where. The text of the stack is put together when a script asks for it.
struct Error : memory::HeapObject {
  Value message;
  Trace* trace;        // owned; may be null
  String* fixed_text;  // the whole stack text of an error that comes from elsewhere, or null
};

// The value of `parse()`: a program that was read but not run.
struct Code : memory::HeapObject {
  struct Payload {
    std::shared_ptr<const syntax::Program> program;
    std::string source;
    std::shared_ptr<execution::ProgramCode> lowered;  // made when it first runs
  };
  Payload* payload;  // owned
  Value metadata;    // an object
};

struct Binary : memory::HeapObject {
  struct Payload {
    std::shared_ptr<const std::string> bytes;  // shared by all instances
  };
  Payload* payload;  // owned
  Value metadata;    // an object, or nil
};

struct Regex : memory::HeapObject {
  String* pattern;                            // as the script wrote it
  std::shared_ptr<const re2::RE2>* compiled;  // owned
};

// Each is owned by the caller and takes over the values passed in.

// An error with an empty trace of room for [entries] calls, for the caller to fill in.
Error* new_error(memory::Heap& heap, Value message, std::uint32_t entries);
// An error whose stack text is given.
Error* new_error_with_text(memory::Heap& heap, Value message, std::string_view stack);
Code* new_code(memory::Heap& heap, std::shared_ptr<const syntax::Program> program, std::string source, Value metadata);
// The first binary made of [bytes] is to be their only owner; then they count for the budget of the process.
Binary* new_binary(memory::Heap& heap, std::shared_ptr<const std::string> bytes, Value metadata);

inline Error* as_error(Value value) { return static_cast<Error*>(value.heap_object()); }
inline Code* as_code(Value value) { return static_cast<Code*>(value.heap_object()); }
inline Binary* as_binary(Value value) { return static_cast<Binary*>(value.heap_object()); }
inline Regex* as_regex(Value value) { return static_cast<Regex*>(value.heap_object()); }

// How many of the innermost and outermost calls a very deep trace keeps.
inline constexpr std::uint32_t kInnermostKept = 20;
inline constexpr std::uint32_t kOutermostKept = 5;

// What an error that threw [message] says, without its place and its stack.
std::string message_text(Value message);

// How a stack calls the function of [entry].
std::string_view function_name(const TraceEntry& entry);

// `e.stack` (language.md 14): FILE:LINE:COL: TEXT, and one line per active call.
std::string stack_text(const Error* error);

}  // namespace duso
