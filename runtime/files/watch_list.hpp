// What was seen of watched files at the last look, for the whole process.
//
// A handler that watches a file is a new instance for every request, and still wants to know what happened since its
// last one. So what was seen belongs to the script and not to one run of it.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace duso {

class WatchList {
 public:
  // The signature that [script] saw at its last look at [path], as it writes it; nothing if it never looked.
  std::optional<std::string> last_seen(const std::string& script, const std::string& path);

  // Remembers [signature] as what [script] has seen at [path].
  void remember(const std::string& script, const std::string& path, std::string signature);

 private:
  std::mutex mutex_;  // guards seen_
  std::map<std::pair<std::string, std::string>, std::string> seen_;
};

}  // namespace duso
