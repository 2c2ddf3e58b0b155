#include "runtime/panic/signals.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <new>

#include <sys/mman.h>

#include "runtime/panic/backtrace.hpp"
#include "runtime/panic/panic.hpp"
#include "runtime/panic/report.hpp"

namespace duso::panic {

namespace {

struct Fatal {
  int number;
  std::string_view name;
};
constexpr std::array<Fatal, 5> kFatal = {
    {{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGILL, "SIGILL"}, {SIGFPE, "SIGFPE"}, {SIGABRT, "SIGABRT"}}};

// Demanglers and unwinders take some; pages that are not used cost nothing.
constexpr std::size_t kStackSize = std::size_t{256} * 1024;
constexpr std::size_t kGuardSize = 4096;

// How far from the stack pointer a full stack is noticed: the frame that did not fit lies above it, and what is pushed
// or kept in the red zone of a leaf function a little below.
constexpr std::uint64_t kLargestFrame = std::uint64_t{64} * 1024;
constexpr std::uint64_t kBelowPointer = 256;

// What the handler works with.
std::atomic<std::uint64_t> last_panic_id{0};
std::atomic<const Witness*> witness_in_force{nullptr};
std::atomic<void (*)(int)> signal_hook{nullptr};
std::atomic<pid_t> reporting_thread{0};
std::array<char, kLongestPath> crash_directory_in_force = {};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<void (*)(int)>::is_always_lock_free);

struct Registers {
  std::uint64_t instruction = 0;
  std::uint64_t stack = 0;
};

Registers registers_of(const ucontext_t& context) {
#if defined(__x86_64__)
  return {static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]),
          static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RSP])};
#elif defined(__aarch64__)
  return {context.uc_mcontext.pc, context.uc_mcontext.sp};
#else
#error "Where does this processor keep its program counter and stack pointer?"
#endif
}

// Makes a jump to where no code is look like the call it was: the unwinder reads what it takes for instructions and
// would fault as well. [context] is not returned to.
void return_from_nowhere(ucontext_t& context) {
  dl_find_object found = {};
  if (_dl_find_object(reinterpret_cast<void*>(registers_of(context).instruction), &found) == 0) return;
#if defined(__x86_64__)
  auto& registers = context.uc_mcontext.gregs;
  registers[REG_RIP] = *reinterpret_cast<const greg_t*>(registers[REG_RSP]);
  registers[REG_RSP] += sizeof(greg_t);
#else
  context.uc_mcontext.pc = context.uc_mcontext.regs[30];
#endif
}

// Puts a title in front of the text, if there is any.
class TitledSink final : public TextSink {
 public:
  TitledSink(TextSink& sink, std::string_view title) : sink_(sink), title_(title) {}
  void write(std::string_view text) override {
    sink_.write(std::exchange(title_, {}));
    sink_.write(text);
  }

 private:
  TextSink& sink_;
  std::string_view title_;
};

// Whether a fault at [address] means that the stack is full.
bool is_overflow(int number, std::uint64_t address, std::uint64_t stack) {
  if (number != SIGSEGV && number != SIGBUS) return false;
  return address + kBelowPointer >= stack && address < stack + kLargestFrame;
}

[[noreturn]] void let_it_end(int number) {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(number);
  _exit(128 + number);
}

