// The application that this executable carries.
#pragma once

#include <string>
#include <utility>

#include "runtime/bundle/archive.hpp"
#include "runtime/files/file_error.hpp"
#include "runtime/files/file_mapping.hpp"

namespace duso::bundle {

class Application {
 public:
  // Opens the application of this process's own executable, which carries one (program.hpp), and checks all of it.
  // Its files are below /EMBED/app/ from then on, and this must stay as long as anybody may read them. Once per
  // process, before it has a second thread. The error is what is wrong.
  static Result<Application, std::string> open();

  const Description& description() const { return description_; }

  // Where the start script lies: "/EMBED/app/main.du".
  std::string start_place() const { return std::string(kEmbeddedPrefix) + description_.start_script; }

 private:
  Application(FileMapping executable, Description description)
      : executable_(std::move(executable)), description_(std::move(description)) {}

  FileMapping executable_;
  Description description_;
};

}  // namespace duso::bundle
