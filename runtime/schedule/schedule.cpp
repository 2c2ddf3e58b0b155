#include "runtime/schedule/schedule.hpp"

namespace duso::schedule {

void Schedule::add(const std::string& id, const Spec& spec, std::string script, FrozenValue context, Instant now) {
  const Occurrences occurrences(spec, now, zone_);
  auto entry = jobs_.find(id);
  if (entry != jobs_.end()) by_deadline_.erase(deadline_of(entry->second));
  const std::uint64_t number = entry != jobs_.end() ? entry->second.number : ++last_number_;
  entry = jobs_
              .insert_or_assign(id, Job{number, occurrences, spec.every, occurrences.first(), std::move(script),
                                        std::move(context), FrozenValue()})
              .first;
  by_deadline_.emplace(deadline_of(entry->second), entry);
  by_entry_.emplace(number, entry);
}

bool Schedule::remove(std::string_view id) {
  const auto entry = jobs_.find(id);
  if (entry == jobs_.end()) return false;
  by_deadline_.erase(deadline_of(entry->second));
  by_entry_.erase(entry->second.number);
  jobs_.erase(entry);
  return true;
}

std::vector<Firing> Schedule::take_due(Instant now) {
  std::vector<Firing> due;
  for (;;) {
    const std::optional<Instant> deadline = next_deadline();
    if (!deadline || *deadline > now) return due;
    const auto entry = by_deadline_.begin()->second;
    Job& job = entry->second;
    due.push_back({entry->first, job.script, job.context});
    const std::optional<Instant> next = job.occurrences.after(now);
    if (!next) {
      remove(entry->first);
      continue;
    }
    by_deadline_.erase(by_deadline_.begin());
    job.next = *next;
    by_deadline_.emplace(deadline_of(job), entry);
  }
}

std::optional<Instant> Schedule::next_deadline() const {
  if (by_deadline_.empty() || by_deadline_.begin()->first.first == kNever) return std::nullopt;
  return by_deadline_.begin()->first.first;
}

void Schedule::note_pid(std::string_view id, std::uint64_t pid) {
  const auto entry = jobs_.find(id);
  if (entry != jobs_.end()) entry->second.last_pid = FrozenValue(static_cast<double>(pid));
}

std::vector<std::string> Schedule::ids() const {
  std::vector<std::string> ids;
  ids.reserve(by_entry_.size());
  for (const auto& [number, entry] : by_entry_) ids.push_back(entry->first);
  return ids;
}

FrozenValue Schedule::record(std::string_view id) const {
  const auto entry = jobs_.find(id);
  if (entry == jobs_.end()) return {};
  const Job& job = entry->second;
  const auto next_fire = std::chrono::floor<std::chrono::seconds>(job.next.time_since_epoch());
  const FrozenValue::Property properties[] = {
      {"every", job.every ? FrozenValue(canonical_text(*job.every)) : FrozenValue()},
      {"script", FrozenValue(job.script)},
      {"next_fire", FrozenValue(static_cast<double>(next_fire.count()))},
      {"context", job.context},
      {"last_pid", job.last_pid},
  };
  return FrozenValue::object(properties);
}

}  // namespace duso::schedule
