// Nodes that read and assign variables by name.
//
// The resolver turns a bare name into a list of candidates, innermost first; lowering makes a chain of nodes of it, one
// per candidate, each with the node to ask `next` when its own candidate does not exist at the moment:
//
//   a local that is certainly set          LocalRead                 end of the chain
//   a local that may be unset              LocalOrNext
//   a captured variable                    CapturedRead
//   extra locals or receiver of a level    LevelRead                 costs one test when the call has neither
//   a global, else the builtin             GlobalRead                end of the chain
//
// Assignment has the same chain of targets.
#pragma once

#include <span>
#include <utility>

#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/instance.hpp"
#include "interpreter/execution/node.hpp"

namespace duso::execution {

// How a node reaches an environment: from a slot of its own frame or from the function's closure, then outwards.
struct EnvironmentPath {
  std::uint32_t frame_slot = kNoSlot;  // kNoSlot: start at the environment the function was made in
  std::uint32_t hops = 0;

  bool is_nearest() const { return frame_slot == kNoSlot && hops == 0; }

  Environment* find(Frame& frame) const {
    Environment* environment = frame_slot == kNoSlot ? frame.environment : frame.environment_in(frame_slot);
    for (std::uint32_t i = 0; i < hops; ++i) environment = environment->parent;
    return environment;
  }
};

// Where a name was found last: in the objects of [shape], at [slot], or nowhere (Shape::kMissing).
struct InlineCache {
  Shape* shape = nullptr;
  std::uint32_t slot = 0;

  // The place of [name] in [object], or null. Dictionaries are looked up every time.
  Value* find(const Object* object, const String* name) {
    if (object->shape == shape && shape != nullptr) [[likely]] {
      return slot != Shape::kMissing ? &object->slots[slot] : nullptr;
    }
    return refill(object, name);
  }

 private:
  Value* refill(const Object* object, const String* name);
};

// What a name that is called stands for.
struct Callee {
  Value value;                  // borrowed
  Value self = Value::unset();  // the receiver (owned) when the name is a property of one
};

class NameRead : public Expression {
 public:
  // The value, borrowed: a variable or property holds it.
  virtual Value peek(Frame& frame) const = 0;
  // The same for a name that is called.
  virtual Callee peek_callee(Frame& frame) const { return {peek(frame)}; }

  Value eval(Frame& frame) const override { return retain(peek(frame)); }
  double number(Frame& frame) const override { return in_register(retain(peek(frame))); }
  Truth test(Frame& frame) const override {
    const Value value = peek(frame);
    return value.is_raise() ? Truth::kRaised : truth_of(is_truthy(value));
  }
  Value borrow(Frame& frame, Owned&) const override { return peek(frame); }

 protected:
  ~NameRead() = default;
};

// Gives a kind of name its other entries, with `peek` called directly.
template <class Kind>
class DirectNameRead : public NameRead {
 public:
  Value eval(Frame& frame) const final { return retain(look(frame)); }
  double number(Frame& frame) const final { return in_register(retain(look(frame))); }
  Truth test(Frame& frame) const final {
    const Value value = look(frame);
    return value.is_raise() ? Truth::kRaised : truth_of(is_truthy(value));
  }
  Value borrow(Frame& frame, Owned&) const final { return look(frame); }

 protected:
  ~DirectNameRead() = default;

 private:
  Value look(Frame& frame) const { return static_cast<const Kind*>(this)->Kind::peek(frame); }
};

class LocalRead final : public DirectNameRead<LocalRead> {
 public:
  explicit LocalRead(std::uint32_t slot) : slot_(slot) {}
  Value peek(Frame& frame) const override { return frame.slot(slot_); }

 private:
  std::uint32_t slot_;
};

// Gives the variable's value away: the last thing that a call does with it.
class LocalTake final : public Expression {
 public:
  explicit LocalTake(std::uint32_t slot) : slot_(slot) {}
  Value eval(Frame& frame) const override { return std::exchange(frame.slot(slot_), Value::unset()); }

 private:
  std::uint32_t slot_;
};

class LocalOrNext final : public NameRead {
 public:
  LocalOrNext(std::uint32_t slot, const NameRead* next) : slot_(slot), next_(next) {}
  Value peek(Frame& frame) const override {
    const Value value = frame.slot(slot_);
    return value.is_unset() ? next_->peek(frame) : value;
  }
  Callee peek_callee(Frame& frame) const override {
    const Value value = frame.slot(slot_);
    return value.is_unset() ? next_->peek_callee(frame) : Callee{value};
  }

