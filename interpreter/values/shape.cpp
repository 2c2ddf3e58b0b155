#include "interpreter/values/shape.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

#include "interpreter/values/hash.hpp"
#include "interpreter/values/object.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso {

namespace {

// More shapes than this in one worker mean that data, not code, names the properties.
constexpr std::size_t kMaxShapes = 100'000;

// A string outside every instance heap, with the header that says so.
String* allocate_immortal(std::string_view text, std::uint8_t aux) {
  auto* string = static_cast<String*>(std::malloc(sizeof(String) + text.size()));
  if (string == nullptr) throw std::bad_alloc();
  string->count = memory::kImmortalCount;
  string->type = static_cast<std::uint8_t>(HeapType::kString);
  string->flags = memory::kImmortal;
  string->size_class = 0;
  string->aux = static_cast<std::uint8_t>(aux | (utf8::is_ascii(text) ? String::kAscii : 0));
  string->size = static_cast<std::uint32_t>(text.size());
  string->capacity = string->size;
  string->code_points = String::kUnknownLength;
  string->hash_code = 0;
  std::memcpy(string->data(), text.data(), text.size());
  return string;
}

// The same value that String::hash() gives.
std::uint32_t hash_of(std::string_view text) {
  const std::uint32_t hash = hash_bytes(text);
  return hash != 0 ? hash : 1;
}

std::size_t hash_of(const String* name) { return reinterpret_cast<std::uintptr_t>(name) >> 4; }

}  // namespace

NameTable::NameTable() : buckets_(256) {}

NameTable::~NameTable() {
  for (String* name : buckets_) std::free(name);
  for (String* literal : literals_) std::free(literal);
}

String* NameTable::find(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = buckets_.size() - 1;
  for (std::size_t i = hash & mask; buckets_[i] != nullptr; i = (i + 1) & mask) {
    String* name = buckets_[i];
    if (name->hash_code == hash && name->view() == text) return name;
  }
  return nullptr;
}

String* NameTable::insert(std::string_view text, std::uint32_t hash) {
  if (2 * (count_ + 1) > buckets_.size()) {
    std::vector<String*> old(buckets_.size() * 2);
    old.swap(buckets_);
    const std::size_t mask = buckets_.size() - 1;
    for (String* name : old) {
      if (name == nullptr) continue;
      std::size_t i = name->hash_code & mask;
      while (buckets_[i] != nullptr) i = (i + 1) & mask;
      buckets_[i] = name;
    }
  }
  String* name = allocate_immortal(text, String::kInterned);
  name->hash_code = hash;
  const std::size_t mask = buckets_.size() - 1;
  std::size_t i = hash & mask;
  while (buckets_[i] != nullptr) i = (i + 1) & mask;
  buckets_[i] = name;
  ++count_;
  return name;
}

String* NameTable::intern(std::string_view text) {
  const std::uint32_t hash = hash_of(text);
  String* name = find(text, hash);
  return name != nullptr ? name : insert(text, hash);
}

String* NameTable::intern(const String* string) {
  if (string->is_interned()) return const_cast<String*>(string);
  String* name = find(string->view(), string->hash());
  return name != nullptr ? name : insert(string->view(), string->hash());
}

String* NameTable::find(const String* string) const {
  if (string->is_interned()) return const_cast<String*>(string);
  return find(string->view(), string->hash());
}

String* NameTable::find(std::string_view text) const { return find(text, hash_of(text)); }

String* NameTable::literal(std::string_view text) {
  literals_.push_back(allocate_immortal(text, 0));
  return literals_.back();
}

std::uint32_t Shape::find_indexed(const String* name) const {
  if (index_.empty()) {
    std::size_t capacity = 16;
    while (capacity < 2 * std::size_t{size_}) capacity *= 2;
    index_.resize(capacity);
    for (std::uint32_t slot = 0; slot < size_; ++slot) {
      std::size_t i = hash_of(names_->list[slot]) & (capacity - 1);
      while (index_[i] != 0) i = (i + 1) & (capacity - 1);
      index_[i] = slot + 1;
    }
  }
  const std::size_t mask = index_.size() - 1;
  for (std::size_t i = hash_of(name) & mask; index_[i] != 0; i = (i + 1) & mask) {
    if (names_->list[index_[i] - 1] == name) return index_[i] - 1;
  }
  return kMissing;
}

Shape* Shape::existing_with(const String* name) const {
  for (const auto& [added, shape] : transitions_) {
    if (added == name) return shape;
  }
  return nullptr;
}

Shape* Shape::with(String* name) {
  if (Shape* existing = existing_with(name)) return existing;
  if (size_ >= Object::kMaxShapedSlots || table_.shapes_.size() >= kMaxShapes) return nullptr;
  // The newest shape of a chain extends the shared list; a second branch copies its part of it.
  std::shared_ptr<NameList> names = names_;
  if (names->list.size() != size_) {
    names = std::make_shared<NameList>();
    names->list.assign(names_->list.begin(), names_->list.begin() + size_);
  }
  names->list.push_back(name);
  std::unique_ptr<Shape> shape(new Shape(table_, std::move(names), size_ + 1));
  Shape* result = shape.get();
  table_.shapes_.push_back(std::move(shape));
  transitions_.emplace_back(name, result);
  return result;
}

ShapeTable::ShapeTable(NameTable& names) : names_(names) {
  std::unique_ptr<Shape> shape(new Shape(*this, std::make_shared<Shape::NameList>(), 0));
  empty_ = shape.get();
  shapes_.push_back(std::move(shape));
}

}  // namespace duso
