#include "cli/watch.hpp"

#include <csignal>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "cli/fields.hpp"
#include "cli/forked_child.hpp"
#include "cli/report_pipe.hpp"
#include "cli/signal_queue.hpp"
#include "runtime/files/disk_files.hpp"
#include "runtime/files/disk_look.hpp"
#include "runtime/tasks/file_events.hpp"

namespace duso::cli {

namespace {

using tasks::Direction;
using tasks::EventLoop;
using tasks::FileEvents;
using tasks::Instant;

// In seconds.
constexpr double kBetweenEvents = 0.01;    // not one look for each of many
constexpr double kQuiet = 0.03;            // a file that stays the same for so long has been saved
constexpr double kBetweenLooks = 0.05;     // where the system does not tell of changes
constexpr double kBetweenTrueLooks = 1.0;  // where it does; it can not tell everything (disk_look.hpp)
constexpr double kGrace = 5.0;             // what a run gets to end in before it is ended by force

// The state of the file at [path]; nothing if it is not there.
std::optional<FileIdentity> state_of(const std::string& path) {
  const Result<FileIdentity> found = DiskFiles::identity(path);
  return found.ok() ? std::optional(found.value()) : std::nullopt;
}

class Watch final : private FileEvents::Listener, private tasks::DescriptorWatch {
 public:
  using Work = std::function<int(const Files::CodeObserver&)>;

  Watch(Console& console, const Work& work) : console_(console), work_(work) {}

  int run();

 private:
  // What to wait with. It is made for each run, after the child, which so gets nothing of it.
  struct Ears {
    explicit Ears(Listener& listener) : events(loop, listener) {}
    EventLoop loop;
    FileEvents events;
  };

  void start();
  bool is_running() const { return child_ >= 0; }
  bool watch_files();
  void wait(Instant deadline);
  void on_signal(const signalfd_siginfo& signal);
  void read_reports();
  std::optional<std::string> changed_file();
  void stop();

  // Both only end a wait.
  void on_file_event() override { has_event_ = true; }
  void on_ready() override {}

  // A file that was read.
  struct Watched {
    std::optional<FileIdentity> read;       // in the state that was read
    std::optional<FileIdentity> last_seen;  // at the last look
  };

  Console& console_;
  const Work& work_;
  const SignalQueue signals_{SIGINT, SIGTERM, SIGCHLD};
  std::unique_ptr<Ears> ears_;
  std::map<std::string, Watched> files_;  // those of earlier runs, too: the last one may not have come far
  std::set<std::string> reported_;        // by this run
  std::string unread_reports_;
  std::unique_ptr<ReportPipe> pipe_;
  pid_t child_ = -1;
  ProcessEnd last_end_;
  bool must_end_ = false;
  bool is_told_ = false;      // by the system, of what happens to the files
  bool has_event_ = false;    // since the last look
  bool is_changing_ = false;  // one of the files was another one at the last look than at the one before
};

int Watch::run() {
  start();
  while (!must_end_ || is_running()) {
    const bool was_running = is_running();
    wait(tasks::after(is_changing_ ? kQuiet : is_told_ ? kBetweenTrueLooks : kBetweenLooks));
    if (std::exchange(has_event_, false)) wait(tasks::after(kBetweenEvents));
    if (must_end_) continue;
    if (was_running && !is_running()) {
      if (files_.empty()) break;
      console_.write_error("watch: ended " + last_end_.describe() + ", waiting for a change\n");
    }
    is_told_ = watch_files();
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
  ears_.reset();
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
  ears_ = std::make_unique<Ears>(static_cast<Listener&>(*this));
  is_told_ = has_event_ = is_changing_ = false;
}

// Has the system tell of what happens to the files. Returns whether it will.
bool Watch::watch_files() {
  std::set<std::string> places;
  bool is_announced = true;
  for (const auto& [path, file] : files_) {
    Result<DiskLook> look = look_at(path);
    if (!look.ok()) return false;
    is_announced = is_announced && look.value().is_announced;
    places.merge(look.value().places);
  }
  return ears_->events.watch(places) && is_announced;
}

// Sees to whatever happens until [deadline], or until something has happened.
void Watch::wait(Instant deadline) {
  EventLoop& loop = ears_->loop;
  loop.watch(signals_.descriptor(), Direction::kRead, *this);
  if (!pipe_->is_at_end()) loop.watch(pipe_->read_end(), Direction::kRead, *this);
  loop.wait(deadline);
  loop.unwatch(signals_.descriptor(), Direction::kRead);
  loop.unwatch(pipe_->read_end(), Direction::kRead);
  while (const std::optional<signalfd_siginfo> signal = signals_.next()) on_signal(*signal);
  read_reports();
}

void Watch::on_signal(const signalfd_siginfo& signal) {
  const int number = static_cast<int>(signal.ssi_signo);
  if (number == SIGCHLD) {
    while (const std::optional<EndedChild> ended = next_ended_child(false)) {
      if (ended->pid != child_) continue;
      child_ = -1;
      last_end_ = ended->end;
    }
    return;
  }
  must_end_ = true;
  // What a terminal sends reaches the run as well, and a second signal would mean that it must not take its time.
  if (is_running() && signal.ssi_code != SI_KERNEL) kill(child_, number);
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
  is_changing_ = false;
  for (auto& [path, file] : files_) {
    const std::optional<FileIdentity> now = state_of(path);
    if (now != file.read && now == file.last_seen) changed = path;
    if (now != file.last_seen) is_changing_ = true;
    file.last_seen = now;
  }
  return changed;
}

// Ends the run, if it has not ended by itself.
void Watch::stop() {
  if (is_running()) kill(child_, SIGTERM);
  for (const Instant deadline = tasks::after(kGrace); is_running();) {
    wait(deadline);
    if (is_running() && tasks::has_passed(deadline)) kill(child_, SIGKILL);
  }
}

}  // namespace

int run_again_and_again(Console& console, const std::function<int(const Files::CodeObserver& observer)>& work) {
  return Watch(console, work).run();
}

}  // namespace duso::cli
