// Programs that were read from files, kept so that loading one again costs a look at its file and nothing more.
//
// A module is run anew for every `require`, a handler for every request; what stays the same is the text. The cache
// belongs to one worker, so that it may also keep what the worker made of the text: the lowered code with its warm
// inline caches. One code serves any number of runs, in any instance of the worker.
//
// A file that was changed has to be seen at once, also when a script rewrites it twice within one tick of the file
// system's clock. So a file whose last change is recent is read and compared; only when it has been left alone for a
// while does its identity - size, inode, time of change - speak for its content (files-and-modules.md 7, D12).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "interpreter/execution/code.hpp"
#include "interpreter/syntax/ast.hpp"
#include "runtime/files/files.hpp"

namespace duso {

// A file as a program.
struct CachedProgram {
  std::shared_ptr<const syntax::Program> tree;
  std::string parse_error;  // "FILE:LINE:COL: MESSAGE" if the file is no valid program; empty if it is one

  // What the tree was lowered to as a module, null until somebody did.
  std::shared_ptr<execution::ProgramCode> module_code = nullptr;
};

class ProgramCache {
 public:
  ProgramCache() = default;
  ProgramCache(const ProgramCache&) = delete;
  ProgramCache& operator=(const ProgramCache&) = delete;

  // The program in [file], whose path becomes its name in messages. Other tasks may run, and use the cache, while the
  // file is looked at.
  Result<std::shared_ptr<CachedProgram>> load(Files& files, const Location& file);

  // How many programs are kept, and how often a text was parsed, for tests and statistics.
  std::size_t size() const { return entries_.size(); }
  std::size_t parse_count() const { return parse_count_; }

 private:
  // Beyond that many programs the one that was not used for the longest time goes.
  static constexpr std::size_t kMostPrograms = 1024;

  struct Entry {
    std::shared_ptr<CachedProgram> program;
    FileIdentity identity;
    bool settled = false;  // the identity tells every further change
    std::uint64_t used = 0;
  };

  Entry* find(const std::string& path);
  bool is_current(Files& files, const Location& file);
  void make_room();

  std::unordered_map<std::string, Entry> entries_;
  std::uint64_t uses_ = 0;
  std::size_t parse_count_ = 0;
};

}  // namespace duso
