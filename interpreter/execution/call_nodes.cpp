// The nodes for calls, each laid out for one kind of callee and one number of arguments.
#include <algorithm>

#include "interpreter/execution/builtin_calls.hpp"
#include "interpreter/execution/calls.hpp"
#include "interpreter/execution/operations.hpp"
#include "interpreter/execution/script_calls.hpp"

namespace duso::execution {

namespace {

// A method call that is not the usual one; consumes [receiver].
[[gnu::noinline]] Value call_other_method(Frame& frame, Value receiver, String* name, Position name_position,
                                          const CallSite& site) {
  if (receiver.is_raise()) return receiver;
  Owned guard(receiver);
  const Value callee = get_property(frame, name_position, receiver, name);
  if (callee.is_raise()) return callee;
  const Owned callee_guard(callee);
  return call_value(frame, callee, guard.take(), site);
}

// How the callee of a call is found.
struct GlobalCallee {
  const GlobalRead* name;
  Callee find(Frame& frame) const { return name->peek_callee(frame); }
};

struct SlotCallee {
  std::uint32_t slot;
  const NameRead* name;
  Callee find(Frame& frame) const { return frame.dynamic == 0 ? Callee{frame.slot(slot)} : name->peek_callee(frame); }
};

struct NameCallee {
  const NameRead* name;
  Callee find(Frame& frame) const { return name->peek_callee(frame); }
};

// name(...) with [kCount] positional arguments.
template <class Finder, std::uint32_t kCount>
class ExactNameCall final : public Expression {
 public:
  ExactNameCall(Finder callee, const CallSite& site) : callee_(callee), site_(site) {
    std::copy_n(site.positional.begin(), kCount, arguments_);
  }
  Value eval(Frame& frame) const override { return call(frame); }
  double number(Frame& frame) const override { return in_register(call(frame)); }

 private:
  [[gnu::always_inline]] Value call(Frame& frame) const {
    const Callee callee = callee_.find(frame);
    if (callee.value.is_function() && callee.self.is_unset()) [[likely]] {
      Function* function = callee.value.function();
      const FunctionCode* code = function->code;
      if (code->exact_count == kCount && !stack_is_low(*frame.instance, code->stack_need)) [[likely]] {
        return call_exactly<kCount, false>(frame, function, code, Value::unset(), arguments_, &site_.position);
      }
    }
    return call_other_callee(frame, callee.value, callee.self);
  }
  [[gnu::noinline]] Value call_other_callee(Frame& frame, Value callee, Value self) const {
    if (callee.is_builtin() && self.is_unset()) [[likely]] {
      const BuiltinSpec& spec = frame.instance->engine().builtin(callee.builtin_index());
      return call_builtin_exactly<kCount>(frame, spec, arguments_, site_);
    }
    return call_value(frame, callee, self, site_);
  }

  Finder callee_;
  const Expression* arguments_[kCount == 0 ? 1 : kCount] = {};
  CallSite site_;
};

// name(...) with any arguments.
class GeneralNameCall final : public Expression {
 public:
  GeneralNameCall(const NameRead* callee, const CallSite& site) : callee_(callee), site_(site) {}
  Value eval(Frame& frame) const override {
    const Callee callee = callee_->peek_callee(frame);
    return call_value(frame, callee.value, callee.self, site_);
  }

 private:
  const NameRead* callee_;
  CallSite site_;
};

// receiver.name(...) with [kCount] positional arguments: the receiver is evaluated once and becomes `self`.
template <std::uint32_t kCount>
class ExactMethodCall final : public Expression {
 public:
  ExactMethodCall(const Expression* receiver, String* name, Position name_position, const CallSite& site)
      : receiver_(receiver), name_(name), name_position_(name_position), site_(site) {
    std::copy_n(site.positional.begin(), kCount, arguments_);
  }
  Value eval(Frame& frame) const override { return call(frame); }
  double number(Frame& frame) const override { return in_register(call(frame)); }

