// duso bundle: makes one executable of scripts and other files, and the program that runs them.
//
// No compiler is needed: the executable is a copy of this program, or of another platform's, with an archive behind it
// (bundle/archive.hpp) and a mark that says so (bundle/program.hpp).
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/bundle_sources.hpp"
#include "cli/commands.hpp"
#include "cli/executable_file.hpp"
#include "cli/operands.hpp"
#include "runtime/bundle/archive.hpp"
#include "runtime/bundle/program.hpp"
#include "runtime/files/file_mapping.hpp"
#include "runtime/files/path_text.hpp"

namespace duso::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kOwnExecutable = "/proc/self/exe";

constexpr std::string_view kUsageLine =
    "Usage: duso bundle --bundle-dir DIR --run-script FILE OUT [--add-lib PATH] [--base EXECUTABLE] [--sealed]";

// Says on a terminal how far it got, when it takes a while.
class Progress {
 public:
  Progress(Console& console, std::size_t files) : console_(console), files_(files) {}
  ~Progress() { console_.stop_spinner(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void note_file() { ++done_; }
  void note_bytes(std::size_t size) {
    bytes_ += size;
    if (!is_terminal_ || Clock::now() < next_) return;
    next_ = Clock::now() + kInterval;
    console_.start_spinner("bundling: " + std::to_string(done_) + " of " + std::to_string(files_) + " files, " +
                           std::to_string(bytes_ >> 20) + " MB ");
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kInterval = std::chrono::milliseconds(500);

  Console& console_;
  const std::size_t files_;
  const bool is_terminal_ = isatty(STDERR_FILENO) == 1;
  std::size_t done_ = 0;
  std::size_t bytes_ = 0;
  Clock::time_point next_ = Clock::now() + kInterval;
};

// Hands the content of the file at [path] to [archive]. Returns the number of an error, or 0.
int add_content(const std::string& path, bundle::ArchiveWriter& archive, Progress& progress) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno;
  std::array<char, 65536> buffer;
  int problem = 0;
  for (;;) {
    const ssize_t count = ::read(file, buffer.data(), buffer.size());
    if (count == 0) break;
    if (count > 0) {
      archive.write({buffer.data(), static_cast<std::size_t>(count)});
      progress.note_bytes(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      problem = errno;
      break;
    }
  }
  ::close(file);
  return problem;
}

class BundleCommand final : public Command {
 public:
  void declare(Usage& usage) override {
    usage.add_text("bundle-dir", directory_, "DIR", "where the files of the application are");
    usage.add_text("run-script", script_, "FILE", "the script to run, as it is called in there");
    usage.add_text("add-lib", library_path_, "PATH",
                   "directories, separated by colons, in which require()\nlooks, too");
    usage.add_text("base", base_, "EXECUTABLE", "the duso to take along (default: this one)");
    usage.add_switch("sealed", is_sealed_, true, "the words on its command line are all its own");
  }

  int run(const Invocation& invocation) override {
    const Operands operands = read_operands(invocation.line, *this);
    if (!operands.problem.empty()) return fail(invocation, operands.problem);
    if (directory_.empty() || script_.empty() || operands.words.empty()) {
      return fail(invocation, "Error: missing required arguments\n" + std::string(kUsageLine));
    }
    if (operands.words.size() > 1) {
      return fail(invocation, "Error: bundle makes one executable\n" + std::string(kUsageLine));
    }
    output_ = operands.words.front();
    if (const auto problem = make(invocation.console)) return fail(invocation, "Error: " + *problem);
    invocation.console.write("✓ Bundle complete: " + output_ + '\n');
    return 0;
  }

 private:
  static int fail(const Invocation& invocation, const std::string& message) {
    invocation.console.write_error(message + '\n');
    return 1;
  }

  // Each returns what went wrong, or nothing.
  std::optional<std::string> make(Console& console);
  std::optional<std::string> check_output() const;
  std::optional<std::string> check_script(const std::vector<BundleSource>& sources);
  std::optional<std::string> write(const bundle::Program& program, const std::vector<BundleSource>& sources,
                                   Console& console) const;

  std::string directory_;
  std::string script_;
  std::string library_path_;
  std::string base_ = kOwnExecutable;
  bool is_sealed_ = false;
  std::string output_;
};

// Whoever gives the name of the program that is running has made a mistake: there would be no duso any more.
std::optional<std::string> BundleCommand::check_output() const {
  std::error_code ignored;  // there need not be an output yet
  if (!fs::equivalent(output_, kOwnExecutable, ignored)) return std::nullopt;
  return "the bundle cannot take the place of the program that makes it: " + output_;
}

std::optional<std::string> BundleCommand::check_script(const std::vector<BundleSource>& sources) {
  const std::string path = directory_ + '/' + script_;
  std::error_code ignored;  // what is no file is not found
  if (!fs::is_regular_file(path, ignored)) return "run script not found: " + path;
  script_ = paths::join(bundle::kFolder, script_);
  for (const BundleSource& source : sources) {
    if (source.name == script_) return std::nullopt;
  }
  return "run script is not among the files of the bundle: " + path;
}

std::optional<std::string> BundleCommand::write(const bundle::Program& program,
                                                const std::vector<BundleSource>& sources, Console& console) const {
  ExecutableFile file(output_);
  file.append(program.bytes.substr(0, program.fuse));
  file.append({&bundle::kFuseBlown, 1});
  file.append(program.bytes.substr(program.fuse + 1));

  bundle::ArchiveWriter archive(program.bytes.size(), [&file](std::string_view bytes) { file.append(bytes); });
  Progress progress(console, sources.size());
  for (const BundleSource& source : sources) {
    archive.begin_file(source.name);
    if (const int problem = add_content(source.path, archive, progress); problem != 0) {
      return "could not read " + source.path + ": " + reason_of(problem);
    }
    archive.end_file();
    progress.note_file();
  }
  archive.finish({.name = std::string(paths::base_name(output_)),
                  .start_script = script_,
                  .library_path = library_path_,
                  .is_sealed = is_sealed_});
  if (const int problem = file.commit(); problem != 0)
    return "could not write to " + output_ + ": " + reason_of(problem);
  return std::nullopt;
}

std::optional<std::string> BundleCommand::make(Console& console) {
  std::error_code ignored;  // what is no directory does not exist as one
  if (!fs::is_directory(directory_, ignored)) return "bundle directory does not exist: " + directory_;
  if (auto problem = check_output()) return problem;
  const Result<std::vector<BundleSource>, std::string> sources = find_bundle_sources(directory_, output_);
  if (!sources.ok()) return sources.error();
  if (auto problem = check_script(sources.value())) return problem;

  const Result<FileMapping> base = FileMapping::open(base_);
  if (!base.ok()) return "cannot build on " + base_ + ": " + reason_of(base.error().problem);
  const Result<bundle::Program, std::string> program = bundle::find_program(base.value().bytes());
  if (!program.ok()) return "cannot build on " + base_ + ": " + program.error();
  return write(program.value(), sources.value(), console);
}

}  // namespace

extern const CommandEntry kBundleCommand{
    .name = "bundle",
    .operands = "--bundle-dir DIR --run-script FILE OUT",
    .summary = "make an executable of scripts and other files",
    .details =
        "Makes OUT, an executable that carries the files below DIR and runs the script\n"
        "FILE of them. They are below /EMBED/app/ then; a path without a prefix leads\n"
        "there, /CWD/ to where the user is. Files and directories whose names begin with\n"
        "a dot are left out.\n"
        "\n"
        "Flags behind OUT's name go to the application. With a script's or a command's\n"
        "name behind it, OUT is like duso itself, unless it is sealed.",
    .make = make_command<BundleCommand>,
};

}  // namespace duso::cli
