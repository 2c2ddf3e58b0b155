#include "interpreter/execution/builtin_calls.hpp"

#include <string>
#include <vector>

#include "interpreter/execution/operations.hpp"

namespace duso::execution {

namespace {

// Values that live for one call: few on the native stack, more in a vector. Releases what it owns.
class ArgumentBuffer {
 public:
  ~ArgumentBuffer() {
    for (Value value : view()) release(value);
  }
  ArgumentBuffer() = default;
  ArgumentBuffer(const ArgumentBuffer&) = delete;
  ArgumentBuffer& operator=(const ArgumentBuffer&) = delete;

  void add(Value owned) {
    if (count_ < kInline && more_.empty()) {
      few_[count_++] = owned;
      return;
    }
    if (more_.empty()) {
      more_.assign(few_, few_ + count_);
      count_ = 0;
    }
    more_.push_back(owned);
  }
  Value& at(std::size_t index) { return more_.empty() ? few_[index] : more_[index]; }
  std::span<const Value> view() const {
    return more_.empty() ? std::span<const Value>(few_, count_) : std::span<const Value>(more_);
  }

 private:
  static constexpr std::size_t kInline = 8;
  Value few_[kInline];
  std::size_t count_ = 0;
  std::vector<Value> more_;
};

// The argument [value] (owned) as a builtin with snapshots sees it.
Value settled(Frame& caller, const BuiltinSpec& spec, Value value, const CallSite& site) {
  if (!value.is_object()) return value;
  const Owned guard(value);
  return guarded(caller, site.position, [&] { return spec.snapshot(*caller.instance, value); });
}

[[gnu::noinline]] Value call_builtin_named(Frame& caller, const BuiltinSpec& spec, Value bound, const CallSite& site) {
  ArgumentBuffer arguments;
  for (const ArgumentCode& argument : site.arguments) {
    if (argument.name != nullptr) continue;
    const Value value = argument.value->eval(caller);
    if (value.is_raise()) return value;
    arguments.add(value);
  }
  ArgumentBuffer unknown;
  std::vector<Call::Named> named;
  for (const ArgumentCode& argument : site.arguments) {
    if (argument.name == nullptr) continue;
    const Value value = argument.value->eval(caller);
    if (value.is_raise()) return value;
    const std::size_t index = spec.parameter_index(argument.name->view());
    if (index == spec.parameters.size()) {
      unknown.add(value);
      named.push_back({argument.name, value});
      continue;
    }
    while (arguments.view().size() <= index) arguments.add(Value::unset());
    if (spec.parameters[index].keeps(arguments.at(index))) {
      release(value);
    } else {
      replace(arguments.at(index), value);
    }
  }
  Call call(caller, spec, arguments.view(), bound);
  call.set_unknown_named(named);
  return invoke(call, site);
}

}  // namespace

Value call_builtin(Frame& caller, const BuiltinSpec& spec, Value bound, const CallSite& site) {
  if (site.has_named) [[unlikely]]
    return call_builtin_named(caller, spec, bound, site);
  // The usual one to three arguments stay in registers and on the stack.
  constexpr std::size_t kFew = 4;
  const std::size_t count = site.positional.size();
  if (count <= kFew) [[likely]] {
    Value values[kFew];
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = site.positional[i]->eval(caller);
      if (i < site.unsettled && spec.snapshot != nullptr) values[i] = settled(caller, spec, values[i], site);
      if (values[i].is_raise()) [[unlikely]] {
        while (i-- > 0) release(values[i]);
        return Value::raise();
      }
    }
    Call call(caller, spec, {values, count}, bound);
    const Value result = invoke(call, site);
    for (std::size_t i = 0; i < count; ++i) release(values[i]);
    return result;
  }
  ArgumentBuffer arguments;
  for (std::size_t i = 0; i < count; ++i) {
    Value value = site.positional[i]->eval(caller);
    if (i < site.unsettled && spec.snapshot != nullptr) value = settled(caller, spec, value, site);
    if (value.is_raise()) return value;
    arguments.add(value);
  }
  Call call(caller, spec, arguments.view(), bound);
  return invoke(call, site);
}

// --- what a builtin sees of its call ---

memory::Heap& Call::heap() const { return caller_.instance->heap(); }

Host& Call::host() const { return caller_.instance->host(); }

Value Call::raise(std::string_view message) const { return caller_.instance->raise_unlocated(message); }

Value Call::requires_argument(std::string_view what) const {
  return raise(std::string(spec_.name) + "() requires " + std::string(what));
}

Value Call::string(std::string_view text) const { return Value(new_string(heap(), text)); }

Value Call::call(Value function, std::span<const Value> arguments) const {
  return call_from_native(caller_, function, arguments);
}

}  // namespace duso::execution
