// What one worker thread knows for all the instances it runs: names, shapes, builtins.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/execution/code.hpp"
#include "interpreter/values/shape.hpp"

namespace duso::execution {

class Engine {
 public:
  // [builtins] must outlive the engine.
  explicit Engine(std::span<const BuiltinSpec* const> builtins);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  NameTable& names() { return names_; }
  ShapeTable& shapes() { return shapes_; }

  const BuiltinSpec& builtin(std::uint32_t index) const { return *builtins_[index]; }
  std::span<const BuiltinSpec* const> builtins() const { return builtins_; }
  // What the builtin called [name] (interned) stands for: a function, or a number; unset when there is none.
  Value find_builtin(const String* name) const {
    const auto found = builtin_indices_.find(name);
    if (found == builtin_indices_.end()) return Value::unset();
    const BuiltinSpec& spec = *builtins_[found->second];
    return spec.function != nullptr ? Value::builtin(found->second) : Value(spec.constant);
  }

  // Code that is lowered from here on tells the allocation profile where it is (site_marks.hpp).
  void mark_sites() { marks_sites_ = true; }
  bool marks_sites() const { return marks_sites_; }

  // Names that the interpreter itself looks for.
  struct WellKnown {
    String* self;
    String* message;
    String* stack;
    String* source;
    String* metadata;
    String* include;
  };
  const WellKnown& well_known() const { return well_known_; }

  // Strings that must exist when no memory is left.
  String* out_of_memory_text() const { return out_of_memory_text_; }
  String* stack_overflow_text() const { return stack_overflow_text_; }
  String* empty_string() const { return empty_string_; }

 private:
  NameTable names_;
  ShapeTable shapes_;
  std::vector<const BuiltinSpec*> builtins_;
  std::unordered_map<const String*, std::uint32_t> builtin_indices_;
  WellKnown well_known_;
  String* out_of_memory_text_;
  String* stack_overflow_text_;
  String* empty_string_;
  bool marks_sites_ = false;
};

}  // namespace duso::execution