 private:
  [[gnu::always_inline]] Value call(Frame& frame) const {
    const Value receiver = receiver_->eval(frame);
    if (receiver.is_object()) [[likely]] {
      const Value* place = cache_.find(receiver.object(), name_);
      if (place != nullptr && place->is_function()) [[likely]] {
        Function* function = place->function();
        const FunctionCode* code = function->code;
        if (code->exact_count == kCount && !stack_is_low(*frame.instance, code->stack_need)) [[likely]] {
          return call_exactly<kCount, true>(frame, function, code, receiver, arguments_, &site_.position);
        }
      }
    }
    return call_other_method(frame, receiver, name_, name_position_, site_);
  }

  const Expression* receiver_;
  const Expression* arguments_[kCount == 0 ? 1 : kCount] = {};
  mutable InlineCache cache_;
  String* name_;
  Position name_position_;
  CallSite site_;
};

class GeneralMethodCall final : public Expression {
 public:
  GeneralMethodCall(const Expression* receiver, String* name, Position name_position, const CallSite& site)
      : receiver_(receiver), name_(name), name_position_(name_position), site_(site) {}
  Value eval(Frame& frame) const override {
    return call_other_method(frame, receiver_->eval(frame), name_, name_position_, site_);
  }

 private:
  const Expression* receiver_;
  String* name_;
  Position name_position_;
  CallSite site_;
};

// Any other expression as the callee.
class ValueCall final : public Expression {
 public:
  ValueCall(const Expression* callee, const CallSite& site) : callee_(callee), site_(site) {}
  Value eval(Frame& frame) const override {
    const Value callee = callee_->eval(frame);
    if (callee.is_raise()) return callee;
    const Owned guard(callee);
    return call_value(frame, callee, Value::unset(), site_);
  }

 private:
  const Expression* callee_;
  CallSite site_;
};

template <class Finder>
const Expression* make_exact_call(syntax::Arena& arena, Finder callee, const NameRead* name, const CallSite& site) {
  if (!site.has_named) {
    switch (site.positional.size()) {
      case 0:
        return arena.make<ExactNameCall<Finder, 0>>(callee, site);
      case 1:
        return arena.make<ExactNameCall<Finder, 1>>(callee, site);
      case 2:
        return arena.make<ExactNameCall<Finder, 2>>(callee, site);
      case 3:
        return arena.make<ExactNameCall<Finder, 3>>(callee, site);
      default:
        break;
    }
  }
  return arena.make<GeneralNameCall>(name, site);
}

}  // namespace

const Expression* make_name_call(syntax::Arena& arena, const NameRead* callee, bool is_global, const CallSite& site) {
  if (is_global) return make_exact_call(arena, GlobalCallee{static_cast<const GlobalRead*>(callee)}, callee, site);
  return make_exact_call(arena, NameCallee{callee}, callee, site);
}

const Expression* make_local_call(syntax::Arena& arena, std::uint32_t slot, const NameRead* callee,
                                  const CallSite& site) {
  return make_exact_call(arena, SlotCallee{slot, callee}, callee, site);
}

const Expression* make_method_call(syntax::Arena& arena, const Expression* receiver, String* name,
                                   Position name_position, const CallSite& site) {
  if (!site.has_named) {
    switch (site.positional.size()) {
      case 0:
        return arena.make<ExactMethodCall<0>>(receiver, name, name_position, site);
      case 1:
        return arena.make<ExactMethodCall<1>>(receiver, name, name_position, site);
      case 2:
        return arena.make<ExactMethodCall<2>>(receiver, name, name_position, site);
      case 3:
        return arena.make<ExactMethodCall<3>>(receiver, name, name_position, site);
      default:
        break;
    }
  }
  return arena.make<GeneralMethodCall>(receiver, name, name_position, site);
}

const Expression* make_value_call(syntax::Arena& arena, const Expression* callee, const CallSite& site) {
  return arena.make<ValueCall>(callee, site);
}

}  // namespace duso::execution
