#include "runtime/frozen_value.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "interpreter/values/array.hpp"
#include "interpreter/values/string.hpp"
#include "interpreter/values/utf8.hpp"
#include "runtime/frozen_node.hpp"
#include "runtime/memory/process_budget.hpp"

namespace duso {

namespace {

// What the allocator takes for a block of [bytes]: a word of its own, and all of it in steps of 16 bytes.
std::size_t block_bytes(std::size_t bytes) {
  return std::max<std::size_t>(32, (bytes + sizeof(std::size_t) + 15) / 16 * 16);
}

// Memory for a node of [bytes], on the budget of the process. Throws HeapLimitReached or std::bad_alloc.
void* allocate_block(std::size_t bytes) {
  memory::ThreadClaim::spend(block_bytes(bytes));
  try {
    return ::operator new(bytes);
  } catch (...) {
    memory::ThreadClaim::restore(block_bytes(bytes));
    throw;
  }
}

// What was allocated for [node].
std::size_t bytes_of(FrozenNode* node) {
  switch (node->type) {
    case FrozenType::kString:
      return sizeof(FrozenText) + node->size;
    case FrozenType::kArray:
    case FrozenType::kObject:
      return sizeof(FrozenTree) + node->parts().size_bytes();
    default:
      return sizeof(FrozenOpaque);
  }
}

FrozenTree* make_tree(FrozenType type, std::size_t size, std::size_t slots) {
  if (size > kMaxArraySize) throw std::bad_alloc();
  const std::size_t bytes = sizeof(FrozenTree) + slots * sizeof(FrozenValue);
  auto* tree = new (allocate_block(bytes)) FrozenTree(type);
  tree->size = static_cast<std::uint32_t>(size);
  tree->tree_bytes = block_bytes(bytes);
  std::uninitialized_default_construct_n(tree->slots(), slots);
  return tree;
}

// Gives back the block of [node], which holds no parts any more.
void free_block(FrozenNode* node) noexcept {
  const std::size_t bytes = block_bytes(bytes_of(node));
  switch (node->type) {
    case FrozenType::kString:
      as_text(node)->~FrozenText();
      break;
    case FrozenType::kArray:
    case FrozenType::kObject:
      as_tree(node)->~FrozenTree();
      break;
    default:
      as_opaque(node)->~FrozenOpaque();
  }
  ::operator delete(node);
  memory::ThreadClaim::restore(bytes);
}

// Gives up one reference to [node]; true if it was the last one. Whoever holds the only one need not tell others.
bool drop(FrozenNode* node) noexcept {
  return node->count.load(std::memory_order_acquire) == 1 || node->count.fetch_sub(1, std::memory_order_acq_rel) == 1;
}

}  // namespace

// --- nodes ---

FrozenText* FrozenText::make(std::string_view text) {
  if (text.size() > kMaxStringSize) throw std::bad_alloc();
  const std::size_t bytes = sizeof(FrozenText) + text.size();
  auto* node = new (allocate_block(bytes)) FrozenText;
  node->size = static_cast<std::uint32_t>(text.size());
  node->tree_bytes = block_bytes(bytes);
  node->is_ascii = utf8::is_ascii(text);
  std::copy_n(text.data(), text.size(), node->data());
  return node;
}

FrozenTree* FrozenTree::make_array(std::size_t elements) { return make_tree(FrozenType::kArray, elements, elements); }

FrozenTree* FrozenTree::make_object(const FrozenShape& shape) {
  FrozenTree* tree = make_tree(FrozenType::kObject, shape.size(), shape.size());
  tree->shape = &shape;
  return tree;
}

FrozenTree* FrozenTree::make_named_object(std::size_t properties) {
  return make_tree(FrozenType::kObject, properties, 2 * properties);
}

FrozenOpaque* FrozenOpaque::make(FrozenType type, std::shared_ptr<const void> payload, std::string_view text) {
  FrozenValue frozen_text(text);
  auto* node = new (allocate_block(sizeof(FrozenOpaque))) FrozenOpaque(type, std::move(payload));
  node->tree_bytes = block_bytes(sizeof(FrozenOpaque));
  const std::size_t text_bytes = frozen_text.bytes();
  node->set_part(1, std::move(frozen_text), text_bytes);
  return node;
}

void FrozenNode::destroy(FrozenNode* node) noexcept {
  node->next_dead = nullptr;
  for (FrozenNode* dead = node; dead != nullptr;) {
    FrozenNode* const current = dead;
    dead = current->next_dead;
    for (FrozenValue& part : current->parts()) {
      if (!part.is_node()) continue;
      FrozenNode* child = part.node();
      part.bits_ = Value().bits();
      if (!drop(child)) continue;
      child->next_dead = dead;
      dead = child;
    }
    free_block(current);
  }
}

// --- values ---

FrozenValue::FrozenValue(std::string_view text) { *this = adopt(FrozenText::make(text)); }

FrozenValue FrozenValue::array(std::span<const FrozenValue> elements) {
  FrozenValue array = adopt(FrozenTree::make_array(elements.size()));
  for (std::size_t i = 0; i < elements.size(); ++i) array.node()->set_part(i, elements[i], elements[i].bytes());
  return array;
}

FrozenValue FrozenValue::object(std::span<const Property> properties) {
  std::vector<std::string_view> names;
  names.reserve(properties.size());
  for (const Property& property : properties) names.push_back(property.name);
  const FrozenShape* shape = FrozenShape::of(names);
  FrozenValue object =
      adopt(shape != nullptr ? FrozenTree::make_object(*shape) : FrozenTree::make_named_object(properties.size()));
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const FrozenValue& value = properties[i].value;
    object.node()->set_part(i, value, value.bytes());
    if (shape != nullptr) continue;
    FrozenValue name(names[i]);
    const std::size_t name_bytes = name.bytes();
    object.node()->set_part(names.size() + i, std::move(name), name_bytes);
  }
  return object;
}

