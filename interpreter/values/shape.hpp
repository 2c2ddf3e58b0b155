// Shapes: what objects with the same property names, added in the same order, have in common.
//
// A shape is an immutable list of interned names; the n-th name says what the n-th slot of an object holds. Adding a
// property moves an object to a child shape, found through the parent's transitions, so two objects built alike end
// with the same shape, and a property node of the executable tree that remembers (shape, slot) needs one comparison to
// read a property. Shapes belong to the worker and outlive instances: code stays warm.
//
// Property names are interned in the worker's `NameTable`: one immortal string per text.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "interpreter/values/string.hpp"

namespace duso {

// The worker's property and variable names: one immortal string object per text.
class NameTable {
 public:
  NameTable();
  ~NameTable();
  NameTable(const NameTable&) = delete;
  NameTable& operator=(const NameTable&) = delete;

  // The one string object with [text], made when it does not exist.
  String* intern(std::string_view text);
  // The same for a string at hand, using its cached hash.
  String* intern(const String* string);
  // The interned string with the same text, or null when nobody ever interned it.
  String* find(const String* string) const;
  String* find(std::string_view text) const;
  std::size_t size() const { return count_; }

  // An immortal string that is not a name: a literal of a program. Freed with the table.
  String* literal(std::string_view text);

 private:
  String* find(std::string_view text, std::uint32_t hash) const;
  String* insert(std::string_view text, std::uint32_t hash);

  std::vector<String*> buckets_;  // open addressing, a power of two
  std::size_t count_ = 0;
  std::vector<String*> literals_;
};

class ShapeTable;

class Shape {
 public:
  static constexpr std::uint32_t kMissing = 0xFFFF'FFFF;

  std::uint32_t size() const { return size_; }
  String* name(std::uint32_t slot) const { return names_->list[slot]; }

  // The slot of the interned [name], or kMissing.
  std::uint32_t find(const String* name) const {
    if (size_ <= kLinearLimit) {
      String* const* names = names_->list.data();
      for (std::uint32_t slot = 0; slot < size_; ++slot) {
        if (names[slot] == name) return slot;
      }
      return kMissing;
    }
    return find_indexed(name);
  }

  // The shape with [name] (interned, not yet present) added; null when the object should become a dictionary instead.
  Shape* with(String* name);
  // The same, but only if it exists already.
  Shape* existing_with(const String* name) const;
  // How many shapes have one name more than this one.
  std::size_t transition_count() const { return transitions_.size(); }

  ShapeTable& table() const { return table_; }

 private:
  friend class ShapeTable;
  static constexpr std::uint32_t kLinearLimit = 8;

  // Names in order of addition. Shared along a chain of shapes: a shape of size n uses the first n.
  struct NameList {
    std::vector<String*> list;
  };

  Shape(ShapeTable& table, std::shared_ptr<NameList> names, std::uint32_t size)
      : table_(table), names_(std::move(names)), size_(size) {}
  std::uint32_t find_indexed(const String* name) const;

  ShapeTable& table_;
  std::shared_ptr<NameList> names_;
  std::uint32_t size_;
  std::vector<std::pair<const String*, Shape*>> transitions_;
  mutable std::vector<std::uint32_t> index_;  // slot + 1 by name address, open addressing; built on first use
};

class ShapeTable {
 public:
  explicit ShapeTable(NameTable& names);

  Shape* empty() const { return empty_; }
  NameTable& names() const { return names_; }
  std::size_t size() const { return shapes_.size(); }

 private:
  friend class Shape;
  NameTable& names_;
  std::vector<std::unique_ptr<Shape>> shapes_;
  Shape* empty_;
};

}  // namespace duso
