#include "runtime/program_cache.hpp"

#include <algorithm>
#include <utility>

#include "interpreter/syntax/diagnostics.hpp"
#include "interpreter/syntax/parser.hpp"

namespace duso {

namespace {

std::shared_ptr<CachedProgram> parse(const Location& file, std::string text) {
  auto source = std::make_shared<const syntax::Source>(file.path, std::move(text), syntax::Source::Origin::kFile);
  syntax::ParseResult parsed = syntax::parse(source);
  auto program = std::make_shared<CachedProgram>();
  if (!parsed.ok()) program->parse_error = syntax::format(*source, parsed.diagnostics.front());
  program->tree = std::move(parsed.program);
  return program;
}

}  // namespace

ProgramCache::Entry* ProgramCache::find(const std::string& path) {
  const auto found = entries_.find(path);
  if (found == entries_.end()) return nullptr;
  found->second.used = ++uses_;
  return &found->second;
}

// Whether what is kept of [file] is known to be what it contains, without reading it.
bool ProgramCache::is_current(Files& files, const Location& file) {
  const Entry* entry = find(file.path);
  if (entry == nullptr || !entry->settled) return false;
  if (file.volume != Volume::kDisk) return true;
  const FileIdentity known = entry->identity;
  const Result<FileIdentity> now = files.identity(file, Purpose::kCode);
  return now.ok() && now.value() == known;
}

Result<std::shared_ptr<CachedProgram>> ProgramCache::load(Files& files, const Location& file) {
  if (is_current(files, file)) {
    // Looking at the file may have let others run, who need the room too.
    if (const Entry* entry = find(file.path)) return entry->program;
  }
  // A byte more than a source may have is enough for the parser to refuse it.
  Result<FileSnapshot> taken = files.snapshot(file, Purpose::kCode, syntax::Source::kMaxBytes + 1);
  if (!taken.ok()) return taken.error();
  FileSnapshot& snapshot = taken.value();

  Entry* entry = find(file.path);
  if (entry == nullptr || entry->program->tree->source().text() != snapshot.bytes) {
    ++parse_count_;
    std::shared_ptr<CachedProgram> program = parse(file, std::move(snapshot.bytes));
    make_room();
    entry = &entries_[file.path];
    entry->program = std::move(program);
    entry->used = ++uses_;
  }
  entry->identity = snapshot.identity;
  entry->settled = snapshot.settled;
  return entry->program;
}

void ProgramCache::make_room() {
  if (entries_.size() < kMostPrograms) return;
  entries_.erase(std::ranges::min_element(entries_, {}, [](const auto& entry) { return entry.second.used; }));
}

}  // namespace duso
