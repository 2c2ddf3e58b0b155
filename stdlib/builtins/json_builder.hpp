// Makes values of a JSON document while it is read from front to back.
//
// Values wait on a stack until their container closes. Only then is the container made, so its size is exact from the
// start: an array gets as many places as it has elements, an object as many slots as it has names.
//
// Objects in JSON come in series with the same names in the same order, and such objects should share a shape. What
// follows a shape is nearly always the name that followed it last time; a small table remembers that, so that a name
// costs one comparison of its text: it is neither hashed nor looked up. Names and shapes outlive the script, however,
// and what strangers send must not be able to fill them up. So data may add only short names, only a few per shape, and
// none when there are many already; an object that would need more becomes a dictionary.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "interpreter/execution/instance.hpp"
#include "interpreter/values/shape.hpp"
#include "interpreter/values/string.hpp"
#include "interpreter/values/value.hpp"

namespace duso::stdlib {

class JsonBuilder {
 public:
  // Values for [instance], which must outlive this. All functions that make values may throw HeapLimitReached.
  explicit JsonBuilder(execution::Instance& instance)
      : heap_(instance.heap()), shapes_(instance.engine().shapes()), empty_string_(instance.engine().empty_string()) {}
  ~JsonBuilder() { clear(); }
  JsonBuilder(const JsonBuilder&) = delete;
  JsonBuilder& operator=(const JsonBuilder&) = delete;

  // A value that is no container; [owned] moves in.
  void add(Value owned) { values_.push_back(owned); }
  void add_string(std::string_view text) {
    add(text.empty() ? retain(Value(empty_string_)) : Value(new_string(heap_, text)));
  }

  void open_array() { frames_.push_back({nullptr, position(values_), 0, true}); }
  void close_array();

  void open_object() { frames_.push_back({shapes_.empty(), position(values_), position(names_), false}); }
  // The name of the value that comes next. A name that the object has already takes over that place.
  void add_name(std::string_view name);
  void close_object();

  // Whether the innermost container is an object that waits for its next name.
  bool expects_name() const {
    if (frames_.empty() || frames_.back().is_array) return false;
    const Frame& frame = frames_.back();
    const std::size_t names = frame.shape != nullptr ? frame.shape->size() : names_.size() - frame.names;
    return values_.size() - frame.values == names;
  }

  // How many containers are open, and whether the innermost one is an array.
  std::size_t depth() const { return frames_.size(); }
  bool in_array() const { return frames_.back().is_array; }

  // The finished document, owned by the caller.
  Value take();

  // Forgets everything that was read.
  void clear();

 private:
  // An open container.
  struct Frame {
    Shape* shape;          // of an object with the names so far; null for one that keeps them in names_
    std::uint32_t values;  // where its elements or properties begin in values_
    std::uint32_t names;   // the same for its names
    bool is_array;
  };

  // "After [from] came [name], which led to [to]."
  struct Step {
    const Shape* from = nullptr;
    Shape* to = nullptr;
    std::string_view name;
  };
  static constexpr std::size_t kSteps = 64;

  template <class T>
  static std::uint32_t position(const std::vector<T>& stack) {
    return static_cast<std::uint32_t>(stack.size());
  }

  Step& step_from(const Shape* shape, std::string_view name);
  Shape* extend(Shape* shape, std::string_view name);
  void keep_names(Frame& frame);
  String* shared_name(std::string_view name);
  Object* make_shaped(const Frame& frame);
  Object* make_dictionary(const Frame& frame);

  memory::Heap& heap_;
  ShapeTable& shapes_;
  String* empty_string_;
  std::vector<Value> values_;   // owned
  std::vector<String*> names_;  // owned
  std::vector<Frame> frames_;
  std::array<Step, kSteps> steps_{};
  std::array<String*, 64> recent_names_{};  // owned: dictionaries often have names in common too
};

}  // namespace duso::stdlib
