// -no-files: which places on the disk scripts may still reach.
//
// None, except that a program may consist of several files. So what is loaded to be run may come from the application's
// directory and from the library path, and documentation from the library path, if it has the right ending - a script
// must not learn what is in other files from the messages about them. Links are followed before the decision is made
// (files-and-modules.md 6).
#pragma once

#include <string>
#include <vector>

#include "runtime/files/location.hpp"

namespace duso {

// What a file is wanted for.
enum class Purpose : unsigned char {
  kData,           // by a script, to do with it what it likes
  kCode,           // to be run
  kDocumentation,  // to be shown
};

class Sandbox {
 public:
  Sandbox() = default;
  explicit Sandbox(bool on) : on_(on) {}

  bool is_on() const { return on_; }
  // Whether a script may reach [place] for [purpose]. Looks at the disk when code or documentation on it is wanted, so
  // it may block. [app_directory] and [library_path] are the directories of the application.
  bool allows(const Location& place, Purpose purpose, const std::string& app_directory,
              const std::vector<std::string>& library_path) const;
  // Whether a script that may reach [place] may have what was opened there, whose real path is [target]: a link may
  // lead somewhere else by then.
  bool allows_target(const Location& place, const std::string& target, Purpose purpose,
                     const std::string& app_directory, const std::vector<std::string>& library_path) const;

 private:
  bool on_ = false;
};

}  // namespace duso
