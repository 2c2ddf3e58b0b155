#include "runtime/files/disk_look.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <map>
#include <utility>

#include <sys/stat.h>
#include <sys/vfs.h>

#include "runtime/files/disk_tree.hpp"
#include "runtime/files/path_text.hpp"

namespace duso {

namespace {

// File systems that others write to behind the back of this system, or that make up what they show: NFS, SMB (three
// kinds), 9P, FUSE, AFS, Ceph, shared folders of virtual machines, /proc and /sys. statfs(2) has the numbers.
constexpr std::array<std::uint32_t, 11> kSilentFileSystems = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42,
                                                              0x01021997, 0x65735546, 0x5346414F, 0x00C36400,
                                                              0x786F4256, 0x9FA0,     0x62656572};

bool is_link(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

class Looker {
 public:
  // Adds [path] and everything below it. Returns 0 or an error number.
  int add(const std::string& path) {
    watch_nearest(paths::directory_of(path));
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return errno;
    // Its directory is not told of what happens to a file under another name.
    if (status.st_nlink > 1 || is_link(path)) watch(path, status.st_dev);
    add_state(path, status);
    while (!unread_.empty()) read_next_directory();
    return 0;
  }

  // Watches [directory], or what of the way to it is there.
  void watch_nearest(std::string directory) {
    if (look_.places.contains(directory)) return;
    struct stat status {};
    while (::stat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
      std::string above = paths::directory_of(directory);
      if (above == directory) return;
      directory = std::move(above);
    }
    watch(directory, status.st_dev);
  }

  DiskLook take() { return std::move(look_); }

 private:
  void watch(const std::string& place, dev_t device) {
    look_.places.insert(place);
    const auto [known, is_new] = announced_.try_emplace(device, true);
    struct statfs system {};
    if (is_new && ::statfs(place.c_str(), &system) == 0) {
      const auto kind = static_cast<std::uint32_t>(system.f_type);
      known->second = std::ranges::find(kSilentFileSystems, kind) == kSilentFileSystems.end();
    }
    if (!known->second) look_.is_announced = false;
  }

  void add_state(const std::string& place, const struct stat& found) {
    std::string& signature = look_.signature;
    signature += place;
    // That something was put into a directory shows in what is in there.
    if (S_ISDIR(found.st_mode)) {
      unread_.push_back(place);
      watch(place, found.st_dev);
    } else {
      for (const auto number : {static_cast<std::int64_t>(found.st_size), static_cast<std::int64_t>(found.st_ino),
                                found.st_mtim.tv_sec, found.st_mtim.tv_nsec}) {
        signature += ' ' + std::to_string(number);
      }
    }
    signature += '\0';
  }

  void read_next_directory() {
    const std::string directory = std::move(unread_.back());
    unread_.pop_back();
    std::vector<std::string> names = tree_.names_in(directory);
    std::ranges::sort(names);
    for (const std::string& name : names) {
      const std::string place = paths::join(directory, name);
      struct stat status {};
      if (::lstat(place.c_str(), &status) == 0) add_state(place, status);
    }
  }

  DiskLook look_;
  DiskTree tree_;
  std::vector<std::string> unread_;
  std::map<dev_t, bool> announced_;
};

// The disk, with a note of each directory that was searched.
class NotingTree final : public DiskTree {
 public:
  explicit NotingTree(Looker& looker) : looker_(looker) {}
  std::vector<std::string> names_in(const std::string& directory) override {
    looker_.watch_nearest(directory);
    return DiskTree::names_in(directory);
  }
  bool has(const std::string& path) override {
    looker_.watch_nearest(paths::directory_of(path));
    return DiskTree::has(path);
  }

 private:
  Looker& looker_;
};

}  // namespace

Result<DiskLook> look_at(const std::string& path) {
  Looker looker;
  const int problem = looker.add(path);
  if (problem != 0 && problem != ENOENT) return FileError::of_system(problem, "stat", path);
  return looker.take();
}

DiskLook look_at_matches(const PathPattern& pattern) {
  Looker looker;
  NotingTree tree(looker);
  for (const std::string& match : find_in(tree, pattern)) looker.add(match);  // one of them may be gone already
  return looker.take();
}

}  // namespace duso
