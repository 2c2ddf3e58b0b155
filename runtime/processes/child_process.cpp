#include "runtime/processes/child_process.hpp"

#include <uv.h>

#include <csignal>
#include <utility>

namespace duso {

namespace {

constexpr std::uint64_t kForceAfter = 2000;  // milliseconds from SIGTERM to SIGKILL

uv_handle_t* as_handle(auto* handle) { return reinterpret_cast<uv_handle_t*>(handle); }
uv_stream_t* as_stream(uv_pipe_t* pipe) { return reinterpret_cast<uv_stream_t*>(pipe); }

}  // namespace

// Everything that libuv refers to until it is closed. It holds itself until the last handle is.
struct ChildProcess::Internals final : tasks::LoopResident {
  struct Stream {
    uv_pipe_t pipe = {};
    std::string text;
    Internals* child = nullptr;
  };

  uv_process_t process = {};
  uv_pipe_t input_pipe = {};
  uv_write_t input_write = {};
  uv_timer_t force = {};
  Stream output;
  Stream error;
  ChildCommand command;
  Listener* listener = nullptr;
  ChildResult result;
  int open_handles = 0;
  int open_streams = 0;
  bool has_exited = false;
  tasks::EventLoop* loop = nullptr;
  std::shared_ptr<Internals> self;

  void leave_loop() override { close_all(); }
  void close_all();
  void opened() { ++open_handles; }
  void close(uv_handle_t* handle);
  int spawn();
  void read(Stream& stream);
  void end_stream(Stream& stream);
  void finish_when_over();
  void end_group();
};

void ChildProcess::Internals::close(uv_handle_t* handle) {
  if (uv_is_closing(handle) != 0) return;
  uv_close(handle, [](uv_handle_t* closed) {
    auto* child = static_cast<Internals*>(closed->data);
    if (--child->open_handles != 0) return;
    child->loop->remove(*child);
    const std::shared_ptr<Internals> last = std::move(child->self);
  });
}

void ChildProcess::Internals::close_all() {
  listener = nullptr;
  for (uv_handle_t* handle : {as_handle(&process), as_handle(&input_pipe), as_handle(&output.pipe),
                              as_handle(&error.pipe), as_handle(&force)}) {
    close(handle);
  }
}

int ChildProcess::Internals::spawn() {
  uv_loop_t* const native = loop->native();
  for (uv_pipe_t* pipe : {&input_pipe, &output.pipe, &error.pipe}) {
    uv_pipe_init(native, pipe, 0);
    pipe->data = this;
    opened();
  }
  output.child = error.child = this;
  uv_timer_init(native, &force);
  force.data = this;
  opened();

  std::vector<char*> arguments;
  for (std::string& argument : command.arguments) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (std::string& variable : command.environment) environment.push_back(variable.data());
  environment.push_back(nullptr);

  uv_stdio_container_t streams[3] = {};
  streams[0].flags = static_cast<uv_stdio_flags>(UV_CREATE_PIPE | UV_READABLE_PIPE);
  streams[0].data.stream = as_stream(&input_pipe);
  streams[1].flags = streams[2].flags = static_cast<uv_stdio_flags>(UV_CREATE_PIPE | UV_WRITABLE_PIPE);
  streams[1].data.stream = as_stream(&output.pipe);
  streams[2].data.stream = as_stream(&error.pipe);

  uv_process_options_t options = {};
  options.file = command.path.c_str();
  options.args = arguments.data();
  options.env = environment.data();
  options.cwd = command.directory.empty() ? nullptr : command.directory.c_str();
  options.flags = UV_PROCESS_DETACHED;  // a process group of its own
  options.stdio = streams;
  options.stdio_count = 3;
  options.exit_cb = [](uv_process_t* ended, std::int64_t status, int signal) {
    auto* child = static_cast<Internals*>(ended->data);
    child->has_exited = true;
    child->result.code = signal != 0 ? -1 : static_cast<int>(status);
    child->close(as_handle(ended));
    child->finish_when_over();
  };
  process.data = this;
  opened();
  return uv_spawn(native, &process, &options);
}

void ChildProcess::Internals::read(Stream& stream) {
  ++open_streams;
  stream.pipe.data = this;
  uv_read_start(
      as_stream(&stream.pipe),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        // What is read is copied at once, so all children of the thread share one buffer.
        static thread_local char bytes[65536];
        static_cast<void>(handle);
        *buffer = uv_buf_init(bytes, sizeof bytes);
      },
      [](uv_stream_t* pipe, ssize_t count, const uv_buf_t* buffer) {
        auto* child = static_cast<Internals*>(pipe->data);
        Stream& from = pipe == as_stream(&child->output.pipe) ? child->output : child->error;
        if (count < 0) {
          child->end_stream(from);
          return;
        }
        const std::size_t room = child->command.max_output - std::min(child->command.max_output, from.text.size());
        const auto size = static_cast<std::size_t>(count);
        if (size > room) child->result.truncated = true;
        from.text.append(buffer->base, std::min(size, room));
      });
}

void ChildProcess::Internals::end_stream(Stream& stream) {
  --open_streams;
  close(as_handle(&stream.pipe));
  finish_when_over();
}

void ChildProcess::Internals::finish_when_over() {
  if (!has_exited || open_streams != 0) return;
  close(as_handle(&input_pipe));
  close(as_handle(&force));
  if (Listener* told = std::exchange(listener, nullptr)) {
    result.output = std::move(output.text);
    result.error = std::move(error.text);
    told->on_child_end(std::move(result));
  }
}

void ChildProcess::Internals::end_group() {
  if (has_exited) return;
  const int group = process.pid;
  kill(-group, SIGTERM);
  uv_timer_start(
      &force,
      [](uv_timer_t* timer) {
        auto* child = static_cast<Internals*>(timer->data);
        if (!child->has_exited) kill(-child->process.pid, SIGKILL);
      },
      kForceAfter, 0);
  // A child must not keep the process alive that has given it up.
  for (Stream* stream : {&output, &error}) {
    if (uv_is_closing(as_handle(&stream->pipe)) == 0) end_stream(*stream);
  }
}

std::optional<ChildProcess> ChildProcess::start(tasks::EventLoop& loop, ChildCommand command, Listener& listener,
                                                std::string& problem) {
  auto internals = std::make_shared<Internals>();
  Internals& child = *internals;
  child.command = std::move(command);
  child.listener = &listener;
  child.loop = &loop;
  child.self = internals;
  loop.add(child);
  const int result = child.spawn();
  if (result < 0) {
    problem = uv_strerror(result);
    child.close_all();
    return std::nullopt;
  }
  child.read(child.output);
  child.read(child.error);
  uv_buf_t input = uv_buf_init(child.command.input.data(), static_cast<unsigned>(child.command.input.size()));
  uv_write(&child.input_write, as_stream(&child.input_pipe), &input, 1, [](uv_write_t* write, int) {
    auto* writer = static_cast<Internals*>(write->handle->data);
    writer->close(as_handle(&writer->input_pipe));
  });
  return ChildProcess(std::move(internals));
}

void ChildProcess::abandon() {
  internals_->listener = nullptr;
  internals_->end_group();
}

}  // namespace duso
