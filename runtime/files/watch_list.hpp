// What was seen of watched files at the last look, for the whole process.
//
// A handler that watches a file is a new instance for every request, and still wants to know what happened since its
// last one. So what was seen belongs to the script and not to one run of it.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace duso {

class WatchList {
 public:
  enum class Change : unsigned char { kFirstLook, kSame, kChanged };

  // Whether [script] ever looked at [path], as it writes it.
  bool knows(const std::string& script, const std::string& path);

  // Compares [signature] with what [script] saw at its last look at [path], and remembers it.
  Change look(const std::string& script, const std::string& path, const std::string& signature);

 private:
  std::mutex mutex_;  // guards seen_
  std::map<std::pair<std::string, std::string>, std::string> seen_;
};

}  // namespace duso
