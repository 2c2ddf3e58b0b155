// The one door to files.
//
// Whatever a script reads, writes, lists or loads as code passes through here, on whichever of the three file systems
// it lies. So three things are decided in this one place and nowhere else: where a path leads, whether the sandbox lets
// the script get there, and that work which may block does not hold up other scripts (offload.hpp). What the operations
// do is the backends' business.
//
// All operations are safe to call from several threads, and none throws anything but std::bad_alloc.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/files/disk_files.hpp"
#include "runtime/files/disk_look.hpp"
#include "runtime/files/embedded_files.hpp"
#include "runtime/files/sandbox.hpp"
#include "runtime/files/store_files.hpp"
#include "runtime/files/watch_list.hpp"

namespace duso {

// Where the parts of an application lie, and what its scripts may reach.
struct FilesConfig {
  std::string app_directory = ".";             // where bare paths start; clean
  std::vector<std::string> library_path = {};  // where modules are looked for, clean
  bool sandboxed = false;                      // -no-files
};

// Why a copy or a move was not made.
struct TransferError {
  enum class Stage : unsigned char {
    kSource,       // what was to be transferred can not be read
    kDestination,  // it can not be written, or not be moved
    kNoDirectory,  // several files need an existing directory to go to
  } stage;
  FileError error = {};
};

class Files {
 public:
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max() - 1;

  explicit Files(FilesConfig config = {}, std::span<const EmbeddedFile> embedded = program_files(),
                 std::unique_ptr<StoreMap> store = std::make_unique<MemoryStore>());
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;

  const std::string& app_directory() const { return config_.app_directory; }
  const std::vector<std::string>& library_path() const { return config_.library_path; }
  bool is_sandboxed() const { return sandbox_.is_on(); }
  // Where the application lies is known when its first script was found. Before any script runs.
  void set_app_directory(std::string directory) { config_.app_directory = std::move(directory); }

  // The place that [path] means in code that lies in [here_directory].
  Location locate(std::string_view path, std::string_view here_directory) const;
  Location locate_pattern(std::string_view pattern, std::string_view here_directory) const;

  // Makes [observer] learn of each file of the disk that is read as code, with the state it was read in. Before any
  // script runs; the observer is called by whichever thread reads.
  using CodeObserver = std::function<void(const std::string& path, const FileIdentity& identity)>;
  void observe_code(CodeObserver observer) { code_observer_ = std::move(observer); }

  // --- for scripts, as data ---

  // The bytes of [file], at most [most] of them.
  Result<std::string> read(const Location& file, std::size_t most = kNoLimit);
  Result<Done> write(const Location& file, std::string_view bytes, WriteMode mode);
  // Whether there is a file or directory [place]; not for a script that may not know.
  bool exists(const Location& place);
  Result<FileType> type(const Location& place);
  Result<std::vector<DirectoryEntry>> list(const Location& directory);
  Result<Done> make_directory(const Location& directory);
  Result<Done> remove_directory(const Location& directory);
  Result<Done> remove(const Location& file);
  // Everything that [pattern] matches, sorted. A bad pattern is an error.
  Result<std::vector<Location>> find(const Location& pattern);
  // Removes what [pattern] matches and can be removed, and returns that.
  Result<std::vector<Location>> remove_matching(const Location& pattern);

  // Looks at [place], or at all that it matches if [is_pattern], to find out later whether something changed. Only the
  // disk can be looked at; in other volumes nothing is there.
  Result<DiskLook> look(const Location& place, bool is_pattern);
  // What scripts know of the signatures that they saw.
  WatchList& watches() { return watches_; }

  // --- for scripts, from one place to another (transfers.cpp) ---

  using Transferred = Result<Done, TransferError>;
  using TransferredAll = Result<std::vector<Location>, TransferError>;

  // Copies the file [source] to [target], or into it if it is a directory. Makes missing directories above it.
  Transferred copy(const Location& source, const Location& target);
  // Moves [source] to [target], or into it if it is a directory.
  Transferred move(const Location& source, const Location& target);
  // Gives [source] the name [target], whatever is there.
  Transferred rename(const Location& source, const Location& target);
  // Copies or moves all files that [pattern] matches into [directory], but for those that can not be read. Returns the
  // places that were written.
  TransferredAll copy_matching(const Location& pattern, const Location& directory);
  TransferredAll move_matching(const Location& pattern, const Location& directory);

  // --- for the runtime: code and documentation ---

  // Which of [candidates] is the first that is a file, and may be used for [purpose].
  std::optional<std::size_t> first_file(std::span<const Location> candidates, Purpose purpose);
  // The content of [file] and, on the disk, which state of it that is. Elsewhere there is no such thing: a snapshot of
  // a file of /EMBED/ is settled for ever, one of /STORE/ never.
  Result<FileSnapshot> snapshot(const Location& file, Purpose purpose, std::size_t most = kNoLimit);
  // The same for the script that the user named, which no sandbox keeps from being read.
  Result<FileSnapshot> snapshot_of_main_script(const Location& file, std::size_t most);
  // Which state of [file] is there now. The file must be one of the disk.
  Result<FileIdentity> identity(const Location& file, Purpose purpose);

 private:
  enum class Way : unsigned char { kCopy, kMove };

  FileBackend& backend(Volume volume);
  bool allows(const Location& place, Purpose purpose) const;
  // Why a script may not even try to do something with [place]; nothing if it may.
  std::optional<FileError> refusal(const Location& place) const;
  Result<FileSnapshot> take_snapshot(const Location& file, std::size_t most, const DiskFiles::Admission& admission);
  void tell_of_code(const Location& file, const Result<FileSnapshot>& taken) const;
  // Runs [work] with the backend of [place] if a script may reach that.
  template <class Work>
  auto at(const Location& place, Work work) -> decltype(work(std::declval<FileBackend&>()));

  bool is_directory(const Location& place);
  Location into(const Location& target, const Location& source);
  Transferred copy_here(const Location& source, const Location& target, bool with_parents);
  Transferred move_here(const Location& source, const Location& target);
  Transferred transfer(const Location& source, const Location& target, Way way);
  TransferredAll transfer_matching(const Location& pattern, const Location& directory, Way way);
  TransferredAll transfer_all(const std::vector<Location>& sources, const Location& directory, Way way);

  FilesConfig config_;
  Sandbox sandbox_;
  DiskFiles disk_;
  EmbeddedFiles embedded_;
  StoreFiles store_;
  WatchList watches_;
  CodeObserver code_observer_;
};

}  // namespace duso
