#include "runtime/tasks/file_events.hpp"

#include <uv.h>

#include <memory>
#include <utility>

namespace duso::tasks {

struct FileEvents::Handle {
  uv_fs_event_t event = {};
  FileEvents* owner = nullptr;
  std::map<std::string, Handle*>::iterator entry = {};  // of the owner

  static void on_event(uv_fs_event_t* event, const char* name, int events, int status);
};

bool FileEvents::watch(const std::set<std::string>& places) {
  if (is_refused_) return false;
  for (auto at = handles_.begin(); at != handles_.end();) {
    if (places.contains(at->first)) {
      ++at;
    } else {
      close(at->second);
      at = handles_.erase(at);
    }
  }
  for (const std::string& place : places) {
    if (handles_.contains(place)) continue;
    const int result = start(place);
    if (result == 0 || result == UV_ENOENT || result == UV_ENOTDIR) continue;
    stop();
    is_refused_ = true;
    return false;
  }
  return true;
}

// Begins to watch [place]. Returns 0 or an error number of libuv.
int FileEvents::start(const std::string& place) {
  auto made = std::make_unique<Handle>();
  if (const int result = uv_fs_event_init(loop_.native(), &made->event); result != 0) return result;
  made->event.data = made.get();
  made->owner = this;
  made->entry = handles_.emplace(place, made.get()).first;
  Handle* const handle = made.release();  // given back by close()
  const int result = uv_fs_event_start(&handle->event, Handle::on_event, place.c_str(), 0);
  if (result != 0) {
    handles_.erase(handle->entry);
    close(handle);
    return result;
  }
  if (!std::exchange(is_resident_, true)) loop_.add(*this);
  return 0;
}

void FileEvents::Handle::on_event(uv_fs_event_t* event, const char*, int, int) {
  auto* const handle = static_cast<Handle*>(event->data);
  FileEvents* const owner = handle->owner;
  owner->handles_.erase(handle->entry);
  close(handle);
  owner->listener_.on_file_event();
}

void FileEvents::close(Handle* handle) {
  uv_close(reinterpret_cast<uv_handle_t*>(&handle->event),
           [](uv_handle_t* closed) { const std::unique_ptr<Handle> last(static_cast<Handle*>(closed->data)); });
}

void FileEvents::stop() {
  for (const auto& [place, handle] : handles_) close(handle);
  handles_.clear();
  if (std::exchange(is_resident_, false)) loop_.remove(*this);
}

void FileEvents::leave_loop() {
  for (const auto& [place, handle] : handles_) close(handle);
  handles_.clear();
  is_resident_ = false;
  is_refused_ = true;
}

}  // namespace duso::tasks
