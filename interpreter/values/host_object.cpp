#include "interpreter/values/host_object.hpp"

#include <utility>

namespace duso {

namespace {

void drop_host_object(memory::Heap&, memory::HeapObject* object) {
  auto* host = static_cast<HostObject*>(object);
  if (void* payload = std::exchange(host->payload, nullptr)) host->host_type->drop(payload);
}

void trace_host_object(memory::HeapObject* object, memory::ReferenceVisitor& visitor) {
  const auto* host = static_cast<HostObject*>(object);
  if (host->payload != nullptr && host->host_type->trace != nullptr) host->host_type->trace(host->payload, visitor);
}

}  // namespace

void register_host_objects() {
  memory::register_type(static_cast<std::uint8_t>(kHostObject),
                        {"host", memory::TypeKind::kHost, drop_host_object, trace_host_object, sizeof(HostObject)});
}

HostObject* new_host_object(memory::Heap& heap, const HostType& type, void* payload) {
  HostObject* host = nullptr;
  try {
    host = static_cast<HostObject*>(heap.allocate_object(static_cast<std::uint8_t>(kHostObject), sizeof(HostObject)));
  } catch (...) {
    type.drop(payload);
    throw;
  }
  host->host_type = &type;
  host->payload = payload;
  if (type.trace != nullptr) host->flags |= memory::kCyclic;
  return host;
}

void* host_payload(Value value, const HostType& type) {
  if (!value.is(kHostObject)) return nullptr;
  const auto* host = static_cast<const HostObject*>(value.heap_object());
  return host->host_type == &type ? host->payload : nullptr;
}

}  // namespace duso
