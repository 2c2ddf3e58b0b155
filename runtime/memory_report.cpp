#include "runtime/memory_report.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "runtime/memory/leak_finder.hpp"

namespace duso {

namespace {

constexpr std::size_t kMostRows = 20;

// Calls a function for every object that it is shown.
template <class Function>
class Calling final : public memory::ReferenceVisitor {
 public:
  explicit Calling(Function function) : function_(std::move(function)) {}
  void visit(memory::HeapObject* object) override { function_(object); }

 private:
  Function function_;
};

std::string type_name_of(std::uint8_t type) {
  const char* name = memory::type_info(type).name;
  return name != nullptr ? name : "buffer";
}

std::string location_of(const memory::AllocationProfile::Entry* entry) {
  if (entry == nullptr) return "?";
  if (entry->file.empty()) return "(native)";
  return entry->file + ':' + std::to_string(entry->line) + ':' + std::to_string(entry->column);
}

// Puts the rows with the highest [number] first, and those that have the same in the order of [text].
template <class Row>
void order(std::vector<Row>& rows, std::size_t Row::*number, std::string Row::*text) {
  std::ranges::sort(rows, [&](const Row& a, const Row& b) {
    return a.*number != b.*number ? a.*number > b.*number : a.*text < b.*text;
  });
}

// What the counters say, by name: some names stand for several types of the heap.
std::map<std::string, MemoryReport::Type> count_types(memory::Heap& heap) {
  std::map<std::string, MemoryReport::Type> types;
  for (std::size_t id = 0; id < memory::kTypeCount; ++id) {
    const auto type = static_cast<std::uint8_t>(id);
    const memory::TypeCounters& counters = heap.type_counters(type);
    if (counters.allocated == 0) continue;
    MemoryReport::Type& row = types[type_name_of(type)];
    row.allocations += counters.allocated;
    row.deallocations += counters.freed;
    row.total_bytes += counters.bytes_allocated;
    if (const memory::AllocationProfile* profile = heap.profile()) row.peak_bytes += profile->peak_bytes(type);
  }
  return types;
}

}  // namespace

MemoryReport look_at_memory(memory::Heap& heap) {
  MemoryReport report;
  std::map<std::string, MemoryReport::Type> types = count_types(heap);
  for (const auto& [name, type] : types) {
    report.allocations += type.allocations;
    report.deallocations += type.deallocations;
  }
  const memory::HeapCounters counters = heap.counters();
  report.bytes_allocated = counters.bytes_allocated;
  report.bytes_freed = counters.bytes_freed;
  report.peak_bytes = counters.peak_bytes;

  using Entry = memory::AllocationProfile::Entry;
  std::map<const Entry*, MemoryReport::Site> sites;
  const memory::AllocationProfile* const profile = heap.profile();
  const std::size_t rate = profile != nullptr ? profile->rate() : 1;
  report.has_sites = profile != nullptr;
  Calling count([&](memory::HeapObject* object) {
    const std::size_t bytes = memory::Heap::size_with_buffers(object);
    MemoryReport::Type& type = types[type_name_of(object->type)];
    ++type.live;
    type.bytes += bytes;
    if (const Entry* entry = heap.site_of(object)) {
      MemoryReport::Site& site = sites[entry];
      site.live += rate;
      site.bytes += bytes * rate;
    }
  });
  heap.for_each_object(count);

  std::map<std::pair<std::string, std::string>, std::size_t> leaked;
  Calling note_leak([&](memory::HeapObject* object) {
    ++report.leaks;
    ++leaked[{type_name_of(object->type), location_of(heap.site_of(object))}];
  });
  memory::find_leaks(heap, note_leak);

  for (auto& [name, type] : types) {
    type.name = name;
    type.peak_bytes = std::max(type.peak_bytes, type.bytes);
    report.types.push_back(std::move(type));
  }
  order(report.types, &MemoryReport::Type::bytes, &MemoryReport::Type::name);
  if (profile != nullptr) {
    for (const Entry& entry : profile->entries()) {
      MemoryReport::Site site = sites[&entry];
      site.location = location_of(&entry);
      site.type = type_name_of(entry.type);
      site.allocations = entry.allocations * rate;
      report.sites.push_back(std::move(site));
    }
  }
  order(report.sites, &MemoryReport::Site::bytes, &MemoryReport::Site::location);
  for (const auto& [place, number] : leaked) {
    MemoryReport::Site leak;
    leak.type = place.first;
    leak.location = place.second;
    leak.leaks = number;
    report.leaked.push_back(std::move(leak));
  }
  order(report.leaked, &MemoryReport::Site::leaks, &MemoryReport::Site::location);
  return report;
}

namespace {

// --- the text ---

// [text] in a column of [width], to the left or to the right. Never cut.
std::string left(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string right(std::size_t number, std::size_t width) { return right(std::to_string(number), width); }

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3f s", seconds);
  return text;
}

std::string line(std::string_view label, const std::string& value) {
  return left(std::string(label), 21) + value + '\n';
}

std::string head(const MemoryReport& report, const memory::CollectorStats& collector, double seconds) {
  const std::string objects = std::to_string(report.objects()) + " objects";
  const std::size_t used = report.bytes_allocated - report.bytes_freed;
  return line("duration", seconds_text(seconds)) + line("allocations", std::to_string(report.allocations)) +
         line("deallocations", std::to_string(report.deallocations)) +
         line("current memory", std::to_string(used) + " bytes in " + objects) +
         line("peak memory", std::to_string(report.peak_bytes) + " bytes") +
         line("potential leaks", std::to_string(report.leaks)) +
         line("gc runs", std::to_string(collector.collections) + " (" + std::to_string(collector.objects_collected) +
                             " objects, " + std::to_string(collector.cycles_detected) + " cycles, " +
                             seconds_text(collector.total_seconds) + ")");
}

std::string type_table(const std::vector<MemoryReport::Type>& types) {
  std::string text = left("type", 16) + right("allocations", 12) + right("live", 11) + right("bytes", 13) +
                     right("peak bytes", 13) + '\n';
  for (const MemoryReport::Type& row : std::span(types).first(std::min(types.size(), kMostRows))) {
    text += left(row.name, 16) + right(row.allocations, 12) + right(row.live, 11) + right(row.bytes, 13) +
            right(row.peak_bytes, 13) + '\n';
  }
  return text;
}

std::string site_table(const std::vector<MemoryReport::Site>& sites) {
  std::string text =
      left("site", 36) + left("type", 9) + right("allocations", 12) + right("live", 11) + right("bytes", 13) + '\n';
  for (const MemoryReport::Site& row : std::span(sites).first(std::min(sites.size(), kMostRows))) {
    text += left(row.location + ' ', 36) + left(row.type, 9) + right(row.allocations, 12) + right(row.live, 11) +
            right(row.bytes, 13) + '\n';
  }
  return text;
}

std::string leak_table(const std::vector<MemoryReport::Site>& leaks) {
  std::string text = "leaks:\n" + left("type", 16) + right("count", 12) + "  site\n";
  for (const MemoryReport::Site& row : std::span(leaks).first(std::min(leaks.size(), kMostRows))) {
    text += left(row.type, 16) + right(row.leaks, 12) + "  " + row.location + '\n';
  }
  return text;
}

}  // namespace

std::string memory_report_text(memory::Heap& heap, const std::string& script, std::uint64_t pid, double seconds) {
  const MemoryReport report = look_at_memory(heap);
  std::string text = "-- memory profile: " + script + " (instance " + std::to_string(pid) + ") --\n" +
                     head(report, heap.collector_stats(), seconds) + '\n' + type_table(report.types);
  if (report.has_sites) text += '\n' + site_table(report.sites);
  if (report.leaks != 0) text += '\n' + leak_table(report.leaked);
  return text;
}

}  // namespace duso
