// News of the disk: the system tells when something happens to a file or in a directory.
//
// An event only says where to look again. What it means is for the one who is told to find out: events come late and
// in crowds, say little, and a place that was watched may be another one by now. Whoever watches first, looks then,
// and compares what it saw, misses nothing.
//
// A place stands for the file or directory that it is when the watch begins. So a file that may be replaced is watched
// together with the directory that it is in. After an event the watch of its place is over, as the place may have been
// deleted and made again; watch() begins it anew.
//
// Belongs to the thread of its event loop. Places are handed to the system on that thread.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "runtime/tasks/event_loop.hpp"

namespace duso::tasks {

class FileEvents final : private LoopResident {
 public:
  class Listener {
   public:
    // Something happened at one of the places. On the loop's thread, outside of any task.
    virtual void on_file_event() = 0;

   protected:
    ~Listener() = default;
  };

  // Both must stay.
  FileEvents(EventLoop& loop, Listener& listener) : loop_(loop), listener_(listener) {}
  ~FileEvents() { stop(); }
  FileEvents(const FileEvents&) = delete;
  FileEvents& operator=(const FileEvents&) = delete;

  // Watches [places] from here on, and no others. What is not there is left out. False if the system refuses to watch
  // one of them - it has only so many watches for each user, and none for who may not read a directory. Nothing is
  // watched then, and it is not asked again.
  bool watch(const std::set<std::string>& places);
  // Nobody is told anything any more.
  void stop();

 private:
  struct Handle;

  int start(const std::string& place);
  static void close(Handle* handle);
  void leave_loop() override;

  EventLoop& loop_;
  Listener& listener_;
  std::map<std::string, Handle*> handles_;  // libuv's, which needs them until they have closed
  bool is_refused_ = false;
  bool is_resident_ = false;
};

}  // namespace duso::tasks
