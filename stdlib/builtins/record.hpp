// Records: plain objects that builtins make to say several things at once.
//
//     Record record(instance);
//     record.set("live", live);
//     record.set("state", "waiting");
//     return record.take();
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/string.hpp"

namespace duso::stdlib {

// Everything that makes something may throw HeapLimitReached.
class Record {
 public:
  explicit Record(execution::Instance& instance)
      : instance_(instance), object_(Value(new_object(instance.heap(), instance.engine().shapes()))) {}

  // Adds the property [name] with the value [owned], which is consumed.
  void set(const char* name, Value owned) {
    set_property(instance_.heap(), object_.get().object(), instance_.engine().names().intern(name), owned);
  }
  template <class Number>
  requires std::is_arithmetic_v<Number>
  void set(const char* name, Number number) {
    if constexpr (std::is_same_v<Number, bool>) {
      set(name, Value(number));
    } else {
      set(name, Value(static_cast<double>(number)));
    }
  }
  void set(const char* name, std::string_view text) { set(name, Value(new_string(instance_.heap(), text))); }
  void set(const char* name, const char* text) { set(name, std::string_view(text)); }

  // The object, owned by the caller.
  Value take() { return object_.take(); }

 private:
  execution::Instance& instance_;
  Owned object_;
};

}  // namespace duso::stdlib