 private:
  std::uint32_t slot_;
  const NameRead* next_;
};

// A local as a callee: when the receiver has a property of that name, it becomes the receiver of this call too
// (language.md 10).
class LocalCallee final : public NameRead {
 public:
  LocalCallee(const NameRead* local, String* name) : local_(local), name_(name) {}
  Value peek(Frame& frame) const override { return local_->peek(frame); }
  Callee peek_callee(Frame& frame) const override;

 private:
  const NameRead* local_;
  String* name_;
};

// A captured variable. [kNearest]: of the environment that the running function was made in, the usual case.
template <bool kNearest>
class CapturedRead final : public DirectNameRead<CapturedRead<kNearest>> {
 public:
  // [dynamic] is asked instead when the running call has a receiver or extra locals that come first; null when they do
  // not.
  CapturedRead(EnvironmentPath path, std::uint32_t slot, const NameRead* next, const NameRead* dynamic)
      : path_(path), slot_(slot), next_(next), dynamic_(dynamic) {}
  Value peek(Frame& frame) const override {
    if (frame.dynamic != 0 && dynamic_ != nullptr) return dynamic_->peek(frame);
    const Value value = find(frame)->slots()[slot_];
    return value.is_unset() ? next_->peek(frame) : value;
  }
  Callee peek_callee(Frame& frame) const override {
    if (frame.dynamic != 0 && dynamic_ != nullptr) return dynamic_->peek_callee(frame);
    const Value value = find(frame)->slots()[slot_];
    return value.is_unset() ? next_->peek_callee(frame) : Callee{value};
  }

 private:
  Environment* find(Frame& frame) const { return kNearest ? frame.environment : path_.find(frame); }

  EnvironmentPath path_;
  std::uint32_t slot_;
  const NameRead* next_;  // never null; a variable that is certainly set just does not get there
  const NameRead* dynamic_;
};

// The extra locals and the receiver of one function level: of the running call itself or, through its environment, of a
// call around it.
class LevelRead final : public NameRead {
 public:
  LevelRead(bool own_level, EnvironmentPath path, String* name, const NameRead* next)
      : own_level_(own_level), path_(path), name_(name), next_(next) {}
  Value peek(Frame& frame) const override {
    if (own_level_ && frame.dynamic == 0) return next_->peek(frame);
    Value self;
    const Value* place = find(frame, self);
    return place != nullptr ? *place : next_->peek(frame);
  }
  Callee peek_callee(Frame& frame) const override;

 private:
  // The place of the name at this level, or null. [self] (borrowed) is the receiver if it is a property of one, else
  // unset.
  const Value* find(Frame& frame, Value& self) const;

  bool own_level_;
  EnvironmentPath path_;
  String* name_;
  const NameRead* next_;
  mutable InlineCache cache_;
};

class GlobalRead final : public DirectNameRead<GlobalRead> {
 public:
  // [dynamic] is asked instead when the running call has a receiver or extra locals; null when they can not hide the
  // global.
  GlobalRead(std::uint32_t slot, String* name, Value builtin, Position position, const NameRead* dynamic)
      : slot_(slot), builtin_(builtin), name_(name), position_(position), dynamic_(dynamic) {}
  Value peek(Frame& frame) const override {
    if (frame.dynamic != 0 && dynamic_ != nullptr) {
      const Value* member = find_member(frame);
      return member != nullptr ? *member : dynamic_->peek(frame);
    }
    const Value value = frame.root->slots[slot_];
    return value.is_unset() ? missing(frame) : value;
  }
  Callee peek_callee(Frame& frame) const override {
    if (frame.dynamic != 0 && dynamic_ != nullptr) return dynamic_->peek_callee(frame);
    const Value value = frame.root->slots[slot_];
    return {value.is_unset() ? missing(frame) : value};
  }

 private:
  // The usual case of a bare name in a method: a property of the receiver, where it was the last time.
  const Value* find_member(Frame& frame) const {
    if (frame.extras != nullptr) return nullptr;
    return member_.find(frame.self.object(), name_);
  }
  // No variable of that name: the builtin, or the error.
  Value missing(Frame& frame) const { return builtin_.is_unset() ? raise_undefined(frame) : builtin_; }
  Value raise_undefined(Frame& frame) const;

