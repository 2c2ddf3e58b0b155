#include "stdlib/builtins/json_builder.hpp"

#include <algorithm>
#include <new>

#include "interpreter/values/array.hpp"
#include "interpreter/values/hash.hpp"
#include "interpreter/values/object.hpp"

namespace duso::stdlib {

namespace {

// What data may add to the names and shapes of a worker.
constexpr std::size_t kLongestName = 40;
constexpr std::size_t kMostNames = 20'000;
constexpr std::size_t kMostShapes = 20'000;
constexpr std::size_t kMostSteps = 48;

// Positions on the stacks have 32 bits.
constexpr std::size_t kMostValues = 0xFFFF'0000;

}  // namespace

void JsonBuilder::close_array() {
  const Frame frame = frames_.back();
  const std::size_t size = values_.size() - frame.values;
  Array* array = new_array(heap_, size);
  for (std::size_t i = 0; i < size; ++i) {
    const Value value = values_[frame.values + i];
    if (may_close_cycle(value)) array->flags |= memory::kCyclic;
    array->items[i] = value;
  }
  array->size = static_cast<std::uint32_t>(size);
  values_.resize(frame.values);
  frames_.pop_back();
  add(Value(array));
}

void JsonBuilder::add_name(std::string_view name) {
  Frame& frame = frames_.back();
  if (frame.shape != nullptr) {
    Step& step = step_from(frame.shape, name);
    if (step.from == frame.shape && step.name == name) {
      frame.shape = step.to;
      return;
    }
    if (Shape* next = extend(frame.shape, name)) {
      step = {frame.shape, next, next->name(next->size() - 1)->view()};
      frame.shape = next;
      return;
    }
    keep_names(frame);
  }
  if (names_.size() >= kMostValues) throw std::bad_alloc();
  names_.push_back(nullptr);
  names_.back() = shared_name(name);
}

// Where to remember what follows [shape]. Size and first letter keep names that take turns apart.
JsonBuilder::Step& JsonBuilder::step_from(const Shape* shape, std::string_view name) {
  const auto address = reinterpret_cast<std::uintptr_t>(shape);
  const std::size_t letter = name.empty() ? 0 : static_cast<unsigned char>(name.front());
  return steps_[(address >> 4 ^ address >> 11 ^ letter ^ name.size() << 3) % kSteps];
}

// The shape that has [name] behind those of [shape]; null when the object has that name already or should not get one.
Shape* JsonBuilder::extend(Shape* shape, std::string_view name) {
  if (name.size() > kLongestName) return nullptr;
  NameTable& names = shapes_.names();
  if (const String* known = names.find(name)) {
    if (shape->find(known) != Shape::kMissing) return nullptr;
    if (Shape* next = shape->existing_with(known)) return next;
  }
  const bool is_full = names.size() >= kMostNames || shapes_.size() >= kMostShapes;
  return is_full || shape->transition_count() >= kMostSteps ? nullptr : shape->with(names.intern(name));
}

// From now on the object's names are kept one by one.
void JsonBuilder::keep_names(Frame& frame) {
  for (std::uint32_t slot = 0; slot < frame.shape->size(); ++slot) {
    names_.push_back(frame.shape->name(slot));
    memory::retain(names_.back());
  }
  frame.shape = nullptr;
}

// A string with the text [name], owned by the caller; the same one when it was asked for not long ago.
String* JsonBuilder::shared_name(std::string_view name) {
  String*& recent = recent_names_[hash_bytes(name) % recent_names_.size()];
  if (recent == nullptr || recent->view() != name) {
    String* fresh = new_string(heap_, name);
    if (recent != nullptr) memory::release(recent);
    recent = fresh;
  }
  memory::retain(recent);
  return recent;
}

void JsonBuilder::close_object() {
  const Frame frame = frames_.back();
  Object* object = frame.shape != nullptr ? make_shaped(frame) : make_dictionary(frame);
  values_.resize(frame.values);
  frames_.pop_back();
  add(Value(object));
}

Object* JsonBuilder::make_shaped(const Frame& frame) {
  if (frame.shape->size() == 0) return new_object(heap_, shapes_, 0);
  Object* object = new_shaped_object(heap_, frame.shape);
  for (std::uint32_t slot = 0; slot < frame.shape->size(); ++slot) {
    initialise_slot(object, slot, values_[frame.values + slot]);
  }
  return object;
}

Object* JsonBuilder::make_dictionary(const Frame& frame) {
  Owned object(Value(new_object(heap_, shapes_, 0)));
  const std::size_t size = names_.size() - frame.names;
  for (std::size_t i = 0; i < size; ++i) {
    const Value value = std::exchange(values_[frame.values + i], Value());
    set_property(heap_, object.get().object(), names_[frame.names + i], value);
  }
  for (std::size_t i = frame.names; i < names_.size(); ++i) memory::release(names_[i]);
  names_.resize(frame.names);
  return object.take().object();
}

Value JsonBuilder::take() {
  const Value document = values_.back();
  values_.pop_back();
  return document;
}

void JsonBuilder::clear() {
  for (const Value value : values_) release(value);
  for (String* name : names_) {
    if (name != nullptr) memory::release(name);
  }
  for (String*& name : recent_names_) {
    if (name != nullptr) memory::release(std::exchange(name, nullptr));
  }
  values_.clear();
  names_.clear();
  frames_.clear();
}

}  // namespace duso::stdlib
