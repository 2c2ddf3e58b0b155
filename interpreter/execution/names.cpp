#include "interpreter/execution/names.hpp"

#include <string>

#include "interpreter/execution/operations.hpp"

namespace duso::execution {

namespace {

// Inside a parallel branch, variables from outside the branch are not written: the innermost function gets a local of
// that name instead (language.md 16).
Value assign_extra(Frame& frame, String* name, Value value) {
  return guarded(frame, {}, [&] {
    Owned guard(value);
    Object* extras = frame.instance->extras_of(frame);
    set_property(frame.instance->heap(), extras, name, guard.take());
    return Value::next();
  });
}

bool is_outside_branch(const Frame& frame, const Environment* environment) {
  const std::uint32_t branch = frame.instance->branch();
  return branch != 0 && environment->branch != branch;
}

// The variables of a module that a branch loads are the branch's own.
bool has_outside_root(const Frame& frame) {
  const std::uint32_t branch = frame.instance->branch();
  return branch != 0 && frame.root->branch != branch;
}

}  // namespace

Value* InlineCache::refill(const Object* object, const String* name) {
  if (object->shape == nullptr) return find_property(object, name);
  shape = object->shape;
  slot = shape->find(name);
  return slot != Shape::kMissing ? &object->slots[slot] : nullptr;
}

const Value* LevelRead::find(Frame& frame, Value& self) const {
  Value receiver;
  const Object* extras;
  if (own_level_) {
    receiver = frame.self;
    extras = frame.extras;
  } else {
    const Environment* environment = path_.find(frame);
    receiver = environment->self;
    extras = environment->extras;
  }
  self = Value::unset();
  if (extras != nullptr) [[unlikely]] {
    if (const Value* place = find_property(extras, name_)) return place;
  }
  if (!receiver.is_object()) return nullptr;
  const Value* place = cache_.find(receiver.object(), name_);
  if (place != nullptr) self = receiver;
  return place;
}

Callee LevelRead::peek_callee(Frame& frame) const {
  if (!own_level_ || frame.dynamic != 0) {
    Value self;
    if (const Value* place = find(frame, self)) return {*place, retain(self)};
  }
  return next_->peek_callee(frame);
}

Callee LocalCallee::peek_callee(Frame& frame) const {
  Callee callee = local_->peek_callee(frame);
  if (callee.self.is_unset() && frame.self.is_object() && find_property(frame.self.object(), name_) != nullptr) {
    callee.self = retain(frame.self);
  }
  return callee;
}

Value GlobalRead::raise_undefined(Frame& frame) const {
  return frame.instance->raise(frame, position_, "undefined variable: " + std::string(name_->view()));
}

Value* LocalTarget::place(Frame& frame) const {
  Value& slot = frame.slot(slot_);
  return next_ != nullptr && slot.is_unset() ? next_->place(frame) : &slot;
}

Value LocalTarget::assign(Frame& frame, Value value) const {
  Value& slot = frame.slot(slot_);
  if (next_ != nullptr && slot.is_unset()) return next_->assign(frame, value);
  replace(slot, value);
  return Value::next();
}

Value* CapturedTarget::place(Frame& frame) const {
  Environment* environment = path_.find(frame);
  Value& slot = environment->slots()[slot_];
  if (next_ != nullptr && slot.is_unset()) return next_->place(frame);
  return is_outside_branch(frame, environment) ? nullptr : &slot;
}

Value CapturedTarget::assign(Frame& frame, Value value) const {
  Environment* environment = path_.find(frame);
  Value& slot = environment->slots()[slot_];
  if (next_ != nullptr && slot.is_unset()) return next_->assign(frame, value);
  if (is_outside_branch(frame, environment)) [[unlikely]]
    return assign_extra(frame, name_, value);
  replace(slot, value);
  return Value::next();
}

LevelTarget::Found LevelTarget::find(Frame& frame) const {
  Environment* environment = own_level_ ? nullptr : path_.find(frame);
  Object* extras = own_level_ ? frame.extras : environment->extras;
  if (extras != nullptr) [[unlikely]] {
    if (Value* place = find_property(extras, name_)) {
      return {place, extras, !own_level_ && is_outside_branch(frame, environment)};
    }
  }
  const Value receiver = own_level_ ? frame.self : environment->self;
  if (!receiver.is_object()) return {};
  return {cache_.find(receiver.object(), name_), receiver.object(),
          !own_level_ && is_outside_branch(frame, environment)};
}

Value* LevelTarget::place(Frame& frame) const {
  if (own_level_ && frame.dynamic == 0) return next_->place(frame);
  const Found found = find(frame);
  if (found.place == nullptr) return next_->place(frame);
  return found.is_outside_branch ? nullptr : found.place;
}

Value LevelTarget::assign(Frame& frame, Value value) const {
  if (own_level_ && frame.dynamic == 0) return next_->assign(frame, value);
  const Found found = find(frame);
  if (found.place == nullptr) return next_->assign(frame, value);
  if (found.is_outside_branch) return assign_extra(frame, name_, value);
  if (may_close_cycle(value)) found.holder->flags |= memory::kCyclic;
  replace(*found.place, value);
  return Value::next();
}

Value* GlobalTarget::place(Frame& frame) const {
  Value& slot = frame.root->slots[slot_];
  return slot.is_unset() || has_outside_root(frame) ? nullptr : &slot;
}

Value GlobalTarget::assign(Frame& frame, Value value) const {
  if (has_outside_root(frame)) [[unlikely]]
    return assign_extra(frame, name_, value);
  replace(frame.root->slots[slot_], value);
  return Value::next();
}

Value* ExtraDeclaration::place(Frame&) const { return nullptr; }

Value ExtraDeclaration::assign(Frame& frame, Value value) const {
  // Included code shares the extra locals of the call that includes it.
  Frame* owner = &frame;
  while (owner->code->is_included && owner->caller != nullptr) owner = owner->caller;
  const Value stored = assign_extra(*owner, name_, value);
  for (Frame* sharer = &frame; sharer != owner; sharer = sharer->caller) {
    if (sharer->extras != nullptr || owner->extras == nullptr) continue;
    memory::retain(owner->extras);
    sharer->extras = owner->extras;
    sharer->dynamic = 1;
  }
  return stored;
}

Value* BlockDeclaration::place(Frame&) const { return nullptr; }

Value BlockDeclaration::assign(Frame& frame, Value value) const {
  return guarded(frame, {}, [&] {
    Owned guard(value);
    memory::Heap& heap = frame.instance->heap();
    Environment* environment = path_.find(frame);
    if (environment->extras == nullptr) environment->extras = new_object(heap, frame.instance->engine().shapes(), 0);
    set_property(heap, environment->extras, name_, guard.take());
    return Value::next();
  });
}

}  // namespace duso::execution
