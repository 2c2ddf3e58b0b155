#include "interpreter/execution/engine.hpp"

namespace duso::execution {

Engine::Engine(std::span<const BuiltinSpec* const> builtins)
    : shapes_(names_), builtins_(builtins.begin(), builtins.end()) {
  for (std::uint32_t i = 0; i < builtins_.size(); ++i) builtin_indices_.emplace(names_.intern(builtins_[i]->name), i);
  well_known_ = {names_.intern("self"),   names_.intern("message"),  names_.intern("stack"),
                 names_.intern("source"), names_.intern("metadata"), names_.intern("include")};
  out_of_memory_text_ = names_.literal("out of memory");
  stack_overflow_text_ = names_.literal("stack overflow");
  empty_string_ = names_.intern("");
}

}  // namespace duso::execution