  std::uint32_t slot_;
  Value builtin_;  // unset when there is none
  String* name_;
  Position position_;
  const NameRead* dynamic_;
  mutable InlineCache member_;
};

// The word `self`: the receiver of the nearest level that has one, else what [next] finds under that name.
class SelfRead final : public NameRead {
 public:
  // [levels]: the environments of the enclosing calls, innermost first; the running call itself comes before them.
  SelfRead(std::span<const EnvironmentPath> levels, const NameRead* next) : levels_(levels), next_(next) {}
  Value peek(Frame& frame) const override {
    if (!frame.self.is_unset()) return frame.self;
    for (const EnvironmentPath& path : levels_) {
      const Value self = path.find(frame)->self;
      if (!self.is_unset()) return self;
    }
    return next_->peek(frame);
  }

 private:
  std::span<const EnvironmentPath> levels_;
  const NameRead* next_;
};

// --- assignment ---

// A variable to assign to.
class NameTarget {
 public:
  // Stores [value] (owned, consumed). Value::next(), or Value::raise().
  virtual Value assign(Frame& frame, Value value) const = 0;
  // The variable that `assign` would overwrite, or null when it would make one. Valid until script code runs.
  virtual Value* place(Frame& frame) const = 0;

 protected:
  ~NameTarget() = default;
};

class LocalTarget final : public NameTarget {
 public:
  // [next] is asked when the variable is unset; null when it is certainly set or the assignment declares it.
  LocalTarget(std::uint32_t slot, const NameTarget* next) : slot_(slot), next_(next) {}
  Value assign(Frame& frame, Value value) const override;
  Value* place(Frame& frame) const override;

 private:
  std::uint32_t slot_;
  const NameTarget* next_;
};

class CapturedTarget final : public NameTarget {
 public:
  CapturedTarget(EnvironmentPath path, std::uint32_t slot, String* name, const NameTarget* next)
      : path_(path), slot_(slot), name_(name), next_(next) {}
  Value assign(Frame& frame, Value value) const override;
  Value* place(Frame& frame) const override;

 private:
  EnvironmentPath path_;
  std::uint32_t slot_;
  String* name_;
  const NameTarget* next_;
};

class LevelTarget final : public NameTarget {
 public:
  LevelTarget(bool own_level, EnvironmentPath path, String* name, const NameTarget* next)
      : own_level_(own_level), path_(path), name_(name), next_(next) {}
  Value assign(Frame& frame, Value value) const override;
  Value* place(Frame& frame) const override;

 private:
  struct Found {
    Value* place = nullptr;
    Object* holder = nullptr;
    bool is_outside_branch = false;
  };
  Found find(Frame& frame) const;

  bool own_level_;
  EnvironmentPath path_;
  String* name_;
  const NameTarget* next_;
  mutable InlineCache cache_;
};

class GlobalTarget final : public NameTarget {
 public:
  GlobalTarget(std::uint32_t slot, String* name) : slot_(slot), name_(name) {}
  Value assign(Frame& frame, Value value) const override;
  Value* place(Frame& frame) const override;

 private:
  std::uint32_t slot_;
  String* name_;
};

// `var` at a place whose scope has no slots: in included code, the extra locals of the call that includes it.
class ExtraDeclaration final : public NameTarget {
 public:
  explicit ExtraDeclaration(String* name) : name_(name) {}
  Value assign(Frame& frame, Value value) const override;
  Value* place(Frame& frame) const override;

 private:
  String* name_;
};

// The same for code included into a loop or catch block: the extra variables of that block.
class BlockDeclaration final : public NameTarget {
 public:
  BlockDeclaration(EnvironmentPath path, String* name) : path_(path), name_(name) {}
  Value assign(Frame& frame, Value value) const override;
  Value* place(Frame& frame) const override;

 private:
  EnvironmentPath path_;
  String* name_;
};

// Replaces the contents of [place] by [value] (owned).
[[gnu::always_inline]] inline void replace(Value& place, Value value) {
  const Value old = place;
  place = value;
  release(old);
}

}  // namespace duso::execution
