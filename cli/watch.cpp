#include "cli/watch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/fields.hpp"
#include "cli/forked_child.hpp"
#include "runtime/files/disk_files.hpp"

namespace duso::cli {

namespace {

using Clock = std::chrono::steady_clock;

// How often is looked for changes.
constexpr std::chrono::milliseconds kTick{100};

// What a run gets to end in before it is ended by force.
constexpr std::chrono::seconds kGrace{5};

// A pipe of which this process reads one end, without waiting, and its child writes to the other.
class ReportPipe {
 public:
  ReportPipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
    read_end_ = ends[0];
    write_end_ = ends[1];
    fcntl(read_end_, F_SETFL, O_NONBLOCK);
  }
  ReportPipe(const ReportPipe&) = delete;
  ReportPipe& operator=(const ReportPipe&) = delete;
  ~ReportPipe() {
    close(read_end_);
    close_write_end();
  }

  void close_write_end() {
    if (write_end_ >= 0) close(write_end_);
    write_end_ = -1;
  }

  // From the child, by any of its threads: all of [bytes] in one piece. Whoever has read them may be gone; that is no
  // concern of a script.
  void write(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    while (!bytes.empty()) {
      const ssize_t written = ::write(write_end_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) return;
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  // What has come since the last call.
  std::string read() const {
    std::string bytes;
    char buffer[4096];
    ssize_t count = 0;
    while ((count = ::read(read_end_, buffer, sizeof buffer)) > 0)
      bytes.append(buffer, static_cast<std::size_t>(count));
    return bytes;
  }

 private:
  int read_end_;
  int write_end_;
  std::mutex mutex_;  // guards writing
};

// The state of the file at [path]; nothing if it is not there.
std::optional<FileIdentity> state_of(const std::string& path) {
  const Result<FileIdentity> found = DiskFiles::identity(path);
  return found.ok() ? std::optional(found.value()) : std::nullopt;
}

// The signals that matter are not handled but waited for, so each is seen at one place and none interrupts anything.
class WaitedSignals {
 public:
  WaitedSignals() {
    sigemptyset(&waited_);
    for (const int number : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&waited_, number);
    sigprocmask(SIG_BLOCK, &waited_, &before_);
  }
  WaitedSignals(const WaitedSignals&) = delete;
  WaitedSignals& operator=(const WaitedSignals&) = delete;
  ~WaitedSignals() { restore(); }

  // For a child, which handles its signals itself.
  void restore() const { sigprocmask(SIG_SETMASK, &before_, nullptr); }

  // The next signal, waited for at most a tick; nothing if none came.
  std::optional<siginfo_t> next() const {
    const timespec tick{0, std::chrono::nanoseconds(kTick).count()};
    siginfo_t signal = {};
    if (sigtimedwait(&waited_, &signal, &tick) < 0) return std::nullopt;
    return signal;
  }

 private:
  sigset_t waited_;
  sigset_t before_;
};

class Watch {
 public:
  using Work = std::function<int(const Files::CodeObserver&)>;

  Watch(Console& console, const Work& work) : console_(console), work_(work) {}

  int run();

 private:
  void start();
  bool is_running() const { return child_ >= 0; }
  void wait_a_tick();
  void on_signal(const siginfo_t& signal);
  void read_reports();
  std::optional<std::string> changed_file();
  void stop();

  // A file that was read.
  struct Watched {
    std::optional<FileIdentity> read;       // in the state that was read
    std::optional<FileIdentity> last_seen;  // at the last look
  };

  Console& console_;
  const Work& work_;
  const WaitedSignals signals_;
  std::map<std::string, Watched> files_;  // those of earlier runs, too: the last one may not have come far
  std::set<std::string> reported_;        // by this run
  std::string unread_reports_;
  std::unique_ptr<ReportPipe> pipe_;
  pid_t child_ = -1;
  ProcessEnd last_end_;
  bool must_end_ = false;
};

int Watch::run() {
  start();
  while (!must_end_ || is_running()) {
    const bool was_running = is_running();
    wait_a_tick();
    if (must_end_) continue;
    if (was_running && !is_running()) {
      if (files_.empty()) break;
      console_.write_error("watch: ended " + last_end_.describe() + ", waiting for a change\n");
    }
    const std::optional<std::string> changed = changed_file();
    if (!changed) continue;
    console_.write_error("watch: " + *changed + " changed, starting again\n");
    stop();
    if (!must_end_) start();
  }
  return last_end_.shell_status();
}

void Watch::start() {
  reported_.clear();
  unread_reports_.clear();
  for (auto& [path, file] : files_) file.read = file.last_seen = state_of(path);
  pipe_ = std::make_unique<ReportPipe>();
  console_.flush();
  child_ = start_child([this] {
    signals_.restore();
    return work_([this](const std::string& path, const FileIdentity& identity) {
      FieldWriter report;
      report.add(path).add(identity.size).add(identity.device).add(identity.inode);
      report.add(static_cast<std::uint64_t>(identity.modified));
      pipe_->write(FieldWriter().add(report.fields()).fields());  // one field, so that it is whole or not there
    });
  });
  pipe_->close_write_end();
}

// Sees to whatever happens within a tick.
void Watch::wait_a_tick() {
  if (const std::optional<siginfo_t> signal = signals_.next()) on_signal(*signal);
  read_reports();
}

void Watch::on_signal(const siginfo_t& signal) {
  if (signal.si_signo == SIGCHLD) {
    while (const std::optional<EndedChild> ended = next_ended_child(false)) {
      if (ended->pid != child_) continue;
      child_ = -1;
      last_end_ = ended->end;
    }
    return;
  }
  must_end_ = true;
  // What a terminal sends reaches the run as well, and a second signal would mean that it must not take its time.
  if (is_running() && signal.si_code != SI_KERNEL) kill(child_, signal.si_signo);
}

void Watch::read_reports() {
  unread_reports_ += pipe_->read();
  FieldReader reports(unread_reports_);
  while (const std::optional<std::string_view> report = reports.next()) {
    FieldReader fields(*report);
    std::string path = fields.text();
    FileIdentity identity;
    identity.size = fields.number();
    identity.device = fields.number();
    identity.inode = fields.number();
    identity.modified = static_cast<std::int64_t>(fields.number());
    // A script that reads a file again has seen a change by itself, but what it made of the first reading is old.
    if (reported_.insert(path).second) files_[std::move(path)] = {identity, identity};
  }
  unread_reports_.erase(0, unread_reports_.size() - reports.rest().size());
}

// A file that is not what was read any more. It is taken for changed when it is the same at two looks, since some are
// saved in several steps.
std::optional<std::string> Watch::changed_file() {
  std::optional<std::string> changed;
  for (auto& [path, file] : files_) {
    const std::optional<FileIdentity> now = state_of(path);
    if (now != file.read && now == file.last_seen) changed = path;
    file.last_seen = now;
  }
  return changed;
}

// Ends the run, if it has not ended by itself.
void Watch::stop() {
  if (is_running()) kill(child_, SIGTERM);
  for (const Clock::time_point deadline = Clock::now() + kGrace; is_running();) {
    wait_a_tick();
    if (is_running() && Clock::now() > deadline) kill(child_, SIGKILL);
  }
}

}  // namespace

int run_again_and_again(Console& console, const std::function<int(const Files::CodeObserver& observer)>& work) {
  return Watch(console, work).run();
}

}  // namespace duso::cli