void FrozenValue::retain() const noexcept {
  if (is_node()) node()->count.fetch_add(1, std::memory_order_relaxed);
}

void FrozenValue::release() const noexcept {
  if (drop(node())) FrozenNode::destroy(node());
}

FrozenType FrozenValue::type() const {
  if (is_node()) return node()->type;
  const Value value = immediate();
  if (value.is_number()) return FrozenType::kNumber;
  if (value.is_boolean()) return FrozenType::kBoolean;
  return value.is_builtin() ? FrozenType::kBuiltin : FrozenType::kNil;
}

std::size_t FrozenValue::bytes() const { return is_node() ? node()->tree_bytes : 0; }

std::string_view FrozenValue::text() const { return as_text(node())->view(); }

std::uint32_t FrozenValue::size() const { return node()->size; }

std::span<const FrozenValue> FrozenValue::values() const { return {as_tree(node())->slots(), node()->size}; }

std::string_view FrozenValue::name(std::uint32_t index) const { return as_tree(node())->name(index); }

const FrozenValue& FrozenValue::message() const { return as_opaque(node())->held[0]; }
std::string_view FrozenValue::stack() const { return as_opaque(node())->held[1].text(); }
const FrozenValue& FrozenValue::metadata() const { return as_opaque(node())->held[0]; }
std::string_view FrozenValue::source() const { return as_opaque(node())->held[1].text(); }
std::string_view FrozenValue::pattern() const { return as_opaque(node())->held[1].text(); }

std::shared_ptr<const syntax::Program> FrozenValue::program() const {
  return std::static_pointer_cast<const syntax::Program>(as_opaque(node())->payload);
}

std::shared_ptr<const std::string> FrozenValue::binary() const {
  return std::static_pointer_cast<const std::string>(as_opaque(node())->payload);
}

std::shared_ptr<const re2::RE2> FrozenValue::regex() const {
  return std::static_pointer_cast<const re2::RE2>(as_opaque(node())->payload);
}

}  // namespace duso