int open_crash_file() {
  if (crash_directory_in_force[0] == '\0') return -1;
  std::array<char, kLongestPath> path;
  if (!crash_file_path(crash_directory_in_force.data(), last_panic_id, path)) return -1;
  return open(path.data(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

void write_signal_report(TextSink& sink, int number, const siginfo_t& signal, const Registers& registers) {
  // An address comes with signals of the processor only, not with those that somebody sent.
  const bool has_address = signal.si_code > 0 && number != SIGABRT;
  const auto address = reinterpret_cast<std::uint64_t>(signal.si_addr);
  const bool overflow = has_address && is_overflow(number, address, registers.stack);

  std::array<char, 64> text;
  FixedSink message(text);
  message.write(overflow ? "native stack overflow" : "");
  for (const Fatal& fatal : kFatal) {
    if (!overflow && fatal.number == number) message.write(fatal.name);
  }
  if (has_address && !overflow) {
    message.write(" at address ");
    message.write_hex(address, 16);
  }
  const Witness* witness = witness_in_force;
  write_head(sink, message.view(), overflow ? Kind::kNativeOverflow : Kind::kSignal,
             witness != nullptr ? witness->place() : Place());
  TitledSink stack(sink, "\nCall stack:\n");
  if (witness != nullptr) witness->write_stack(stack);
}

void on_fatal_signal(int number, siginfo_t* signal, void* context) {
  const pid_t thread = gettid();
  pid_t reporting = 0;
  if (!reporting_thread.compare_exchange_strong(reporting, thread)) {
    if (reporting == thread) let_it_end(number);  // the report itself went wrong
    for (;;) pause();                             // the process is about to end
  }
  ++last_panic_id;
  auto& interrupted = *static_cast<ucontext_t*>(context);
  const int file = open_crash_file();
  {
    // Each part is out before the next one is tried, as any of them may fail in a process like this.
    DescriptorSink sink(STDERR_FILENO, file);
    write_signal_report(sink, number, *signal, registers_of(interrupted));
    sink.flush();
    sink.write("\nNative backtrace:\n");
    return_from_nowhere(interrupted);
    const std::uint64_t instruction = registers_of(interrupted).instruction;
    Backtrace::capture_from(reinterpret_cast<const void*>(instruction)).write(sink, Demangling::kSafe);
    sink.flush();
    write_foot(sink);
    if (const Witness* witness = witness_in_force) {
      sink.write(", ");
      witness->write_status(sink);
    }
    sink.write("\n");
  }
  if (crash_directory_in_force[0] != '\0' && file < 0) {
    DescriptorSink(STDERR_FILENO).write("panic: cannot write a crash file\n");
  }
  if (void (*hook)(int) = signal_hook) hook(number);
  let_it_end(number);
}

}  // namespace

SignalStack::SignalStack()
    : mapping_(mmap(nullptr, kGuardSize + kStackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
  if (mapping_ == MAP_FAILED) throw std::bad_alloc();
  mprotect(mapping_, kGuardSize, PROT_NONE);
  stack_t stack = {};
  stack.ss_sp = static_cast<char*>(mapping_) + kGuardSize;
  stack.ss_size = kStackSize;
  sigaltstack(&stack, &previous_);
}

SignalStack::~SignalStack() {
  sigaltstack(&previous_, nullptr);
  munmap(mapping_, kGuardSize + kStackSize);
}

FatalSignals::FatalSignals(const std::string& crash_directory, const Witness* witness) {
  // A directory too long for any file in it is as good as none that can be written to.
  const std::size_t size = std::min(crash_directory.size(), crash_directory_in_force.size() - 1);
  *std::copy_n(crash_directory.data(), size, crash_directory_in_force.data()) = '\0';
  witness_in_force = witness;
  struct sigaction action = {};
  action.sa_sigaction = on_fatal_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  // A fault in the handler then ends the process at once.
  for (const Fatal& fatal : kFatal) sigaddset(&action.sa_mask, fatal.number);
  for (std::size_t i = 0; i < kCount; ++i) sigaction(kFatal[i].number, &action, &previous_[i]);
}

FatalSignals::~FatalSignals() {
  for (std::size_t i = 0; i < kCount; ++i) sigaction(kFatal[i].number, &previous_[i], nullptr);
  witness_in_force = nullptr;
  crash_directory_in_force[0] = '\0';
}

std::uint64_t next_panic_id() { return ++last_panic_id; }

std::uint64_t panic_count() { return last_panic_id; }

void set_signal_hook(void (*hook)(int)) { signal_hook = hook; }

}  // namespace duso::panic
