// Builtins: how one is declared, and what it sees of a call.
//
// Everything anybody asks about a builtin - argument binding, help, reference pages, completion, lint - is read from
// its one `BuiltinSpec`; tests run its example and provoke its errors. The function receives a `Call` whose arguments
// are already bound to the declared parameters: positional ones first, then named ones (over them, unless a parameter
// says otherwise); what was not given is absent.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/execution/frame.hpp"
#include "interpreter/values/value.hpp"
#include "runtime/memory/heap.hpp"

namespace duso {
class Host;
}

namespace duso::execution {

struct CallSite;
class Instance;
class Call;

// A set of types, for documentation, lint and completion.
enum class Type : std::uint16_t {
  kNone = 0,
  kNil = 1,
  kNumber = 2,
  kString = 4,
  kBoolean = 8,
  kArray = 16,
  kObject = 32,
  kFunction = 64,
  kCode = 128,
  kError = 256,
  kBinary = 512,
  kRegex = 1024,
  kAny = 2047,
};

constexpr Type operator|(Type a, Type b) {
  return static_cast<Type>(static_cast<std::uint16_t>(a) | static_cast<std::uint16_t>(b));
}
constexpr bool includes(Type set, Type type) {
  return (static_cast<std::uint16_t>(set) & static_cast<std::uint16_t>(type)) != 0;
}

// The type of [value] as declarations know it.
Type type_of(Value value);

// What a value of one of the types in [set] is called: "a string", "an array, an object or nil", "any value".
std::string type_phrase(Type set);

// Which value a parameter takes that a call gives twice, by position and by name (builtins.md 1.1).
enum class Precedence : std::uint8_t {
  kNamed,               // the named one
  kPositional,          // the one by position, be it nil
  kPositionalOfItsType  // the one by position if it is of the declared type, else the named one
};

struct Parameter {
  const char* name;
  Type type = Type::kAny;
  const char* fallback = nullptr;  // the default as Duso text; null: the argument is required
  bool positional_only = false;    // its name is a keyword or never accepted
  Precedence given_twice = Precedence::kNamed;

  // Whether the value that a call gives by position, [positional], stays although it gives one by name too. Unset: it
  // gives none.
  bool keeps(Value positional) const;
};

// The further positional arguments of a builtin that takes any number of them.
struct Rest {
  Rest(const char* name_of_all, Type type_of_each = Type::kAny, std::size_t least_count = 0)
      : name(name_of_all), type(type_of_each), least(least_count) {}

  const char* name;
  Type type;          // of each
  std::size_t least;  // fewer than that are an error
};

struct BuiltinSpec {
  const char* name;
  std::vector<Parameter> parameters = {};
  std::optional<Rest> rest = std::nullopt;
  Type returns = Type::kAny;  // kNone: it does not return
  bool may_suspend = false;   // other tasks of the instance may run before it returns
  // The messages of the errors it raises, a word in braces where they vary: "cannot load '{filename}': {cause}". Only
  // the first line of a message is declared, and none that every call can raise, such as running out of memory.
  std::vector<const char*> errors = {};
  const char* summary;            // one paragraph, Markdown
  const char* example;            // runnable; its comments are, line by line, what it prints
  Value (*function)(Call& call);  // returns an owned value, or Value::raise() after call.raise(...); null: a constant
  // What the builtin sees of an argument that is an object, settled before later arguments run code that may change it:
  // `print` shows an object as it was. Null: the object itself. Borrows the value and returns an owned one.
  Value (*snapshot)(Instance& instance, Value value) = nullptr;
  // Whether named arguments that are no parameters mean something to it, or to the function that it calls.
  bool takes_other_names = false;
  // Whether it stays itself where a value is copied to another instance, as a method bound to plain data can
  // (concurrency.md 1.1). Global builtins always do; other methods of handles are dropped.
  bool crosses_instances = false;
  // What the name stands for when it is no function.
  double constant = 0;

  // How many positional arguments a call needs that names none, and how many are looked at, none meaning all; further
  // ones are ignored (builtins.md 1.1), which is no error but hardly what the caller meant.
  std::size_t least_arguments() const;
  std::optional<std::size_t> most_arguments() const;
  // The parameter that takes a named argument called [wanted]; parameters.size() when there is none, and the argument
  // is ignored.
  std::size_t parameter_index(std::string_view wanted) const;
};

// Some builtins need to know where they were called, not only with what: `include` works in its caller's scope.
class Call {
 public:
  Call(Frame& caller, const BuiltinSpec& spec, std::span<const Value> arguments, Value bound = Value::nil())
      : caller_(caller), spec_(spec), arguments_(arguments), bound_(bound) {}

  // Arguments in the order of the parameters, then any further positional ones. Borrowed; nil when absent.
  Value argument(std::size_t index) const {
    if (index >= arguments_.size() || arguments_[index].is_unset()) return Value::nil();
    return arguments_[index];
  }
  // Whether the argument was written at all, be it nil.
  bool has(std::size_t index) const { return index < arguments_.size() && !arguments_[index].is_unset(); }
  std::size_t count() const { return arguments_.size(); }
  std::span<const Value> arguments() const { return arguments_; }

  // Named arguments that no parameter took, in source order (name, borrowed value).
  struct Named {
    String* name;  // interned
    Value value;
  };
  std::span<const Named> unknown_named() const { return unknown_named_; }
  void set_unknown_named(std::span<const Named> named) { unknown_named_ = named; }

  const BuiltinSpec& spec() const { return spec_; }
  Frame& caller() const { return caller_; }
  Instance& instance() const { return *caller_.instance; }
  memory::Heap& heap() const;
  Host& host() const;                     // what surrounds the script: console, arguments, files
  Value bound() const { return bound_; }  // of a host function: what it was made with; borrowed

  // The call as the code has it; null when another builtin made it.
  const CallSite* site() const { return site_; }
  void set_site(const CallSite* site) { site_ = site; }

  // Makes [message] the pending error, at the position of this call. Returns Value::raise().
  Value raise(std::string_view message) const;

  // "NAME() requires WHAT", the usual argument error.
  Value requires_argument(std::string_view what) const;

  // New values on the instance's heap.
  Value string(std::string_view text) const;

  // Calls [function] (any callable) with [arguments] (borrowed). Returns its owned result, or Value::raise().
  Value call(Value function, std::span<const Value> arguments) const;

 private:
  Frame& caller_;
  const BuiltinSpec& spec_;
  std::span<const Value> arguments_;
  std::span<const Named> unknown_named_;
  Value bound_;
  const CallSite* site_ = nullptr;
};

}  // namespace duso::execution
